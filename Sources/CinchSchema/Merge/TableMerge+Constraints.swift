/// A constraint of a table, as decisions and conflicts handle it.
typealias TableConstraint = Constraint<Table.Rule>

extension TableMerge {
    // MARK: Constraints

    mutating func mergeConstraints() {
        result.constraints = list(base.constraints, ours.constraints, theirs.constraints)
        let addedByOurs = ours.constraints.filter { !base.constraints.contains($0) }
        let addedByTheirs = theirs.constraints.filter { !base.constraints.contains($0) }
        for mine in addedByOurs {
            for other in addedByTheirs
            where mine != other && mine.isSameThing(as: other) && !mine.isPrimaryKey {
                let before = base.constraints.first { $0.isSameThing(as: mine) }
                settle(
                    before == nil ? .bothAdded : .bothModified, mine.key,
                    ThreeWay(base: before, ours: mine, theirs: other))
            }
        }
        // One side changed a constraint, the other took it away.
        for before in base.constraints
        where !ours.constraints.contains(before) && !theirs.constraints.contains(before)
            && !before.isPrimaryKey
        {
            let mine = addedByOurs.first { $0.isSameThing(as: before) }
            let other = addedByTheirs.first { $0.isSameThing(as: before) }
            guard (mine == nil) != (other == nil) else {
                findDivergingChecks(before, addedByOurs, addedByTheirs)
                continue
            }
            settle(.modifyDelete, before.key, ThreeWay(base: before, ours: mine, theirs: other))
        }
        applyDecisions()
    }

    /// Both sides took away a CHECK without a name and put different ones in its place.
    private mutating func findDivergingChecks(
        _ before: TableConstraint, _ addedByOurs: [TableConstraint],
        _ addedByTheirs: [TableConstraint]
    ) {
        guard before.isCheck, before.name == nil else { return }
        let mine = addedByOurs.filter(\.isCheck)
        let other = addedByTheirs.filter(\.isCheck)
        guard mine != other else { return }
        settle(
            mine.isEmpty || other.isEmpty ? .modifyDelete : .bothModified, before.key,
            ThreeWay(base: before, ours: mine.first, theirs: other.first))
    }

    private mutating func settle(
        _ kind: Conflict.Kind, _ key: String, _ sides: ThreeWay<TableConstraint>
    ) {
        let conflict = Conflict(
            kind, entity: ours.name.text, attribute: key, sides: sides.map(\.ddl))
        let decided = ledger.settle(
            conflict, base: sides.base, ours: sides.ours, theirs: sides.theirs, nothing: nil,
            parse: Self.constraint)
        guard let decided else { return }
        let known = [sides.base, sides.ours, sides.theirs].compactMap { $0 }
        result.constraints.removeAll(where: known.contains)
        if let decided { result.constraints.append(decided) }
    }

    private static func constraint(from text: String) throws -> TableConstraint? {
        guard case .table(let table) = try Statement(parsing: "CREATE TABLE t (c, \(text)\n)"),
            table.columns.count == 1, table.constraints.count == 1
        else { throw SchemaError.syntax("expected one constraint of a table", offset: 0) }
        return table.constraints[0]
    }

    /// What was decided about constraints that nobody fights over: one may have to go because of
    /// a column it uses.
    private mutating func applyDecisions() {
        guard !ledger.decisions.isEmpty else { return }
        let tables = [base, ours, theirs]
        var all: [TableConstraint] = []
        for constraint in tables.flatMap(\.constraints) where !all.contains(constraint) {
            all.append(constraint)
        }
        for constraint in all where !constraint.isPrimaryKey {
            let path = "\(ours.name).\(constraint.key)"
            let has = tables.map { $0.constraints.contains(constraint) ? constraint : nil }
            guard let choice = ledger.choice(path),
                let decided = ledger.value(
                    choice, of: path, base: has[0], ours: has[1], theirs: has[2], nothing: nil,
                    parse: Self.constraint)
            else { continue }
            let isThere = result.constraints.contains(constraint)
            if isThere, decided != constraint {
                result.constraints.removeAll { $0 == constraint }
            }
            if let decided, !result.constraints.contains(decided) {
                result.constraints.append(decided)
            }
        }
    }

    // MARK: Keys

