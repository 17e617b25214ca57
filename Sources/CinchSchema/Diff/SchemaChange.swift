/// One difference between two schemas, named by SQL's verbs.
public enum SchemaChange: Hashable, Sendable {
    case createTable(Table)
    case dropTable(Table)
    case renameTable(from: Identifier, to: Identifier)
    case addColumn(Column, table: Identifier)
    case dropColumn(Column, table: Identifier)
    case renameColumn(from: Identifier, to: Identifier, table: Identifier)
    /// A column's definition changed; names are compared after renaming.
    case alterColumn(from: Column, to: Column, table: Identifier)
    /// A constraint of the table appeared.
    case addConstraint(Constraint<Table.Rule>, table: Identifier)
    /// A constraint of the table went.
    case dropConstraint(Constraint<Table.Rule>, table: Identifier)
    /// STRICT or WITHOUT ROWID changed, or the order of columns or constraints.
    case alterTable(from: Table, to: Table)
    case createVirtualTable(VirtualTable)
    case dropVirtualTable(VirtualTable)
    case createIndex(Index)
    case dropIndex(Index)
    case alterIndex(from: Index, to: Index)
    case createView(View)
    case dropView(View)
    case alterView(from: View, to: View)
    case createTrigger(Trigger)
    case dropTrigger(Trigger)
    case alterTrigger(from: Trigger, to: Trigger)
}

/// What a change does, and to what, for people and for `--json`.
extension SchemaChange {
    /// `create`, `drop`, `rename`, `add`, or `alter`.
    public var verb: String {
        switch self {
        case .createTable, .createVirtualTable, .createIndex, .createView, .createTrigger: "create"
        case .dropTable, .dropVirtualTable, .dropIndex, .dropView, .dropTrigger, .dropColumn,
            .dropConstraint:
            "drop"
        case .renameTable, .renameColumn: "rename"
        case .addColumn, .addConstraint: "add"
        case .alterColumn, .alterTable, .alterIndex, .alterView, .alterTrigger: "alter"
        }
    }

    /// `table`, `column`, `constraint`, `index`, `view` or `trigger`.
    public var entityKind: String {
        switch self {
        case .createTable, .dropTable, .renameTable, .alterTable, .createVirtualTable,
            .dropVirtualTable:
            "table"
        case .addColumn, .dropColumn, .renameColumn, .alterColumn: "column"
        case .addConstraint, .dropConstraint: "constraint"
        case .createIndex, .dropIndex, .alterIndex: "index"
        case .createView, .dropView, .alterView: "view"
        case .createTrigger, .dropTrigger, .alterTrigger: "trigger"
        }
    }

    /// The table or other entity the change belongs to, by its new name where it has one.
    public var entity: Identifier {
        switch self {
        case .createTable(let table), .dropTable(let table): table.name
        case .renameTable(_, let to): to
        case .addColumn(_, let table), .dropColumn(_, let table), .renameColumn(_, _, let table),
            .alterColumn(_, _, let table), .addConstraint(_, let table),
            .dropConstraint(_, let table):
            table
        case .alterTable(_, let to): to.name
        case .createVirtualTable(let table), .dropVirtualTable(let table): table.name
        case .createIndex(let index), .dropIndex(let index), .alterIndex(_, let index): index.name
        case .createView(let view), .dropView(let view), .alterView(_, let view): view.name
        case .createTrigger(let trigger), .dropTrigger(let trigger), .alterTrigger(_, let trigger):
            trigger.name
        }
    }

    /// What was there before, as SQL text; absent for something new.
    public var before: String? {
        switch self {
        case .dropTable(let table): table.ddl(ids: false)
        case .renameTable(let from, _): from.text
        case .dropColumn(let column, _): column.ddl
        case .renameColumn(let from, _, _): from.text
        case .alterColumn(let from, _, _): from.ddl
        case .dropConstraint(let constraint, _): constraint.ddl
        case .alterTable(let from, _): from.ddl(ids: false)
        case .dropVirtualTable(let table): table.ddl(ids: false)
        case .dropIndex(let index), .alterIndex(let index, _): index.ddl
        case .dropView(let view), .alterView(let view, _): view.ddl
        case .dropTrigger(let trigger), .alterTrigger(let trigger, _): trigger.ddl
        default: nil
        }
    }

    /// What is there afterwards, as SQL text; absent for something dropped.
    public var after: String? {
        switch self {
        case .createTable(let table): table.ddl(ids: false)
        case .renameTable(_, let to): to.text
        case .addColumn(let column, _): column.ddl
        case .renameColumn(_, let to, _): to.text
        case .alterColumn(_, let to, _): to.ddl
        case .addConstraint(let constraint, _): constraint.ddl
        case .alterTable(_, let to): to.ddl(ids: false)
        case .createVirtualTable(let table): table.ddl(ids: false)
        case .createIndex(let index), .alterIndex(_, let index): index.ddl
        case .createView(let view), .alterView(_, let view): view.ddl
        case .createTrigger(let trigger), .alterTrigger(_, let trigger): trigger.ddl
        default: nil
        }
    }

    /// One line: `add column users.email TEXT NOT NULL`.
    public var summary: String {
        switch self {
        case .renameTable(let from, let to): "rename table \(from) to \(to)"
        case .renameColumn(let from, let to, let table):
            "rename column \(table).\(from) to \(to)"
        case .addColumn(let column, let table): "add column \(table).\(column.ddl)"
        case .dropColumn(let column, let table): "drop column \(table).\(column.name)"
        case .alterColumn(let from, let to, let table):
            "alter column \(table).\(to.name): \(from.ddl) -> \(to.ddl)"
        case .addConstraint(let constraint, let table), .dropConstraint(let constraint, let table):
            "\(verb) constraint on \(table): \(constraint.ddl)"
        default: "\(verb) \(entityKind) \(entity)"
        }
    }
}
