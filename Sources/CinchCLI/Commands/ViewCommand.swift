import ArgumentParser
import Cinch
import CinchSchema

struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "Create, list and change views.",
        subcommands: [
            Create.self, List.self, Info.self, Update.self, Rename.self, Delete.self,
        ])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create a view.")
        @Argument(help: "Its name.") var name: String
        @Argument(help: "The SELECT.") var select: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(name, kind: "view")
            try options.run(["CREATE VIEW \(Identifier(name).quoted) AS \(select)\n"])
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the views.")
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            if options.json {
                Console.print(json: [.init("views", .array(schema.views.map(SchemaJSON.view)))])
            } else {
                for view in schema.views { Console.print(view.name.text) }
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show a view.")
        @Argument(help: "Its name.", completion: Completion.views) var name: String
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let view = try Lookup.view(name, in: Session.database().schema(at: revision))
            if options.json {
                Console.print(json: [.init("view", SchemaJSON.view(view))])
            } else {
                Console.print(view.ddl)
            }
        }
    }

    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update", abstract: "Give a view another SELECT.")
        @Argument(help: "Its name.", completion: Completion.views) var name: String
        @Argument(help: "The SELECT.") var select: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let view = try Lookup.view(name, in: schema)
            // Its INSTEAD OF triggers go with the old view and come back on the new.
            let triggers = schema.triggers.filter { $0.table.matches(view.name) }.map(\.ddl)
            try options.run(
                [
                    "DROP VIEW \(view.name.quoted)",
                    "CREATE VIEW \(view.name.quoted) AS \(select)\n",
                ] + triggers, on: database)
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename", abstract: "Rename a view.")
        @Argument(help: "Its name.", completion: Completion.views) var name: String
        @Argument(help: "Its new name.") var newName: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(newName, kind: "view")
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            var view = try Lookup.view(name, in: schema)
            try Lookup.refuseUsed(view, in: schema)
            let old = view.name
            view.name = Identifier(newName)
            let triggers = schema.triggers.filter { $0.table.matches(old) }.map { trigger in
                var trigger = trigger
                trigger.table = view.name
                return trigger.ddl
            }
            try options.run(["DROP VIEW \(old.quoted)", view.ddl] + triggers, on: database)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete a view.")
        @Argument(help: "Its name.", completion: Completion.views) var name: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let view = try Lookup.view(name, in: schema)
            try Lookup.refuseUsed(view, in: schema)
            try options.run(["DROP VIEW \(view.name.quoted)"], on: database)
        }
    }
}
