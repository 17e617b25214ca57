import ArgumentParser
import Cinch
import CinchGit
import CinchSchema

struct ConflictsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "List what is open in an unfinished merge.")

    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let (merge, open) = try database.conflicts()
        if options.json {
            Console.print(json: [
                .init("command", .string(merge.command.rawValue)),
                .init("revision", .string(merge.revision)),
                .init("branch", .string(merge.branch)),
                .init("ours_commit", .string(merge.ours.hex)),
                .init("theirs_commit", .string(merge.theirs.hex)),
                .init("conflicts", .array(open.map(\.json))),
                .init(
                    "decided",
                    .array(
                        merge.decisions.choices.map {
                            .object([
                                .init("path", .string($0.path)),
                                .init("take", .string($0.choice.word)),
                            ])
                        })),
            ])
            return
        }
        ConflictOutput.list(open, database: database)
        for (path, choice) in merge.decisions.choices {
            Console.note("decided: \(path) (\(choice.word))")
        }
        guard try database.commit(merge.branch) == merge.tip else {
            return Console.note(
                "'\(merge.branch)' has moved since; run 'cinch \(merge.command.rawValue) --abort' and"
                    + " begin anew.")
        }
        if open.isEmpty {
            Console.note("Nothing is open; run 'cinch \(merge.command.rawValue) --continue'.")
        }
    }
}

struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Decide a conflict of an unfinished merge.",
        discussion: "A path is what 'cinch conflicts' prints: users, users.email,"
            + " users.email.type, idx_users_email. Anything else in the merge may be decided"
            + " too: --theirs brings back a column that our side dropped.")

    @Argument(help: "The entity, or an attribute of it.") var path: String
    @Flag(help: "Take what our branch has.") var ours = false
    @Flag(help: "Take what the other branch has.") var theirs = false
    @Flag(help: "Take what the merge base has.") var base = false
    @Flag(help: "Let it go.") var drop = false
    @Option(help: "A CREATE statement, a column's definition, an attribute or a name.")
    var sql: String?
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let open = try database.resolve(path, choice)
        if options.json {
            return try ConflictOutput.print(
                open, result: "decided", database: database, json: true)
        }
        Console.print("Decided \(path) (\(choice.word))")
        let command = try database.unfinishedMerge()?.command.rawValue ?? "merge"
        switch open.count {
        case 0: Console.print("Nothing is open; run 'cinch \(command) --continue'")
        case let count:
            Console.print("\(count) conflict\(count == 1 ? "" : "s") left:")
            for conflict in open { Console.print("  \(conflict.conflict.path)") }
        }
    }

    private var choices: [MergeChoice] {
        (ours ? [.ours] : []) + (theirs ? [.theirs] : []) + (base ? [.base] : [])
            + (drop ? [.drop] : []) + (sql.map { [.sql($0)] } ?? [])
    }

    private var choice: MergeChoice { choices.first ?? .ours }

    func validate() throws {
        guard choices.count == 1 else {
            throw ValidationError("Give one of --ours, --theirs, --base, --drop and --sql")
        }
    }
}
