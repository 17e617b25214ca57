#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#elseif canImport(Darwin)
    @preconcurrency import Darwin
#endif

/// Another program, run and waited for.
struct ChildProcess {
    /// How a program ended.
    enum Ending: Hashable {
        /// With an exit status.
        case exited(Int32)
        /// By a signal.
        case signaled(Int32)
        /// Killed, with all it had started, because its time was up.
        case timedOut
        /// Killed, with all it had started, because the user asked for it.
        case cancelled

        /// Whether it ended with 0.
        var isSuccess: Bool { self == .exited(0) }
    }

    /// The program, a path or a name that PATH leads to, and its arguments.
    var words: [String]
    /// Changes to this process's environment; nil takes a variable away.
    var environment: [String: String?] = [:]
    /// Where it runs; nil for where this process does.
    var directory: String?
    /// What it reads; nil for what this process reads.
    var input: Int32?
    /// Where its standard output goes; nil for where this process's goes.
    var output: Int32?
    /// Whether it gets a process group, so that all it starts can be killed with it.
    var leadsGroup = false

    /// Makes a program's description.
    init(_ words: [String]) { self.words = words }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - limit: After how long it is killed; needs a group of its own, as `isCancelled` does.
    ///   - isCancelled: Looked at while it runs: true kills it.
    /// - Returns: nil when there is no such program.
    /// - Throws: `.failed` when the system can't start it.
    func run(
        limit: Duration? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) throws -> Ending? {
        guard let process = try start() else { return nil }
        guard leadsGroup, limit != nil || isCancelled != nil else { return Self.wait(process) }
        let start = ContinuousClock.now
        var pause: UInt32 = 200
        while !Self.hasEnded(process) {
            let isLate = limit.map { ContinuousClock.now - start >= $0 } ?? false
            if isLate || isCancelled?() == true {
                Self.kill(group: process)
                return isLate ? .timedOut : .cancelled
            }
            usleep(pause)
            pause = min(pause * 2, 10_000)
        }
        return Self.wait(process)
    }

    private func start() throws -> pid_t? {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if leadsGroup { flags |= POSIX_SPAWN_SETPGROUP }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        // What this process ignores or blocks for itself is none of the other's business.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGINT)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A shell changes the folder: posix_spawn can't do it everywhere.
        let arguments =
            directory.map { ["/bin/sh", "-c", "cd -- \"$0\" && exec \"$@\"", $0] + words } ?? words
        var copies = arguments.map { strdup($0) } + [nil]
        var variables = changedEnvironment.map { strdup($0) } + [nil]
        defer { for copy in copies + variables { free(copy) } }
        var process = pid_t()
        let code = posix_spawnp(
            &process, arguments[0], &actions, &attributes, &copies, &variables)
        if code == 0 { return process }
        // A PATH may name what is no folder.
        if code == ENOENT || code == ENOTDIR { return nil }
        throw CinchError(
            code: .failed,
            message: "'\(words[0])' can't be run: \(String(cString: strerror(code)))",
            hint: "Check that it may be executed, and that the machine has memory left.")
    }

    private var changedEnvironment: [String] {
        var variables: [String] = []
        var place = environ
        while let variable = place.pointee {
            let text = String(cString: variable)
            let name = text.prefix { $0 != "=" }
            if environment[String(name)] == nil { variables.append(text) }
            place += 1
        }
        for (name, value) in environment { if let value { variables.append("\(name)=\(value)") } }
        return variables
    }

    // MARK: Waiting

    /// Whether it has ended; it stays a zombie, so that its number is nobody else's.
    private static func hasEnded(_ process: pid_t) -> Bool {
        var information = siginfo_t()
        let code = waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG)
        return code == 0 ? information.si_signo != 0 : errno != EINTR
    }

    private static func wait(_ process: pid_t) -> Ending {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return .exited(255) }
        }
        // wait(2): the low seven bits are the signal that ended it.
        return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signaled(status & 0x7F)
    }

    /// Ends everything in a group: a second to clean up, then at once.
    private static func kill(group leader: pid_t) {
        send(SIGTERM, leader)
        for _ in 0..<100 where !hasEnded(leader) { usleep(10_000) }
        send(SIGKILL, leader)
        _ = wait(leader)
    }

    private static func send(_ signal: Int32, _ group: pid_t) {
        #if canImport(Glibc)
            _ = Glibc.kill(-group, signal)
        #elseif canImport(Musl)
            _ = Musl.kill(-group, signal)
        #else
            _ = Darwin.kill(-group, signal)
        #endif
    }
}
