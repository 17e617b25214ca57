extension SchemaMerge {
    /// What a clean merge may surprise with.
    func warnings() -> [MergeWarning] {
        indexWarnings() + comparisonWarnings() + checkWarnings() + triggerWarnings()
            + foreignKeyWarnings()
    }

    private func side(_ side: MergeSide) -> Schema { side == .ours ? ours : theirs }

    /// What a side has that the base hasn't, as it is in the merged schema.
    private func added<Value: Named>(
        by side: MergeSide, _ values: KeyPath<Schema, NameSorted<Value>>
    ) -> [Value] {
        self.side(side)[keyPath: values].filter { value in
            base[keyPath: values][value.name] != value
                && result[keyPath: values][value.name] == value
        }
    }

    // MARK: Indexes

    private func indexWarnings() -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        for mine in added(by: .ours, \.indexes) {
            for other in added(by: .theirs, \.indexes)
            where !mine.name.matches(other.name) && mine.table.matches(other.table)
                && mine.terms == other.terms && mine.condition == other.condition
            {
                let kind: MergeWarning.Kind =
                    mine.isUnique == other.isUnique ? .redundantIndex : .uniqueIndex
                let text =
                    kind == .redundantIndex
                    ? "indexes '\(mine.name)' and '\(other.name)' are the same; one is enough"
                    : "'\(mine.isUnique ? mine.name : other.name)' makes unique what"
                        + " '\(mine.isUnique ? other.name : mine.name)' only indexes"
                warnings.append(MergeWarning(kind, entity: mine.name.text, text))
            }
        }
        for side in MergeSide.allCases {
            for index in added(by: side, \.indexes) where !index.isUnique {
                guard isNewKey(index, in: self.side(side.other)) else { continue }
                warnings.append(
                    MergeWarning(
                        .uniqueIndex, entity: index.name.text,
                        "a UNIQUE of \(index.table) makes unique what '\(index.name)' only indexes")
                )
            }
        }
        return warnings
    }

    /// Whether a side has made unique, by a constraint, what an index is of.
    private func isNewKey(_ index: Index, in side: Schema) -> Bool {
        guard index.condition == nil, let table = side.tables[index.table],
            let before = base.tables[index.table]
        else { return false }
        if index.terms.count == 1, case .column(let name) = index.terms[0].term {
            let uniques = { (table: Table) in table.column(named: name)?.uniques.isEmpty == false }
            if uniques(table), !uniques(before) { return true }
        }
        return table.constraints.contains { constraint in
            guard case .unique(let terms, _) = constraint.rule else { return false }
            return terms == index.terms && !before.constraints.contains(constraint)
        }
    }

    // MARK: Types and collations

    private func comparisonWarnings() -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        for side in MergeSide.allCases {
            let (mine, other) = (self.side(side), self.side(side.other))
            for (before, after) in Matching<Table>(base, mine).pairs where before != after {
                guard hasNewUsers(of: after.name, in: other) else { continue }
                for (old, new) in Matching<Column>(before, after).pairs where old != new {
                    let isRetyped =
                        Affinity(declaredType: old.declaredType)
                        != Affinity(declaredType: new.declaredType)
                    guard result.tables[after.name]?.column(named: new.name) != nil,
                        isRetyped || old.collation?.rule != new.collation?.rule,
                        let user = newUser(of: new.name, table: after.name, in: other)
                    else { continue }
                    let what = isRetyped ? "type" : "collation"
                    warnings.append(
                        MergeWarning(
                            .comparison, entity: "\(after.name).\(new.name)",
                            "the \(what) of \(after.name).\(new.name) changed on one side, and"
                                + " the other added \(user), which compares by it"))
                }
            }
        }
        return warnings
    }

    /// Whether a side may have an index or constraint on a table that the base hasn't.
    private func hasNewUsers(of table: Identifier, in side: Schema) -> Bool {
        side.tables[table] != base.tables[table]
            || side.indexes.contains { $0.table.matches(table) && base.indexes[$0.name] != $0 }
    }

    /// The first index or constraint over a column that a side has and the base hasn't.
    private func newUser(of column: Identifier, table name: Identifier, in side: Schema) -> String?
    {
        let index = side.indexes.first {
            $0.table.matches(name) && $0.mentions(column) && base.indexes[$0.name] != $0
        }
        if let index { return "index '\(index.name)'" }
        guard let table = side.tables[name], let before = base.tables[name] else { return nil }
        let constraint = table.constraints.first {
            !before.constraints.contains($0) && $0.rule.mentions(column)
        }
        if let constraint { return constraint.key }
        let (new, old) = (table.column(named: column), before.column(named: column))
        guard new != nil, old != nil else { return nil }
        if new?.uniques != old?.uniques { return "UNIQUE" }
        if new?.checks != old?.checks { return "a CHECK" }
        return new?.references != old?.references ? "a foreign key" : nil
    }

    // MARK: Triggers

    private func triggerWarnings() -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        let (mine, others) = (added(by: .ours, \.triggers), added(by: .theirs, \.triggers))
        for trigger in mine {
            for other in others
            where trigger != other && trigger.table.matches(other.table)
                && trigger.timing == other.timing && trigger.event.word == other.event.word
            {
                warnings.append(
                    MergeWarning(
                        .triggerOrder, entity: trigger.table.text,
                        "triggers '\(trigger.name)' and '\(other.name)' fire on the same"
                            + " event; SQLite leaves open which is first"))
            }
        }
        for (triggers, side) in [(mine, MergeSide.theirs), (others, .ours)] {
            for trigger in triggers { warnings += omissions(in: trigger, tightenedBy: side) }
        }
        for trigger in result.triggers { warnings += misplacements(in: trigger) }
        let cycles = result.triggerCycles
            .subtracting(ours.triggerCycles).subtracting(theirs.triggerCycles)
        if let first = cycles.sorted().first {
            warnings.append(
                MergeWarning(
                    .triggerCycle, entity: first.text,
                    "triggers of both sides set each other off: "
                        + cycles.sorted().map(\.text).joined(separator: ", ")))
        }
        return warnings
    }

    /// INSERTs of a trigger that leave out a column which a side has made NOT NULL.
    private func omissions(in trigger: Trigger, tightenedBy side: MergeSide) -> [MergeWarning] {
        trigger.body.flatMap { statement -> [MergeWarning] in
            guard let insert = statement.insertedColumns,
                let table = self.side(side).tables[insert.table]
            else { return [] }
            return table.columns.filter { column in
                column.isDemanded
                    && base.tables[table.name]?.column(named: column.name)?.isDemanded != true
                    && !insert.columns.contains(where: column.name.matches)
            }.map { column in
                MergeWarning(
                    .triggerInsert, entity: trigger.name.text,
                    "trigger '\(trigger.name)' inserts into \(table.name) without"
                        + " \(column.name), which the other side made NOT NULL")
            }
        }
    }

    /// INSERTs of a trigger that name no columns, into a table whose columns are not those that a
    /// side with this trigger has, in that order.
    private func misplacements(in trigger: Trigger) -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        for name in Set(trigger.body.compactMap(\.tableOfPositionalInsert)).sorted() {
            guard let table = result.tables[name] else { continue }
            let columns = table.insertedColumns
            let before = [ours, theirs].lazy.filter { $0.triggers[trigger.name] == trigger }
                .compactMap { $0.tables[name]?.insertedColumns }
                .first { $0.map(\.key) != columns.map(\.key) }
            guard let before else { continue }
            let list = { (names: [Identifier]) in names.map(\.text).joined(separator: ", ") }
            warnings.append(
                MergeWarning(
                    .positionalInsert, entity: trigger.name.text,
                    "trigger '\(trigger.name)' inserts into \(table.name) without naming columns;"
                        + " they are \(list(columns)) now, before it was \(list(before))"))
        }
        return warnings
    }

    // MARK: Foreign keys

    private func foreignKeyWarnings() -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        var cycles = result.foreignKeyCycles
        if !cycles.isEmpty {
            cycles = cycles.subtracting(ours.foreignKeyCycles)
                .subtracting(theirs.foreignKeyCycles)
        }
        if let first = cycles.sorted().first {
            warnings.append(
                MergeWarning(
                    .foreignKeyCycle, entity: first.text,
                    "foreign keys of both sides form a circle: "
                        + cycles.sorted().map(\.text).joined(separator: ", ")))
        }
        for table in result.tables {
            for key in table.foreignKeys where result.mixesAffinities(key, of: table) {
                let isKnown = [ours, theirs].contains { side in
                    side.tables[table.name].map {
                        $0.foreignKeys.contains(key) && side.mixesAffinities(key, of: $0)
                    } ?? false
                }
                guard !isKnown else { continue }
                warnings.append(
                    MergeWarning(
                        .foreignKeyAffinity, entity: "\(table.name).\(key.pathKey)",
                        "\(key.ddl) of \(table.name) compares columns of different affinity"))
            }
        }
        return warnings
    }
}

