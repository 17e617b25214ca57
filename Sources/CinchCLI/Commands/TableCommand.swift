import ArgumentParser
import Cinch
import CinchSchema

struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Create, list and change tables.",
        subcommands: [
            Create.self, List.self, Info.self, Rename.self, Copy.self, Delete.self,
        ])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a table.",
            discussion: """
                A column is name:TYPE, which is NOT NULL, or name:TYPE?, which may be NULL; then
                :unique, :default=VALUE, :check=EXPRESSION, :collate=NAME and
                :fk=TABLE[.COLUMN][:cascade|set_null|restrict] as needed.
                """)
        @Argument(help: "Its name.") var name: String
        @Argument(help: "Its columns.") var columns: [String] = []
        @Flag(help: "Without id, created_at and updated_at.") var plain = false
        @OptionGroup var options: EditingOptions

        func run() throws {
            let table = try TableSpecification(
                name: name, columns: columns.map { try ColumnSpecification(parsing: $0) },
                plain: plain)
            try options.run(table.statements, subject: "Create table \(table.name)")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tables.")
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            let names = (schema.tables.map(\.name) + schema.virtualTables.map(\.name)).sorted()
            if options.json {
                let tables =
                    schema.tables.map { SchemaJSON.table($0, in: schema) }
                    + schema.virtualTables.map(SchemaJSON.virtualTable)
                Console.print(json: [.init("tables", .array(tables))])
            } else {
                for name in names { Console.print(name.text) }
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show a table.")
        @Argument(help: "Its name.", completion: Completion.tables) var name: String
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let schema = try Session.database().schema(at: revision)
            if let table = schema.virtualTables[Identifier(name)] {
                if options.json {
                    Console.print(json: [.init("table", SchemaJSON.virtualTable(table))])
                } else {
                    Console.print(table.ddl(ids: false))
                }
                return
            }
            let table = try Lookup.table(name, in: schema)
            if options.json {
                Console.print(json: [.init("table", SchemaJSON.table(table, in: schema))])
            } else {
                Console.print(table.ddl(ids: false))
                for index in schema.indexes where index.table.matches(table.name) {
                    Console.print(index.ddl)
                }
                for trigger in schema.triggers where trigger.table.matches(table.name) {
                    Console.print(trigger.ddl)
                }
            }
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename", abstract: "Rename a table.")
        @Argument(help: "Its name.", completion: Completion.tables) var name: String
        @Argument(help: "Its new name.") var newName: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(newName, kind: "table")
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let table = try Lookup.anyTable(name, in: schema)
            let touch = schema.tables[table].map {
                TableSpecification.touchRenaming(of: $0, to: Identifier(newName), in: schema)
            }
            try options.run(
                ["ALTER TABLE \(table.quoted) RENAME TO \(Identifier(newName).quoted)"]
                    + (touch ?? []), on: database)
        }
    }

    struct Copy: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "copy",
            abstract: "Create a table defined as another; rows are not copied.")
        @Argument(help: "The table to copy.", completion: Completion.tables) var name: String
        @Argument(help: "The new table's name.") var newName: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(newName, kind: "table")
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let table = try Lookup.table(name, in: schema)
            try options.run(
                TableCopy(of: table, in: schema, named: Identifier(newName)).statements,
                on: database)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a table, in every tenant once it is deployed.")
        @Argument(help: "Its name.", completion: Completion.tables) var name: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let table = try Lookup.anyTable(name, in: schema)
            try Lookup.refuseUsed(table, in: schema)
            try options.run(["DROP TABLE \(table.quoted)"], on: database)
        }
    }
}
