package import CinchGit
package import CinchSchema

/// A merge of three trees, and what of them it was made from.
package struct TreeMerge: Sendable {
    /// The merged part of the schema, and what can't be merged.
    package var outcome: MergeOutcome
    /// What was read of the base, ours and theirs, in this order.
    package let sides: SchemaSides
    /// The ids of their data steps that were decided against.
    var leftOutSteps: Set<StableID> = []

    /// The part of the base's schema that was read.
    package var base: Schema { sides.schemas[0] }
    /// The part of our schema that was read.
    package var ours: Schema { sides.schemas[1] }
    /// The part of their schema that was read.
    package var theirs: Schema { sides.schemas[2] }
}

extension TreeMerge {
    fileprivate mutating func take(_ steps: DataStepMerge) {
        outcome.conflicts += steps.conflicts
        leftOutSteps = steps.leftOut
    }
}

extension SchemaRepository {
    /// Gives a schema other names, views and triggers included.
    package typealias Renamer = (Schema, Renaming) throws -> RenamedSchema

    /// Merges the schemas of three trees.
    ///
    /// Only what differs is read, and what that speaks of; everything is read where a change of
    /// both sides together may concern an entity that neither of them touched.
    package func merge(
        base: ObjectID, ours: ObjectID, theirs: ObjectID,
        decisions: MergeDecisions = MergeDecisions(), rename: Renamer
    ) throws -> TreeMerge {
        let trees = [base, ours, theirs]
        var part = try merge(git.readSides(trees), decisions, rename)
        let steps = try dataSteps(of: part.sides, decisions)
        part.take(steps)
        guard
            !SchemaMerge.isConfined(
                base: part.base, ours: part.ours, theirs: part.theirs,
                merged: part.outcome.schema)
        else { return part }
        let whole = SchemaSides(
            schemas: try trees.map { try schema(ofTree: $0) }, trees: trees, blobs: [:],
            loaded: [:])
        var merged = try merge(whole, decisions, rename)
        merged.take(steps)
        return merged
    }

    private func dataSteps(
        of sides: SchemaSides, _ decisions: MergeDecisions
    ) throws -> DataStepMerge {
        let new = try git.newDataSteps(
            base: sides.trees[0], ours: sides.trees[1], theirs: sides.trees[2],
            loaded: sides.loaded)
        return DataStepMerge(ours: new.ours, theirs: new.theirs, decisions: decisions)
    }

    private func merge(_ sides: SchemaSides, _ decisions: MergeDecisions, _ rename: Renamer) throws
        -> TreeMerge
    {
        let outcome = try SchemaMerge.merge(
            base: sides.schemas[0], ours: sides.schemas[1], theirs: sides.schemas[2],
            decisions: decisions, renaming: rename)
        return TreeMerge(outcome: outcome, sides: sides)
    }

    /// Writes the merged schema as a tree: ours, but for what the merge changed, and with the data
    /// steps of both sides. A step is never taken back: tenants have run it.
    ///
    /// - Parameter isStored: Whether anything is written; false only finds out the tree's name.
    package func writeTree(of merge: TreeMerge, isStored: Bool = true) throws -> ObjectID {
        let trees = merge.sides.trees
        return try git.writeSchema(
            merge.outcome.schema.allocatingIDs(parent: trees[1]),
            replacing: (merge.ours, trees[1]), loaded: merge.sides.loaded,
            dataFolder: git.mergedDataFolder(
                base: trees[0], ours: trees[1], theirs: trees[2],
                leavingOut: merge.leftOutSteps, loaded: merge.sides.loaded, isStored: isStored),
            queries: git.mergedQueryFolder(
                base: trees[0], ours: trees[1], theirs: trees[2], loaded: merge.sides.loaded,
                isStored: isStored),
            isStored: isStored
        ) { merge.sides.blob(of: $0) }
    }

    // MARK: Bases

    /// The trees two commits are merged by way of: usually one.
    ///
    /// Where histories cross and there are several bases, those are merged first, as git's
    /// recursive strategy does. What conflicts between them was decided on each side since, and
    /// there is no saying which is the older: there are two trees then, one with each answer,
    /// and what the merge makes of them differs where the sides do. As with git such trees are
    /// written, though no commit has them.
    ///
    /// - Parameter allowsUnrelated: Takes the empty tree where there is no common ancestor.
    /// - Throws: `.unrelated` for commits without a common ancestor.
    package func mergeBases(
        _ ours: ObjectID, _ theirs: ObjectID, allowsUnrelated: Bool = false, rename: Renamer
    ) throws -> [ObjectID] {
        let bases = try git.mergeBases(ours, theirs)
        guard !bases.isEmpty || allowsUnrelated else {
            throw GitError(
                .unrelated,
                "Commits '\(ours.abbreviated())' and '\(theirs.abbreviated())' share no history",
                hint: "Merge branches that come from the same first commit, or allow it with"
                    + " --allow-unrelated.")
        }
        return try trees(of: bases, rename: rename)
    }

    private func trees(of bases: [ObjectID], rename: Renamer) throws -> [ObjectID] {
        guard let first = bases.first else {
            return [try git.writeTree(EncodedTree(format: git.format))]
        }
        var merged = [try git.readCommit(first).tree]
        var before = first
        for next in bases.dropFirst() {
            let common = try trees(of: git.mergeBases(before, next), rename: rename)
            let other = try git.readCommit(next).tree
            var found: [ObjectID] = []
            for tree in merged {
                for base in common {
                    found += try answers(base: base, tree, other, rename: rename)
                }
            }
            merged = []
            for tree in found where !merged.contains(tree) { merged.append(tree) }
            // Conflicts upon conflicts: two answers that differ are as good as all of them.
            if merged.count > 2, let last = merged.last { merged = [merged[0], last] }
            before = next
        }
        return merged
    }

    /// The merge of two bases, or where they conflict one for each side.
    private func answers(
        base: ObjectID, _ ours: ObjectID, _ theirs: ObjectID, rename: Renamer
    ) throws -> [ObjectID] {
        let open = try merge(base: base, ours: ours, theirs: theirs, rename: rename)
        guard !open.outcome.conflicts.isEmpty else { return [try writeTree(of: open)] }
        return try MergeSide.allCases.map { side in
            let decided = try merge(
                base: base, ours: ours, theirs: theirs,
                decisions: MergeDecisions(preferring: side), rename: rename)
            return try writeTree(of: decided)
        }
    }

    /// What differs between two trees, with no more read than that.
    package func diff(_ from: ObjectID, _ to: ObjectID) throws -> SchemaDiff {
        let sides = try git.readSides([from, to])
        return SchemaDiff(from: sides.schemas[0], to: sides.schemas[1])
    }
}
