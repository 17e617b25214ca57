package import CinchGit

/// One command's moves of references, so that it can be taken back.
package struct Operation: Hashable, Sendable {
    /// One reference and what became of it; absent where it doesn't exist.
    package struct Move: Hashable, Sendable {
        package var name: ReferenceName
        package var old: Reference?
        package var new: Reference?
    }

    /// The command's own mark; moves that share one are one operation.
    package var id: String
    /// The operation this one took back; absent for all but `undo`.
    package var undone: String?
    /// When it was, in seconds since 1970.
    package var seconds: Int64
    /// What the reflog says of its last move.
    package var message: String
    /// The moves, in the order they were made.
    package var moves: [Move]
}

/// The command that moves of references belong to.
///
/// Every call that moves one is an operation of its own, unless a command of several calls is
/// run as one:
///
///     try OperationScope.run { try database.createBranch("a"); try database.switchBranch("a") }
package struct OperationScope: Sendable {
    @TaskLocal static var current: OperationScope?

    let id: String
    let undone: String?

    init(undone: String? = nil) {
        id = String(UInt64.random(in: .min ... .max), radix: 16)
        self.undone = undone
    }

    /// Runs a command of several calls as one operation.
    package static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        try $current.withValue(current ?? OperationScope(), operation: body)
    }
}