    mutating func mergePrimaryKey() {
        let key = { (table: Table) in
            table.columns.filter { $0.primaryKey != nil }.map(\.name.text)
                + table.constraints.filter(\.isPrimaryKey).map(\.rule.ddl)
        }
        let sides = [key(base), key(ours), key(theirs)]
        let text = { (parts: [String]) in
            parts.isEmpty ? "no PRIMARY KEY" : parts.joined(separator: ", ")
        }
        let conflict = Conflict(
            .bothModified, entity: ours.name.text,
            attribute: Table.attribute("primary-key", of: [base, ours, theirs]),
            sides: ThreeWay(base: text(sides[0]), ours: text(sides[1]), theirs: text(sides[2])))
        let isFought = sides[1] != sides[0] && sides[2] != sides[0] && sides[1] != sides[2]
        guard isFought || ledger.choice(conflict.path) != nil else { return }
        // Written on the column or on the table, it is one key; on the column, from either side.
        if isFought, ledger.choice(conflict.path) == nil,
            ours.primaryKeyColumns.map(\.key) == theirs.primaryKeyColumns.map(\.key),
            ours.rowIDAlias?.name == theirs.rowIDAlias?.name,
            ours.isAutoincrement == theirs.isAutoincrement
        {
            let isOnColumn = ours.columns.contains { $0.primaryKey != nil }
            return takePrimaryKey(from: isOnColumn ? ours : theirs)
        }
        let keyless = Table(name: ours.name, columns: [])
        let source = ledger.settle(
            conflict, base: base, ours: ours, theirs: theirs, nothing: keyless,
            parse: { text in
                guard let constraint = try Self.constraint(from: text), constraint.isPrimaryKey
                else { throw SchemaError.syntax("expected PRIMARY KEY (…)", offset: 0) }
                return Table(name: keyless.name, columns: [], constraints: [constraint])
            })
        if let source { takePrimaryKey(from: source) }
    }

    private mutating func takePrimaryKey(from source: Table) {
        for place in result.columns.indices {
            result.columns[place].primaryKey =
                source.column(named: result.columns[place].name)?.primaryKey
        }
        result.constraints.removeAll(where: \.isPrimaryKey)
        result.constraints += source.constraints.filter(\.isPrimaryKey)
    }

    /// Two keys from the same columns, one written on the column and one on the table.
    mutating func mergeForeignKeys() {
        let known = base.foreignKeys
        let added = { (table: Table) in table.foreignKeys.filter { !known.contains($0) } }
        let inTable = { (table: Table, key: ForeignKey) in
            table.constraints.contains { $0.rule == .foreignKey(key) }
        }
        for mine in added(ours) {
            for other in added(theirs)
            where mine != other && mine.columns.map(\.key) == other.columns.map(\.key)
                && inTable(ours, mine) != inTable(theirs, other)
            {
                let conflict = Conflict(
                    .bothAdded, entity: ours.name.text, attribute: mine.pathKey,
                    sides: ThreeWay(base: nil, ours: mine.ddl, theirs: other.ddl))
                let source = ledger.settle(
                    conflict, base: base, ours: ours, theirs: theirs,
                    nothing: Table(name: ours.name, columns: []),
                    parse: { text in
                        let constraint = try Self.constraint(from: text)
                        return Table(
                            name: "t", columns: [], constraints: constraint.map { [$0] } ?? [])
                    })
                if let source { take(foreignKeyOf: mine.columns, from: source) }
            }
        }
    }

    private mutating func take(foreignKeyOf columns: [Identifier], from source: Table) {
        let keys = columns.map(\.key)
        let isOver = { (constraint: TableConstraint) in
            guard case .foreignKey(let key) = constraint.rule else { return false }
            return key.columns.map(\.key) == keys
        }
        result.constraints.removeAll(where: isOver)
        result.constraints += source.constraints.filter(isOver)
        for place in result.columns.indices where keys == [result.columns[place].name.key] {
            result.columns[place].references =
                source.column(named: result.columns[place].name)?.references ?? []
        }
    }
}

extension Constraint where Rule == Table.Rule {
    package var isPrimaryKey: Bool {
        if case .primaryKey = rule { true } else { false }
    }

    fileprivate var isCheck: Bool {
        if case .check = rule { true } else { false }
    }

    /// What a path calls it by, after the table: `constraint positive`, `foreign key (owner)`.
    package var key: String {
        if let name { return "constraint \(name)" }
        let list = { (terms: [IndexedColumn]) in terms.map(\.ddl).joined(separator: ", ") }
        return switch rule {
        case .primaryKey: "primary-key"
        case .unique(let terms, _): "unique (\(list(terms)))"
        case .check(let expression, _): "check (\(expression.sql))"
        case .foreignKey(let key): key.pathKey
        }
    }

    /// Whether two constraints are versions of one: the same name, or the same sort of rule over
    /// the same columns.
    fileprivate func isSameThing(as other: Constraint) -> Bool {
        if let name, let otherName = other.name { return name.matches(otherName) }
        switch (rule, other.rule) {
        case (.foreignKey(let mine), .foreignKey(let theirs)):
            // In another order it is still a key from these columns.
            return Set(mine.columns.map(\.key)) == Set(theirs.columns.map(\.key))
        case (.primaryKey, .primaryKey): return true
        case (.unique(let mine, _), .unique(let theirs, _)): return mine == theirs
        default: return false
        }
    }
}

extension ForeignKey {
    /// What a path calls it by, after the table: `foreign key (owner)`.
    package var pathKey: String { "foreign key (\(columns.map(\.text).joined(separator: ", ")))" }
}
