extension DataStep {
    // Invariants of running a step on another schema than it was written for
    //   D1  The tables it speaks of are as it wants them, under the names it uses.
    //   D2  What both ends of the way have is never dropped in between.
    //   D3  No view or trigger is there but those it wants, unless all is as it wants it.

    /// The schema a database must have when the step runs, nearest to the one it has.
    ///
    /// - Parameter target: Where the way leads in the end.
    /// - Throws: ``DataStepObstacle`` where the script's own DDL would break D2.
    func placement(in state: Schema, before target: Schema) throws(DataStepObstacle) -> Schema {
        if suits(state) { return state }
        var placed = renamed(state, before: target)
        let tables = Matching(placed.tables, before.tables) { $0.id }
        for (old, wanted) in tables.pairs {
            let kept = keptColumns(of: old, wanted, in: target)
            if after != nil, let lost = kept.first { throw obstacle("\(old.name).\(lost.name)") }
            placed.tables[old.name] = adapted(wanted, from: old, keeping: kept, in: target)
        }
        for table in tables.created { placed.tables.insert(table) }
        for table in before.virtualTables where placed.virtualTables[table.name] == nil {
            placed.virtualTables.insert(table)
        }
        let isConcerned = { (table: Identifier) in before.tables[table] != nil }
        placed.indexes = NameSorted(
            placed.indexes.filter { index in
                !isConcerned(index.table) && !isTaken(index.name)
            } + before.indexes)
        placed.views = before.views
        placed.triggers = before.triggers
        return placed
    }

    /// What a database that was as `placement` says has become of by the step.
    ///
    /// - Throws: ``DataStepObstacle`` where that breaks D2.
    func result(
        of placed: Schema, before target: Schema
    ) throws(DataStepObstacle) -> Schema {
        guard let after else { return placed }
        let wanted = Set(target.tables.compactMap(\.id))
        for (old, new) in Matching(before.tables, after.tables, id: \.id).pairs {
            guard let final = target.tables.first(where: { $0.id == old.id }) else { continue }
            let columns = Set(final.columns.compactMap(\.id))
            if let lost = Matching<Column>(old, new).dropped
                .first(where: { $0.id.map(columns.contains) == true })
            {
                throw obstacle("\(old.name).\(lost.name)")
            }
        }
        if let lost = Matching(before.tables, after.tables, id: \.id).dropped
            .first(where: { $0.id.map(wanted.contains) == true })
        {
            throw obstacle("\(lost.name)")
        }
        return placed.replacing(before, by: after)
    }

    private func obstacle(_ subject: String) -> DataStepObstacle {
        DataStepObstacle(step: name, subject: subject)
    }

    /// Whether the step can run as things are: the usual case of a tenant one commit behind.
    private func suits(_ state: Schema) -> Bool {
        if let after, hasRoom(for: after, in: state) == false { return false }
        return before.tables.allSatisfy { table in
            state.tables[table.name] == table
                && state.triggers.filter { $0.table.matches(table.name) }
                    == before.triggers.filter { $0.table.matches(table.name) }
                && state.indexes.filter { $0.table.matches(table.name) }
                    == before.indexes.filter { $0.table.matches(table.name) }
        }
            && before.virtualTables.allSatisfy { state.virtualTables[$0.name] == $0 }
            && before.views.allSatisfy { state.views[$0.name] == $0 }
            && before.triggers.allSatisfy { state.triggers[$0.name] == $0 }
    }

    /// Whether what the step makes meets nothing of its name that the step doesn't know.
    private func hasRoom(for after: Schema, in state: Schema) -> Bool {
        func isFree<Value>(_ entities: KeyPath<Schema, NameSorted<Value>>) -> Bool {
            after[keyPath: entities].allSatisfy { entity in
                before[keyPath: entities][entity.name] != nil
                    || state[keyPath: entities][entity.name] == nil
            }
        }
        return isFree(\.tables) && isFree(\.virtualTables) && isFree(\.indexes)
            && isFree(\.views) && isFree(\.triggers)
    }

