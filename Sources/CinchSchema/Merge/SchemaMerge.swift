/// The three-way merge of schemas: by identity, attribute by attribute.
public struct SchemaMerge: Sendable {
    let base: Schema
    let ours: Schema
    let theirs: Schema
    var result = Schema()
    var conflicts: [Conflict] = []
    var notes: [String] = []

    /// Merges three schemas.
    ///
    /// First every side gets the names the merge decides on, then what is under one name is
    /// merged. So an index that names a column which the other side renamed follows it.
    ///
    /// - Parameter rename: Gives a schema other names, rewriting views and triggers too, as
    ///   SQLite's ALTER TABLE does; it is only called where there is something to rename.
    /// - Returns: The merged schema and every conflict, found in one pass.
    public static func merge(
        base: Schema, ours: Schema, theirs: Schema,
        rename: (Schema, Renaming) throws -> Schema
    ) throws -> MergeOutcome {
        if ours == theirs || base == theirs { return MergeOutcome(schema: ours) }
        if base == ours { return MergeOutcome(schema: theirs) }
        var names = NameMerge(base: base, ours: ours, theirs: theirs)
        names.run()
        func apply(_ schema: Schema, _ renaming: Renaming) throws -> Schema {
            renaming.isEmpty ? schema : try rename(schema, renaming)
        }
        var merge = SchemaMerge(
            base: try apply(base, names.base), ours: try apply(ours, names.ours),
            theirs: try apply(theirs, names.theirs))
        merge.conflicts = names.conflicts
        merge.run()
        return MergeOutcome(
            schema: merge.result,
            conflicts: merge.conflicts.map { $0.naming(names.standIns) }, notes: merge.notes)
    }

