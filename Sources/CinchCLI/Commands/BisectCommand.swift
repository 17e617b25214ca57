import ArgumentParser
import Cinch
import CinchGit
import CinchRepository

struct BisectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect", abstract: "Find the commit that made something bad.",
        subcommands: [
            Start.self, Good.self, Bad.self, Skip.self, Run.self, Status.self, Reset.self,
        ])

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start", abstract: "Begin a search.")
        @Argument(help: "A commit that is bad.", completion: Completion.revisions) var bad: String?
        @Argument(help: "Commits that are good.", completion: Completion.revisions) var good:
            [String] = []

        func run() throws {
            let database = try Session.database()
            try BisectOutput.print(database.startBisect(bad: bad, good: good), database)
        }
    }

    struct Good: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "good", abstract: "Say that commits are good.")
        @Argument(
            help: "The commits; the one to be tested if none.", completion: Completion.revisions)
        var revisions: [String] = []
        func run() throws { try BisectOutput.record(.good, revisions) }
    }

    struct Bad: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bad", abstract: "Say that a commit is bad.")
        @Argument(
            help: "The commit; the one to be tested if none.", completion: Completion.revisions)
        var revision: String?
        func run() throws { try BisectOutput.record(.bad, [revision].compactMap(\.self)) }
    }

    struct Skip: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "skip", abstract: "Say that commits can't be tested.")
        @Argument(
            help: "The commits; the one to be tested if none.", completion: Completion.revisions)
        var revisions: [String] = []
        func run() throws { try BisectOutput.record(.skip, revisions) }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Let a command test until the commit is found.",
            discussion: """
                The command gets the path of a database without rows that has the commit's schema:
                in place of {}, or as its last argument. CINCH_COMMIT is the commit. It ends with 0
                for good, 125 for a commit that can't be tested, 1 to 124 for bad; anything else
                stops the search. When only commits that can't be tested are left, the exit status
                is 2.
                """)
        @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
        var command: [String] = []

        func run() throws {
            // The parser leaves every word to the command, those that ask for help, too.
            if command == ["--help"] || command == ["-h"] { throw CleanExit.helpRequest(self) }
            guard !command.isEmpty else { throw ValidationError("There is no command to run") }
            let database = try Session.database()
            let words = command.first == "--" ? Array(command.dropFirst()) : command
            try BisectRun(database: database, command: words).run()
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "log", abstract: "Show what was said so far.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let state = try Session.database().bisectState()
            guard !options.json else {
                Console.print(
                    json: [
                        .init("bad", state?.bad.map { .string($0.hex) } ?? JSONValue.null),
                        .init("good", .array((state?.good ?? []).map { .string($0.hex) })),
                        .init("skipped", .array((state?.skipped ?? []).map { .string($0.hex) })),
                        .init("testing", state?.testing.map { .string($0.hex) } ?? JSONValue.null),
                    ])
                return
            }
            for line in state?.log ?? [] { Console.print(line) }
        }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "Forget the search.")
        func run() throws { try Session.database().resetBisect() }
    }
}
