#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `git` program, which knows transports and credentials better than we would. What it says
/// goes to standard error as it comes.
struct GitProgram {
    /// What git sets to say which repository it means: another's must not be taken for ours.
    static let repositoryVariables = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_COMMON_DIR", "GIT_PREFIX",
        "GIT_NAMESPACE", "GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX",
    ]

    /// The error when there is no git.
    static let missing = CinchError(
        code: .failed, message: "The program 'git' is not installed",
        hint: "Install git, or put it on the PATH; everything but remotes works without it.")

    /// The repository; nil for a command that makes one.
    let repository: String?
    let context: Context

    /// What came of a run.
    struct Answer {
        var ending: ChildProcess.Ending
        var output: String
    }

    /// Runs git, whatever comes of it.
    ///
    /// - Throws: ``missing``, or `.failed` when it can't be started.
    func run(_ arguments: [String]) throws -> Answer {
        let output = try ScratchFile(in: context.variable("TMPDIR"))
        var process = ChildProcess(["git"] + arguments)
        for name in Self.repositoryVariables { process.environment.updateValue(nil, forKey: name) }
        if let repository { process.environment["GIT_DIR"] = repository }
        if getenv("GIT_ALLOW_PROTOCOL") == nil {
            process.environment["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh"
        }
        // Nobody is there to answer.
        if isatty(STDIN_FILENO) == 0 { process.environment["GIT_TERMINAL_PROMPT"] = "0" }
        // Answers that are read are not to be translated.
        process.environment["LANGUAGE"] = "C"
        process.output = output.descriptor
        guard let ending = try process.run() else { throw Self.missing }
        return Answer(
            ending: ending, output: String(decoding: try output.contents(), as: UTF8.self))
    }

    /// Runs git and gives what it answers.
    ///
    /// - Throws: `.failed` saying what could not be done unless it ends with 0, `.interrupted`
    ///   when Ctrl-C ended it.
    @discardableResult
    func demand(_ arguments: [String], _ purpose: String, hint: String) throws -> String {
        let answer = try run(arguments)
        guard !answer.ending.isSuccess else { return answer.output }
        throw Self.failure(answer.ending, purpose, hint: hint)
    }

    /// The error for a run that did not succeed.
    static func failure(
        _ ending: ChildProcess.Ending, _ purpose: String, hint: String
    ) -> CinchError {
        if ending == .signaled(SIGINT) || ending == .exited(128 + SIGINT) {
            return CinchError(code: .interrupted, message: "Interrupted while git ran", hint: hint)
        }
        return CinchError(code: .failed, message: purpose, hint: hint)
    }
}