    /// The schema under the names the step uses (D1); what has such a name and is something else
    /// makes room.
    private func renamed(_ state: Schema, before target: Schema) -> Schema {
        var renaming = Renaming(from: state, to: before)
        let tables = Matching(state.tables, before.tables) { $0.id }
        for other in tables.dropped where isTaken(other.name) {
            renaming.tables[other.name.key] = Identifier("_cinch_kept_\(other.name)")
        }
        for (old, wanted) in tables.pairs {
            for column in Matching<Column>(old, wanted).dropped
            where wanted.column(named: column.name) != nil {
                renaming.columns[old.name.key, default: [:]][column.name.key] =
                    Identifier("_cinch_kept_\(column.name)")
            }
        }
        guard !renaming.isEmpty else { return state }
        var copy = state
        copy.tables = state.tables.mapValues { renaming.apply(to: $0) }
        copy.virtualTables = state.virtualTables.mapValues { table in
            var table = table
            table.name = renaming.table(table.name)
            return table
        }
        copy.indexes = state.indexes.mapValues { renaming.apply(to: $0) }
        return copy
    }

    /// Whether the step has something of this name, or makes it: tables, views and indexes share
    /// their names.
    private func isTaken(_ name: Identifier) -> Bool {
        [before, after].contains { schema in
            guard let schema else { return false }
            return schema.tables[name] != nil || schema.virtualTables[name] != nil
                || schema.views[name] != nil || schema.indexes[name] != nil
        }
    }

    /// D2: columns the step knows nothing of, and the target has.
    private func keptColumns(of old: Table, _ wanted: Table, in target: Schema) -> [Column] {
        let final = target.tables.first { $0.id != nil && $0.id == old.id }
        let ids = Set((final?.columns ?? []).compactMap(\.id))
        return Matching<Column>(old, wanted).dropped.filter { column in
            column.generated == nil && column.id.map(ids.contains) == true
        }
    }

    private func adapted(
        _ wanted: Table, from old: Table, keeping kept: [Column], in target: Schema
    ) -> Table {
        guard after == nil, let final = target.tables.first(where: { $0.id == old.id }) else {
            return wanted
        }
        // What both ends have in common holds in between: a value is not converted there and back,
        // and no row has to meet what only the step's own history demanded.
        var table = wanted
        if !old.isStrict, !final.isStrict { table.isStrict = false }
        if !old.isWithoutRowID, !final.isWithoutRowID { table.isWithoutRowID = false }
        for place in table.columns.indices {
            guard let id = table.columns[place].id,
                let before = old.columns.first(where: { $0.id == id }),
                let after = final.columns.first(where: { $0.id == id })
            else { continue }
            func keep<Value: Equatable>(_ attribute: WritableKeyPath<Column, Value>) {
                guard before[keyPath: attribute] == after[keyPath: attribute] else { return }
                table.columns[place][keyPath: attribute] = before[keyPath: attribute]
            }
            keep(\.declaredType)
            keep(\.collation)
            keep(\.notNull)
            keep(\.defaultValue)
            keep(\.uniques)
            // Names in it may be those of one end only.
            if before.checks.isEmpty { keep(\.checks) }
        }
        table.columns += kept.map { column in
            var column = column
            column.primaryKey = nil
            column.checks = []
            return column
        }
        return table
    }
}

extension Schema {
    /// The schema with a part of it taken out and another put in its place.
    fileprivate func replacing(_ part: Schema, by other: Schema) -> Schema {
        var copy = self
        func replace<Value>(_ entities: WritableKeyPath<Schema, NameSorted<Value>>) {
            let (old, new) = (part[keyPath: entities], other[keyPath: entities])
            copy[keyPath: entities] = NameSorted(
                self[keyPath: entities].filter { old[$0.name] == nil } + new)
        }
        replace(\.tables)
        replace(\.virtualTables)
        replace(\.indexes)
        replace(\.views)
        replace(\.triggers)
        return copy
    }
}
