package import CinchGit
import CinchRepository
package import CinchSchema

/// What came of merging a branch.
package enum MergeResult: Sendable {
    /// Everything was there already.
    case upToDate(ObjectID)
    /// The branch moved to the other's commit.
    case fastForward(Publication)
    /// A commit with two parents.
    case merged(Publication)
    /// Nothing has moved.
    case conflicts([Conflict])
}

extension CinchDatabase {
    /// Merges a revision into a branch, the current one unless it is named.
    package func merge(
        _ revision: String, into target: String? = nil, message: String? = nil,
        fastForward: Bool = true, settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        let branch = try target.map { try ReferenceName.branch($0) } ?? currentBranch()
        let ours = try branchTip(branch)
        let theirs = try commit(revision)
        if try history.git.isAncestor(theirs, of: ours) { return .upToDate(ours) }
        let before = try history.schema(of: ours)
        if fastForward, try history.git.isAncestor(ours, of: theirs) {
            let changes = SchemaDiff(from: before, to: try history.schema(of: theirs)).changes
            let report = try publish(
                theirs, on: branch, from: ours, action: "merge \(revision): Fast-forward",
                settings: settings)
            return .fastForward(
                Publication(
                    branch: branch.shortName, commit: theirs, changes: changes, rollout: report))
        }
        let outcome = try preview(ours, theirs)
        guard outcome.conflicts.isEmpty else { return .conflicts(outcome.conflicts) }
        let message =
            message
            ?? (branch.shortName == deployBranch
                ? "Merge branch '\(revision)'"
                : "Merge branch '\(revision)' into \(branch.shortName)")
        let commit = try history.write(
            outcome.schema, parents: [ours, theirs], message: message, signature: signature(),
            author: signature(.author))
        let report = try publish(
            commit, on: branch, from: ours, action: "merge \(revision): Merge made by cinch",
            settings: settings)
        return .merged(
            Publication(
                branch: branch.shortName, commit: commit,
                changes: SchemaDiff(from: before, to: outcome.schema).changes, rollout: report,
                notes: outcome.notes))
    }

    /// The merge of two commits, checked by SQLite; nothing is written.
    package func preview(_ ours: ObjectID, _ theirs: ObjectID) throws -> MergeOutcome {
        var outcome = try history.merge(ours, theirs) { try $1.rename($0) }
        let (before, other) = (try history.schema(of: ours), try history.schema(of: theirs))
        if outcome.conflicts.isEmpty {
            outcome.conflicts = SemanticCheck.conflicts(
                ours: before, theirs: other, merged: outcome.schema)
        }
        if outcome.conflicts.isEmpty {
            let known =
                (SemanticCheck.deadColumns(in: before) + SemanticCheck.deadColumns(in: other))
                .map { "\($0.trigger.name).\($0.column)" }
            for (trigger, column) in SemanticCheck.deadColumns(in: outcome.schema)
            where !known.contains("\(trigger.name).\(column)") {
                outcome.conflicts.append(
                    Conflict(
                        .dependency, entity: trigger.name.text,
                        attribute: "UPDATE OF \(column)",
                        sides: ThreeWay(base: nil, ours: trigger.ddl, theirs: nil)))
            }
        }
        return outcome
    }
}
