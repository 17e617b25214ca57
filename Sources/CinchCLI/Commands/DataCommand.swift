import ArgumentParser
import Cinch

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Insert, update and delete rows of a tenant.",
        subcommands: [Insert.self, Update.self, Delete.self])

    /// Which tenant, and how the answer is printed.
    struct Target: ParsableArguments {
        @Option(help: "The tenant.", completion: Completion.tenants) var tenant = "main"
        @Option(help: "The branch; the current one if absent.") var branch: String?
        @Flag(help: "Print one JSON object.") var json = false

        func open() throws -> TenantDatabase {
            try Session.database().open(tenant: tenant, branch: branch)
        }

        /// The rows that are meant; absent when neither conditions nor `--all` say.
        static func filter(_ conditions: [String], all: Bool) throws -> Filter? {
            guard !conditions.isEmpty else { return all ? .everyRow : nil }
            return .all(try conditions.map { .condition(try Condition(parsing: $0)) })
        }

        func print(changes: Int, _ verb: String) {
            if json {
                Console.print(json: [.init("changes", .integer(Int64(changes)))])
            } else {
                Console.print("\(verb) \(changes) row\(changes == 1 ? "" : "s")")
            }
        }
    }

    struct Insert: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "insert",
            abstract: "Insert rows, all or none, and print them as they are stored.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "A JSON object, or an array of them; '-' reads standard input.")
        var row: String?
        @Option(parsing: .unconditionalSingleValue, help: "column=value, as often as needed.")
        var set: [String] = []
        @OptionGroup var target: Target

        func run() throws {
            let rows: [[Assignment]]
            if let row {
                let text = row == "-" ? try TextFile.read("-") : row
                rows = try Assignment.rows(json: JSONValue(parsing: text))
            } else {
                rows = [try set.map { try Assignment(parsing: $0) }]
            }
            let result = try target.open().insert(into: table, rows: rows)
            if target.json {
                Console.print(json: [.init("rows", .array(result.jsonRows))])
            } else {
                Console.printRaw(TableRendering.render(result))
            }
        }
    }

    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update", abstract: "Update rows.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The new values as a JSON object, instead of --set.") var values: String?
        @Option(parsing: .unconditionalSingleValue, help: "column=value, as often as needed.")
        var set: [String] = []
        @Option(
            name: .customLong("where"), parsing: .unconditionalSingleValue,
            help: "column=value, also != < <= > >= and ~ for LIKE; all must hold.")
        var conditions: [String] = []
        @Flag(help: "Every row.") var all = false
        @OptionGroup var target: Target

        func run() throws {
            var assignments = try set.map { try Assignment(parsing: $0) }
            if let values { assignments += try Assignment.list(json: JSONValue(parsing: values)) }
            let changes = try target.open().update(
                table, set: assignments, where: Target.filter(conditions, all: all))
            target.print(changes: changes, "Updated")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete rows.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Option(
            name: .customLong("where"), parsing: .unconditionalSingleValue,
            help: "column=value, also != < <= > >= and ~ for LIKE; all must hold.")
        var conditions: [String] = []
        @Flag(help: "Every row.") var all = false
        @OptionGroup var target: Target

        func run() throws {
            let changes = try target.open().delete(
                from: table, where: Target.filter(conditions, all: all))
            target.print(changes: changes, "Deleted")
        }
    }
}
