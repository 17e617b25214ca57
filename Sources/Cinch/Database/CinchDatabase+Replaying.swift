import CinchGit
import CinchRepository
package import CinchSchema

/// Commits made again elsewhere, each by the same three-way merge.
extension CinchDatabase {
    /// Commits on the current branch what another commit changed.
    ///
    /// - Parameter mainline: Which parent of a merge commit its changes are counted from.
    package func cherryPick(
        _ revision: String, mainline: Int? = nil, message: String? = nil,
        strategy: MergeSide? = nil, settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        try apply(.cherryPick, revision, mainline, message, strategy, settings)
    }

    /// Commits on the current branch the opposite of what a commit changed: what it dropped is
    /// back, with its identity.
    ///
    /// - Parameter mainline: Which parent of a merge commit to go back to.
    package func revert(
        _ revision: String, mainline: Int? = nil, message: String? = nil,
        strategy: MergeSide? = nil, settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        try apply(.revert, revision, mainline, message, strategy, settings)
    }

    private func apply(
        _ command: UnfinishedMerge.Command, _ revision: String, _ mainline: Int?,
        _ message: String?, _ strategy: MergeSide?, _ settings: RolloutSettings
    ) throws -> MergeResult {
        try unfinishedMergeFile.demandNone()
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        var merge = UnfinishedMerge(
            command: command, revision: revision, branch: branch.shortName, tip: tip, ours: tip,
            theirs: try commit(revision))
        merge.mainline = mainline
        merge.message = message
        merge.decisions.preferred = strategy
        merge.backfills = settings.backfills
        return try carryOut(merge, isKept: false, settings: settings)
    }

    /// The tree a picked or reverted commit's changes are counted from.
    func parentTree(of merge: UnfinishedMerge) throws -> ObjectID {
        let commit = try history.git.readCommit(merge.theirs)
        guard commit.parents.count < 2 || merge.mainline != nil else {
            throw CinchError(
                code: .invalid, message: "Commit '\(merge.revision)' is a merge",
                hint: "Say which parent its changes are counted from: --mainline 1.")
        }
        guard commit.parents.count > 1 || merge.mainline == nil else {
            throw CinchError(
                code: .invalid, message: "Commit '\(merge.revision)' is no merge",
                hint: "Leave out --mainline.")
        }
        let place = (merge.mainline ?? 1) - 1
        guard !commit.parents.isEmpty else {
            return try history.git.writeTree(EncodedTree(format: history.git.format))
        }
        guard commit.parents.indices.contains(place) else {
            throw CinchError(
                code: .invalid,
                message: "Commit '\(merge.revision)' has no parent \(place + 1)",
                hint: "It has \(commit.parents.count).")
        }
        return try history.git.readCommit(commit.parents[place]).tree
    }

    // MARK: Rebase

    /// Makes the current branch's own commits again on top of another revision.
    ///
    /// As with git, merge commits are left out and what the other has already is not repeated.
    /// The branch moves once, at the end.
    package func rebase(
        onto revision: String, strategy: MergeSide? = nil,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        try unfinishedMergeFile.demandNone()
        try Self.refuseBackfills(settings, by: "A rebase")
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let onto = try commit(revision)
        if try history.git.isAncestor(onto, of: tip) { return .upToDate(tip) }
        var walk = RevisionWalk(history.git, from: [tip], excluding: [onto], order: .topological)
        let commits = try walk.all().filter { $0.commit.parents.count < 2 }.map(\.id)
        guard let first = commits.last else {
            let changes = try diff(of: tip, onto).changes
            let report = try publish(
                onto, on: branch, from: tip, action: "rebase (finish): onto \(revision)",
                occasion: .commit("rebase"), settings: settings)
            return .fastForward(
                Publication(
                    branch: branch.shortName, commit: onto, changes: changes, rollout: report))
        }
        var merge = UnfinishedMerge(
            command: .rebase, revision: revision, branch: branch.shortName, tip: tip, ours: onto,
            theirs: first)
        merge.remaining = commits.dropLast().reversed()
        merge.decisions.preferred = strategy
        return try carryOut(merge, isKept: false, settings: settings)
    }

    /// Writes the commit a rebase is at, and goes on with the rest until one is in conflict.
    func replay(
        _ begun: UnfinishedMerge, from first: Combination, settings: RolloutSettings
    ) throws -> MergeResult {
        var merge = begun
        var combination = first
        while true {
            merge.ours = try write(merge, combination) ?? merge.ours
            guard let next = merge.remaining.first else { break }
            merge.remaining.removeFirst()
            merge.theirs = next
            merge.decisions = MergeDecisions(preferring: merge.decisions.preferred)
            combination = try combine(merge)
            guard combination.conflicts.isEmpty else {
                try unfinishedMergeFile.keep(merge)
                return .conflicts(try combination.openConflicts(in: history))
            }
        }
        let changes = try diff(of: merge.tip, merge.ours).changes
        let report = try publish(
            merge.ours, on: .branch(merge.branch), from: merge.tip,
            action: "rebase (finish): onto \(merge.revision)", occasion: .merge(merge),
            settings: settings)
        try unfinishedMergeFile.end()
        return .merged(
            Publication(
                branch: merge.branch, commit: merge.ours, changes: changes, rollout: report))
    }
}
