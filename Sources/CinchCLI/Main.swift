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
            // Creating a branch is writing a reference: looking up the parser's types at run time
            // would cost several times that, so the plain form goes straight to it.
            if arguments.count == 3, arguments[0] == "branch", arguments[1] == "create",
                !arguments[2].hasPrefix("-")
            {
                try BranchCommand.create(arguments[2], from: "HEAD", switches: false)
                Console.exit(0)
            }
            MemoryStatistics.turnOff()
            var command = try CinchCommand.parseAsRoot(arguments)
            try OperationScope.run { try command.run() }
            Console.exit(0)
        } catch {
            report(error)
        }
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
                    code: .usage, message: firstLine(CinchCommand.message(for: error)),
                    hint: "Run 'cinch \(Invocation.verbs)--help' for how it is used."))
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
    /// The arguments without `-C DIR`.
    static let arguments = leading.rest

    /// Whether the answer shall be JSON, for errors that have one.
    static var wantsJSON: Bool { arguments.prefix { $0 != "--" }.contains("--json") }

    /// The command and its subcommand, for hints.
    static var verbs: String {
        guard let first = arguments.first,
            let command = CinchCommand.configuration.subcommands.first(where: {
                $0.configuration.commandName == first
            })
        else { return "" }
        let second = arguments.dropFirst().first { argument in
            command.configuration.subcommands.contains { $0.configuration.commandName == argument }
        }
        return ([first] + [second].compactMap { $0 }).map { $0 + " " }.joined()
    }

    private static func split(_ arguments: [String]) -> (directory: String?, rest: [String]) {
        var rest = arguments[...]
        var directory: String?
        while rest.first == "-C", rest.count > 1 {
            let next = rest[rest.startIndex + 1]
            directory = next.hasPrefix("/") ? next : directory.map { "\($0)/\(next)" } ?? next
            rest = rest.dropFirst(2)
        }
        return (directory, rest.first == "log" ? rest.flatMap(separated) : Array(rest))
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

    static func database() throws -> CinchDatabase { try project().database() }
}
