import ArgumentParser
import Cinch
import CinchGit

struct MergeBaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-base", abstract: "Find where two histories parted.")

    @Argument(help: "A revision.", completion: Completion.revisions) var first: String
    @Argument(help: "Another.", completion: Completion.revisions) var second: String
    @Flag(name: .shortAndLong, help: "Every one where histories cross, not just the newest.")
    var all = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let bases = try database.git.mergeBases(
            database.commit(first), database.commit(second))
        let shown = all ? bases : Array(bases.prefix(1))
        if options.json {
            Console.print(json: [.init("commits", .array(shown.map { .string($0.hex) }))])
        } else {
            for base in shown { Console.print(base.hex) }
        }
        // As with git: no common ancestor is a no.
        if bases.isEmpty { throw ExitCode(1) }
    }
}
