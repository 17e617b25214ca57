import Synchronization

/// Writes a rollout's outcomes to the catalog in batches, from any thread.
///
/// A tenant's stamp is the truth and is on disk before its outcome gets here; what a crash keeps
/// from being written down is found again in the stamps by the next run.
final class RolloutRecorder: Sendable {
    private struct State {
        var waiting: [RolloutOutcome] = []
        var error: String?
    }

    private let catalog: any TenantCatalog
    private let id: Int64
    private let state = Mutex(State())
    private static let batch = 256

    /// Begins a rollout in the catalog.
    init(
        _ catalog: any TenantCatalog, from commit: String?, to stamp: TenantStamp,
        pending: [String]
    ) throws {
        self.catalog = catalog
        id = try catalog.beginRollout(from: commit, to: stamp, pending: pending)
    }

    /// Takes down one outcome; dry and skipped ones stay pending.
    func record(_ entry: MaterializationReport.Entry) {
        let outcome: RolloutOutcome.State
        var reason: String?
        switch entry.outcome {
        case .upToDate, .restamped, .applied: outcome = .applied
        case .drifted(let sentence): (outcome, reason) = (.drifted, sentence)
        case .failed(let sentence), .unproven(let sentence): (outcome, reason) = (.failed, sentence)
        case .pending, .skipped: return
        }
        state.withLock { state in
            state.waiting.append(
                RolloutOutcome(
                    tenant: entry.name, state: outcome, error: reason,
                    milliseconds: entry.milliseconds))
            if state.waiting.count >= Self.batch { flush(&state) }
        }
    }

    /// Writes what is left and the rollout's end. Returns why outcomes are missing, if they are.
    func finish(_ end: RolloutState) -> String? {
        state.withLock { state in
            flush(&state)
            do {
                try catalog.finishRollout(id, state: end)
            } catch {
                state.error = state.error ?? "\(error)"
            }
            return state.error
        }
    }

    private func flush(_ state: inout State) {
        guard !state.waiting.isEmpty else { return }
        do {
            try catalog.record(state.waiting, rollout: id)
            state.waiting.removeAll(keepingCapacity: true)
        } catch {
            // Kept for the next flush: a busy catalog must not fail a tenant that is done.
            state.error = "\(error)"
            return
        }
        state.error = nil
    }
}
