/// The ordered steps that lead from one schema to another, whatever lies between them.
///
/// A plan is inert: it can be printed, stored and compared. At most one rebuild for each table.
public struct Plan: Hashable, Sendable {
    /// The steps, in the order they are run.
    public var steps: [Step]
    /// What the steps demand of rows that are there: each must find none before the plan runs.
    public var checks: [PreflightCheck]

    /// Makes a plan from its steps, which demand nothing of rows unless told otherwise.
    public init(steps: [Step], checks: [PreflightCheck] = []) {
        self.steps = steps
        self.checks = checks
    }

    /// Whether nothing needs to be done.
    public var isEmpty: Bool { steps.isEmpty }

    /// Every SQL statement in order, without BEGIN and COMMIT.
    ///
    /// They expect `foreign_keys` to be off, since dropping a table that others refer to would
    /// otherwise delete their rows.
    public var statements: [String] { steps.flatMap(\.statements) }

    /// Tables whose rows or keys the plan touches, by their new names, in name order: what a
    /// foreign key check has to look at.
    public var changedTables: [String] {
        var names: Set<Identifier> = []
        for step in steps {
            switch step {
            case .rebuildTable(let rebuild): names.insert(rebuild.to.name)
            case .createTable(let table): names.insert(table.name)
            case .addColumn(_, let table), .dropColumn(_, let table),
                .renameColumn(_, _, let table):
                names.insert(table)
            case .renameTable(_, let to): names.insert(to)
            default: break
            }
        }
        return names.sorted().map(\.text)
    }

    /// Tables that are dropped and come back: the planner's statistics on them go with the drop.
    public var rebuilds: [(from: String, to: String)] {
        steps.compactMap { step in
            guard case .rebuildTable(let rebuild) = step else { return nil }
            return (rebuild.from.name.text, rebuild.to.name.text)
        }
    }

    /// A script for the sqlite3 shell: the statements in one transaction, foreign keys off.
    public var script: String {
        let body = statements.map { $0.hasSuffix(";") ? $0 : $0 + ";" }.joined(separator: "\n")
        return """
            -- Run it with `sqlite3 -bail`, so that an error leaves the file as it was.
            PRAGMA foreign_keys = OFF;
            BEGIN IMMEDIATE;
            \(body)
            PRAGMA foreign_key_check;
            COMMIT;

            """
    }
}
