/// The views and triggers of a merged schema for which something is not as it was on some side:
/// they are changed themselves, or what they speak of has other columns.
///
/// Only these may stop working, whichever side changed it.
package struct Readers {
    /// Keys of views, and of tables and views with triggers.
    private var keys: Set<String> = []

    /// Finds them in the four schemas of a merge, or parts of them.
    package init(base: Schema, ours: Schema, theirs: Schema, merged: Schema) {
        guard !merged.views.isEmpty || !merged.triggers.isEmpty else { return }
        let sides = [base, ours, theirs]
        var changed: Set<String> = []
        for table in merged.tables
        where sides.contains(where: { $0.tables[table.name]?.hasColumns(of: table) != true }) {
            changed.insert(table.name.key)
        }
        for table in merged.virtualTables
        where sides.contains(where: { $0.virtualTables[table.name] != table }) {
            changed.insert(table.name.key)
        }
        // What went may still be spoken of.
        for side in sides {
            changed.formUnion(
                side.tables.map(\.name.key).filter { merged.tables[Identifier($0)] == nil })
            changed.formUnion(
                side.views.map(\.name.key).filter { merged.views[Identifier($0)] == nil })
            changed.formUnion(
                side.virtualTables.map(\.name.key)
                    .filter { merged.virtualTables[Identifier($0)] == nil })
        }
        for view in merged.views where sides.contains(where: { $0.views[view.name] != view }) {
            changed.insert(view.name.key)
            keys.insert(view.name.key)
        }
        var isGrowing = true
        while isGrowing {
            let count = keys.count
            for view in merged.views
            where view.select.names.contains(where: { changed.contains($0.key) }) {
                changed.insert(view.name.key)
                keys.insert(view.name.key)
            }
            isGrowing = keys.count > count
        }
        for trigger in merged.triggers
        where sides.contains(where: { $0.triggers[trigger.name] != trigger })
            || Statement.trigger(trigger).mentions.contains(where: { changed.contains($0.key) })
        {
            keys.insert(trigger.table.key)
        }
    }

    /// Whether everything that reads has what it had.
    package var isEmpty: Bool { keys.isEmpty }

    /// What of a schema they are and need.
    package func part(of schema: Schema) -> Schema { schema.part(keys) }
}

extension Table {
    /// Whether a statement finds the same columns in both.
    fileprivate func hasColumns(of other: Table) -> Bool {
        self == other
            || isWithoutRowID == other.isWithoutRowID
                && columns.map(\.name.key) == other.columns.map(\.name.key)
                && columns.map { $0.generated == nil } == other.columns.map { $0.generated == nil }
    }
}
