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

    /// Settings for a rollout that is watched; Ctrl-C finishes the tenants in hand from now on.
    static func settings(jobs: Int? = nil, allowedLoss: Int? = nil) -> RolloutSettings {
        signal(SIGINT) { _ in
            Progress.interrupted.store(true, ordering: .relaxed)
            // Again ends the process at once, which costs no tenant anything either.
            signal(SIGINT, SIG_DFL)
        }
        // Programs that start others from a thread pool leave it blocked for them.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
        signal(SIGPIPE, SIG_IGN)
        let line = Console.isTerminal(STDERR_FILENO) ? ProgressLine() : nil
        return RolloutSettings(
            jobs: jobs, allowedLoss: allowedLoss,
            isCancelled: { Progress.interrupted.load(ordering: .relaxed) },
            progress: { progress in
                if let text = line?.text(progress) { Console.noteRaw(text) }
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

    /// Shows steps one after another on stderr, when that is a terminal; nil when it isn't.
    static func steps() -> (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)? {
        guard Console.isTerminal(STDERR_FILENO) else { return nil }
        return { step, done, total in
            let count = total > 0 ? "\(done)/\(total)" : "\(done)"
            Console.noteRaw("\(step) \(count)\(total > 0 && done == total ? "\n" : "\r")")
        }
    }

    /// Whether Ctrl-C was pressed.
    static var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }
}

/// The line that is written again and again: how many tenants are done, have failed, and are done
/// in a second.
private final class ProgressLine: Sendable {
    private struct State {
        var start: ContinuousClock.Instant?
        var shown: ContinuousClock.Instant?
        var failures = 0
        var width = 0
    }

    private let state = Mutex(State())

    /// What to write now; nil when the last writing was a moment ago.
    func text(_ progress: MaterializationProgress) -> String? {
        state.withLock { state in
            let now = ContinuousClock.now
            let start = state.start ?? now
            state.start = start
            if progress.entry.outcome.isFailure { state.failures += 1 }
            let isEnd = progress.done == progress.total
            if !isEnd, let shown = state.shown, now - shown < .milliseconds(100) { return nil }
            state.shown = now
            let seconds = (now - start) / .seconds(1)
            var line = "Materializing \(progress.done)/\(progress.total)"
            if state.failures > 0 { line += ", \(state.failures) failed" }
            if seconds >= 0.5 { line += ", \(Int(Double(progress.done) / seconds))/s" }
            // Spaces over the end of a longer line before.
            let padding = String(repeating: " ", count: max(0, state.width - line.count))
            state.width = line.count
            return line + padding + (isEnd ? "\n" : "\r")
        }
    }
}
