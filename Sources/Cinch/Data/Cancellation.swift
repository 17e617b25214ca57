internal import Synchronization

/// A wish of the caller that a call end early, made from another thread.
package final class Cancellation: Sendable {
    private let cancelled = Atomic(false)

    /// No wish yet.
    package init() {}

    /// Whether the call shall end.
    package var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Has the call end as soon as it can, its changes undone.
    package func cancel() { cancelled.store(true, ordering: .relaxed) }
}
