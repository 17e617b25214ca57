/// What came of changing copies of tenants.
package struct RehearsalReport: Hashable, Sendable {
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
        /// What becomes of its rows and values, what goes for good first.
        package var effects: [DataEffectCount] = []
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
