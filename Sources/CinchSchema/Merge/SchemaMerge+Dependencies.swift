extension SchemaMerge {
    /// A table, view or column of the base that one side dropped.
    struct Dropped {
        var side: MergeSide
        var table: Identifier
        /// The column; absent when the whole table or view went.
        var column: Identifier?
        var text: String
        /// Whether something else has its name in the merged schema.
        var isReplaced: Bool

        var path: String { column.map { "\(table).\($0)" } ?? table.text }
    }

    /// Everything one side dropped and the merged schema doesn't have.
    func dropped() -> [Dropped] {
        var all: [Dropped] = []
        for side in MergeSide.allCases {
            let schema = side == .ours ? ours : theirs
            for gone in Matching<Table>(base, schema).dropped {
                let successor = result.tables[gone.name]
                // Without ids there is no telling one that was made again from the old.
                let isBack = gone.id == nil || successor?.id == gone.id
                guard successor == nil || !isBack else { continue }
                all.append(
                    Dropped(
                        side: side, table: gone.name, text: gone.ddl(ids: false),
                        isReplaced: successor != nil))
            }
            for view in base.views
            where schema.views[view.name] == nil && result.views[view.name] == nil {
                let successor = result.tables[view.name]
                all.append(
                    Dropped(
                        side: side, table: view.name, text: view.ddl,
                        isReplaced: successor != nil))
            }
            for table in Matching<VirtualTable>(base, schema).dropped
            where result.virtualTables[table.name] == nil {
                all.append(
                    Dropped(
                        side: side, table: table.name, text: table.ddl(ids: false),
                        isReplaced: false))
            }
            for (before, after) in Matching<Table>(base, schema).pairs where before != after {
                guard let merged = result.tables[before.name] else { continue }
                for gone in Matching<Column>(before, after).dropped {
                    let successor = merged.column(named: gone.name)
                    if let successor, successor.id == gone.id { continue }
                    all.append(
                        Dropped(
                            side: side, table: before.name, column: gone.name, text: gone.ddl,
                            isReplaced: successor != nil))
                }
            }
        }
        return all
    }

    /// What one side came to need of what the other dropped, and what went with a UNIQUE that a
    /// foreign key needs.
    mutating func findDependencies() {
        for gone in dropped() {
            let users = users(of: gone)
            guard !users.isEmpty else { continue }
            let (mine, other) = (gone.text(in: ours), gone.text(in: theirs))
            ledger.add(
                Conflict(
                    .dependency, entity: gone.path,
                    sides: ThreeWay(
                        base: gone.text, ours: gone.side == .ours ? nil : mine,
                        theirs: gone.side == .theirs ? nil : other),
                    objects: users))
        }
        findDeadColumns()
        findLostParentKeys()
        findUnwrittenModules()
    }

    // MARK: Users

    /// Paths of what uses a dropped thing and isn't the same on the side that dropped it.
    ///
    /// Bodies of views and triggers are only searched for things that were replaced: that a name
    /// is missing is for SQLite to find.
    private func users(of gone: Dropped) -> [String] {
        let known = gone.side == .ours ? ours : theirs
        var users: [String] = []
        for index in result.indexes
        where index.table.matches(gone.table) && known.indexes[index.name] != index
            && gone.column.map(index.mentions) ?? true
        {
            users.append(index.name.text)
        }
        let mentions = { (has: (Identifier) -> Bool) in
            has(gone.table) && gone.column.map(has) ?? true
        }
        for view in result.views
        where gone.isReplaced && known.views[view.name] != view && mentions(view.select.mentions) {
            users.append(view.name.text)
        }
        for trigger in result.triggers where known.triggers[trigger.name] != trigger {
            let isOnIt = gone.column == nil && trigger.table.matches(gone.table)
            if isOnIt || gone.isReplaced && mentions(trigger.mentions) {
                users.append([base, ours, theirs].pathOfTrigger(trigger.name))
            }
        }
        for table in result.virtualTables
        where known.virtualTables[table.name]?.arguments != table.arguments {
            let words = Statement.virtualTable(table).mentions
            if mentions({ name in words.contains(where: name.matches) }) {
                users.append(table.name.text)
            }
        }
        for child in result.tables {
            for key in child.foreignKeys
            where key.parent.matches(gone.table)
                && known.tables[child.name]?.foreignKeys.contains(key) != true
                && gone.column.map({ name in key.parentColumns.contains(where: name.matches) })
                    ?? true
            {
                users.append("\(child.name).\(key.pathKey)")
            }
        }
        if let column = gone.column, let merged = result.tables[gone.table] {
            users += merged.uses(of: column, unknownTo: known.tables[gone.table])
        }
        return users
    }

    /// Triggers `UPDATE OF` columns that one side took away: SQLite says nothing, and they would
    /// never fire.
    private mutating func findDeadColumns() {
        for trigger in result.triggers {
            guard case .update(let columns) = trigger.event,
                let table = result.tables[trigger.table]
            else { continue }
            for column in columns where table.column(named: column) == nil {
                let isKnown = [ours, theirs].contains { side in
                    side.triggers[trigger.name] == trigger
                        && side.tables[table.name].map { $0.column(named: column) == nil } ?? true
                }
                guard !isKnown else { continue }
                let text = { (side: Schema) in
                    side.tables[table.name]?.column(named: column)?.ddl
                }
                ledger.add(
                    Conflict(
                        .dependency, entity: "\(table.name).\(column)",
                        sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs)),
                        objects: [[base, ours, theirs].pathOfTrigger(trigger.name)]))
            }
        }
    }

    /// Foreign keys whose parent columns have lost the UNIQUE that SQLite demands of them
    /// (foreignkeys, section 3).
    private mutating func findLostParentKeys() {
        for child in result.tables {
            for key in child.foreignKeys
            where !result.hasParentKey(for: key) || meansAnotherKey(key, of: child) {
                // Missing parents and columns are reported for themselves.
                guard let parent = result.tables[key.parent],
                    key.parentColumns.allSatisfy({ parent.column(named: $0) != nil })
                else { continue }
                let wasBroken = [ours, theirs].contains { side in
                    side.tables[child.name]?.foreignKeys.contains(key) == true
                        && !side.hasParentKey(for: key)
                }
                guard !wasBroken else { continue }
                let lost = lostKeys(of: parent, for: key)
                let text = { (side: Schema) in side.text(ofKey: lost.first, of: parent.name) }
                ledger.add(
                    Conflict(
                        .dependency, entity: lost.first ?? parent.name.text,
                        sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs)),
                        objects: ["\(child.name).\(key.pathKey)"]))
            }
        }
    }

    /// Whether a foreign key that names no parent columns would refer to others than it did on
    /// every side that has it.
    private func meansAnotherKey(_ key: ForeignKey, of child: Table) -> Bool {
        guard key.parentColumns.isEmpty, let parent = result.tables[key.parent] else {
            return false
        }
        let known = [ours, theirs].filter {
            $0.tables[child.name]?.foreignKeys.contains(key) == true
        }
        return !known.isEmpty
            && !known.contains { side in
                side.tables[parent.name].map {
                    $0.primaryKeyColumns.map(\.key) == parent.primaryKeyColumns.map(\.key)
                } ?? true
            }
    }

    /// Virtual tables that name, in the arguments of their module, a table which the other side
    /// renamed: nobody rewrites those.
    private mutating func findUnwrittenModules() {
        for table in result.virtualTables {
            for (side, renaming) in [(ours, renamings.ours), (theirs, renamings.theirs)]
            where side.virtualTables[table.name]?.arguments == table.arguments {
                for name in Statement.virtualTable(table).mentions {
                    guard let new = renaming.tables[name.key] else { continue }
                    let text = { (side: Schema) in side.tables[new]?.ddl(ids: false) }
                    ledger.add(
                        Conflict(
                            .dependency, entity: new.text,
                            sides: ThreeWay(
                                base: text(base), ours: text(ours), theirs: text(theirs)),
                            objects: [table.name.text]))
                }
            }
        }
    }

    /// Paths of the indexes and constraints that made the parent columns unique on some side.
    private func lostKeys(of parent: Table, for key: ForeignKey) -> [String] {
        var lost: [String] = []
        for side in [base, ours, theirs] {
            guard let table = side.tables[parent.name] else { continue }
            for index in side.indexes
            where index.table.matches(parent.name) && index.isParentKey(key, of: table)
                && result.indexes[index.name] != index
            {
                lost.append(index.name.text)
            }
            for constraint in table.constraints
            where constraint.isParentKey(key, of: table) && !parent.constraints.contains(constraint)
            {
                lost.append("\(parent.name).\(constraint.key)")
            }
            for column in table.columns
            where key.parentColumns.count == 1 && key.parentColumns[0].matches(column.name) {
                if !column.uniques.isEmpty { lost.append("\(parent.name).\(column.name).unique") }
                if column.primaryKey != nil { lost.append("\(parent.name).primary-key") }
            }
        }
        return lost
    }
}

