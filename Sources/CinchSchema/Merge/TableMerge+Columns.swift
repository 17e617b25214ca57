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
            guard ours.withoutID == theirs.withoutID else {
                let conflict = Conflict(
                    .bothAdded, entity: path, sides: sides.map(\.ddl),
                    differences: ours.differences(from: theirs))
                return settle(conflict, sides, named: name) ?? ours
            }
            ledger.notes.append("column \(path) was added the same way on both sides")
            var column = ours
            column.id = [ours.id, theirs.id].compactMap { $0 }.min()
            return column
        case (nil, let added?, nil), (nil, nil, let added?):
            return added
        case (let base?, let kept?, nil), (let base?, nil, let kept?):
            let former = formerNames[path]
            guard base.withoutID != kept.withoutID || former != nil else { return nil }
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
        column.declaredType = attribute(
            "type", of: entity, base.declaredType, ours.declaredType, theirs.declaredType,
            nothing: "", text: { $0.isEmpty ? "no type" : $0 },
            parse: { try Self.parsed("\($0)").declaredType })
        column.primaryKey = attribute(
            "primary-key", of: entity, base.primaryKey, ours.primaryKey, theirs.primaryKey,
            nothing: nil, text: { $0 == nil ? "no PRIMARY KEY" : "PRIMARY KEY" },
            parse: { try Self.parsed($0).primaryKey })
        column.notNull = attribute(
            "nullability", of: entity, base.notNull, ours.notNull, theirs.notNull, nothing: nil,
            text: { $0 == nil ? "NULL" : "NOT NULL" }, parse: { try Self.parsed($0).notNull })
        column.defaultValue = attribute(
            "default", of: entity, base.defaultValue, ours.defaultValue, theirs.defaultValue,
            nothing: nil, text: { $0.map { "DEFAULT \($0.rule.sql)" } ?? "no DEFAULT" },
            parse: { try Self.parsed($0, after: "DEFAULT").defaultValue })
        column.collation = attribute(
            "collation", of: entity, base.collation, ours.collation, theirs.collation,
            nothing: nil, text: { $0.map { "COLLATE \($0.rule)" } ?? "no COLLATE" },
            parse: { try Self.parsed($0, after: "COLLATE").collation })
        column.generated = attribute(
            "generated", of: entity, base.generated, ours.generated, theirs.generated,
            nothing: nil, text: { $0.map { "AS (\($0.rule.expression.sql))" } ?? "not generated" },
            parse: { try Self.parsed($0).generated })
        column.uniques = attribute(
            "unique", of: entity, base.uniques, ours.uniques, theirs.uniques, nothing: [],
            text: { $0.isEmpty ? "not UNIQUE" : "UNIQUE" }, parse: { try Self.parsed($0).uniques })
        column.checks = checks(base, ours, theirs, entity: entity)
        column.references = attribute(
            "references", of: entity, base.references, ours.references, theirs.references,
            nothing: [],
            text: { $0.isEmpty ? "no REFERENCES" : $0.map(\.rule.ddl).joined(separator: " ") },
            parse: { try Self.parsed($0).references })
        return column
    }

    /// A column that has nothing but what an attribute's text says.
    ///
    /// - Parameter keyword: May be left out of the text: `5` for `DEFAULT 5`.
    private static func parsed(_ text: String, after keyword: String? = nil) throws -> Column {
        let starts = { (word: String) in text.asciiUppercased.hasPrefix(word) }
        let clause = keyword.map { starts($0) ? text : "\($0) \(text)" } ?? text
        guard case .table(let table) = try Statement(parsing: "CREATE TABLE t (c \(clause)\n)"),
            table.columns.count == 1, let column = table.columns.first
        else { throw SchemaError.syntax("expected one attribute of a column", offset: 0) }
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
                text: text, parse: { try Self.parsed($0).checks })
        }
        let merged = list(base.checks, ours.checks, theirs.checks)
        if ours.checks != base.checks, theirs.checks != base.checks, ours.checks != theirs.checks {
            ledger.notes.append("\(entity) has the CHECKs of both sides: \(text(merged))")
        }
        return merged
    }
}

extension Column {
    /// Names of the attributes in which two definitions differ, as decisions call them.
    func differences(from other: Column) -> [String] {
        var names: [String] = []
        if name != other.name { names.append("name") }
        if declaredType != other.declaredType { names.append("type") }
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
