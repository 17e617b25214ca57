package import CinchGit
package import CinchSchema

extension SchemaRepository {
    /// Gives a schema other names, views and triggers included.
    package typealias Renamer = (Schema, Renaming) throws -> Schema

    /// Merges the schemas of two commits by way of their merge base.
    ///
    /// Where histories cross and there are several bases, those are merged first, as git's
    /// recursive strategy does; what conflicts between them is taken from the first.
    ///
    /// - Throws: `.conflict` for commits without a common ancestor.
    package func merge(_ ours: ObjectID, _ theirs: ObjectID, rename: Renamer) throws
        -> MergeOutcome
    {
        let bases = try git.mergeBases(ours, theirs)
        guard !bases.isEmpty else {
            throw GitError(
                .conflict,
                "Commits '\(ours.abbreviated())' and '\(theirs.abbreviated())' share no history",
                hint: "Merge branches that come from the same first commit.")
        }
        return try SchemaMerge.merge(
            base: base(of: bases, rename: rename), ours: schema(of: ours),
            theirs: schema(of: theirs), rename: rename)
    }

    private func base(of bases: [ObjectID], rename: Renamer) throws -> Schema {
        guard let first = bases.first else { return Schema() }
        var merged = try schema(of: first)
        var before = first
        for next in bases.dropFirst() {
            let common = try git.mergeBases(before, next)
            merged = try SchemaMerge.merge(
                base: base(of: common, rename: rename), ours: merged, theirs: schema(of: next),
                rename: rename
            ).schema
            before = next
        }
        return merged
    }
}
