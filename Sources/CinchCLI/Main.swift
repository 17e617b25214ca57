import ArgumentParser
import Cinch
import CinchSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The process: synchronous, since an asynchronous main costs milliseconds at every start.
@main
enum Main {
    static func main() {
        // Answered before the command tree is built: scripts ask for it all the time.
        if CommandLine.arguments.count == 2, CommandLine.arguments[1] == "--version" {
            Console.print(Version.text)
            Console.exit(0)
        }
        do {
            let arguments = Invocation.arguments
            MemoryStatistics.turnOff()
            if try runPlainly(arguments) { Console.exit(0) }
            Pager.start(for: arguments.first)
            var command = try command(arguments)
            try OperationScope.run { try command.run() }
            Console.exit(0)
        } catch {
            report(error)
        }
    }

    /// Runs the plain forms of what git does in a few milliseconds; false for everything else.
    ///
    /// The parser looks up its types at run time. That alone takes as long as writing a reference
    /// several times, or a tenth of a merge.
    private static func runPlainly(_ arguments: [String]) throws -> Bool {
        if arguments.count == 3, arguments[0] == "branch", arguments[1] == "create",
            !arguments[2].hasPrefix("-")
        {
            try BranchCommand.create(arguments[2], from: "HEAD", switches: false)
            return true
        }
        if arguments.first == "log" { return try LogCommand.runPlainly(arguments.dropFirst()) }
        let flags = arguments.dropFirst(2)
        if arguments.count >= 2, arguments[0] == "merge", !arguments[1].hasPrefix("-"),
            flags.allSatisfy(["--preview", "--json"].contains), Set(flags).count == flags.count
        {
            try OperationScope.run {
                try MergeCommand.run(
                    arguments[1], isPreview: flags.contains("--preview"),
                    json: flags.contains("--json"))
            }
            return true
        }
        return false
    }

    /// The command that the arguments spell.
    ///
    /// Making the parser's tree of all commands costs milliseconds: mostly that of the one which
    /// is named will do. What it doesn't take, be it a mistake or a wish for help, is read again
    /// with the whole tree, whose answer speaks of `cinch`.
    private static func command(_ arguments: [String]) throws -> any ParsableCommand {
        if let named = Invocation.command {
            do {
                let command = try named.parseAsRoot(Array(arguments.dropFirst()))
                let types = [named] + named.configuration.subcommands
                // Asked for help, the parser gives a command of its own.
                if types.contains(where: { $0 == type(of: command) }) { return command }
            } catch {}
        }
        return try CinchCommand.parseAsRoot(arguments)
    }

    private static func report(_ error: any Error) -> Never {
        if let code = error as? ExitCode { Console.exit(code.rawValue) }
        if error is ConflictsOpen { Console.exit(3) }
        if error is CleanExit || CinchCommand.exitCode(for: error).isSuccess {
            Console.print(CinchCommand.fullMessage(for: error))
            Console.exit(0)
        }
        if CinchCommand.exitCode(for: error) == .validationFailure {
            Console.fail(
                CinchError(
                    code: .usage,
                    message: TerminalSafe.text(firstLine(CinchCommand.message(for: error))),
                    hint: Invocation.suggestion
                        ?? "Run 'cinch \(Invocation.verbs)--help' for how it is used."))
        }
        let failure = CinchError(translating: error)
        if let stop = failure.cause as? PreflightStop { PreflightOutput.report(stop) }
        Console.fail(failure)
    }

    private static func firstLine(_ text: String) -> String {
        String(text.split(separator: "\n").first ?? "The command line was not understood")
    }
}

/// What the command line says besides the command itself.
enum Invocation {
    private static let leading = split(Array(CommandLine.arguments.dropFirst()))

    /// The folder after `-C`; absent when the current one is meant.
    static let directory = leading.directory
    /// `always`, `never` or `auto`, as the last `--color` says.
    static let color = leading.color
    /// Whether `--no-pager` was given.
    static let hasNoPager = leading.hasNoPager
    /// The arguments without those that are for every command.
    static let arguments = leading.rest

    /// Whether the answer shall be JSON, for errors that have one.
    static var wantsJSON: Bool { arguments.prefix { $0 != "--" }.contains("--json") }

    /// The command that is named first; absent when there is none of that name.
    static var command: (any ParsableCommand.Type)? {
        CinchCommand.configuration.subcommands.first {
            $0.configuration.commandName == arguments.first
        }
    }

    /// The command and its subcommand, for hints.
    static var verbs: String {
        guard let first = arguments.first, let command else { return "" }
        let second = arguments.dropFirst().first { argument in
            command.configuration.subcommands.contains { $0.configuration.commandName == argument }
        }
        return ([first] + [second].compactMap { $0 }).map { $0 + " " }.joined()
    }

    /// Asks whether the command nearest to the one that was misspelt is meant.
    static var suggestion: String? {
        func near(_ word: String?, _ commands: [any ParsableCommand.Type]) -> String? {
            let names = commands.compactMap { $0.configuration.commandName }
            guard let word, !word.hasPrefix("-"), !names.contains(word) else { return nil }
            return Suggestion.nearest(to: word, among: names)
        }
        guard let command else {
            return near(arguments.first, CinchCommand.configuration.subcommands).map {
                "Did you mean 'cinch \($0)'? 'cinch --help' lists all commands."
            }
        }
        let name = command.configuration.commandName ?? ""
        return near(arguments.dropFirst().first, command.configuration.subcommands).map {
            "Did you mean 'cinch \(name) \($0)'? 'cinch \(name) --help' lists all."
        }
    }

    private struct Leading {
        var directory: String?
        var color = "auto"
        var hasNoPager = false
        var rest: [String] = []
    }

    private static func split(_ arguments: [String]) -> Leading {
        var leading = Leading()
        var rest = arguments[...]
        while let first = rest.first {
            if first == "-C", rest.count > 1 {
                let next = rest[rest.startIndex + 1]
                leading.directory =
                    next.hasPrefix("/") ? next : leading.directory.map { "\($0)/\(next)" } ?? next
                rest = rest.dropFirst(2)
            } else if ["--no-pager", "-P"].contains(first) {
                leading.hasNoPager = true
                rest = rest.dropFirst()
            } else if let color = color(first) {
                leading.color = color
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        leading.rest = Array(rest)
        guard let command = rest.first, Pager.commands.contains(command) else { return leading }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        for argument in rest[..<end] { leading.color = color(argument) ?? leading.color }
        leading.rest = rest[..<end].filter { color($0) == nil } + rest[end...]
        if command == "log" { leading.rest = leading.rest.flatMap(separated) }
        return leading
    }

    /// What `--color`, `--color=WHEN` or `--no-color` says; absent for anything else.
    private static func color(_ argument: String) -> String? {
        switch argument {
        case "--color", "--color=always": "always"
        case "--no-color", "--color=never": "never"
        case "--color=auto": "auto"
        default: nil
        }
    }

    /// `-n3` as git users write it: the option and its number.
    private static func separated(_ argument: String) -> [String] {
        let number = argument.dropFirst(2)
        guard argument.hasPrefix("-n"), !number.isEmpty, number.allSatisfy(\.isNumber) else {
            return [argument]
        }
        return ["-n", String(number)]
    }
}

/// The project and database a command works on.
enum Session {
    static func project() throws -> Project {
        try Project.find(in: .current(), explicit: Invocation.directory)
    }

    /// The active database, or that of a repository alone.
    static func database() throws -> CinchDatabase {
        try CinchDatabase.find(in: .current(), explicit: Invocation.directory)
    }
}
