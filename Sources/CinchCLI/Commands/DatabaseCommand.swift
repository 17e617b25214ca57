import ArgumentParser
import Cinch
import CinchGit

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Make, list and choose the databases of a project.",
        subcommands: [Create.self, List.self, Switch.self, Info.self, Delete.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a database.")
        @Argument(help: "Its name.") var name: String
        @Option(help: "sha256 or sha1.") var objectFormat = "sha256"
        @Flag(help: "Make it the active one too.") var `switch` = false

        func run() throws {
            guard let format = ObjectFormat(rawValue: objectFormat) else {
                throw CinchError(
                    code: .usage, message: "'\(objectFormat)' is no object format",
                    hint: "Use sha256 or sha1.")
            }
            let name = try StoredName(name, kind: "database")
            let project = try Session.project()
            try project.createDatabase(name, format: format)
            if self.switch { try project.activate(name) }
            Console.print("Made database '\(name)'")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the databases.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let project = try Session.project()
            let active = try project.configuration().activeDatabase
            let names = try project.databases()
            if options.json {
                let databases = names.map { name in
                    JSONValue.object([
                        .init("name", .string(name.text)),
                        .init("active", .boolean(name == active)),
                    ])
                }
                Console.print(json: [.init("databases", .array(databases))])
            } else {
                for name in names { Console.print("\(name == active ? "*" : " ") \(name)") }
            }
        }
    }

    struct Switch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "switch", abstract: "Work on another database.")
        @Argument(help: "Its name.") var name: String

        func run() throws {
            let name = try StoredName(name, kind: "database")
            try Session.project().activate(name)
            Console.print("Switched to database '\(name)'")
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show where a database is.")
        @Argument(help: "Its name; the active one if absent.") var name: String?
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let name = try name.map { try StoredName($0, kind: "database") }
            let database = try Session.project().database(name)
            let branch = try database.currentBranch().shortName
            let facts: [(String, JSONValue)] = [
                ("name", .string(database.name.text)),
                ("path", .string(database.layout.directory)),
                ("repository", .string(database.layout.repository)),
                ("object_format", .string(database.git.format.rawValue)),
                ("branch", .string(branch)),
                ("deploy_branch", .string(database.deployBranch)),
                ("branches", .integer(Int64(try database.branches().count))),
                ("tenants", .integer(Int64(try database.tenantNames().count))),
            ]
            Facts.print(facts, json: options.json)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a database, its history and every tenant's rows.")
        @Argument(help: "Its name.") var name: String
        @Flag(help: "Really do it.") var force = false

        func run() throws {
            let name = try StoredName(name, kind: "database")
            try Confirmation.demand(force, "database '\(name)' with its history and tenants")
            try Session.project().deleteDatabase(name)
            Console.print("Deleted database '\(name)'")
        }
    }
}
