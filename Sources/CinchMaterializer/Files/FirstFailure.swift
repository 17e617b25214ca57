import Synchronization

/// The first error that several threads ran into.
final class FirstFailure: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    /// The error; nil as long as all went well.
    var error: (any Error)? { first.withLock { $0 } }

    /// Runs `body` and keeps its error if it is the first.
    func catching(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            first.withLock { $0 = $0 ?? error }
        }
    }
}
