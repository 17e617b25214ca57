import ArgumentParser
import Cinch

struct DDLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ddl", abstract: "Change the schema with SQL.",
        discussion: "Statements that only change rows run on a scratch database and are dropped.")

    @Argument(help: "The statements.") var sql: String?
    @Option(name: .shortAndLong, help: "Read them from a file, '-' for standard input.")
    var file: String?
    @OptionGroup var options: EditingOptions

    func run() throws {
        let text: String
        let source: String?
        switch (sql, file) {
        case (let sql?, nil): (text, source) = (sql, nil)
        case (nil, let file?): (text, source) = (try TextFile.read(file), file)
        default:
            throw CinchError(
                code: .usage, message: "'ddl' takes SQL or a file, one of the two",
                hint: "Run 'cinch ddl \"ALTER TABLE …\"' or 'cinch ddl -f FILE'.")
        }
        let publication = try Session.database().run(
            ddl: text, source: source, message: options.message,
            settings: options.settings())
        try PublicationOutput.print(publication, json: options.json)
    }
}
