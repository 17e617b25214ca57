import ArgumentParser
import Cinch

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Get what a remote has; no branch of yours moves.")

    @Argument(
        help: "The remote; the current branch's, or origin, if absent.",
        completion: Completion.remotes)
    var remote: String?
    @Flag(help: "Forget what is remembered of branches that are gone there.") var prune = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let (remote, moves) = try Session.database().fetch(remote, prunes: prune)
        guard !options.json else {
            return Console.print(json: [
                .init("remote", .string(remote)),
                .init("moves", .array(moves.map(RemoteOutput.json))),
            ])
        }
        for move in moves { Console.print(RemoteOutput.line(move)) }
        if moves.isEmpty { Console.print("Nothing new in '\(remote)'") }
    }
}

struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch, and merge what the remote has for the current branch.",
        discussion: "Tenants follow. Conflicts are kept and decided as those of 'cinch merge'.")

    @Argument(
        help: "The remote; the current branch's, or origin, if absent.",
        completion: Completion.remotes)
    var remote: String?
    @Argument(
        help: "Its branch; the one of the same name if absent.", completion: Completion.branches)
    var branch: String?
    @OptionGroup var merging: MergingOptions
    @OptionGroup var options: EditingOptions

    func validate() throws {
        if merging.preview {
            throw ValidationError("Run 'cinch fetch' and 'cinch merge REMOTE/BRANCH --preview'")
        }
    }

    func run() throws {
        let database = try Session.database()
        let (source, result) = try database.pull(
            remote, branch, options: merging.mergeOptions(message: options.message),
            settings: options.settings())
        try MergeOutput.print(
            result, command: "merge", subject: source, database: database, json: options.json)
    }
}
