import ArgumentParser
import Cinch
import CinchSchema

struct RevertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Commit the opposite of what a commit changed.")

    @Argument(help: "The commit.", completion: Completion.revisions) var revision: String?
    @OptionGroup var picking: PickingOptions
    @OptionGroup var unfinished: UnfinishedOptions
    @OptionGroup var options: EditingOptions

    func run() throws {
        try picking.run("revert", revision, unfinished, options) { database, revision, settings in
            try database.revert(
                revision, mainline: picking.mainline, message: options.message,
                strategy: picking.strategy, settings: settings)
        }
    }
}

struct CherryPickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cherry-pick", abstract: "Commit here what a commit changed elsewhere.")

    @Argument(help: "The commit.", completion: Completion.revisions) var revision: String?
    @OptionGroup var picking: PickingOptions
    @OptionGroup var unfinished: UnfinishedOptions
    @OptionGroup var options: EditingOptions

    func run() throws {
        try picking.run("cherry-pick", revision, unfinished, options) {
            database, revision, settings in
            try database.cherryPick(
                revision, mainline: picking.mainline, message: options.message,
                strategy: picking.strategy, settings: settings)
        }
    }
}

struct RebaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebase",
        abstract: "Make the current branch's own commits again on top of another.")

    @Argument(help: "The branch, or any revision.", completion: Completion.revisions) var revision:
        String?
    @Option(help: "Decide every conflict for a side: ours or theirs.", transform: MergeSide.named)
    var strategy: MergeSide?
    @OptionGroup var unfinished: UnfinishedOptions
    @OptionGroup var options: EditingOptions

    func run() throws {
        let database = try Session.database()
        if try unfinished.run("rebase", given: revision, options: options, on: database) { return }
        guard let revision else { throw PickingOptions.missing("rebase", "BRANCH") }
        let result = try database.rebase(
            onto: revision, strategy: strategy, settings: options.settings())
        try MergeOutput.print(
            result, command: "rebase", subject: revision, database: database, json: options.json)
    }
}

/// What reverting and picking have in common.
struct PickingOptions: ParsableArguments {
    @Option(help: "The parent of a merge commit to count changes from, from 1.")
    var mainline: Int?
    @Option(help: "Decide every conflict for a side: ours or theirs.", transform: MergeSide.named)
    var strategy: MergeSide?

    func run(
        _ command: String, _ revision: String?, _ unfinished: UnfinishedOptions,
        _ options: EditingOptions,
        _ body: (CinchDatabase, String, RolloutSettings) throws -> MergeResult
    ) throws {
        let database = try Session.database()
        if try unfinished.run(command, given: revision, options: options, on: database) { return }
        guard let revision else { throw Self.missing(command, "COMMIT") }
        let result = try body(database, revision, options.settings())
        try MergeOutput.print(
            result, command: command, subject: revision, database: database, json: options.json)
    }

    static func missing(_ command: String, _ what: String) -> CinchError {
        CinchError(
            code: .usage, message: "There is no \(what.lowercased()) to \(command)",
            hint: "Name one: 'cinch \(command) \(what)'.")
    }
}
