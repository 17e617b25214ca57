/// What goes.
enum DropLint: LintGroup {
    static let dropTable = LintRule(
        "drop-table", "A table is dropped", .error,
        why: """
            Every tenant loses the table's rows from its schema. They are parked in the tenant's file \
            and come back when the commit is reverted, until they are purged; a statement of the \
            application that still names the table fails at once.
            """,
        example: "DROP TABLE invoices;",
        fix: """
            Stop using the table first, and drop it in a later release. If it only gets another name, \
            rename it, so that its rows stay.
            """)

    static let dropColumn = LintRule(
        "drop-column", "A column is dropped", .error,
        why: """
            Its values go from every tenant's rows. They are parked and come back when the commit is \
            reverted, until they are purged; a statement of the application that still names the \
            column fails at once.
            """,
        example: "ALTER TABLE users DROP COLUMN phone;",
        fix: """
            Stop using the column first, and drop it in a later release. If it only gets another name, \
            rename it, so that its values stay.
            """)

    static let dropOther = LintRule(
        "drop-other", "A view, trigger or index is dropped", .info,
        why: """
            No row goes with it, but statements that read the view fail, what the trigger kept up stops \
            being kept up, and what the index made fast or unique no longer is.
            """,
        example: "DROP INDEX idx_users_email;",
        fix: "Make sure that nothing relies on it.")

    static let rules = [dropTable, dropColumn, dropOther]

    static func findings(in change: LintedChange) -> [LintFinding] {
        var findings: [LintFinding] = []
        let made = Set(
            change.diff.changes.compactMap { change in
                if case .createVirtualTable(let table) = change { table.name.key } else { nil }
            })
        for item in change.diff.changes {
            switch item {
            case .dropTable(let table):
                findings.append(
                    LintFinding(
                        dropTable, table.name.text,
                        "table \(table.name) is dropped, and its rows with it",
                        suggestion: "Drop it once nothing uses it any more, or rename it instead.",
                        at: LintPlace(.table, table.name, isBefore: true)))
            case .dropVirtualTable(let table):
                let isMadeAnew = made.contains(table.name.key)
                let what = isMadeAnew ? "is made anew without what it holds" : "is dropped"
                findings.append(
                    LintFinding(
                        dropTable, table.name.text, "virtual table \(table.name) \(what)",
                        suggestion: isMadeAnew
                            ? "Fill it again with 'cinch data-step'."
                            : "Drop it once nothing uses it any more.",
                        at: LintPlace(.table, table.name, isBefore: true)))
            case .dropColumn(let column, let name):
                guard let old = change.old(name) else { continue }
                findings.append(
                    LintFinding(
                        dropColumn, "\(name).\(column.name)",
                        "column \(name).\(column.name) is dropped, and its values with it",
                        suggestion: "Drop it once nothing uses it any more, or rename it instead.",
                        at: LintPlace(column: column.name, of: old, isBefore: true)))
            case .dropIndex(let index) where change.after.tables[index.table] != nil:
                findings.append(other(.index, index.name))
            case .dropView(let view): findings.append(other(.view, view.name))
            case .dropTrigger(let trigger)
            where change.after.tables[change.renaming.table(trigger.table)] != nil:
                findings.append(other(.trigger, trigger.name))
            default: break
            }
        }
        return findings
    }

    private static func other(_ kind: SchemaEntry.Kind, _ name: Identifier) -> LintFinding {
        LintFinding(
            dropOther, name.text, "\(kind.rawValue) \(name) is dropped",
            at: LintPlace(kind, name, isBefore: true))
    }
}
