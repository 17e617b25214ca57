extension SchemaMerge {
    /// A CHECK that one side has and the base hasn't.
    private struct AddedCheck {
        var expression: Expression
        /// The column it is written on; absent for one of the table.
        var column: Identifier?
    }

    /// CHECKs of both sides that no value can pass but NULL, as far as comparisons of a column
    /// with literals tell.
    func checkWarnings() -> [MergeWarning] {
        var warnings: [MergeWarning] = []
        for (table, mine, others) in tablesWithChecksOfBothSides() {
            for column in table.columns {
                let (left, right) = (
                    comparisons(of: column, in: mine), comparisons(of: column, in: others)
                )
                let domain = { (comparisons: [ColumnComparison]) in
                    comparisons.reduce(into: ColumnDomain()) { $0.restrict(by: $1) }
                }
                // What one side alone contradicts itself in, it knows.
                guard !domain(left).isEmpty, !domain(right).isEmpty, domain(left + right).isEmpty
                else { continue }
                let text = { (checks: [AddedCheck]) in
                    checks.filter { $0.expression.mentions(column.name) }
                        .map { "CHECK (\($0.expression.sql))" }.joined(separator: " ")
                }
                warnings.append(
                    MergeWarning(
                        .contradiction, entity: "\(table.name).\(column.name)",
                        "no value of \(table.name).\(column.name) but NULL passes both"
                            + " \(text(mine)) and \(text(others))"))
            }
        }
        return warnings
    }

    /// Says of which columns rows must pass CHECKs of both sides, where not all are written on
    /// the column: those are noted as they are merged.
    func checkNotes() -> [String] {
        tablesWithChecksOfBothSides().compactMap { table, mine, others in
            let shared = table.columns.map(\.name).filter { column in
                let (left, right) = (
                    mine.filter { $0.expression.mentions(column) },
                    others.filter { $0.expression.mentions(column) }
                )
                return !left.isEmpty && !right.isEmpty
                    && (left + right).contains { $0.column?.matches(column) != true }
            }
            guard !shared.isEmpty else { return nil }
            let names = shared.map { "\(table.name).\($0)" }.joined(separator: ", ")
            return "both sides add CHECKs over \(names): rows must pass "
                + (mine + others).map { "CHECK (\($0.expression.sql))" }.joined(separator: " ")
        }
    }

    private func tablesWithChecksOfBothSides() -> [(Table, [AddedCheck], [AddedCheck])] {
        result.tables.compactMap { table in
            guard let before = base.tables[table.name], let mine = ours.tables[table.name],
                let other = theirs.tables[table.name], mine != before, other != before
            else { return nil }
            let old = before.allChecks
            // What both sides added alike is one.
            let added = { (side: Table, twin: Table) in
                side.allChecks.filter { check in
                    !old.contains { $0.expression == check.expression }
                        && !twin.allChecks.contains { $0.expression == check.expression }
                        && table.allChecks.contains { $0.expression == check.expression }
                }.map { AddedCheck(expression: $0.expression, column: $0.column) }
            }
            let (left, right) = (added(mine, other), added(other, mine))
            return left.isEmpty || right.isEmpty ? nil : (table, left, right)
        }
    }

    /// Comparisons whose literals SQLite compares as they are written, whatever the column's type
    /// makes of values.
    private func comparisons(of column: Column, in checks: [AddedCheck]) -> [ColumnComparison] {
        let isText = Affinity(declaredType: column.declaredType) == .text
        let isCollated = column.collation.map { !$0.rule.matches("BINARY") } ?? false
        return checks.flatMap(\.expression.comparisons).filter { comparison in
            comparison.column.matches(column.name)
                && comparison.literals.allSatisfy {
                    switch $0 {
                    case .number: !isText
                    case .text: isText && !isCollated
                    }
                }
        }
    }
}

extension Table {
    fileprivate var allChecks: [(expression: Expression, column: Identifier?)] {
        columns.flatMap { column in
            column.checks.map { (expression: $0.rule, column: Optional(column.name)) }
        }
            + constraints.compactMap { constraint in
                guard case .check(let expression, _) = constraint.rule else { return nil }
                return (expression: expression, column: nil)
            }
    }
}
