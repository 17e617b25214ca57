extension Constraint {
    fileprivate func sql(_ rule: String) -> String {
        name.map { "CONSTRAINT \($0.quoted) \(rule)" } ?? rule
    }
}

private func conflict(_ resolution: ConflictResolution?) -> String {
    resolution.map { " ON CONFLICT \($0.rawValue)" } ?? ""
}

private func list(_ names: [Identifier]) -> String {
    "(" + names.map(\.quoted).joined(separator: ", ") + ")"
}

extension Column {
    /// The column's definition on one line, without its id: what ADD COLUMN takes.
    public var ddl: String {
        var parts = [name.quoted]
        if !declaredType.isEmpty { parts.append(declaredType) }
        if let key = primaryKey {
            parts.append(
                key.sql(
                    "PRIMARY KEY" + (key.rule.isDescending ? " DESC" : "")
                        + conflict(key.rule.onConflict)
                        + (key.rule.isAutoincrement ? " AUTOINCREMENT" : "")))
        }
        if let demand = notNull {
            parts.append(demand.sql("NOT NULL" + conflict(demand.rule.onConflict)))
        }
        for unique in uniques {
            parts.append(unique.sql("UNIQUE" + conflict(unique.rule.onConflict)))
        }
        if let value = defaultValue { parts.append(value.sql("DEFAULT " + value.rule.sql)) }
        for check in checks { parts.append(check.sql("CHECK (\(check.rule.sql))")) }
        if let collation { parts.append(collation.sql("COLLATE " + collation.rule.quoted)) }
        for reference in references { parts.append(reference.sql(reference.rule.ddl)) }
        if let generated {
            parts.append(
                generated.sql(
                    "GENERATED ALWAYS AS (\(generated.rule.expression.sql)) "
                        + (generated.rule.isStored ? "STORED" : "VIRTUAL")))
        }
        return parts.joined(separator: " ")
    }
}

extension ForeignKey {
    /// `REFERENCES …`, with FOREIGN KEY and the child columns before it when it has any.
    public var ddl: String {
        var text = columns.isEmpty ? "" : "FOREIGN KEY \(list(columns)) "
        text += "REFERENCES " + parent.quoted
        if !parentColumns.isEmpty { text += " " + list(parentColumns) }
        if let onDelete { text += " ON DELETE " + onDelete.rawValue }
        if let onUpdate { text += " ON UPDATE " + onUpdate.rawValue }
        if let match { text += " MATCH " + match.quoted }
        if let deferral { text += " " + deferral.rawValue }
        return text
    }
}

extension IndexedColumn {
    /// The term as it stands between the parentheses.
    public var ddl: String {
        var text =
            switch term {
            case .column(let name): name.quoted
            case .expression(let expression): expression.sql
            }
        if let collation { text += " COLLATE " + collation.quoted }
        return isDescending ? text + " DESC" : text
    }
}

extension Table.Rule {
    /// The constraint without its name.
    public var ddl: String {
        switch self {
        case .primaryKey(let terms, let isAutoincrement, let onConflict):
            "PRIMARY KEY (" + terms.map(\.ddl).joined(separator: ", ")
                + (isAutoincrement ? " AUTOINCREMENT" : "") + ")" + conflict(onConflict)
        case .unique(let terms, let onConflict):
            "UNIQUE (" + terms.map(\.ddl).joined(separator: ", ") + ")" + conflict(onConflict)
        case .check(let expression, let onConflict):
            "CHECK (\(expression.sql))" + conflict(onConflict)
        case .foreignKey(let key): key.ddl
        }
    }
}

extension Constraint where Rule == Table.Rule {
    /// The constraint with its name.
    public var ddl: String { sql(rule.ddl) }
}

extension Table {
    /// The canonical CREATE TABLE, one column or constraint a line, ended by a semicolon.
    public func ddl(ids: Bool) -> String {
        let comment = { (id: StableID?) in ids ? id.map { " -- id \($0)" } ?? "" : "" }
        let lines =
            columns.map { (text: $0.ddl, comment: comment($0.id)) }
            + constraints.map { (text: $0.ddl, comment: "") }
        var text = "CREATE TABLE \(name.quoted) (\(comment(id))\n"
        for (place, line) in lines.enumerated() {
            let separator = place + 1 < lines.count ? "," : ""
            text += "    \(line.text)\(separator)\(line.comment)\n"
        }
        text += ")"
        let options = (isStrict ? ["STRICT"] : []) + (isWithoutRowID ? ["WITHOUT ROWID"] : [])
        return text + (options.isEmpty ? "" : " " + options.joined(separator: ", ")) + ";"
    }
}

extension VirtualTable {
    /// The canonical CREATE VIRTUAL TABLE, ended by a semicolon.
    public func ddl(ids: Bool) -> String {
        let comment = ids ? id.map { " -- id \($0)\n" } : nil
        return "CREATE VIRTUAL TABLE \(name.quoted)\(comment ?? " ")USING \(module.quoted)"
            + (arguments.isEmpty ? "" : "(" + arguments.joined(separator: ", ") + ")") + ";"
    }
}

extension Index {
    /// The canonical CREATE INDEX, ended by a semicolon.
    public var ddl: String {
        "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(name.quoted) ON \(table.quoted) ("
            + terms.map(\.ddl).joined(separator: ", ") + ")"
            + (condition.map { " WHERE \($0.sql)" } ?? "") + ";"
    }
}

extension View {
    /// The canonical CREATE VIEW, a line for each clause, ended by a semicolon.
    public var ddl: String {
        "CREATE VIEW \(name.quoted)\(columns.isEmpty ? "" : " " + list(columns)) AS\n"
            + select.clauses + ";"
    }
}

extension Trigger {
    /// The canonical CREATE TRIGGER, a line for each statement, ended by a semicolon.
    public var ddl: String {
        var text = "CREATE TRIGGER \(name.quoted) \(timing.rawValue) "
        switch event {
        case .delete: text += "DELETE"
        case .insert: text += "INSERT"
        case .update(let columns):
            text += "UPDATE"
            if !columns.isEmpty {
                text += " OF " + columns.map(\.quoted).joined(separator: ", ")
            }
        }
        text += " ON \(table.quoted) FOR EACH ROW\n"
        if let condition { text += "WHEN \(condition.sql)\n" }
        text += "BEGIN\n"
        for statement in body { text += "    \(statement.sql);\n" }
        return text + "END;"
    }
}

extension Expression {
    private static let lineStarts: Set<String> = [
        "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT",
    ]

    /// A SELECT with each of its outermost clauses on a line of its own.
    fileprivate var clauses: String {
        var text = ""
        var spacer = TokenSpacer()
        var depth = 0
        var previous = ""
        for token in tokens {
            let space = spacer.needsSpace(before: token)
            let keyword = token.keyword
            let breaks =
                depth == 0 && Self.lineStarts.contains(keyword) && !text.isEmpty
                && !(keyword == "FROM" && previous == "DISTINCT")
                || depth == 0 && keyword == "SELECT"
                    && ["ALL", "UNION", "INTERSECT", "EXCEPT"].contains(previous)
            text += breaks ? "\n" : space ? " " : ""
            text += token.text
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            previous = keyword
        }
        return text
    }
}
