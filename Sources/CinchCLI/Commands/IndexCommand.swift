import ArgumentParser
import Cinch
import CinchSchema

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Create, list and delete indexes.",
        subcommands: [Create.self, List.self, Info.self, Delete.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create an index.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "Its columns, 'name' or 'name:desc', or expressions in parentheses.")
        var columns: [String]
        @Option(help: "Its name; idx_TABLE_COLUMNS if absent.") var name: String?
        @Flag(help: "Allow each value once.") var unique = false
        @Option(name: .customLong("where"), help: "Only rows for which this holds.")
        var condition: String?
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let index = IndexSpecification(
                table: table,
                terms: columns.flatMap {
                    $0.hasPrefix("(") ? [$0] : $0.split(separator: ",").map(String.init)
                }, name: name, isUnique: unique, condition: condition)
            try options.run([index.statement(in: database.schema(at: "HEAD"))], on: database)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the indexes.")
        @Argument(help: "The table; all of them if absent.", completion: Completion.tables)
        var table: String?
        @Option(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            let table = try table.map { try Lookup.table($0, in: schema).name }
            let indexes = schema.indexes.filter { table.map($0.table.matches) ?? true }
            if options.json {
                Console.print(json: [.init("indexes", .array(indexes.map(SchemaJSON.index)))])
            } else {
                for index in indexes { Console.print("\(index.name) on \(index.table)") }
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show an index.")
        @Argument(help: "Its name.", completion: Completion.indexes) var name: String
        @Option(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            guard let index = schema.indexes[Identifier(name)] else {
                throw Lookup.missing("index", name)
            }
            if options.json {
                Console.print(json: [.init("index", SchemaJSON.index(index))])
            } else {
                Console.print(index.ddl)
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete an index.")
        @Argument(help: "Its name.", completion: Completion.indexes) var name: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let index = try Lookup.index(name, in: database.schema(at: "HEAD"))
            try options.run(["DROP INDEX \(index.name.quoted)"], on: database)
        }
    }
}