extension SchemaMerge.Dropped {
    func text(in schema: Schema) -> String? {
        guard let table = schema.tables[table] else { return schema.views[self.table]?.ddl }
        return column.map { table.column(named: $0)?.ddl } ?? table.ddl(ids: false)
    }
}

// MARK: - Parent keys

extension Schema {
    /// Whether the columns a foreign key refers to are a key of its parent; true where the
    /// parent isn't here to be looked at.
    func hasParentKey(for key: ForeignKey) -> Bool {
        guard let parent = tables[key.parent] else { return true }
        if key.parentColumns.isEmpty {
            return parent.primaryKeyColumns.count == key.columns.count
        }
        return parent.hasKey(key)
            || indexes.contains { $0.table.matches(parent.name) && $0.isParentKey(key, of: parent) }
    }

    fileprivate func text(ofKey path: String?, of table: Identifier) -> String? {
        guard let path else { return nil }
        if let index = indexes[Identifier(path)] { return index.ddl }
        return tables[table]?.ddl(ids: false)
    }
}

extension Table {
    var primaryKeyColumns: [Identifier] {
        for column in columns where column.primaryKey != nil { return [column.name] }
        for case .primaryKey(let terms, _, _) in constraints.map(\.rule) {
            return terms.compactMap { if case .column(let name) = $0.term { name } else { nil } }
        }
        return []
    }

