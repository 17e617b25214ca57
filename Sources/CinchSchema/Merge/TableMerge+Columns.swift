extension TableMerge {
    /// One column of three; absent when it goes.
    mutating func merge(_ sides: ColumnSides) -> Column? {
        let name = (sides.ours ?? sides.theirs ?? sides.base)?.name ?? ""
        let path = "\(ours.name).\(name)"
        if let choice = ledger.choice(path),
            let value = ledger.value(
                choice, of: path, base: sides.base, ours: sides.ours, theirs: sides.theirs,
                nothing: nil, parse: { try Self.column(from: $0, named: name, like: sides) })
        {
            return value
        }
        switch (sides.base, sides.ours, sides.theirs) {
        case (let base?, let ours?, let theirs?):
            return merge(base, ours, theirs, entity: path)
        case (nil, let ours?, let theirs?):
            guard ours.spelledPlainly == theirs.spelledPlainly else {
                let conflict = Conflict(
                    .bothAdded, entity: path, sides: sides.map(\.ddl),
                    differences: ours.differences(from: theirs))
                return settle(conflict, sides, named: name) ?? ours
            }
            ledger.notes.append("column \(path) was added the same way on both sides")
            return ours.unified(with: theirs)
        case (nil, let added?, nil), (nil, nil, let added?):
            return added
        case (let base?, let kept?, nil), (let base?, nil, let kept?):
            let former = formerNames[path]
            guard base.spelledPlainly != kept.spelledPlainly || former != nil else { return nil }
            var before = base
            before.name = former ?? base.name
            let conflict = Conflict(
                .modifyDelete, entity: path,
                sides: ThreeWay(
                    base: before.ddl, ours: sides.ours?.ddl, theirs: sides.theirs?.ddl))
            return settle(conflict, sides, named: name) ?? kept
        default:
            return nil
        }
    }

    private mutating func settle(_ conflict: Conflict, _ sides: ColumnSides, named name: Identifier)
        -> Column??
    {
        ledger.settle(
            conflict, base: sides.base, ours: sides.ours, theirs: sides.theirs, nothing: nil,
            parse: { try Self.column(from: $0, named: name, like: sides) })
    }

    /// A column as it was written for a decision, with the identity of the one it stands for.
    private static func column(from text: String, named name: Identifier, like sides: ColumnSides)
        throws -> Column
    {
        guard
            case .table(let table) = try Statement(parsing: "CREATE TABLE t (\(text)\n)"),
            table.columns.count == 1, table.constraints.isEmpty, var column = table.columns.first
        else { throw SchemaError.syntax("expected one column's definition", offset: 0) }
        column.id = (sides.base ?? sides.ours ?? sides.theirs)?.id
        return column
    }

    // MARK: Attributes

    private mutating func merge(_ base: Column, _ ours: Column, _ theirs: Column, entity: String)
        -> Column
    {
        var column = ours
        let (base, ours, theirs) = Column.alike(base, ours, theirs)
        column.declaredType = attribute(
            "type", of: entity, base.declaredType, ours.declaredType, theirs.declaredType,
            nothing: "", text: { $0.isEmpty ? "no type" : $0 },
            parse: { try Self.parsed($0, "type").declaredType })
        column.primaryKey = attribute(
            "primary-key", of: entity, base.primaryKey, ours.primaryKey, theirs.primaryKey,
            nothing: nil, text: { $0 == nil ? "no PRIMARY KEY" : "PRIMARY KEY" },
            parse: { try Self.parsed($0, "primary-key").primaryKey })
        column.notNull = attribute(
            "nullability", of: entity, base.notNull, ours.notNull, theirs.notNull, nothing: nil,
            text: { $0 == nil ? "NULL" : "NOT NULL" },
            parse: { text in
                text.asciiUppercased == "NULL"
                    ? nil : try Self.parsed(text, "nullability").notNull
            })
        column.defaultValue = attribute(
            "default", of: entity, base.defaultValue, ours.defaultValue, theirs.defaultValue,
            nothing: nil, text: { $0.map { "DEFAULT \($0.rule.sql)" } ?? "no DEFAULT" },
            parse: { try Self.parsed($0, "default", after: "DEFAULT").defaultValue })
        column.collation = attribute(
            "collation", of: entity, base.collation, ours.collation, theirs.collation,
            nothing: nil, text: { $0.map { "COLLATE \($0.rule)" } ?? "no COLLATE" },
            parse: { try Self.parsed($0, "collation", after: "COLLATE").collation })
        noteAttributes(base, ours, theirs, entity: entity)
        let rules =
            ledger.choice("\(entity).generated") == nil
            ? Self.withOneStorage(base, ours, theirs) : [base, ours, theirs].map(\.generated)
        column.generated = attribute(
            "generated", of: entity, rules[0], rules[1], rules[2], nothing: nil,
            text: { $0.map { "AS (\($0.rule.expression.sql))" } ?? "not generated" },
            parse: { try Self.parsed($0, "generated").generated })
        column.uniques = attribute(
            "unique", of: entity, base.uniques, ours.uniques, theirs.uniques, nothing: [],
            text: { $0.isEmpty ? "not UNIQUE" : "UNIQUE" },
            parse: { try Self.parsed($0, "unique").uniques })
        column.checks = checks(base, ours, theirs, entity: entity)
        column.references = attribute(
            "references", of: entity, base.references, ours.references, theirs.references,
            nothing: [],
            text: { $0.isEmpty ? "no REFERENCES" : $0.map(\.rule.ddl).joined(separator: " ") },
            parse: { try Self.parsed($0, "references").references })
        return column
    }

    /// Tells of a column of which each side changed something else.
    private mutating func noteAttributes(
        _ base: Column, _ ours: Column, _ theirs: Column, entity: String
    ) {
        // CHECKs that add up are noted with what they say, names go first.
        let changed = { (side: Column) in
            side.differences(from: base).filter { $0 != "name" && $0 != "check" }
        }
        let (mine, others) = (changed(ours), changed(theirs))
        guard !mine.isEmpty, !others.isEmpty, Set(mine).isDisjoint(with: others) else { return }
        ledger.notes.append(
            "\(entity) was changed on both sides: \(mine.joined(separator: ", ")) on ours,"
                + " \(others.joined(separator: ", ")) on theirs")
    }

    /// Three rules of a generated column that agree on STORED or VIRTUAL: what one side made of
    /// that goes with the expression of the other.
    private static func withOneStorage(_ base: Column, _ ours: Column, _ theirs: Column)
        -> [Constraint<Column.Generated>?]
    {
        var rules = [base, ours, theirs].map(\.generated)
        let isStored = rules.map { $0?.rule.isStored }
        guard !isStored.contains(nil) else { return rules }
        let merged = isStored[0] == isStored[1] ? isStored[2] : isStored[1]
        for place in rules.indices { rules[place]?.rule.isStored = merged ?? false }
        return rules
    }

    /// A column that has nothing but what an attribute's text says.
    ///
    /// - Parameters:
    ///   - attribute: What the text has to be, and nothing else.
    ///   - keyword: May be left out of the text: `5` for `DEFAULT 5`.
    private static func parsed(
        _ text: String, _ attribute: String, after keyword: String? = nil
    ) throws -> Column {
        let starts = { (word: String) in text.asciiUppercased.hasPrefix(word) }
        let clause = keyword.map { starts($0) ? text : "\($0) \(text)" } ?? text
        guard case .table(let table) = try Statement(parsing: "CREATE TABLE t (c \(clause)\n)"),
            table.columns.count == 1, table.constraints.isEmpty,
            let column = table.columns.first,
            column.differences(from: Column(name: column.name)) == [attribute]
        else { throw SchemaError.syntax("expected the column's \(attribute)", offset: 0) }
        return column
    }

    /// CHECKs that both sides added hold together; one that both took away, to put different ones
    /// in its place, can't be merged.
    private mutating func checks(_ base: Column, _ ours: Column, _ theirs: Column, entity: String)
        -> [Constraint<Expression>]
    {
        let isGone = base.checks.contains {
            !ours.checks.contains($0) && !theirs.checks.contains($0)
        }
        let text = { (checks: [Constraint<Expression>]) in
            checks.isEmpty
                ? "no CHECK" : checks.map { "CHECK (\($0.rule.sql))" }.joined(separator: " ")
        }
        if isGone || ledger.choice("\(entity).check") != nil {
            return attribute(
                "check", of: entity, base.checks, ours.checks, theirs.checks, nothing: [],
                text: text, parse: { try Self.parsed($0, "check").checks })
        }
        let merged = list(base.checks, ours.checks, theirs.checks)
        if ours.checks != base.checks, theirs.checks != base.checks, ours.checks != theirs.checks {
            ledger.notes.append("\(entity) has the CHECKs of both sides: \(text(merged))")
        }
        return merged
    }
}

