import ArgumentParser
import CinchSchema
import Cinch

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the schema as SQL.")

    @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
        "HEAD"
    @Option(help: "The schema the revision had on a date, such as 2026-01-31.") var at: String?
    @Flag(help: "Without the id comments.") var noIds = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let schema =
            try at.map { try database.schema(of: database.commit(at: $0, on: revision)) }
            ?? database.schema(at: revision)
        if options.json {
            Console.print(json: SchemaJSON.schema(schema))
        } else {
            Console.printRaw(schema.ddl(ids: !noIds))
        }
    }
}
