import ArgumentParser
import Cinch
import CinchGit

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "History in one file, to be carried by hand.",
        subcommands: [Create.self, Unbundle.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Write a bundle; 'cinch clone' reads one, too.")

        @Argument(help: "The file; replaced if it is there.", completion: .file()) var file: String
        @Argument(
            help: "Branches, tags, or ranges such as v1..main; all branches and tags if absent.")
        var revisions: [String] = []
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let path = try Session.database().createBundle(file, revisions)
            guard !options.json else {
                return Console.print(json: [.init("bundle", .string(path))])
            }
            Console.print("Wrote '\(TerminalSafe.text(path))'")
        }
    }

    struct Unbundle: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "unbundle",
            abstract: "Take the history out of a bundle; its branches become bundle/NAME.")

        @Argument(help: "The file.", completion: .file()) var file: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let moves = try Session.database().unbundle(file)
            guard !options.json else {
                return Console.print(json: [.init("moves", .array(moves.map(RemoteOutput.json)))])
            }
            for move in moves { Console.print(RemoteOutput.line(move)) }
            guard let first = moves.first(where: { $0.name.shortName.hasPrefix("bundle/") }) else {
                return Console.print("Nothing new in it")
            }
            Console.note("hint: Merge with 'cinch merge \(first.name.shortName)'.")
        }
    }
}
