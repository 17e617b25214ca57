package import CinchGit
package import CinchSchema

/// A merge of three trees, and what of them it was made from.
package struct TreeMerge: Sendable {
    /// The merged part of the schema, and what can't be merged.
    package var outcome: MergeOutcome
    /// What was read of the base, ours and theirs, in this order.
    package let sides: SchemaSides

    /// The part of the base's schema that was read.
    package var base: Schema { sides.schemas[0] }
    /// The part of our schema that was read.
    package var ours: Schema { sides.schemas[1] }
    /// The part of their schema that was read.
    package var theirs: Schema { sides.schemas[2] }
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
        let part = try merge(git.readSides(trees), decisions, rename)
        guard
            !SchemaMerge.isConfined(
                base: part.base, ours: part.ours, theirs: part.theirs,
                merged: part.outcome.schema)
        else { return part }
        let whole = SchemaSides(
            schemas: try trees.map { try schema(ofTree: $0) }, trees: trees, blobs: [:],
            loaded: [:])
        return try merge(whole, decisions, rename)
    }

    private func merge(_ sides: SchemaSides, _ decisions: MergeDecisions, _ rename: Renamer) throws
        -> TreeMerge
    {
        let outcome = try SchemaMerge.merge(
            base: sides.schemas[0], ours: sides.schemas[1], theirs: sides.schemas[2],
            decisions: decisions, renaming: rename)
        return TreeMerge(outcome: outcome, sides: sides)
    }

    /// Writes the merged schema as a tree: ours, but for what the merge changed.
    ///
    /// - Parameter isStored: Whether anything is written; false only finds out the tree's name.
    package func writeTree(of merge: TreeMerge, isStored: Bool = true) throws -> ObjectID {
        try git.writeSchema(
            merge.outcome.schema.allocatingIDs(parent: merge.sides.trees[1]),
            replacing: (merge.ours, merge.sides.trees[1]), loaded: merge.sides.loaded,
            isStored: isStored
        ) { merge.sides.blob(of: $0) }
    }

    // MARK: Bases

    /// The tree two commits are merged by way of.
    ///
    /// Where histories cross and there are several bases, those are merged first, as git's
    /// recursive strategy does; what conflicts between them is taken from the first. As with git
    /// the tree of such a base is written, though no commit has it.
    ///
    /// - Parameter allowsUnrelated: Takes the empty tree where there is no common ancestor.
    /// - Throws: `.conflict` for commits without a common ancestor.
    package func mergeBase(
        _ ours: ObjectID, _ theirs: ObjectID, allowsUnrelated: Bool = false, rename: Renamer
    ) throws -> ObjectID {
        let bases = try git.mergeBases(ours, theirs)
        guard !bases.isEmpty || allowsUnrelated else {
            throw GitError(
                .unrelated,
                "Commits '\(ours.abbreviated())' and '\(theirs.abbreviated())' share no history",
                hint: "Merge branches that come from the same first commit, or allow it with"
                    + " --allow-unrelated.")
        }
        return try tree(of: bases, rename: rename)
    }

    private func tree(of bases: [ObjectID], rename: Renamer) throws -> ObjectID {
        guard let first = bases.first else {
            return try git.writeTree(EncodedTree(format: git.format))
        }
        var merged = try git.readCommit(first).tree
        var before = first
        for next in bases.dropFirst() {
            let common = try tree(of: git.mergeBases(before, next), rename: rename)
            let result = try merge(
                base: common, ours: merged, theirs: git.readCommit(next).tree, rename: rename)
            merged = try writeTree(of: result)
            before = next
        }
        return merged
    }

    /// What differs between two trees, with no more read than that.
    package func diff(_ from: ObjectID, _ to: ObjectID) throws -> SchemaDiff {
        let sides = try git.readSides([from, to])
        return SchemaDiff(from: sides.schemas[0], to: sides.schemas[1])
    }
}