extension Table {
    /// Columns that an INSERT without a list of columns fills, in order.
    fileprivate var insertedColumns: [Identifier] {
        columns.filter { $0.generated == nil }.map(\.name)
    }
}

extension Column {
    /// Whether an INSERT that leaves it out fails.
    fileprivate var isDemanded: Bool {
        notNull != nil && defaultValue == nil && generated == nil && primaryKey == nil
    }
}

extension Trigger.Event {
    fileprivate var word: String {
        switch self {
        case .delete: "DELETE"
        case .insert: "INSERT"
        case .update: "UPDATE"
        }
    }
}

extension Expression {
    /// What an INSERT names; absent for other statements and without a list of columns.
    fileprivate var insertedColumns: (table: Identifier, columns: [Identifier])? {
        guard ["INSERT", "REPLACE"].contains(tokens.first?.keyword),
            let into = tokens.firstIndex(where: { $0.keyword == "INTO" }), into + 2 < tokens.count,
            let table = tokens[into + 1].name, tokens[into + 2].isSymbol("("),
            let end = tokens[into...].firstIndex(where: { $0.isSymbol(")") })
        else { return nil }
        return (table, tokens[(into + 3)..<end].compactMap(\.name))
    }

    /// What an INSERT without a list of columns fills; absent for other statements.
    fileprivate var tableOfPositionalInsert: Identifier? {
        guard ["INSERT", "REPLACE"].contains(tokens.first?.keyword),
            let into = tokens.firstIndex(where: { $0.keyword == "INTO" }), into + 2 < tokens.count
        else { return nil }
        return tokens[into + 2].isSymbol("(") ? nil : tokens[into + 1].name
    }

