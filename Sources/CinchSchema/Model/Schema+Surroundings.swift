extension Schema {
    /// The part of a schema in which something may work differently than in an earlier state:
    /// what differs, what speaks of that, and what all of these speak of.
    ///
    /// A foreign key is followed one step: what its parent refers to is no concern of it.
    package func surroundings(ofChangesFrom before: Schema) -> Schema {
        var affected = changedNames(from: before)
        guard !affected.isEmpty else { return Schema() }
        for table in tables
        where table.foreignKeys.contains(where: { affected.contains($0.parent.key) }) {
            affected.insert(table.name.key)
        }
        var isGrowing = true
        while isGrowing {
            let count = affected.count
            for view in views where view.select.names.contains(where: { affected.contains($0.key) })
            {
                affected.insert(view.name.key)
            }
            for trigger in triggers {
                let names = Statement.trigger(trigger).mentions
                if names.contains(where: { affected.contains($0.key) }) {
                    affected.insert(trigger.table.key)
                }
            }
            isGrowing = affected.count > count
        }
        return part(affected)
    }

    /// These entities with everything on them, and what that speaks of.
    func part(_ keys: Set<String>) -> Schema {
        var keys = keys
        for table in tables where keys.contains(table.name.key) {
            keys.formUnion(table.foreignKeys.map(\.parent.key))
        }
        var isGrowing = true
        while isGrowing {
            let count = keys.count
            for view in views where keys.contains(view.name.key) {
                keys.formUnion(view.select.names.map(\.key))
            }
            for trigger in triggers where keys.contains(trigger.table.key) {
                keys.formUnion(Statement.trigger(trigger).mentions.map(\.key))
            }
            isGrowing = keys.count > count
        }
        var part = Schema()
        part.tables = NameSorted(tables.filter { keys.contains($0.name.key) })
        part.virtualTables = virtualTables
        part.indexes = NameSorted(indexes.filter { keys.contains($0.table.key) })
        part.views = NameSorted(views.filter { keys.contains($0.name.key) })
        part.triggers = NameSorted(triggers.filter { keys.contains($0.table.key) })
        return part
    }

    /// Keys of tables and views that differ, or on which an index or trigger does.
    private func changedNames(from before: Schema) -> Set<String> {
        func differing<Value: Named>(
            _ values: KeyPath<Schema, NameSorted<Value>>, _ key: (Value) -> String
        ) -> [String] {
            let (old, new) = (before[keyPath: values], self[keyPath: values])
            guard old != new else { return [] }
            return new.filter { old[$0.name] != $0 }.map(key)
                + old.filter { new[$0.name] != $0 }.map(key)
        }
        return Set(
            differing(\.tables) { $0.name.key } + differing(\.virtualTables) { $0.name.key }
                + differing(\.indexes) { $0.table.key } + differing(\.views) { $0.name.key }
                + differing(\.triggers) { $0.table.key })
    }

    /// The schema without foreign keys to some tables.
    package func withoutForeignKeys(to isAbroad: (Identifier) -> Bool) -> Schema {
        var copy = self
        copy.tables = tables.mapValues { table in
            guard table.foreignKeys.contains(where: { isAbroad($0.parent) }) else { return table }
            var table = table
            table.constraints.removeAll {
                if case .foreignKey(let key) = $0.rule { isAbroad(key.parent) } else { false }
            }
            for place in table.columns.indices {
                table.columns[place].references.removeAll { isAbroad($0.rule.parent) }
            }
            return table
        }
        return copy
    }
}