extension Column {
    /// The column without its id, its type and collation in lower case and without spaces: how
    /// these are spelled is no difference between two sides.
    var spelledPlainly: Column {
        var copy = withoutID
        copy.declaredType = Self.plain(declaredType)
        copy.collation?.rule = Identifier(collation?.rule.key ?? "")
        return copy
    }

    private static func plain(_ type: String) -> String {
        type.asciiLowercased.replacing(" ", with: "")
    }

    /// The same column added on both sides, with one identity and one spelling: the smaller, so
    /// that either direction of the merge gives the same.
    func unified(with other: Column) -> Column {
        var copy = self
        copy.id = [id, other.id].compactMap { $0 }.min()
        copy.declaredType = min(declaredType, other.declaredType)
        if let mine = collation, let theirs = other.collation {
            copy.collation?.rule = min(mine.rule, theirs.rule)
        }
        return copy
    }

    /// Three sides of which those that only spell a type differently spell it alike: as the one
    /// that has changed it, or the smaller where both have.
    fileprivate static func alike(_ base: Column, _ ours: Column, _ theirs: Column) -> (
        base: Column, ours: Column, theirs: Column
    ) {
        var (base, ours, theirs) = (base, ours, theirs)
        guard plain(ours.declaredType) == plain(theirs.declaredType) else {
            if plain(base.declaredType) == plain(ours.declaredType) {
                ours.declaredType = base.declaredType
            } else if plain(base.declaredType) == plain(theirs.declaredType) {
                theirs.declaredType = base.declaredType
            }
            return (base, ours, theirs)
        }
        let isChanged = { (side: Column) in side.declaredType != base.declaredType }
        if isChanged(ours), isChanged(theirs) {
            ours.declaredType = min(ours.declaredType, theirs.declaredType)
            theirs.declaredType = ours.declaredType
        }
        return (base, ours, theirs)
    }

    /// Names of the attributes in which two definitions differ, as decisions call them.
    func differences(from other: Column) -> [String] {
        var names: [String] = []
        if name != other.name { names.append("name") }
        if Self.plain(declaredType) != Self.plain(other.declaredType) { names.append("type") }
        if primaryKey != other.primaryKey { names.append("primary-key") }
        if notNull != other.notNull { names.append("nullability") }
        if defaultValue != other.defaultValue { names.append("default") }
        if collation != other.collation { names.append("collation") }
        if generated != other.generated { names.append("generated") }
        if uniques != other.uniques { names.append("unique") }
        if checks != other.checks { names.append("check") }
        if references != other.references { names.append("references") }
        return names
    }
}
