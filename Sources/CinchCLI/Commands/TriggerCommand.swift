import ArgumentParser
import Cinch
import CinchSchema

struct TriggerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Create, list and delete triggers.",
        subcommands: [Create.self, List.self, Delete.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a trigger.",
            discussion: "cinch trigger create audit \"AFTER INSERT ON users\" \"INSERT INTO …\"")
        @Argument(help: "Its name.") var name: String
        @Argument(help: "When it fires: 'AFTER UPDATE OF email ON users', WHEN included.")
        var event: String
        @Argument(help: "The statements of its body.") var body: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(name, kind: "trigger")
            var body = body
            while let last = body.last, last == ";" || last.isWhitespace { body.removeLast() }
            try options.run([
                "CREATE TRIGGER \(Identifier(name).quoted) \(event)\nBEGIN\n\(body);\nEND"
            ])
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the triggers.")
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            if options.json {
                Console.print(
                    json: [.init("triggers", .array(schema.triggers.map(SchemaJSON.trigger)))])
            } else {
                for trigger in schema.triggers {
                    Console.print("\(trigger.name) on \(trigger.table)")
                }
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete a trigger.")
        @Argument(help: "Its name.", completion: Completion.triggers) var name: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            guard let trigger = try database.schema(at: "HEAD").triggers[Identifier(name)] else {
                throw Lookup.missing("trigger", name)
            }
            try options.run(["DROP TRIGGER \(trigger.name.quoted)"], on: database)
        }
    }
}
