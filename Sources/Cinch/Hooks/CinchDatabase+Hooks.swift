import CinchGit
import CinchRepository
import CinchSchema

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Invariants of running hooks
//   K1  No lock is held while a hook runs: it may run any `cinch` or git command.
//   K2  What a hook is asked about is written, and nothing has moved: a "no" leaves no trace but
//       objects nobody refers to.
//   K3  A hook ends, at the latest when its time is up, and with it all that is in its group.
extension CinchDatabase {
    /// How deep hooks may start commands that run hooks.
    private static let deepest = 8

    /// The programs that are asked and told.
    package var hooks: HookFolder { HookFolder(repository: layout.repository) }

    /// Runs a hook that may say no.
    ///
    /// - Throws: `.stopped` when it does, `.interrupted` when the user did.
    func ask(_ hook: Hook?, _ event: HookEvent, _ settings: RolloutSettings) throws {
        guard let hook, settings.isVerified || !hook.isLeftOutUnverified else { return }
        try run(hook, event, settings: settings) { program, ending in
            throw Self.refusal(of: hook, program, ending, timeout: timeout)
        }
    }

    /// Runs a hook that is told of what has happened; whatever comes of it, it has happened.
    func tell(_ hook: Hook?, _ event: @autoclosure () -> HookEvent, _ settings: RolloutSettings) {
        guard let hook else { return }
        do {
            try run(hook, event(), settings: settings) { program, ending in
                HookOutput.say(
                    "warning: The hook '\(program)' \(Self.words(ending, timeout));"
                        + " what it was told of has happened")
            }
        } catch {
            HookOutput.say(
                "warning: The hook '\(hook.rawValue)' could not be run:"
                    + " \(CinchError(translating: error).message)")
        }
    }

    /// Runs one hook for a commit that a branch is at, to see what it does.
    ///
    /// - Parameter program: Only this one of its programs; nil for all.
    /// - Returns: How many programs there were.
    /// - Throws: `.stopped` when one of them says no.
    package func tryHook(_ hook: Hook, program: String? = nil) throws -> Int {
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let parent = try history.git.readCommit(tip).parents.first
        let event = HookEvent(
            occasion: .other("hooks run"), branch: branch.shortName, from: parent, to: tip)
        return try run(hook, event, only: program, settings: RolloutSettings()) {
            throw Self.refusal(of: hook, $0, $1, timeout: timeout, isTrial: true)
        }
    }

    private var timeout: Int { configuration.hookTimeout }

    @discardableResult
    private func run(
        _ hook: Hook, _ event: HookEvent, only: String? = nil, settings: RolloutSettings,
        onFailure: (_ program: String, ChildProcess.Ending) throws -> Void
    ) throws -> Int {
        var programs = hooks.programs(of: hook) { name in
            HookOutput.say(
                "hint: The hook '\(name)' is ignored because it is not executable;"
                    + " run 'chmod +x' on it")
        }
        if let only { programs.removeAll { $0 != only } }
        guard !programs.isEmpty else { return 0 }
        let depth = getenv("CINCH_HOOK_DEPTH").flatMap { Int(String(cString: $0)) } ?? 0
        guard depth < Self.deepest else {
            throw CinchError(
                code: .stopped,
                message: "The hook '\(hook.rawValue)' was started by hooks \(depth) deep",
                hint: "Let it run 'cinch' only with --no-verify, or for what has no such hook.")
        }
        let input = try input(of: hook, event)
        var environment = event.variables(for: hook, deployBranch: deployBranch)
        for (name, value) in configuration.hookVariables where getenv(name) == nil {
            environment[name] = value
        }
        for name in GitProgram.repositoryVariables { environment.updateValue(nil, forKey: name) }
        environment["GIT_DIR"] = layout.repository
        environment["CINCH_DIR"] = projectFolder
        environment["CINCH_DATABASE"] = name.text
        environment["CINCH_HOOK_DEPTH"] = "\(depth + 1)"
        for program in programs {
            let file = try ScratchFile(in: context.variable("TMPDIR"))
            try file.fill(input)
            var process = ChildProcess(["\(hooks.path)/\(program)"])
            process.environment = environment
            process.directory = layout.repository
            process.input = file.descriptor
            process.output = STDERR_FILENO
            process.leadsGroup = true
            let ending = try process.run(
                limit: .seconds(timeout), isCancelled: settings.isCancelled)
            guard let ending, !ending.isSuccess else { continue }
            try onFailure(program, ending)
        }
        return programs.count
    }

    /// What a hook reads: git's own form for the one that git runs.
    private func input(of hook: Hook, _ event: HookEvent) throws -> [UInt8] {
        guard hook != .preReceive else {
            let zero = String(repeating: "0", count: event.to.hex.count)
            return Array(
                "\(event.from?.hex ?? zero) \(event.to.hex) refs/heads/\(event.branch)\n".utf8)
        }
        let changes = try event.from.map { try diff(of: $0, event.to).changes } ?? []
        let json = event.json(
            for: hook, database: name, deployBranch: deployBranch, changes: changes)
        return Array((json.text() + "\n").utf8)
    }

    /// The project's folder, or the repository where there is no project.
    private var projectFolder: String {
        guard !isRepositoryAlone else { return layout.repository }
        let databases = ProjectLayout.split(layout.directory).parent
        return ProjectLayout.split(ProjectLayout.split(databases).parent).parent
    }

    private static func words(_ ending: ChildProcess.Ending, _ timeout: Int) -> String {
        switch ending {
        case .exited(let status): "ended with status \(status)"
        case .signaled(let signal): "was ended by signal \(signal)"
        case .timedOut: "was killed after \(timeout) s"
        case .cancelled: "was interrupted"
        }
    }

    private static func refusal(
        of hook: Hook, _ program: String, _ ending: ChildProcess.Ending, timeout: Int,
        isTrial: Bool = false
    ) -> CinchError {
        let message = "The hook '\(TerminalText.escaped(program))' \(words(ending, timeout))"
        var hint = "Nothing has moved; see what it said above"
        switch ending {
        case .cancelled:
            return CinchError(code: .interrupted, message: message, hint: hint + ".")
        case .timedOut: hint = "Give it longer: 'timeout_seconds' under [hooks] in config.toml"
        case _ where isTrial: hint = "It was only tried; see what it said above"
        case _ where hook.isLeftOutUnverified: hint += ", or leave it out with --no-verify"
        default: break
        }
        return CinchError(code: .stopped, message: message, hint: hint + ".")
    }
}
