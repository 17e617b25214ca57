import Cinch
import CinchSchema

/// Finds entities by name, or says what there is instead.
enum Lookup {
    static func table(_ name: String, in schema: Schema) throws -> Table {
        guard let table = schema.tables[Identifier(name)] else { throw missing("table", name) }
        return table
    }

    static func anyTable(_ name: String, in schema: Schema) throws -> Identifier {
        if let table = schema.virtualTables[Identifier(name)] { return table.name }
        return try table(name, in: schema).name
    }

    static func column(_ name: String, of table: Table) throws -> Column {
        guard let column = table.column(named: Identifier(name)) else {
            throw CinchError(
                code: .notFound, message: "Table '\(table.name)' has no column '\(name)'",
                hint: "See 'cinch column list \(table.name)'.")
        }
        return column
    }

    static func missing(_ kind: String, _ name: String) -> CinchError {
        CinchError(
            code: .notFound, message: "There is no \(kind) '\(name)'",
            hint: "See 'cinch \(kind) list'.")
    }

    /// Refuses to drop a table that others need: SQLite itself would leave them broken.
    static func refuseUsed(_ table: Identifier, in schema: Schema) throws {
        var users = schema.tables.filter { other in
            !other.name.matches(table) && other.foreignKeys.contains { $0.parent.matches(table) }
        }.map { "the foreign key of table '\($0.name)'" }
        users += schema.views.filter { $0.select.mentions(table) }.map { "view '\($0.name)'" }
        users += schema.triggers.filter { trigger in
            !trigger.table.matches(table) && trigger.mentions(table)
        }.map { "trigger '\($0.name)'" }
        guard let first = users.first else { return }
        let others = users.count > 1 ? " and \(users.count - 1) more" : ""
        throw CinchError(
            code: .invalid, message: "Table '\(table)' is needed by \(first)\(others)",
            hint: "Drop or change that first, or drop both with one 'cinch ddl'.")
    }
}
