import Synchronization

/// Writes a rollout's outcomes to the catalog in batches, from any thread.
///
/// A tenant's stamp is the truth and is on disk before its outcome gets here; what a crash keeps
/// from being written down is found again in the stamps by the next run.
final class RolloutRecorder: Sendable {
    private struct State {
        var waiting: [RolloutOutcome] = []
        var error: String?
        var lastFlush = ContinuousClock.now
        var lastLook = ContinuousClock.now
        var isCancelRequested = false
    }

    private let catalog: any TenantCatalog
    private let id: Int64
    private let state = Mutex(State())
    private static let batch = 256
    /// How long outcomes wait for others to be written with, as long as there are any.
    private static let patience = Duration.seconds(1)
    /// How often the catalog is asked whether to stop.
    private static let interval = Duration.milliseconds(100)

    /// Begins a rollout in the catalog.
    init(_ catalog: any TenantCatalog, _ start: RolloutStart) throws {
        self.catalog = catalog
        id = try catalog.beginRollout(start)
    }

    /// Whether another process asked for the end; cheap enough to ask before each tenant.
    var isCancelRequested: Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            if !state.isCancelRequested, now - state.lastLook >= Self.interval {
                state.lastLook = now
                // A catalog that can't be read asks for nothing.
                state.isCancelRequested = (try? catalog.state(ofRollout: id)) == .cancelling
            }
            return state.isCancelRequested
        }
    }

    /// Writes down what there is, before a pause.
    func flush() { state.withLock { flush(&$0) } }

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
            guard
                state.waiting.count % Self.batch == 0
                    || ContinuousClock.now - state.lastFlush >= Self.patience
            else { return }
            flush(&state)
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
        state.lastFlush = .now
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
