/// The merge of one table that both sides still have, once its names are agreed.
struct TableMerge {
    let base: Table?
    let ours: Table
    let theirs: Table
    private(set) var result: Table
    private(set) var conflicts: [Conflict] = []
    private(set) var notes: [String] = []

    init(base: Table?, ours: Table, theirs: Table) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
        result = ours
    }

    mutating func run() {
        guard let base else { return }
        let name = ours.name.text
        result.isStrict = attribute(
            "STRICT", of: name, base.isStrict, ours.isStrict, theirs.isStrict,
            text: { $0 ? "STRICT" : "not STRICT" })
        result.isWithoutRowID = attribute(
            "WITHOUT ROWID", of: name, base.isWithoutRowID, ours.isWithoutRowID,
            theirs.isWithoutRowID, text: { $0 ? "WITHOUT ROWID" : "with rowid" })
        var columns: [Column] = []
        for sides in ColumnSides.all(base: base, ours: ours, theirs: theirs) {
            if let column = merge(sides) { columns.append(column) }
        }
        result.columns = ordered(columns, base: base)
        mergePrimaryKey(base)
        mergeConstraints(base)
        mergeForeignKeys(base)
        findNothingLeft(base)
        findColumnCollisions()
        findUsesOfDroppedColumns()
    }

    // MARK: Columns

    private mutating func merge(_ sides: ColumnSides) -> Column? {
        let entity = "\(ours.name).\((sides.ours ?? sides.theirs ?? sides.base)?.name ?? "")"
        switch (sides.base, sides.ours, sides.theirs) {
        case (let base?, let ours?, let theirs?):
            return merge(base, ours, theirs, entity: entity)
        case (nil, let ours?, let theirs?):
            guard ours.withoutID == theirs.withoutID else {
                conflicts.append(
                    Conflict(.bothAdded, entity: entity, sides: sides.map(\.ddl)))
                return ours
            }
            notes.append("column \(entity) was added the same way on both sides")
            var column = ours
            column.id = [ours.id, theirs.id].compactMap { $0 }.min()
            return column
        case (nil, let added?, nil), (nil, nil, let added?):
            return added
        case (let base?, let kept?, nil), (let base?, nil, let kept?):
            guard base.withoutID != kept.withoutID else { return nil }
            conflicts.append(Conflict(.modifyDelete, entity: entity, sides: sides.map(\.ddl)))
            return kept
        default:
            return nil
        }
    }

    private mutating func merge(_ base: Column, _ ours: Column, _ theirs: Column, entity: String)
        -> Column
    {
        var column = ours
        column.declaredType = attribute(
            "type", of: entity, base.declaredType, ours.declaredType, theirs.declaredType,
            text: { $0.isEmpty ? "no type" : $0 })
        column.primaryKey = attribute(
            "primary key", of: entity, base.primaryKey, ours.primaryKey, theirs.primaryKey,
            text: { $0 == nil ? "no PRIMARY KEY" : "PRIMARY KEY" })
        column.notNull = attribute(
            "nullability", of: entity, base.notNull, ours.notNull, theirs.notNull,
            text: { $0 == nil ? "NULL" : "NOT NULL" })
        column.defaultValue = attribute(
            "default", of: entity, base.defaultValue, ours.defaultValue, theirs.defaultValue,
            text: { $0.map { "DEFAULT \($0.rule.sql)" } ?? "no DEFAULT" })
        column.collation = attribute(
            "collation", of: entity, base.collation, ours.collation, theirs.collation,
            text: { $0.map { "COLLATE \($0.rule)" } ?? "no COLLATE" })
        column.generated = attribute(
            "generated", of: entity, base.generated, ours.generated, theirs.generated,
            text: { $0.map { "AS (\($0.rule.expression.sql))" } ?? "not generated" })
        column.uniques = attribute(
            "UNIQUE", of: entity, base.uniques, ours.uniques, theirs.uniques,
            text: { $0.isEmpty ? "not UNIQUE" : "UNIQUE" })
        column.checks = checks(base, ours, theirs, entity: entity)
        column.references = attribute(
            "references", of: entity, base.references, ours.references, theirs.references,
            text: { $0.isEmpty ? "no REFERENCES" : $0.map(\.rule.ddl).joined(separator: " ") })
        return column
    }

    /// One value of three, ours where both sides changed it differently.
    private mutating func attribute<Value: Hashable>(
        _ attribute: String, of entity: String, _ base: Value, _ ours: Value, _ theirs: Value,
        text: (Value) -> String
    ) -> Value {
        if ours == theirs || base == theirs { return ours }
        if base == ours { return theirs }
        conflicts.append(
            Conflict(
                .bothModified, entity: entity, attribute: attribute,
                sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs))))
        return ours
    }

    /// CHECKs that both sides added hold together; one that both took away, to put different ones
    /// in its place, can't be merged.
    private mutating func checks(_ base: Column, _ ours: Column, _ theirs: Column, entity: String)
        -> [Constraint<Expression>]
    {
        let isGone = base.checks.contains {
            !ours.checks.contains($0) && !theirs.checks.contains($0)
        }
        if isGone, ours.checks != theirs.checks {
            let text = { (column: Column) in
                column.checks.map { "CHECK (\($0.rule.sql))" }.joined(separator: " ")
            }
            conflicts.append(
                Conflict(
                    .bothModified, entity: entity, attribute: "check",
                    sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs))))
            return ours.checks
        }
        return list(base.checks, ours.checks, theirs.checks)
    }

    /// What neither side took away, then what ours and what theirs added.
    private func list<Value: Hashable>(_ base: [Value], _ ours: [Value], _ theirs: [Value])
        -> [Value]
    {
        var result = ours.filter { !base.contains($0) || theirs.contains($0) }
        for value in theirs where !base.contains(value) && !result.contains(value) {
            result.append(value)
        }
        return result
    }

    // MARK: Order

    /// The order of the side that moved columns, ours where both did; what the other side added
    /// comes after the column it stands behind there.
    private mutating func ordered(_ columns: [Column], base: Table) -> [Column] {
        let moved = { (table: Table) in
            let kept = table.columns.map(\.name.key).filter { key in
                base.columns.contains { $0.name.key == key }
            }
            return kept != base.columns.map(\.name.key).filter(kept.contains)
        }
        let (oursMoved, theirsMoved) = (moved(ours), moved(theirs))
        if oursMoved, theirsMoved, ours.columns.map(\.name) != theirs.columns.map(\.name) {
            notes.append("both sides moved columns of \(ours.name); the order is ours")
        }
        let lead = theirsMoved && !oursMoved ? theirs : ours
        // By place, so that of two columns with one name neither is lost.
        let place = { (column: Column) in
            lead.columns.firstIndex { $0.id == column.id && $0.name.matches(column.name) }
                ?? lead.columns.firstIndex { $0.name.matches(column.name) } ?? lead.columns.count
        }
        return columns.enumerated().sorted {
            (place($0.element), $0.offset) < (place($1.element), $1.offset)
        }.map(\.element)
    }

    // MARK: Constraints

    private mutating func mergePrimaryKey(_ base: Table) {
        let key = { (table: Table) in
            table.columns.filter { $0.primaryKey != nil }.map(\.name.text)
                + table.constraints.filter(\.isPrimaryKey).map(\.rule.ddl)
        }
        let sides = [key(base), key(ours), key(theirs)]
        guard sides[1] != sides[0], sides[2] != sides[0], sides[1] != sides[2] else { return }
        let text = { (parts: [String]) in parts.joined(separator: ", ") }
        conflicts.append(
            Conflict(
                .bothModified, entity: ours.name.text, attribute: "primary key",
                sides: ThreeWay(base: text(sides[0]), ours: text(sides[1]), theirs: text(sides[2])))
        )
    }

    private mutating func mergeConstraints(_ base: Table) {
        result.constraints = list(base.constraints, ours.constraints, theirs.constraints)
        let addedByOurs = ours.constraints.filter { !base.constraints.contains($0) }
        let addedByTheirs = theirs.constraints.filter { !base.constraints.contains($0) }
        for mine in addedByOurs {
            for other in addedByTheirs where mine != other && mine.isSameThing(as: other) {
                let before = base.constraints.first { $0.isSameThing(as: mine) }
                conflicts.append(
                    Conflict(
                        before == nil ? .bothAdded : .bothModified, entity: ours.name.text,
                        attribute: "constraint",
                        sides: ThreeWay(base: before?.ddl, ours: mine.ddl, theirs: other.ddl)))
            }
        }
        // One side changed a constraint, the other took it away.
        for before in base.constraints {
            let inOurs = ours.constraints.contains(before)
            let inTheirs = theirs.constraints.contains(before)
            guard !inOurs, !inTheirs else { continue }
            let mine = addedByOurs.first { $0.isSameThing(as: before) }
            let other = addedByTheirs.first { $0.isSameThing(as: before) }
            guard (mine == nil) != (other == nil) else {
                findDivergingChecks(before, addedByOurs, addedByTheirs)
                continue
            }
            conflicts.append(
                Conflict(
                    .modifyDelete, entity: ours.name.text, attribute: "constraint",
                    sides: ThreeWay(base: before.ddl, ours: mine?.ddl, theirs: other?.ddl)))
        }
    }

    /// Both sides took away a CHECK without a name and put different ones in its place.
    private mutating func findDivergingChecks(
        _ before: Constraint<Table.Rule>, _ addedByOurs: [Constraint<Table.Rule>],
        _ addedByTheirs: [Constraint<Table.Rule>]
    ) {
        guard before.isCheck, before.name == nil else { return }
        let mine = addedByOurs.filter(\.isCheck)
        let other = addedByTheirs.filter(\.isCheck)
        guard mine != other else { return }
        conflicts.append(
            Conflict(
                mine.isEmpty || other.isEmpty ? .modifyDelete : .bothModified,
                entity: ours.name.text, attribute: "constraint",
                sides: ThreeWay(
                    base: before.ddl, ours: mine.first?.ddl, theirs: other.first?.ddl)))
    }

    /// Two keys from the same columns, one written on the column and one on the table.
    private mutating func mergeForeignKeys(_ base: Table) {
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
                conflicts.append(
                    Conflict(
                        .bothAdded, entity: ours.name.text, attribute: "constraint",
                        sides: ThreeWay(base: nil, ours: mine.ddl, theirs: other.ddl)))
            }
        }
    }

    // MARK: Within the table

    /// Each side dropped the columns the other kept.
    private mutating func findNothingLeft(_ base: Table) {
        guard !result.columns.contains(where: { $0.generated == nil }) else { return }
        let text = { (table: Table) in table.columns.map(\.name.text).joined(separator: ", ") }
        conflicts.append(
            Conflict(
                .modifyDelete, entity: ours.name.text, attribute: "columns",
                sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs))))
        if result.columns.isEmpty { result.columns = ours.columns }
    }

    private mutating func findColumnCollisions() {
        var seen: [String: Column] = [:]
        for column in result.columns {
            if let other = seen[column.name.key] {
                conflicts.append(
                    Conflict(
                        .nameCollision, entity: "\(ours.name).\(column.name)",
                        sides: ThreeWay(base: nil, ours: other.ddl, theirs: column.ddl)))
            }
            seen[column.name.key] = column
        }
    }

    /// A column one side dropped that the other side has come to need.
    private mutating func findUsesOfDroppedColumns() {
        guard let base else { return }
        for gone in base.columns where result.column(named: gone.name) == nil {
            var users = result.constraints.filter { $0.rule.mentions(gone.name) }.map(\.ddl)
            for column in result.columns {
                users += column.checks.filter { $0.rule.mentions(gone.name) }.map {
                    "\(column.name) CHECK (\($0.rule.sql))"
                }
                if let generated = column.generated?.rule.expression,
                    generated.mentions(gone.name)
                {
                    users.append("\(column.name) AS (\(generated.sql))")
                }
            }
            for user in users {
                conflicts.append(
                    Conflict(
                        .dependency, entity: "\(ours.name).\(gone.name)", attribute: user,
                        sides: ThreeWay(
                            base: gone.ddl, ours: ours.column(named: gone.name)?.ddl,
                            theirs: theirs.column(named: gone.name)?.ddl)))
            }
        }
    }
}

extension Constraint where Rule == Table.Rule {
    fileprivate var isPrimaryKey: Bool {
        if case .primaryKey = rule { true } else { false }
    }

    fileprivate var isCheck: Bool {
        if case .check = rule { true } else { false }
    }

    /// Whether two constraints are versions of one: the same name, or the same sort of rule over
    /// the same columns.
    fileprivate func isSameThing(as other: Constraint) -> Bool {
        if let name, let otherName = other.name { return name.matches(otherName) }
        switch (rule, other.rule) {
        case (.foreignKey(let mine), .foreignKey(let theirs)):
            return mine.columns.map(\.key) == theirs.columns.map(\.key)
        case (.primaryKey, .primaryKey): return true
        case (.unique(let mine, _), .unique(let theirs, _)): return mine == theirs
        default: return false
        }
    }
}
