import CinchSQLite
import CinchSchema

/// What came of changing copies of tenants.
package struct RehearsalReport: Hashable, Sendable {
    /// Rows or values a plan announces to take away.
    package struct Loss: Hashable, Sendable {
        /// The table, by its name before.
        package var table: String
        /// The column; nil when the table goes as a whole.
        package var column: String?
        /// Rows of a table that goes, or of values that are not NULL in a column that goes.
        package var count: Int
    }

    /// One tenant's copy.
    package struct Entry: Hashable, Sendable {
        /// The tenant.
        package var tenant: String
        /// What became of its copy.
        package var outcome: TenantOutcome = .skipped
        /// How long the change took, without the copying.
        package var milliseconds = 0
        /// The copy's size before the change.
        package var bytesBefore = 0
        /// The copy's size after it.
        package var bytesAfter = 0
        /// Rows of all ordinary tables before the change; nil when they could not be counted.
        package var rowsBefore: Int?
        /// The same after it; nil also when the change failed.
        package var rowsAfter: Int?
        /// What the plan takes away, in the order of its tables.
        package var losses: [Loss] = []
    }

    /// What the copies were brought to.
    package var target: TenantStamp
    /// The tenants that were dealt with, in the order given.
    package var entries: [Entry] = []
    /// Rows in the way of the plan: where there are any, the deploy branch would not move.
    package var findings: [PreflightFinding] = []
    /// How long all of it took, the copying included.
    package var milliseconds = 0
    /// Whether it ended early because it was cancelled.
    package var wasCancelled = false

    /// The tenants whose copies could not be brought to the target.
    package var failures: [Entry] { entries.filter { !$0.outcome.isAtTarget } }

    /// The longest change, in milliseconds; 0 when there was none.
    package var longest: Int { entries.map(\.milliseconds).max() ?? 0 }

    /// The change in the middle by time, the longer one of two; 0 when there was none.
    package var median: Int {
        let times = entries.map(\.milliseconds).sorted()
        return times.isEmpty ? 0 : times[times.count / 2]
    }
}

extension RehearsalReport.Loss {
    /// Counts what leading from one schema to the other takes away from a file at the first.
    static func count(
        from: Schema, to: Schema, _ connection: Connection
    ) throws(SQLiteError) -> [Self] {
        let changes = SchemaDiff(from: from, to: to).changes
        var oldNames: [Identifier: Identifier] = [:]
        for case .renameTable(let old, let new) in changes { oldNames[new] = old }
        var losses: [Self] = []
        for change in changes {
            switch change {
            case .dropTable(let table): try add(table.name, nil)
            case .dropVirtualTable(let table): try add(table.name, nil)
            case .dropColumn(let column, let table) where column.generated == nil:
                try add(oldNames[table] ?? table, column.name)
            default: break
            }
        }
        return losses

        func add(_ table: Identifier, _ column: Identifier?) throws(SQLiteError) {
            let what = column.map { "main.\(table.quoted).\($0.quoted)" } ?? "*"
            let count = try connection.scalar(
                "SELECT count(\(what)) FROM main.\(table.quoted)")?.integer
            losses.append(Self(table: table.text, column: column?.text, count: Int(count ?? 0)))
        }
    }
}
