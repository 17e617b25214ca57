import ArgumentParser
import Cinch
import CinchSchema

struct ColumnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "column", abstract: "Add, list and change columns.",
        subcommands: [
            Add.self, List.self, Info.self, Rename.self, Delete.self, AlterNullable.self,
        ])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add columns, written as for 'table create'.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The columns.") var columns: [String]
        @OptionGroup var options: EditingOptions

        func run() throws {
            let specifications = try columns.map { try ColumnSpecification(parsing: $0) }
            for column in specifications { try EntityName.validate(column.name, kind: "column") }
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            let found = try Lookup.table(table, in: schema)
            let publication = try database.edit(
                message: options.message, soundness: .demanded,
                settings: options.settings()
            ) { interpreter in
                try interpreter.add(specifications.map(\.definition), to: found, in: schema)
                return []
            }
            try PublicationOutput.print(publication, json: options.json)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List a table's columns.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let table = try Lookup.table(table, in: Session.database().schema(at: revision))
            if options.json {
                Console.print(json: [.init("columns", .array(table.columns.map(SchemaJSON.column)))]
                )
            } else {
                for column in table.columns { Console.print(column.ddl) }
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show a column.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The column.") var column: String
        @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
            "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let table = try Lookup.table(table, in: Session.database().schema(at: revision))
            let column = try Lookup.column(column, of: table)
            if options.json {
                Console.print(json: [.init("column", SchemaJSON.column(column))])
            } else {
                Console.print(column.ddl)
            }
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename",
            abstract: "Rename a column; indexes, views and triggers follow.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The column.") var column: String
        @Argument(help: "Its new name.") var newName: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            try EntityName.validate(newName, kind: "column")
            let database = try Session.database()
            let table = try Lookup.table(table, in: database.schema(at: "HEAD"))
            let column = try Lookup.column(column, of: table)
            try options.run(
                [
                    "ALTER TABLE \(table.name.quoted) RENAME COLUMN \(column.name.quoted)"
                        + " TO \(Identifier(newName).quoted)"
                ], on: database)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a column, in every tenant once it is deployed.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The column.") var column: String
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let table = try Lookup.table(table, in: database.schema(at: "HEAD"))
            let column = try Lookup.column(column, of: table)
            try options.run(
                ["ALTER TABLE \(table.name.quoted) DROP COLUMN \(column.name.quoted)"],
                on: database)
        }
    }

    struct AlterNullable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "alter-nullable", abstract: "Allow or forbid NULL in a column.")
        @Argument(help: "The table.", completion: Completion.tables) var table: String
        @Argument(help: "The column.") var column: String
        @Flag(inversion: .prefixedNo, help: "Allow NULL, or with --no-nullable forbid it.")
        var nullable: Bool
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let schema = try database.schema(at: "HEAD")
            var table = try Lookup.table(table, in: schema)
            let column = try Lookup.column(column, of: table)
            guard let place = table.columns.firstIndex(of: column) else { return }
            table.columns[place].notNull = nullable ? nil : Constraint(Column.Demand())
            let changed = table
            let publication = try database.edit(
                message: options.message, soundness: .demanded,
                settings: options.settings()
            ) { interpreter in
                try interpreter.replace(changed, in: schema)
                return []
            }
            try PublicationOutput.print(publication, json: options.json)
        }
    }
}