    fileprivate func hasKey(_ key: ForeignKey) -> Bool {
        let wanted = Set(key.parentColumns.map(\.key))
        if Set(primaryKeyColumns.map(\.key)) == wanted { return true }
        if key.parentColumns.count == 1,
            column(named: key.parentColumns[0])?.uniques.isEmpty == false
        {
            return true
        }
        return constraints.contains { $0.isParentKey(key, of: self) }
    }

    /// Paths of constraints and generated columns that use a column and that the other table
    /// hasn't got.
    fileprivate func uses(of column: Identifier, unknownTo other: Table?) -> [String] {
        var users = constraints.filter {
            other?.constraints.contains($0) != true && $0.rule.mentions(column)
        }.map { "\(name).\($0.key)" }
        for user in columns where !user.name.matches(column) {
            let known = other?.column(named: user.name)
            for check in user.checks
            where known?.checks.contains(check) != true && check.rule.mentions(column) {
                users.append("\(name).\(user.name).check")
            }
            if let rule = user.generated, known?.generated != rule,
                rule.rule.expression.mentions(column)
            {
                users.append("\(name).\(user.name)")
            }
        }
        return users
    }
}

extension Constraint where Rule == Table.Rule {
    fileprivate func isParentKey(_ key: ForeignKey, of table: Table) -> Bool {
        switch rule {
        case .primaryKey(let terms, _, _), .unique(let terms, _):
            terms.arePlainly(key.parentColumns, of: table)
        default: false
        }
    }
}

extension Index {
    fileprivate func isParentKey(_ key: ForeignKey, of table: Table) -> Bool {
        isUnique && condition == nil && terms.arePlainly(key.parentColumns, of: table)
    }
}

extension [IndexedColumn] {
    /// Whether the terms are exactly these columns, compared as the columns are.
    fileprivate func arePlainly(_ names: [Identifier], of table: Table) -> Bool {
        guard count == names.count else { return false }
        return allSatisfy { term in
            guard case .column(let name) = term.term, names.contains(where: name.matches) else {
                return false
            }
            let own = table.column(named: name)?.collation?.rule ?? "BINARY"
            return term.collation.map(own.matches) ?? true
        }
    }
}
