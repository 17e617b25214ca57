extension SchemaMerge {
    /// Whether a merge of parts tells all there is to tell of the whole.
    ///
    /// An entity that is the same on all three sides, and works on both, may break in the merged
    /// schema only by what both sides did together. A name it uses is there in the merge if it is
    /// there on both sides, and columns are added and dropped independently of one another,
    /// with four exceptions, for which everything has to be looked at:
    ///
    /// - both sides made the same addition or the same drop, which then counts once and not twice;
    /// - both sides gave or took columns of one name, in whatever tables: NATURAL JOIN, USING and
    ///   the scopes of subqueries go by names;
    /// - one side took a key away from a table that the other side changed: together they may
    ///   leave a foreign key without any;
    /// - a view was changed by one side, and something it reads by the other.
    package static func isConfined(base: Schema, ours: Schema, theirs: Schema, merged: Schema)
        -> Bool
    {
        // What only one side did, it did alone.
        base == ours || base == theirs
            || !hasConvergence(base, ours, theirs) && !losesKeys(base, ours, theirs)
                && !hasMovingViews(base, ours, theirs)
    }

    // MARK: The same change twice

    private static func hasConvergence(_ base: Schema, _ ours: Schema, _ theirs: Schema) -> Bool {
        let mine = Matching<Table>(base, ours)
        let other = Matching<Table>(base, theirs)
        if share(mine.created.map(\.name), other.created.map(\.name)) { return true }
        if share(mine.dropped.map(\.name), other.dropped.map(\.name)) { return true }
        return !columnNames(mine).isDisjoint(with: columnNames(other))
    }

    /// Names of columns that came or went, by rename or with their tables too.
    private static func columnNames(_ tables: Matching<Table>) -> Set<String> {
        var names = Set((tables.created + tables.dropped).flatMap { $0.columns.map(\.name.key) })
        for (before, after) in tables.pairs where before != after {
            // What both begin with came and went in neither.
            let shared = zip(before.columns, after.columns).prefix { $0.name.matches($1.name) }
                .count
            let (old, new) = (
                Set(before.columns.dropFirst(shared).map(\.name.key)),
                Set(after.columns.dropFirst(shared).map(\.name.key))
            )
            names.formUnion(old.symmetricDifference(new))
        }
        return names
    }

    private static func share(_ left: [Identifier], _ right: [Identifier]) -> Bool {
        left.contains { right.contains(where: $0.matches) }
    }

    // MARK: Keys

    private static func losesKeys(_ base: Schema, _ ours: Schema, _ theirs: Schema) -> Bool {
        for (side, other) in [(ours, theirs), (theirs, ours)] {
            for (before, after) in Matching<Table>(base, side).pairs {
                guard before != after || side.indexes != base.indexes else { continue }
                let isLost =
                    !before.keyTexts.subtracting(after.keyTexts).isEmpty
                    || base.indexes.contains {
                        $0.isUnique && $0.table.matches(before.name) && side.indexes[$0.name] != $0
                    }
                guard isLost else { continue }
                let twin = Matching<Table>(base, other).pairs
                    .first { $0.from.name == before.name }?.to
                if twin != before { return true }
                let on = { (schema: Schema) in
                    schema.indexes.filter { $0.table.matches(before.name) }
                }
                if on(base) != on(other) { return true }
            }
        }
        return false
    }

    // MARK: Views

    private static func hasMovingViews(_ base: Schema, _ ours: Schema, _ theirs: Schema) -> Bool {
        for (side, other) in [(ours, theirs), (theirs, ours)] {
            let views = side.views.filter { base.views[$0.name] != $0 }
            for view in views {
                var seen: Set<Identifier> = []
                var open = Array(view.select.names)
                while let name = open.popLast() {
                    guard seen.insert(name).inserted else { continue }
                    if base.tables[name] != other.tables[name]
                        || base.views[name] != other.views[name]
                    {
                        return true
                    }
                    if let inner = side.views[name] { open += inner.select.names }
                }
            }
        }
        return false
    }
}

extension Table {
    /// Its PRIMARY KEY and UNIQUE constraints as texts.
    fileprivate var keyTexts: Set<String> {
        var texts: Set<String> = []
        for column in columns {
            if column.primaryKey != nil { texts.insert("PRIMARY KEY (\(column.name))") }
            if !column.uniques.isEmpty { texts.insert("UNIQUE (\(column.name))") }
        }
        for constraint in constraints {
            switch constraint.rule {
            case .primaryKey, .unique: texts.insert(constraint.rule.ddl)
            default: break
            }
        }
        return texts
    }
}
