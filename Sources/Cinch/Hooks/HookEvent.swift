import CinchGit
import CinchMaterializer
import CinchSchema

/// What moves a branch, as its hooks are told.
struct Occasion {
    /// The command: `commit`, `merge`, `undo`.
    var command: String
    /// Asked before the branch moves.
    var before: Hook?
    /// Told when it has.
    var after: Hook?
    /// What was merged, as the user named it, and its commit.
    var source: (revision: String, commit: ObjectID)?

    /// A commit on top of the branch.
    static func commit(_ command: String = "commit") -> Occasion {
        Occasion(command: command, before: .preCommit)
    }

    /// A merge, or a commit made again here.
    static func merge(_ merge: UnfinishedMerge) -> Occasion {
        let isMerge = merge.command == .merge
        return Occasion(
            command: merge.command.rawValue, before: isMerge ? .preMerge : .preCommit,
            after: isMerge ? .postMerge : nil, source: (merge.revision, merge.theirs))
    }

    /// Something that is neither: tenants follow, and nobody else is asked.
    static func other(_ command: String) -> Occasion { Occasion(command: command) }
}

/// What a hook is told, on its standard input and in its environment.
struct HookEvent {
    var occasion: Occasion
    /// The branch's short name.
    var branch: String
    /// Where it was; nil when that isn't known.
    var from: ObjectID?
    /// Where it will be, or is now.
    var to: ObjectID
    /// What suits one hook only: counts of tenants, a rollout's report.
    var details: [JSONValue.Member] = []

    /// The same with how many tenants are to follow.
    func concerning(tenants: Int) -> HookEvent {
        var event = self
        event.details = [.init("tenants", .integer(Int64(tenants)))]
        return event
    }

    /// The same with what became of tenants.
    func concerning(_ report: MaterializationReport) -> HookEvent {
        var event = concerning(tenants: report.entries.count)
        event.details.append(.init("rollout", .object(report.jsonMembers)))
        return event
    }

    /// One JSON object.
    func json(
        for hook: Hook, database: StoredName, deployBranch: String, changes: [SchemaChange]
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("version", 1), .init("hook", .string(hook.rawValue)),
            .init("command", .string(occasion.command)), .init("database", .string(database.text)),
            .init("branch", .string(branch)), .init("deploy_branch", .string(deployBranch)),
            .init("from", from.map { .string($0.hex) } ?? .null), .init("to", .string(to.hex)),
        ]
        if let source = occasion.source {
            members.append(.init("revision", .string(source.revision)))
            members.append(.init("merged", .string(source.commit.hex)))
        }
        members.append(.init("changes", .array(changes.map(\.json))))
        return .object(members + details)
    }

    /// The variables a hook gets, besides those that say where it is.
    func variables(for hook: Hook, deployBranch: String) -> [String: String?] {
        [
            "CINCH_HOOK": hook.rawValue, "CINCH_COMMAND": occasion.command, "CINCH_BRANCH": branch,
            "CINCH_DEPLOY_BRANCH": deployBranch, "CINCH_FROM": from?.hex ?? "",
            "CINCH_TO": to.hex, "CINCH_REVISION": occasion.source?.revision ?? "",
        ]
    }
}
