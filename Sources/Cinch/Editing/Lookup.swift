package import CinchSchema

/// Finds entities by name, or says what there is instead.
package enum Lookup {
    /// The table of that name.
    package static func table(_ name: String, in schema: Schema) throws -> Table {
        guard let table = schema.tables[Identifier(name)] else {
            throw missing("table", name, among: schema.tables.map(\.name))
        }
        return table
    }

    /// The name, as it was created, of a table or virtual table.
    package static func anyTable(_ name: String, in schema: Schema) throws -> Identifier {
        if let table = schema.virtualTables[Identifier(name)] { return table.name }
        return try table(name, in: schema).name
    }

    /// The column of that name.
    package static func column(_ name: String, of table: Table) throws -> Column {
        guard let column = table.column(named: Identifier(name)) else {
            throw CinchError(
                code: .notFound, message: "Table '\(table.name)' has no column '\(name)'",
                hint: Suggestion.hint(
                    for: name, among: table.columns.map(\.name.text),
                    otherwise: "See 'cinch column list \(table.name)'."))
        }
        return column
    }

    /// What is thrown where there is none.
    ///
    /// - Parameter known: Names of which one may be meant.
    package static func missing(
        _ kind: String, _ name: String, among known: [Identifier] = []
    ) -> CinchError {
        CinchError(
            code: .notFound, message: "There is no \(kind) '\(name)'",
            hint: Suggestion.hint(
                for: name, among: known.map(\.text), otherwise: "See 'cinch \(kind) list'."))
    }

    /// Refuses to drop a table that others need: SQLite itself would leave them broken.
    package static func refuseUsed(_ table: Identifier, in schema: Schema) throws {
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

    /// Refuses a name that a table, view or index has: to SQLite they share one set of names.
    package static func demandFree(_ name: String, in schema: Schema) throws {
        let name = Identifier(name)
        let isTaken =
            schema.tables[name] != nil || schema.virtualTables[name] != nil
            || schema.views[name] != nil || schema.indexes[name] != nil
        guard isTaken else { return }
        throw CinchError(
            code: .exists, message: "There is something called '\(name)' already",
            hint: "Choose another name; 'cinch schema' shows those that are taken.")
    }

    /// The view of that name.
    package static func view(_ name: String, in schema: Schema) throws -> View {
        guard let view = schema.views[Identifier(name)] else { throw missing("view", name) }
        return view
    }

    /// Refuses to drop a view that others need: SQLite itself would leave them broken.
    package static func refuseUsed(_ view: View, in schema: Schema) throws {
        let users =
            schema.views.filter { $0.name != view.name && $0.select.mentions(view.name) }
            .map { "view '\($0.name)'" }
            + schema.triggers.filter { trigger in
                trigger.body.contains { $0.mentions(view.name) }
            }.map { "trigger '\($0.name)'" }
        guard let first = users.first else { return }
        throw CinchError(
            code: .invalid, message: "View '\(view.name)' is needed by \(first)",
            hint: "Change that first, or change both with one 'cinch ddl'.")
    }

    /// The index of that name.
    package static func index(_ name: String, in schema: Schema) throws -> Index {
        guard let index = schema.indexes[Identifier(name)] else { throw missing("index", name) }
        return index
    }
}
