import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Long answers go through a pager when stdout is a terminal, as git's do: CINCH_PAGER, GIT_PAGER,
/// PAGER or `less`, in this order; `cat` and an empty word mean none.
enum Pager {
    /// The commands whose answers may be long.
    static let commands: Set<String> = [
        "log", "show", "diff", "blame", "shortlog", "schema", "reflog",
    ]

    private static let child = Atomic<Int32>(0)

    /// Whether stdout leads into a pager.
    static var isRunning: Bool { child.load(ordering: .relaxed) != 0 }

    /// Puts a pager behind stdout where there shall be one.
    static func start(for command: String?) {
        guard let command, commands.contains(command), !Invocation.hasNoPager,
            Console.isTerminal(STDOUT_FILENO), let program
        else { return }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // less: end on one screen, keep colours, leave the screen as it is.
        let defaults = ["LESS": "FRX", "LV": "-c"].filter { getenv($0.key) == nil }
        let pid = ChildProcess.start(
            ["/bin/sh", "-c", program], input: ends[0], adding: defaults)
        close(ends[0])
        guard let pid else {
            close(ends[1])
            return
        }
        dup2(ends[1], STDOUT_FILENO)
        if Console.isTerminal(STDERR_FILENO) { dup2(ends[1], STDERR_FILENO) }
        close(ends[1])
        // Ctrl-C is for the pager to deal with.
        signal(SIGINT, SIG_IGN)
        child.store(pid, ordering: .relaxed)
    }

    /// Ends the answer and waits until it has been read.
    static func finish() {
        let pid = child.exchange(0, ordering: .relaxed)
        guard pid != 0 else { return }
        close(STDOUT_FILENO)
        close(STDERR_FILENO)
        _ = ChildProcess.wait(pid)
    }

    /// What to run; nil for none.
    private static var program: String? {
        for name in ["CINCH_PAGER", "GIT_PAGER", "PAGER"] {
            guard let value = getenv(name).map({ String(cString: $0) }) else { continue }
            return ["", "cat"].contains(value) ? nil : value
        }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let isThere = folders.split(separator: ":").contains { access("\($0)/less", X_OK) == 0 }
        return isThere ? "less" : nil
    }
}
