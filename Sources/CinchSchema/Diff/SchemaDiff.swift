/// Everything that differs between two schemas.
public struct SchemaDiff: Hashable, Sendable {
    /// The changes: tables first, then indexes, views and triggers, each in name order.
    public var changes: [SchemaChange]

    /// Whether the schemas are the same but for ids.
    public var isEmpty: Bool { changes.isEmpty }

    /// Compares two schemas by identity: a rename is a rename, never a drop and a creation.
    public init(from: Schema, to: Schema) {
        changes = []
        let renaming = Renaming(from: from, to: to)
        let tables = Matching<Table>(from, to)
        for table in tables.dropped { changes.append(.dropTable(table)) }
        for table in tables.created { changes.append(.createTable(table)) }
        for (old, new) in tables.pairs where old != new || !renaming.isEmpty {
            append(old, new, renaming)
        }
        let virtualTables = Matching<VirtualTable>(from, to)
        for table in virtualTables.dropped { changes.append(.dropVirtualTable(table)) }
        for table in virtualTables.created { changes.append(.createVirtualTable(table)) }
        for (old, new) in virtualTables.pairs {
            if old.module != new.module || old.arguments != new.arguments {
                changes += [.dropVirtualTable(old), .createVirtualTable(new)]
            } else if old.name != new.name {
                changes.append(.renameTable(from: old.name, to: new.name))
            }
        }
        append(
            from.indexes.map { renaming.apply(to: $0) }, to.indexes,
            SchemaChange.dropIndex, SchemaChange.createIndex, SchemaChange.alterIndex)
        append(
            from.views, to.views,
            SchemaChange.dropView, SchemaChange.createView, SchemaChange.alterView)
        append(
            from.triggers, to.triggers,
            SchemaChange.dropTrigger, SchemaChange.createTrigger, SchemaChange.alterTrigger)
    }

    private mutating func append<Value: Named>(
        _ from: some Sequence<Value>, _ to: NameSorted<Value>, _ drop: (Value) -> SchemaChange,
        _ create: (Value) -> SchemaChange, _ alter: (Value, Value) -> SchemaChange
    ) {
        let from = NameSorted(from)
        for old in from where to[old.name] == nil { changes.append(drop(old)) }
        for new in to {
            if let old = from[new.name] {
                if old != new { changes.append(alter(old, new)) }
            } else {
                changes.append(create(new))
            }
        }
    }

    private mutating func append(_ old: Table, _ new: Table, _ renaming: Renaming) {
        if old.name != new.name { changes.append(.renameTable(from: old.name, to: new.name)) }
        let renamed = renaming.isEmpty ? old : renaming.apply(to: old)
        let columns = Matching<Column>(old, new)
        // A column that goes may have the name that another one gets.
        var kept = renamed
        kept.columns = zip(old.columns, renamed.columns)
            .filter { !columns.dropped.contains($0.0) }.map(\.1)
        for column in columns.dropped { changes.append(.dropColumn(column, table: new.name)) }
        for (before, after) in columns.pairs where before.name != after.name {
            changes.append(.renameColumn(from: before.name, to: after.name, table: new.name))
        }
        for column in new.columns where columns.created.contains(where: { $0.name == column.name })
        {
            changes.append(.addColumn(column, table: new.name))
        }
        for (before, after) in columns.pairs {
            let name = renaming.column(before.name, of: old.name)
            guard let before = kept.column(named: name) else { continue }
            if before.withoutID != after.withoutID {
                changes.append(.alterColumn(from: before, to: after, table: new.name))
            }
        }
        for constraint in renamed.constraints where !new.constraints.contains(constraint) {
            changes.append(.dropConstraint(constraint, table: new.name))
        }
        for constraint in new.constraints where !renamed.constraints.contains(constraint) {
            changes.append(.addConstraint(constraint, table: new.name))
        }
        let keptNames = columns.pairs.map(\.to.name)
        let orderBefore = kept.columns.map(\.name)
        let orderAfter = new.columns.map(\.name).filter(keptNames.contains)
        if renamed.isStrict != new.isStrict || renamed.isWithoutRowID != new.isWithoutRowID
            || orderBefore != orderAfter
        {
            changes.append(.alterTable(from: renamed, to: new))
        }
    }
}
