import ArgumentParser
import Cinch
import CinchSchema

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
        help: "What may be written, as table or table.column; anything if absent.",
        transform: Self.subject)
    var subjects: [RowSubject] = []
    @OptionGroup var options: EditingOptions

    private static func subject(_ text: String) throws -> RowSubject {
        do {
            return try RowSubject(parsing: text)
        } catch {
            throw ValidationError("'\(text)' is no table or table.column: \(error)")
        }
    }

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
        let publication = try Session.database().addDataStep(
            text, on: subjects, source: file, message: options.message,
            settings: options.settings())
        try PublicationOutput.print(publication, json: options.json)
    }
}
