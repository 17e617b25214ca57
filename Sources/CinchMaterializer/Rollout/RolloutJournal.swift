import CinchSQLite
import Synchronization

/// What is written down of rollouts, beside the tenants it speaks of.
///
/// A tenant's stamp is the truth. The journal may lag behind it after a crash, until `settle`.
package struct RolloutJournal: Sendable {
    /// Where it is written.
    package let catalog: any TenantCatalog
    private let files: TenantFiles

    /// Binds a catalog to the tenants' files.
    package init(catalog: any TenantCatalog, files: TenantFiles) {
        self.catalog = catalog
        self.files = files
    }

    /// Makes an end of a rollout whose process died: tenants that are at its target become
    /// `.applied`, the others stay `.pending`, and it is `.interrupted`, or `.cancelled` if that
    /// had been asked for. Whoever calls holds the rollout lock.
    ///
    /// - Complexity: One look into each tenant's file that has no outcome; nothing without a crash.
    func settle(jobs: Int = 8) throws {
        guard let last = try catalog.rollouts(limit: 1).first, last.state.isUnderWay else { return }
        let pending = try catalog.outcomes(of: last.id).filter { $0.state == .pending }
        let arrived = Mutex<[RolloutOutcome]>([])
        WorkerThreads.forEach(pending.count, jobs: jobs) { index in
            var outcome = pending[index]
            guard stamp(of: outcome.tenant) == last.target else { return }
            outcome.state = .applied
            arrived.withLock { $0.append(outcome) }
        }
        let outcomes = arrived.withLock { $0 }
        if !outcomes.isEmpty { try catalog.record(outcomes, rollout: last.id) }
        let isComplete = outcomes.count == pending.count
        try catalog.finishRollout(last.id, state: end(of: last, isComplete: isComplete))
    }

    private func end(of last: RolloutRecord, isComplete: Bool) throws -> RolloutState {
        let counts = try catalog.counts(of: last.id)
        // Tenants that needed nothing may not have been written down before the crash.
        if isComplete, counts.applied == last.tenants { return .done }
        return last.state == .cancelling ? .cancelled : .interrupted
    }

    /// The stamp of a tenant; nil when it can't be read, whatever the reason.
    private func stamp(of tenant: String) -> TenantStamp? {
        guard let name = try? TenantName(tenant),
            let connection = try? TenantConnection.open(files.path(name), busyTimeout: 1000)
        else { return nil }
        return try? connection.tenantStamp()
    }

    /// Adds to the message that a rollout is under way since when that is, and how far it is.
    ///
    /// - Parameter process: The one that holds the lock.
    func explain(_ busy: MaterializerError, process: Int32?) -> MaterializerError {
        var error = busy
        error.hint = "Wait for it to finish and try again, or stop it with 'cinch rollout cancel'."
        guard let process, let last = try? catalog.rollouts(limit: 1).first,
            last.process == process, last.state.isUnderWay,
            let counts = try? catalog.counts(of: last.id)
        else { return error }
        error.message +=
            " since \(last.startedAt.prefix(19)) UTC: rollout \(last.id),"
            + " \(counts.done) of \(last.tenants) tenant\(last.tenants == 1 ? "" : "s") done"
        return error
    }
}
