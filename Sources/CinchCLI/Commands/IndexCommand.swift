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
        @Argument(help: "The table.") var table: String
        @Argument(help: "Its columns, 'name' or 'name:desc', or expressions in parentheses.")
        var columns: [String]
        @Option(help: "Its name; idx_TABLE_COLUMNS if absent.") var name: String?
        @Flag(help: "Allow each value once.") var unique = false
        @Option(name: .customLong("where"), help: "Only rows for which this holds.")
        var condition: String?
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let found = try Lookup.table(table, in: database.schema(at: "HEAD"))
            let terms = try columns.flatMap {
                $0.hasPrefix("(") ? [$0] : $0.split(separator: ",").map(String.init)
            }
            .map { try IndexTerm($0, table: found) }
            let suffix = terms.map(\.label).joined(separator: "_")
            let name = name ?? "\(unique ? "uniq" : "idx")_\(found.name)_\(suffix)"
            try EntityName.validate(name, kind: "index")
            var sql = "CREATE \(unique ? "UNIQUE " : "")INDEX \(Identifier(name).quoted)"
            sql += " ON \(found.name.quoted) (\(terms.map(\.sql).joined(separator: ", ")))"
            if let condition { sql += " WHERE \(condition)" }
            try options.run([sql], on: database)
        }
    }

    /// One term as it is typed.
    private struct IndexTerm {
        let sql: String
        let label: String

        init(_ text: String, table: Table) throws {
            if text.hasPrefix("(") {
                sql = text
                label = "expression"
                return
            }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            let column = try Lookup.column(parts[0], of: table).name
            label = column.text
            switch parts.dropFirst().first?.lowercased() {
            case nil, "asc": sql = column.quoted
            case "desc": sql = column.quoted + " DESC"
            default:
                throw CinchError(
                    code: .invalid, message: "'\(text)' is no column of an index",
                    hint: "Write name, name:asc or name:desc.")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the indexes.")
        @Argument(help: "The table; all of them if absent.") var table: String?
        @Option(help: "The revision to look at.") var revision = "HEAD"
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
        @Argument(help: "Its name.") var name: String
        @Option(help: "The revision to look at.") var revision = "HEAD"
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
        @Argument(help: "Its name.") var name: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            guard let index = try database.schema(at: "HEAD").indexes[Identifier(name)] else {
                throw Lookup.missing("index", name)
            }
            try options.run(["DROP INDEX \(index.name.quoted)"], on: database)
        }
    }
}
