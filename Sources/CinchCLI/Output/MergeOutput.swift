import Cinch
import CinchGit
import CinchSchema

/// Prints what came of commands that merge.
enum MergeOutput {
    /// Prints a result, and ends with 3 where conflicts are open.
    ///
    /// - Parameters:
    ///   - command: `merge`, `cherry-pick`, `revert` or `rebase`, for what to type next.
    ///   - subject: What was to be merged.
    static func print(
        _ result: MergeResult, command: String, subject: String, database: CinchDatabase,
        json: Bool
    ) throws {
        switch result {
        case .upToDate(let commit):
            if json {
                Console.print(json: [
                    .init("result", "up-to-date"), .init("commit", .string(commit.hex)),
                ])
            } else {
                Console.print("Already up to date")
            }
            noteUnfinished(database)
        case .fastForward(let publication):
            try print(publication, "fast-forward", json: json)
        case .merged(let publication):
            try print(publication, word(for: command), json: json)
        case .conflicts(let conflicts):
            try ConflictOutput.print(conflicts, result: "conflicts", database: database, json: json)
            let count = conflicts.count
            throw CinchError(
                code: .conflict,
                message: "\(count) conflict\(count == 1 ? "" : "s") in the \(command) of"
                    + " '\(subject)'; nothing has moved",
                hint: hint(conflicts, command: command))
        }
    }

    private static func word(for command: String) -> String {
        switch command {
        case "merge": "merged"
        case "revert": "reverted"
        case "rebase": "rebased"
        default: "picked"
        }
    }

    private static func hint(_ conflicts: [OpenConflict], command: String) -> String {
        let end = ", then 'cinch \(command) --continue'; or 'cinch \(command) --abort'."
        guard let first = conflicts.first?.conflict else { return "See 'cinch conflicts'" + end }
        if first.kind == .semantic {
            return "Write it anew with 'cinch resolve \(quoted(first.path)) --sql TEXT', or let it"
                + " go with --drop" + end
        }
        guard first.kind == .dependency, let user = first.objects.first else {
            return "Decide with 'cinch resolve \(quoted(first.path)) --ours' or --theirs" + end
        }
        let keeper = first.sides.ours == nil ? "theirs" : "ours"
        return "Keep it with 'cinch resolve \(quoted(first.path)) --\(keeper)', or let go what"
            + " needs it with 'cinch resolve \(quoted(user)) --drop'" + end
    }

    private static func quoted(_ path: String) -> String {
        let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
        return isPlain ? path : "\"\(path)\""
    }

    /// A rollout that was cut off is finished by `materialize`.
    static func noteUnfinished(_ database: CinchDatabase) {
        if (try? database.isRolloutFinished()) == false {
            Console.note("hint: The last rollout left tenants behind; run 'cinch materialize'.")
        }
    }

    private static func print(_ publication: Publication, _ result: String, json: Bool) throws {
        if json {
            Console.print(
                json: [
                    .init("result", .string(result)),
                    .init("outcome", .string(publication.verdict)),
                ] + publication.jsonMembers)
            try PublicationOutput.finish(publication.rollout)
        } else {
            Console.note(result.prefix(1).uppercased() + result.dropFirst())
            try PublicationOutput.print(publication, json: false)
        }
    }

    /// What a merge would do.
    static func print(_ preview: MergePreview, database: CinchDatabase, json: Bool) throws {
        if json {
            Console.print(
                json: [
                    .init("result", "preview"), .init("outcome", .string(preview.verdict)),
                    .init("tree", preview.tree.map { .string($0.hex) } ?? .null),
                    .init("changes", .array(preview.changes.map(\.json))),
                    .init("conflicts", .array(preview.conflicts.map(\.json))),
                    .init("notes", .array(preview.notes.map { .string($0) })),
                    .init("warnings", .array(preview.warnings.map(\.json))),
                    .init("objects_read", .integer(Int64(preview.cost.objectsRead))),
                    .init(
                        "statements_compiled", .integer(Int64(preview.cost.statementsCompiled))),
                    .init("check_microseconds", .integer(Int64(preview.cost.checkMicroseconds))),
                ])
        } else {
            for change in preview.changes { Console.print(change.summary) }
            for note in preview.notes { Console.note("note: \(note)") }
            for warning in preview.warnings { Console.note("warning: \(warning.message)") }
            ConflictOutput.list(preview.conflicts, database: database)
        }
        guard preview.conflicts.isEmpty else { throw ConflictsOpen() }
    }
}

/// Ends a command with 3: the answer was printed, and it is that there are conflicts.
struct ConflictsOpen: Error {}
