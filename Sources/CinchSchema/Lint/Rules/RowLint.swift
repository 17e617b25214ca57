/// What depends on the rows that tenants have.
enum RowLint: LintGroup {
    static let dataDependent = LintRule(
        "data-dependent", "A demand on rows that are there", .warning,
        why: """
            A NOT NULL, UNIQUE, CHECK, foreign key or narrower type on a table that exists works only \
            where every row of every tenant fits. One that doesn't stops the rollout before anything \
            has moved, which is found out when it is merged and not when it is written.
            """,
        example: "CREATE UNIQUE INDEX idx_users_email ON users (email);",
        fix: """
            Run `cinch rehearse` on the branch to see which rows of which tenants are in the way, and \
            correct them first, with `cinch data-step` or `--fill`.
            """)

    static let notNullWithoutDefault = LintRule(
        "not-null-without-default", "A new NOT NULL column with nothing to put there", .error,
        why: """
            Rows that exist would be NULL in the column, so the change can't be made in any tenant \
            that has one.
            """,
        example: "ALTER TABLE users ADD COLUMN country TEXT NOT NULL;",
        fix: "Give the column a default, or a value with `--fill 'users.country=…'`.")

    static let rules = [dataDependent, notNullWithoutDefault]

    static func findings(in change: LintedChange) -> [LintFinding] {
        let checks = Plan(from: change.before, to: change.after).checks
        return checks.compactMap { finding($0, change) } + foreignKeys(change, known: checks)
    }

    private static func finding(_ check: PreflightCheck, _ change: LintedChange) -> LintFinding? {
        guard let table = change.after.tables[check.table] else { return nil }
        let isFilled =
            check.columns.count == 1 && change.fills(check.columns[0], of: table.name)
        let names = check.columns.map(\.text).joined(separator: ",")
        let entity = names.isEmpty ? table.name.text : "\(table.name).\(names)"
        let place = place(of: check, table)
        if check.rule == .noDefault {
            guard !isFilled else { return nil }
            return LintFinding(
                notNullWithoutDefault, entity,
                "column \(check.subject) is NOT NULL, and rows that are there have nothing to put"
                    + " there",
                suggestion: "Give it a DEFAULT, or a value with --fill '\(entity)=…'.", at: place)
        }
        guard let demand = demand(check, isFilled: isFilled) else { return nil }
        return LintFinding(
            dataDependent, entity, demand,
            suggestion: "Run 'cinch rehearse' to see which rows are in the way.", at: place)
    }

    private static func demand(_ check: PreflightCheck, isFilled: Bool) -> String? {
        let subject = check.subject
        switch check.rule {
        case .notNull: return isFilled ? nil : "no row may have NULL in \(subject) any more"
        case .unique: return "no two rows may have the same \(subject) any more"
        case .check: return "every row of \(check.table) must pass CHECK (\(check.demand))"
        case .foreignKey: return "every \(subject) must have its parent in \(check.demand)"
        case .type: return "every \(subject) must be \(check.demand)"
        case .loss:
            return "\(check.demand) may change values of \(subject) for good, as '007' to 7"
        case .trial: return "whether \(subject) can be had so depends on the rows that are there"
        case .noDefault, .dataStep: return nil
        }
    }

    private static func place(of check: PreflightCheck, _ table: Table) -> LintPlace {
        let constraint = table.constraints.first { constraint in
            switch (check.rule, constraint.rule) {
            case (.check, .check(let expression, _)):
                check.columns.isEmpty && expression.sql == check.demand
            case (.foreignKey, .foreignKey(let key)):
                key.columns == check.columns && key.parent.text == check.demand
            case (.unique, .unique(let terms, _)):
                terms.compactMap(\.columnName) == check.columns
            default: false
            }
        }
        guard let constraint else { return LintPlace(column: check.columns.first, of: table) }
        return LintPlace(constraint: constraint.rule, of: table)
    }

    /// Keys no check is exactly right about, and which no row may stand in the way of all the same.
    private static func foreignKeys(
        _ change: LintedChange, known: [PreflightCheck]
    ) -> [LintFinding] {
        change.after.tables.flatMap { table -> [LintFinding] in
            guard let earlier = change.earlier[table.name.key], earlier != table else { return [] }
            let old = earlier.foreignKeys
            let created = change.newColumns(of: table)
            return table.foreignKeys.compactMap { key in
                let isKnown = known.contains {
                    $0.rule == .foreignKey && $0.table == table.name && $0.columns == key.columns
                }
                let isEmpty = key.columns.contains { name in
                    created.contains { $0.name.matches(name) && $0.defaultValue == nil }
                }
                guard !isKnown, !isEmpty, !old.contains(where: { $0.isSame(as: key) }) else {
                    return nil
                }
                let names = key.columns.map(\.text)
                return LintFinding(
                    dataDependent, "\(table.name).\(names.joined(separator: ","))",
                    "every \(table.name).\(names.joined(separator: ", ")) must have its parent in"
                        + " \(key.parent)",
                    suggestion: "Run 'cinch rehearse' to see which rows are in the way.",
                    at: LintPlace(foreignKey: key, of: table))
            }
        }
    }
}

extension LintPlace {
    /// The line of a foreign key: its own, or that of its column.
    init(foreignKey key: ForeignKey, of table: Table) {
        if table.constraints.contains(where: { $0.rule == .foreignKey(key) }) {
            self.init(constraint: .foreignKey(key), of: table)
        } else {
            self.init(column: key.columns.first, of: table)
        }
    }
}
