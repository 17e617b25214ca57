extension SchemaMerge {
    /// The conflict behind something SQLite refuses in a merged schema.
    ///
    /// If it speaks of a table or column that one side dropped, that is a dependency of it;
    /// otherwise all that can be said is what SQLite says.
    package static func conflict(
        about entity: Identifier, reason: String, base: Schema, ours: Schema, theirs: Schema,
        merged: Schema
    ) -> Conflict {
        let text = { (schema: Schema) in schema.definition(of: entity) }
        let sides = ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs))
        var merge = SchemaMerge(
            base: base, ours: ours, theirs: theirs, formerNames: [:],
            ledger: MergeLedger(MergeDecisions()))
        merge.result = merged
        let names = merged.names(in: entity)
        let isSpokenOf = { (gone: Dropped) in
            let isNamed = { (name: Identifier) in names.contains { $0.matches(name) } }
            // The message names the table or column that isn't there.
            let missing = gone.column ?? gone.table
            return isNamed(missing) && isNamed(gone.table) && reason.contains(missing.text)
        }
        if let gone = merge.dropped().first(where: isSpokenOf) {
            let (mine, other) = (gone.text(in: ours), gone.text(in: theirs))
            return Conflict(
                .dependency, entity: gone.path,
                sides: ThreeWay(
                    base: gone.text, ours: gone.side == .ours ? nil : mine,
                    theirs: gone.side == .theirs ? nil : other),
                objects: [entity.text], reason: reason)
        }
        return Conflict(.semantic, entity: entity.text, sides: sides, reason: reason)
    }
}

extension Schema {
    /// The text of the entity of this name; absent when there is none.
    fileprivate func definition(of name: Identifier) -> String? {
        tables[name]?.ddl(ids: false) ?? views[name]?.ddl ?? triggers[name]?.ddl
            ?? indexes[name]?.ddl ?? virtualTables[name]?.ddl(ids: false)
    }

    /// Every name a view, trigger or table speaks of, by way of views too.
    fileprivate func names(in entity: Identifier) -> Set<Identifier> {
        var names: Set<Identifier> = [entity]
        var open = [entity]
        while let name = open.popLast() {
            var found: Set<Identifier> = []
            if let view = views[name] { found.formUnion(view.select.names) }
            if let trigger = triggers[name] {
                found.formUnion(Statement.trigger(trigger).mentions)
                if case .update(let columns) = trigger.event { found.formUnion(columns) }
            }
            if let table = tables[name] {
                for key in table.foreignKeys {
                    found.formUnion([key.parent] + key.parentColumns)
                }
                for trigger in triggers where trigger.table.matches(name) {
                    found.insert(trigger.name)
                }
            }
            open += found.subtracting(names).filter { views[$0] != nil || triggers[$0] != nil }
            names.formUnion(found)
        }
        return names
    }
}
