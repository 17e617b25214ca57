import ArgumentParser
import CinchSchema
import Cinch

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the schema as SQL.")

    @Argument(help: "The revision to look at.") var revision = "HEAD"
    @Flag(help: "Without the id comments.") var noIds = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let schema = try Session.database().schema(at: revision)
        if options.json {
            Console.print(json: SchemaJSON.schema(schema))
        } else {
            Console.printRaw(schema.ddl(ids: !noIds))
        }
    }
}
