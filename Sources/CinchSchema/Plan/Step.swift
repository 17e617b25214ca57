/// One step of a plan.
public enum Step: Hashable, Sendable {
    case dropTrigger(Identifier)
    case dropView(Identifier)
    case dropIndex(Identifier)
    case dropTable(Table)
    case dropVirtualTable(VirtualTable)
    case renameTable(from: Identifier, to: Identifier)
    case renameColumn(from: Identifier, to: Identifier, table: Identifier)
    case createTable(Table)
    case createVirtualTable(VirtualTable)
    case addColumn(Column, to: Identifier)
    case dropColumn(Column, from: Identifier)
    case rebuildTable(TableRebuild)
    case createIndex(Index)
    case createView(View)
    case createTrigger(Trigger)
    /// Rows or values are set aside, before the step that drops them.
    case park(ParkedCopy)
    /// A table just made gets its parked rows.
    case restoreRows(TableRestoration)
    /// What is back is parked no more.
    case unpark(ParkedData)
    /// The rowids by which values were parked are about to change.
    case outdate(ParkedData)

    /// What a step costs on a tenant's file.
    public enum Cost: String, Hashable, Sendable, CaseIterable {
        /// The schema only, whatever the number of rows.
        case constant
        /// Reads the table once.
        case scan
        /// Writes the table anew, or frees all of it.
        case rewrite
    }

    /// What the step costs.
    public var cost: Cost {
        switch self {
        case .rebuildTable, .dropColumn, .dropTable, .dropVirtualTable, .park, .restoreRows:
            .rewrite
        case .createIndex: .scan
        case .addColumn(let column, _):
            !column.checks.isEmpty || (column.generated != nil && column.notNull != nil)
                ? .scan : .constant
        default: .constant
        }
    }

    /// The data the step takes away for good, for people; absent when it keeps every value.
    public var loss: String? {
        switch self {
        case .dropTable(let table): "every row of \(table.name)"
        case .dropVirtualTable(let table): "every row of \(table.name)"
        case .dropColumn(let column, let table):
            column.generated == nil ? "every value of \(table).\(column.name)" : nil
        case .rebuildTable(let rebuild):
            rebuild.droppedColumns.isEmpty
                ? nil
                : "every value of "
                    + rebuild.droppedColumns.map { "\(rebuild.to.name).\($0)" }
                    .joined(separator: ", ")
        default: nil
        }
    }

    /// One line for people.
    public var summary: String {
        switch self {
        case .dropTrigger(let name): "drop trigger \(name)"
        case .dropView(let name): "drop view \(name)"
        case .dropIndex(let name): "drop index \(name)"
        case .dropTable(let table): "drop table \(table.name)"
        case .dropVirtualTable(let table): "drop table \(table.name)"
        case .renameTable(let from, let to): "rename table \(from) to \(to)"
        case .renameColumn(let from, let to, let table):
            "rename column \(table).\(from) to \(to)"
        case .createTable(let table): "create table \(table.name)"
        case .createVirtualTable(let table): "create table \(table.name)"
        case .addColumn(let column, let table): "add column \(table).\(column.name)"
        case .dropColumn(let column, let table): "drop column \(table).\(column.name)"
        case .rebuildTable(let rebuild): "rebuild table \(rebuild.to.name)"
        case .createIndex(let index): "create index \(index.name)"
        case .createView(let view): "create view \(view.name)"
        case .createTrigger(let trigger): "create trigger \(trigger.name)"
        case .park(let copy): "park \(copy.subject)"
        case .restoreRows(let restoration): "bring back the rows of \(restoration.table.name)"
        case .unpark(let data): "drop what was parked in \(data.storage)"
        case .outdate(let data): "keep what is parked in \(data.storage) from other rows"
        }
    }
}

/// A table written anew under another name and put in the place of the old
/// (lang_altertable, "Making Other Kinds Of Table Schema Changes").
public struct TableRebuild: Hashable, Sendable {
    /// The table as it is when the step begins, after renames.
    public var from: Table
    /// The table as it shall be; it has the same name.
    public var to: Table
    /// What each new column is filled from; columns left out take their default.
    public var sources: [Source]
    /// New columns that are filled with parked values.
    public var restored: [RestoredColumn]
    /// Columns of `from` whose values are not taken over.
    public var droppedColumns: [Identifier]
    /// Whether views and triggers were dropped before, so that RENAME may check the schema.
    public var isAlone: Bool

    /// What one new column is filled from.
    public struct Source: Hashable, Sendable {
        /// The new column.
        public var column: Identifier
        /// The column of the old table its values come from.
        public var source: Identifier
    }
}