    /// The table a statement of a trigger writes to; absent for a SELECT.
    fileprivate var writtenTable: Identifier? {
        guard let verb = tokens.first?.keyword else { return nil }
        let marker = ["INSERT": "INTO", "REPLACE": "INTO", "DELETE": "FROM"][verb]
        if let marker {
            guard let place = tokens.firstIndex(where: { $0.keyword == marker }),
                place + 1 < tokens.count
            else { return nil }
            return tokens[place + 1].name
        }
        guard verb == "UPDATE", tokens.count > 1 else { return nil }
        // UPDATE OR IGNORE t
        return tokens[1].keyword == "OR" && tokens.count > 3 ? tokens[3].name : tokens[1].name
    }
}

extension Schema {
    /// Tables whose triggers lead back to them.
    fileprivate var triggerCycles: Set<Identifier> {
        Self.cycles(
            triggers.map { trigger in
                (trigger.table, trigger.body.compactMap(\.writtenTable))
            })
    }

    /// Tables whose foreign keys lead back to them by way of others.
    fileprivate var foreignKeyCycles: Set<Identifier> {
        Self.cycles(
            tables.map { table in
                (table.name, table.foreignKeys.map(\.parent).filter { !$0.matches(table.name) })
            })
    }

    private static func cycles(_ edges: [(from: Identifier, to: [Identifier])]) -> Set<Identifier> {
        var next: [String: [String]] = [:]
        var names: [String: Identifier] = [:]
        for edge in edges where !edge.to.isEmpty {
            names[edge.from.key] = edge.from
            next[edge.from.key, default: []] += edge.to.map(\.key)
        }
        let found = names.keys.filter { start in
            var seen: Set<String> = []
            var open = next[start] ?? []
            while let key = open.popLast() {
                if key == start { return true }
                if seen.insert(key).inserted { open += next[key] ?? [] }
            }
            return false
        }
        return Set(found.compactMap { names[$0] })
    }

    fileprivate func mixesAffinities(_ key: ForeignKey, of child: Table) -> Bool {
        guard let parent = tables[key.parent] else { return false }
        let parentColumns = key.parentColumns.isEmpty ? parent.primaryKeyColumns : key.parentColumns
        return zip(key.columns, parentColumns).contains { mine, other in
            guard let mine = child.column(named: mine), let other = parent.column(named: other)
            else { return false }
            let affinities = [mine, other].map { Affinity(declaredType: $0.declaredType) }
            return affinities[0] != affinities[1]
        }
    }
}
