internal import GRDBSQLite
internal import Synchronization

/// When the statements of a connection are stopped: at an instant, or when their caller wants it.
///
/// SQLite asks every few thousand of its instructions, so a statement goes on for microseconds
/// beyond, not longer. What was begun is undone, and the connection is as good as before.
final class Deadline: Sendable {
    /// Nanoseconds of the monotonic clock; 0 for none.
    private let end = Atomic<UInt64>(0)
    private let cancellation = Mutex<Cancellation?>(nil)

    /// Makes this the deadline of a connection. The caller keeps it alive for as long.
    func install(on connection: OpaquePointer?) {
        sqlite3_progress_handler(
            connection, 4000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether it has passed.
    var isOver: Bool {
        let end = end.load(ordering: .relaxed)
        if end != 0, DeadlineClock.now >= end { return true }
        return cancellation.withLock { $0?.isCancelled == true }
    }

    /// Runs `body` with statements stopped at `instant`, and when `wish` is made; absent for never.
    func during<Result>(
        _ instant: UInt64?, or wish: Cancellation?, _ body: () throws -> Result
    ) rethrows -> Result {
        end.store(instant ?? 0, ordering: .relaxed)
        cancellation.withLock { $0 = wish }
        defer {
            end.store(0, ordering: .relaxed)
            cancellation.withLock { $0 = nil }
        }
        return try body()
    }
}
