import CinchGit
import CinchRepository
import CinchSchema

/// Three trees brought together and looked at by SQLite; nothing is written.
struct Combination {
    /// Where the sides come from: for naming the commits behind a conflict.
    struct Sides {
        /// The trees both sides are compared with: several where histories cross and disagree.
        var base: [ObjectID]
        /// The commit that is merged into.
        var ours: ObjectID
        /// The commit that is merged.
        var theirs: ObjectID
        /// The tree that is merged: not the commit's own when one is reverted.
        var theirTree: ObjectID
        /// Commits that neither side's own history reaches back over.
        var bases: [ObjectID]
        /// Commits theirs stands for; absent for those since the bases.
        var theirOrigin: ObjectID?

        /// Whether one commit is done again, which may be half of a change, rather than two
        /// lines of work brought together.
        var isReplay: Bool { theirOrigin != nil }
    }

    let sides: Sides
    private(set) var merge: TreeMerge
    private(set) var conflicts: [Conflict]
    private(set) var warnings: [MergeWarning]
    private(set) var compiledCount: Int
    private(set) var checkDuration: Duration = .zero

    init(
        _ sides: Sides, decisions: MergeDecisions, in history: SchemaRepository
    ) throws {
        self.sides = sides
        let ours = try history.git.readCommit(sides.ours).tree
        var decisions = decisions
        while true {
            let merges = try sides.base.map { base in
                try history.merge(
                    base: base, ours: ours, theirs: sides.theirTree, decisions: decisions
                ) { try $1.rename($0) }
            }
            merge = merges[0]
            var found = merges[0].outcome.conflicts
            for other in merges.dropFirst() {
                for conflict in other.outcome.conflicts where !found.contains(conflict) {
                    found.append(conflict)
                }
                guard found.isEmpty else { continue }
                found = SchemaMerge.disagreements(
                    between: merges[0].outcome.schema, and: other.outcome.schema,
                    ours: merges[0].ours, theirs: merges[0].theirs)
            }
            conflicts = found
            warnings = merge.outcome.warnings
            compiledCount = 0
            guard conflicts.isEmpty else {
                guard sides.base.count > 1, decisions.preferred != nil,
                    decisions.decide(conflicts)
                else { return }
                continue
            }
            let clock = ContinuousClock()
            let start = clock.now
            let check = try MergeCheck(
                base: merge.base, ours: merge.ours, theirs: merge.theirs,
                merged: merge.outcome.schema)
            checkDuration = clock.now - start
            conflicts = check.conflicts
            warnings += check.warnings
            for broken in check.broken {
                if sides.isReplay || broken.isAccepted(by: decisions) {
                    warnings.append(try warning(of: broken, in: history))
                } else {
                    conflicts.append(broken.conflict)
                }
            }
            compiledCount = check.compiledCount
            // Only SQLite could tell, and a side was preferred: what it tells is decided for it.
            guard decisions.preferred != nil, decisions.decide(conflicts) else { return }
        }
    }

    /// The conflicts with the commits behind them.
    func openConflicts(in history: SchemaRepository) throws -> [OpenConflict] {
        try conflicts.map { conflict in
            OpenConflict(
                conflict: conflict, ours: try origin(of: conflict, on: .ours, in: history),
                theirs: try origin(of: conflict, on: .theirs, in: history))
        }
    }

    /// The newest commit of a side that a conflict comes from; absent when the side changed
    /// nothing that the conflict is about.
    private func origin(of conflict: Conflict, on side: MergeSide, in history: SchemaRepository)
        throws -> ObjectID?
    {
        if side == .theirs, let commit = sides.theirOrigin { return commit }
        let tip = side == .ours ? sides.ours : sides.theirs
        if conflict.isOfDataSteps {
            let scripts = side == .ours ? conflict.sides.ours : conflict.sides.theirs
            return try history.origin(ofDataSteps: scripts ?? "", from: sides.bases, to: tip)
        }
        let paths = conflict.objects + conflict.neighbours(in: merge.outcome.schema)
        let subjects =
            HistorySubject.all(of: conflict, in: merge, on: side)
            + paths.map { HistorySubject($0, attribute: nil, in: merge, on: side) }
        for subject in subjects {
            if let id = try history.origin(of: subject, from: sides.bases, to: tip) { return id }
        }
        return nil
    }

    private func warning(of broken: MergeCheck.Broken, in history: SchemaRepository) throws
        -> MergeWarning
    {
        var text = "'\(broken.entity)' works on neither side"
        if let side = broken.side {
            let commit = try origin(of: broken.conflict, on: side, in: history)
            let since = commit.map { " since \($0.abbreviated())" } ?? ""
            let place = side == .ours ? "our side" : "theirs"
            text = "'\(broken.entity)' doesn't work, as on \(place)\(since)"
        }
        return MergeWarning(
            .broken, entity: broken.entity.text, "\(text): \(broken.conflict.reason ?? "")")
    }
}

extension MergeCheck.Broken {
    /// Whether it stays so: it works for nobody who has it, or somebody decided for the side that
    /// broke it, knowing that.
    fileprivate func isAccepted(by decisions: MergeDecisions) -> Bool {
        guard isRegression, let side else { return true }
        return [conflict.path, entity.text].contains { decisions[$0] == side.choice }
    }
}

extension Conflict {
    /// What the entity of a semantic conflict speaks of: a side that didn't touch the entity has
    /// changed one of these.
    fileprivate func neighbours(in schema: Schema) -> [String] {
        guard kind == .semantic else { return [] }
        let name = Identifier(entity)
        var statements: [Statement] = []
        if let view = schema.views[name] { statements.append(.view(view)) }
        if let trigger = schema.triggers[name] { statements.append(.trigger(trigger)) }
        if let table = schema.tables[name] { statements.append(.table(table)) }
        var found: [Identifier] = []
        var open = statements.flatMap(\.mentions)
        while let next = open.popLast() {
            guard !found.contains(next), schema.tables[next] != nil || schema.views[next] != nil
            else { continue }
            found.append(next)
            if let view = schema.views[next] { open += view.select.names }
        }
        return found.sorted().map(\.text)
    }
}