    private init(base: Schema, ours: Schema, theirs: Schema) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
    }

    private mutating func run() {
        mergeTables()
        result.virtualTables = mergeNamed(
            base.virtualTables, ours.virtualTables, theirs.virtualTables,
            same: { $0.withoutID == $1.withoutID }, text: { $0.ddl(ids: false) }
        ).mapValues { table in
            guard base.virtualTables[table.name] == nil else { return table }
            var table = table
            let added = [ours.virtualTables[table.name], theirs.virtualTables[table.name]]
            table.id = added.compactMap { $0?.id }.min()
            return table
        }
        result.indexes = mergeNamed(
            base.indexes, ours.indexes, theirs.indexes, same: ==, text: \.ddl)
        result.views = mergeNamed(base.views, ours.views, theirs.views, same: ==, text: \.ddl)
        result.triggers = mergeNamed(
            base.triggers, ours.triggers, theirs.triggers, same: ==, text: \.ddl)
        findCollisions()
        findDependencies()
        findUsesOfReplaced()
    }

    // MARK: Whole entities

    /// Merges entities whose definition is one attribute: indexes, views, triggers.
    private mutating func mergeNamed<Value: Named>(
        _ base: NameSorted<Value>, _ ours: NameSorted<Value>, _ theirs: NameSorted<Value>,
        same: (Value, Value) -> Bool, text: (Value) -> String
    ) -> NameSorted<Value> {
        var merged: [Value] = []
        let names = Set((base.map(\.name) + ours.map(\.name) + theirs.map(\.name)).map(\.key))
        for key in names.sorted() {
            let name = Identifier(key)
            let sides = ThreeWay(base: base[name], ours: ours[name], theirs: theirs[name])
            func isSame(_ left: Value?, _ right: Value?) -> Bool {
                switch (left, right) {
                case (let left?, let right?): same(left, right)
                case (nil, nil): true
                default: false
                }
            }
            if isSame(sides.ours, sides.theirs) || isSame(sides.base, sides.theirs) {
                if let value = sides.ours { merged.append(value) }
            } else if isSame(sides.base, sides.ours) {
                if let value = sides.theirs { merged.append(value) }
            } else {
                let spelled = sides.ours ?? sides.theirs ?? sides.base
                conflicts.append(
                    Conflict(
                        Self.kind(of: sides), entity: spelled?.name.text ?? key,
                        sides: sides.map(text)))
                if let value = sides.ours ?? sides.theirs { merged.append(value) }
            }
        }
        return NameSorted(merged)
    }

    static func kind<Value>(of sides: ThreeWay<Value>) -> Conflict.Kind {
        if sides.base == nil { return .bothAdded }
        return sides.ours == nil || sides.theirs == nil ? .modifyDelete : .bothModified
    }

    // MARK: Tables

    private mutating func mergeTables() {
        var merged: [Table] = []
        for sides in TableSides.all(base: base, ours: ours, theirs: theirs) {
            switch (sides.base, sides.ours, sides.theirs) {
            case (_, let ours?, let theirs?):
                merged.append(merge(sides.base, ours, theirs))
            case (nil, let added?, nil), (nil, nil, let added?):
                merged.append(added)
            case (let base?, let kept?, nil), (let base?, nil, let kept?):
                guard base.withoutIDs != kept.withoutIDs else { break }
                conflicts.append(
                    Conflict(
                        .modifyDelete, entity: kept.name.text,
                        sides: sides.map { $0.ddl(ids: false) }))
                merged.append(kept)
            case (_, nil, nil): break
            }
        }
        result.tables = NameSorted(merged)
    }

    private mutating func merge(_ base: Table?, _ ours: Table, _ theirs: Table) -> Table {
        if base == nil, ours.withoutIDs != theirs.withoutIDs {
            conflicts.append(
                Conflict(
                    .bothAdded, entity: ours.name.text,
                    sides: ThreeWay(
                        base: nil, ours: ours.ddl(ids: false), theirs: theirs.ddl(ids: false))))
            return ours
        }
        if base == nil {
            notes.append("table \(ours.name) was added the same way on both sides")
            return ours.unified(with: theirs)
        }
        // Nothing to weigh up, not even the order of constraints.
        if base == ours { return theirs }
        if base == theirs { return ours }
        var merge = TableMerge(base: base, ours: ours, theirs: theirs)
        merge.run()
        conflicts += merge.conflicts
        notes += merge.notes
        return merge.result
    }

    // MARK: What the parts mean for one another

    /// Tables, views and indexes share one space of names.
    private mutating func findCollisions() {
        var owner: [String: (kind: String, text: String)] = [:]
        let entities =
            result.tables.map { ($0.name, "table", $0.ddl(ids: false)) }
            + result.virtualTables.map { ($0.name, "table", $0.ddl(ids: false)) }
            + result.views.map { ($0.name, "view", $0.ddl) }
            + result.indexes.map { ($0.name, "index", $0.ddl) }
        for (name, kind, text) in entities {
            if let other = owner[name.key] {
                conflicts.append(
                    Conflict(
                        .nameCollision, entity: name.text,
                        sides: ThreeWay(base: nil, ours: other.text, theirs: text)))
            } else {
                owner[name.key] = (kind, text)
            }
        }
    }

    /// What stands on a table or column that is gone.
    private mutating func findDependencies() {
        for index in result.indexes {
            let table = result.tables[index.table]
            let isMissing =
                table == nil
                || index.terms.contains { term in
                    guard case .column(let name) = term.term else { return false }
                    return table?.column(named: name) == nil
                }
            if isMissing { addDependency(index.name, index.ddl, index.table) }
        }
        for trigger in result.triggers
        where result.tables[trigger.table] == nil && result.views[trigger.table] == nil
            && result.virtualTables[trigger.table] == nil
        {
            addDependency(trigger.name, trigger.ddl, trigger.table)
        }
        for table in result.tables {
            for key in table.foreignKeys where isBroken(key) {
                // A key that dangled before the merge is not the merge's doing.
                let wasBroken = { (schema: Schema) in
                    schema.tables[table.name]?.foreignKeys.contains(key) == true
                        && Self.isBroken(key, in: schema)
                }
                if !wasBroken(ours) && !wasBroken(theirs) {
                    addDependency(table.name, key.ddl, key.parent)
                }
            }
        }
    }

    private mutating func addDependency(_ name: Identifier, _ text: String, _ needed: Identifier) {
        let has = { (schema: Schema) in
            schema.tables[needed].map { $0.ddl(ids: false) } ?? schema.views[needed].map(\.ddl)
        }
        conflicts.append(
            Conflict(
                .dependency, entity: name.text, attribute: text,
                sides: ThreeWay(base: has(base), ours: has(ours), theirs: has(theirs))))
    }

    private func isBroken(_ key: ForeignKey) -> Bool { Self.isBroken(key, in: result) }

    /// Whether the parent or one of the parent's columns isn't there.
    private static func isBroken(_ key: ForeignKey, in schema: Schema) -> Bool {
        guard let parent = schema.tables[key.parent] else {
            return schema.views[key.parent] == nil
        }
        return key.parentColumns.contains { parent.column(named: $0) == nil }
    }
}

extension Table {
    /// The same table added on both sides, with one identity: the smaller ids, so that either
    /// direction of the merge gives the same.
    fileprivate func unified(with other: Table) -> Table {
        var copy = self
        copy.id = [id, other.id].compactMap { $0 }.min()
        for place in columns.indices {
            let twin = other.column(named: columns[place].name)
            copy.columns[place].id = [columns[place].id, twin?.id].compactMap { $0 }.min()
        }
        return copy
    }
}
