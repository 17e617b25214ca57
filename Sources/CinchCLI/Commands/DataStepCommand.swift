import ArgumentParser
import Cinch

struct DataStepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-step", abstract: "Change rows in every tenant, once, with a commit.",
        discussion: """
            The statements are recorded in the commit. A tenant that is far behind gets the tables
            concerned into the form they have here, has the statements run, and goes on; all of that
            in the transaction of its change. Foreign key actions don't run.
            """)

    @Argument(help: "INSERT, UPDATE and DELETE statements.") var sql: String?
    @Option(name: .shortAndLong, help: "Read them from a file, '-' for standard input.")
    var file: String?
    @Option(
        name: .customLong("on"),
        help: "What may be written, as table or table.column; anything if absent.")
    var subjects: [String] = []
    @OptionGroup var options: EditingOptions

    func run() throws {
        let text: String
        switch (sql, file) {
        case (let sql?, nil): text = sql
        case (nil, let file?): text = try TextFile.read(file)
        default:
            throw CinchError(
                code: .usage, message: "'data-step' takes SQL or a file, one of the two",
                hint: "Run 'cinch data-step -f FILE.sql --on table.column'.")
        }
        guard options.backfills.isEmpty else {
            throw CinchError(
                code: .usage, message: "'data-step' takes no --fill",
                hint: "Write UPDATE … SET … WHERE … IS NULL as the step itself.")
        }
        let publication = try Session.database().addDataStep(
            text, on: subjects, source: file, message: options.message,
            settings: options.settings())
        try PublicationOutput.print(publication, json: options.json)
    }
}
