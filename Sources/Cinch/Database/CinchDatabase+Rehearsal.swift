package import CinchMaterializer
import CinchGit
import CinchRepository

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which tenants are copied for a rehearsal.
package enum RehearsalSelection: Hashable, Sendable {
    /// That many: half of them the biggest, the others at random.
    case sample(Int)
    /// All whose names match one of these patterns of `*`, `?` and `[…]`.
    case matching([String])
}

/// What came of rehearsing a branch.
package enum RehearsalResult: Sendable {
    /// It was tried on copies.
    case report(RehearsalReport)
    /// It can't be merged into the deploy branch as it is; nothing was tried.
    case conflicts([OpenConflict])
}

extension CinchDatabase {
    /// Tries on copies of tenants what merging a revision into the deploy branch would do to them.
    ///
    /// No reference moves and no tenant's file is written. A revision the deploy branch has
    /// already is tried as `materialize` would: the deploy branch itself.
    ///
    /// - Parameter selection: Biggest first, then those chosen at random, in name order; or the
    ///   matching ones in name order.
    /// - Throws: `.notFound` for an unknown revision, or when no tenant matches; `.busy` when
    ///   another rehearsal is under way.
    package func rehearse(
        _ revision: String, on selection: RehearsalSelection = .sample(10),
        settings: RolloutSettings = RolloutSettings(),
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> RehearsalResult {
        let goal: ObjectID
        switch try mergeGoal(of: revision) {
        case .commit(let commit): goal = commit
        case .conflicts(let conflicts): return .conflicts(conflicts)
        }
        let directory = "\(layout.cache)/rehearsal"
        let rehearsal = Rehearsal(
            directory: directory,
            materializer: Fleet.materializer(lockPath: "\(directory)/rollout.lock", history))
        let report = try rehearsal.run(
            select(selection), to: target(goal), options: options(settings, from: nil),
            progress: progress)
        return .report(report)
    }

    private enum MergeGoal {
        case commit(ObjectID)
        case conflicts([OpenConflict])
    }

    /// The commit the deploy branch would be at after merging a revision. Its objects are written
    /// and no reference leads to them, so that they go with the next `git gc`.
    private func mergeGoal(of revision: String) throws -> MergeGoal {
        let ours = try branchTip(.branch(deployBranch))
        let theirs = try commit(revision)
        if try history.git.isAncestor(theirs, of: ours) { return .commit(ours) }
        if try history.git.isAncestor(ours, of: theirs) { return .commit(theirs) }
        let merge = UnfinishedMerge(
            command: .merge, revision: revision, branch: deployBranch, tip: ours, ours: ours,
            theirs: theirs)
        let combination = try combine(merge)
        guard combination.conflicts.isEmpty else {
            return .conflicts(try combination.openConflicts(in: history))
        }
        return .commit(try write(merge, combination) ?? ours)
    }

    private func select(_ selection: RehearsalSelection) throws -> [TenantFile] {
        let all = try tenants().store.allFiles()
        switch selection {
        case .matching(let patterns):
            let found = all.filter { file in
                patterns.contains { fnmatch($0, file.name, 0) == 0 }
            }
            guard !found.isEmpty else {
                throw CinchError(
                    code: .notFound,
                    message:
                        "No tenant matches \(patterns.map { "'\($0)'" }.joined(separator: ", "))",
                    hint: "See 'cinch tenant list'.")
            }
            return found
        case .sample(let count):
            guard count < all.count else { return all }
            let bySize = all.map { (file: $0, size: Self.size(of: $0.path)) }
                .sorted { $0.size > $1.size }.map(\.file)
            let biggest = bySize.prefix((count + 1) / 2)
            let others = bySize.dropFirst(biggest.count).shuffled().prefix(count - biggest.count)
            return biggest + others.sorted { $0.name < $1.name }
        }
    }
}
