import ArgumentParser
import CinchGit
import Cinch
import CinchSchema

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge a branch into the current one.")

    @Argument(help: "The branch, or any revision.") var revision: String
    @Flag(help: "Make a merge commit even where the branch could just move.") var noFf = false
    @OptionGroup var options: EditingOptions

    func run() throws {
        try MergeOutput.merge(
            revision, into: nil, fastForward: !noFf, options: options,
            database: Session.database())
    }
}

/// Merges and prints what came of it.
enum MergeOutput {
    static func merge(
        _ revision: String, into target: String?, fastForward: Bool, options: EditingOptions,
        database: CinchDatabase
    ) throws {
        let result = try database.merge(
            revision, into: target, message: options.message, fastForward: fastForward,
            settings: Progress.settings(jobs: options.jobs))
        try print(result, revision: revision, json: options.json)
        if case .upToDate = result { noteUnfinished(database) }
    }

    /// A rollout that was cut off is finished by `materialize`.
    static func noteUnfinished(_ database: CinchDatabase) {
        if (try? database.isRolloutFinished()) == false {
            Console.note("hint: The last rollout left tenants behind; run 'cinch materialize'.")
        }
    }

    static func print(_ result: MergeResult, revision: String, json: Bool) throws {
        switch result {
        case .upToDate(let commit):
            if json {
                Console.print(json: [
                    .init("result", "up-to-date"), .init("commit", .string(commit.hex)),
                ])
            } else {
                Console.print("Already up to date")
            }
        case .fastForward(let publication):
            try print(publication, "fast-forward", json: json)
        case .merged(let publication):
            try print(publication, "merged", json: json)
        case .conflicts(let conflicts):
            try fail(conflicts, revision: revision, json: json)
        }
    }

    private static func print(_ publication: Publication, _ result: String, json: Bool) throws {
        if json {
            Console.print(
                json: [.init("result", .string(result))] + PublicationOutput.members(publication))
            try PublicationOutput.finish(publication.rollout)
        } else {
            Console.note(result == "merged" ? "Merged" : "Fast-forward")
            try PublicationOutput.print(publication, json: false)
        }
    }

    private static func fail(_ conflicts: [Conflict], revision: String, json: Bool) throws -> Never
    {
        if json {
            let list = conflicts.map { conflict in
                JSONValue.object([
                    .init("kind", .string(conflict.kind.rawValue)),
                    .init("entity", .string(conflict.entity)),
                    .init("attribute", conflict.attribute.map { .string($0) } ?? .null),
                    .init("base", conflict.sides.base.map { .string($0) } ?? .null),
                    .init("ours", conflict.sides.ours.map { .string($0) } ?? .null),
                    .init("theirs", conflict.sides.theirs.map { .string($0) } ?? .null),
                ])
            }
            Console.print(json: [.init("result", "conflicts"), .init("conflicts", .array(list))])
        } else {
            for conflict in conflicts { Console.print(conflict.summary) }
        }
        let count = conflicts.count
        throw CinchError(
            code: .conflict,
            message: "'\(revision)' can't be merged: \(count) conflict\(count == 1 ? "" : "s");"
                + " nothing has moved",
            hint: "Change one side so that both agree, then merge again.")
    }
}
