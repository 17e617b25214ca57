#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another program, run beside this one.
enum ChildProcess {
    /// Starts a program, found in PATH unless it is named by a path.
    ///
    /// - Parameters:
    ///   - input: What becomes its stdin; absent for ours.
    ///   - variables: Set in its environment.
    /// - Returns: Its process id; absent when it can't be started.
    static func start(
        _ arguments: [String], input: Int32? = nil, adding variables: [String: String] = [:]
    ) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        var settings: [String] = []
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            let name = String(text.prefix { $0 != "=" })
            if variables[name] == nil { settings.append(text) }
            place += 1
        }
        settings += variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let words = arguments.map { strdup($0) } + [nil]
        let environment = settings.map { strdup($0) } + [nil]
        defer { for text in words + environment { free(text) } }
        var pid: pid_t = 0
        guard posix_spawnp(&pid, arguments[0], &actions, nil, words, environment) == 0 else {
            return nil
        }
        return pid
    }

    /// Waits for a program's end: its exit status, or 128 and the number of the signal that ended
    /// it, as a shell has it.
    static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
