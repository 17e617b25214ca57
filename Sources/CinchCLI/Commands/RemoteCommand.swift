import ArgumentParser
import Cinch

struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Other copies of the history, to push to and pull from.",
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the remotes.")

        @Flag(name: .shortAndLong, help: "With where they are.") var verbose = false
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let remotes = try Session.database().remotes()
            guard !options.json else {
                return Console.print(json: [
                    .init("remotes", .array(remotes.map(RemoteOutput.json)))
                ])
            }
            for remote in remotes {
                var line = TerminalSafe.text(remote.name)
                if verbose { line += "\t\(TerminalSafe.text(remote.shownURL))" }
                if verbose, let push = remote.shownPushURL {
                    line += " (pushed to \(TerminalSafe.text(push)))"
                }
                Console.print(line)
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Write down a remote; nothing is asked of it yet.")

        @Argument(help: "What to call it, such as origin.") var name: String
        @Argument(help: "A path, ssh://host/path, host:path, or https://…") var url: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let remote = try Session.database().addRemote(name, url)
            guard !options.json else {
                return Console.print(json: [.init("remote", RemoteOutput.json(remote))])
            }
            Console.print(TerminalSafe.text("Added remote '\(remote.name)' at \(remote.shownURL)"))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Forget a remote and its remote-tracking branches.")

        @Argument(help: "The remote.", completion: Completion.remotes) var name: String

        func run() throws {
            try Session.database().removeRemote(name)
            Console.print("Removed remote '\(name)'")
        }
    }
}
