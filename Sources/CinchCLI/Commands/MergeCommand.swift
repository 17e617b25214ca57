import ArgumentParser
import Cinch
import CinchGit
import CinchSchema

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge a branch into the current one.")

    @Argument(help: "The branch, or any revision.", completion: Completion.revisions) var revision:
        String?
    @OptionGroup var merging: MergingOptions
    @OptionGroup var unfinished: UnfinishedOptions
    @OptionGroup var options: EditingOptions

    func run() throws {
        let database = try Session.database()
        if try unfinished.run("merge", given: revision, options: options, on: database) { return }
        try merging.run(demanded(revision), into: nil, options: options, database: database)
    }

    /// A merge or a preview with defaults for everything else.
    static func run(_ revision: String, isPreview: Bool, json: Bool) throws {
        let database = try Session.database()
        guard !isPreview else {
            return try MergeOutput.print(
                database.preview(revision), database: database, json: json)
        }
        try MergeOutput.print(
            database.merge(revision, settings: Progress.settings()), command: "merge",
            subject: revision, database: database, json: json)
    }

    private func demanded(_ revision: String?) throws -> String {
        guard let revision else {
            throw CinchError(
                code: .usage, message: "There is no branch to merge",
                hint: "Name one: 'cinch merge BRANCH'.")
        }
        return revision
    }
}

/// How to merge, for every command that merges a branch.
struct MergingOptions: ParsableArguments {
    @Flag(help: "Make a merge commit even where the branch could just move.") var noFf = false
    @Flag(help: "Refuse unless the branch can just move.") var ffOnly = false
    @Flag(help: "Make an ordinary commit that has no second parent.") var squash = false
    @Option(help: "Decide every conflict for a side: ours or theirs.", transform: MergeSide.named)
    var strategy: MergeSide?
    @Flag(help: "Merge histories that share no commit.") var allowUnrelated = false
    @Flag(help: "Say what would come of it, and change nothing.") var preview = false

    /// Merges, or previews, and prints what came of it.
    func run(
        _ revision: String, into target: String?, switchesTo: String? = nil,
        options: EditingOptions, database: CinchDatabase
    ) throws {
        var merge = mergeOptions(message: options.message)
        merge.switchesTo = switchesTo
        guard !preview else {
            return try MergeOutput.print(
                database.preview(revision, into: target, options: merge), database: database,
                json: options.json)
        }
        let result = try database.merge(
            revision, into: target, options: merge,
            settings: options.settings())
        try MergeOutput.print(
            result, command: "merge", subject: revision, database: database, json: options.json)
    }

    /// The options as the merge takes them.
    func mergeOptions(message: String?) -> MergeOptions {
        MergeOptions(
            message: message, fastForward: ffOnly ? .only : noFf ? .never : .allowed,
            strategy: strategy, isSquash: squash, allowsUnrelated: allowUnrelated)
    }

    func validate() throws {
        if noFf, ffOnly { throw ValidationError("--no-ff and --ff-only contradict each other") }
        if squash, ffOnly { throw ValidationError("--squash and --ff-only contradict each other") }
    }
}

/// What to do with a merge that waits for decisions.
struct UnfinishedOptions: ParsableArguments {
    @Flag(name: .customLong("continue"), help: "Commit what was decided.") var continues = false
    @Flag(help: "Forget what was begun; nothing has moved.") var abort = false

    /// Continues or aborts if that was asked for.
    func run(
        _ command: String, given revision: String?, options: EditingOptions,
        on database: CinchDatabase
    ) throws -> Bool {
        guard continues || abort else { return false }
        guard revision == nil, !(continues && abort) else {
            throw CinchError(
                code: .usage, message: "--continue and --abort stand alone",
                hint: "Run 'cinch \(command) --continue' or 'cinch \(command) --abort'.")
        }
        if abort {
            let merge = try database.abortMerge()
            let subject = merge.map { "\($0.command.rawValue) of '\($0.revision)'" } ?? "merge"
            if options.json {
                Console.print(json: [.init("result", "aborted")])
            } else {
                Console.print("Forgot the \(subject); nothing had moved")
            }
            return true
        }
        let subject = try database.unfinishedMerge()
        let result = try database.continueMerge(
            message: options.message, settings: options.settings())
        try MergeOutput.print(
            result, command: subject?.command.rawValue ?? command,
            subject: subject?.revision ?? "", database: database, json: options.json)
        return true
    }
}

extension MergeSide {
    /// The side an option names.
    static func named(_ word: String) throws -> MergeSide {
        guard let side = MergeSide(rawValue: word) else {
            throw ValidationError("'\(word)' is no side: ours or theirs")
        }
        return side
    }
}
