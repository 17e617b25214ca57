internal import GRDBSQLite
internal import Synchronization

/// When the statements of a connection are stopped.
///
/// SQLite asks every few thousand of its instructions, so a statement goes on for microseconds
/// beyond, not longer. What was begun is undone, and the connection is as good as before.
final class Deadline: Sendable {
    /// Nanoseconds of the monotonic clock; 0 for none.
    private let end = Atomic<UInt64>(0)

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
        return end != 0 && DeadlineClock.now >= end
    }

    /// Runs `body` with statements stopped at `instant`; absent for never.
    func during<Result>(_ instant: UInt64?, _ body: () throws -> Result) rethrows -> Result {
        end.store(instant ?? 0, ordering: .relaxed)
        defer { end.store(0, ordering: .relaxed) }
        return try body()
    }
}
