import Cinch
import CinchMaterializer
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows how far a rollout is on stderr, when that is a terminal, and lets Ctrl-C stop it
/// between tenants.
enum Progress {
    private static let interrupted = Atomic<Bool>(false)

    static func settings(jobs: Int? = nil, allowedLoss: Int? = nil) -> RolloutSettings {
        signal(SIGINT) { _ in Progress.interrupted.store(true, ordering: .relaxed) }
        signal(SIGPIPE, SIG_IGN)
        let isShown = Console.isTerminal(STDERR_FILENO)
        return RolloutSettings(
            jobs: jobs, allowedLoss: allowedLoss,
            isCancelled: { Progress.interrupted.load(ordering: .relaxed) },
            progress: { progress in
                guard isShown, progress.done % 16 == 0 || progress.done == progress.total else {
                    return
                }
                let end = progress.done == progress.total ? "\n" : "\r"
                Console.noteRaw("Materializing \(progress.done)/\(progress.total)\(end)")
            })
    }

    /// Shows counts on stderr, when that is a terminal.
    static func counter(_ what: String) -> @Sendable (_ done: Int, _ total: Int) -> Void {
        let isShown = Console.isTerminal(STDERR_FILENO)
        return { done, total in
            guard isShown else { return }
            Console.noteRaw("\(what) \(done)/\(total)\(done == total ? "\n" : "\r")")
        }
    }

    /// Whether Ctrl-C was pressed.
    static var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }
}
