extension GitRepository {
    /// The object a revision names, `HEAD~2`, `main@{2026-01-31}`, `v1^{tree}`, `HEAD:tables`.
    ///
    /// gitrevisions(7), with two differences: a short name that means different objects as tag
    /// and as branch is refused, and so is a date from before a reference's log.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970, what `yesterday` and a day without a time are relative to.
    ///   - offsetMinutes: Minutes east of UTC, for dates without a zone.
    ///   - kind: What an abbreviated object name is preferably short for.
    /// - Throws: `.notFound`, `.ambiguous` listing the candidates, `.invalidName`, `.unsupported`.
    package func resolve(
        _ revision: String, now: Int64, offsetMinutes: Int = 0, preferring kind: ObjectKind? = nil
    ) throws -> ObjectID {
        let revision = try Revision(revision, now: now, offsetMinutes: offsetMinutes)
        return try RevisionResolver(repository: self, wanted: kind).resolve(revision)
    }

    /// The commit a revision names, annotated tags followed; `.notFound` if it names none.
    package func resolveCommit(
        _ revision: String, now: Int64, offsetMinutes: Int = 0
    ) throws -> ObjectID {
        let id = try resolve(
            revision, now: now, offsetMinutes: offsetMinutes, preferring: .commit)
        return try peel(id, to: .commit)
    }

    /// The tree a revision names, or the tree of the commit it names.
    package func resolveTree(
        _ revision: String, now: Int64, offsetMinutes: Int = 0
    ) throws -> ObjectID {
        let id = try resolve(revision, now: now, offsetMinutes: offsetMinutes, preferring: .tree)
        return try peel(id, to: .tree)
    }

    /// Follows annotated tags, and a commit to its tree, until an object of that kind is found;
    /// with nil, until something that isn't a tag.
    ///
    /// - Throws: `.notFound` when there is none of that kind on the way.
    package func peel(_ id: ObjectID, to kind: ObjectKind?) throws -> ObjectID {
        var current = id
        while true {
            let found = try readHeader(current).kind
            switch (found, kind) {
            case (kind, _): return current
            case (.tag, _): current = try readTag(current).object
            case (_, nil): return current
            case (.commit, .tree): current = try readCommit(current).tree
            default:
                throw GitError(
                    .notFound, "Object '\(id)' is a \(found), not a \(kind?.rawValue ?? "tag")",
                    hint: "Name a \(kind?.rawValue ?? "tag").")
            }
        }
    }

    /// The shortest abbreviation, of seven digits or more, that fits no other object today.
    package func shortID(_ id: ObjectID) throws -> String {
        id.abbreviated(max(7, try objects.uniqueLength(of: id)))
    }

    /// The best common ancestors of two commits, as `git merge-base --all` finds them: those
    /// that are no ancestors of another. Newest first; several when histories cross.
    ///
    /// - Throws: `.notFound`, `.corrupt` for a commit that can't be read.
    package func mergeBases(_ a: ObjectID, _ b: ObjectID) throws -> [ObjectID] {
        var graph = CommitGraph(repository: self)
        return try graph.mergeBases(a, b)
    }

    /// Whether `ancestor` is `descendant` or in its history.
    package func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        var graph = CommitGraph(repository: self)
        return try graph.isAncestor(ancestor, of: descendant)
    }

    /// A commit's parents; none where a shallow clone has cut its history.
    package func parents(of id: ObjectID) throws -> [ObjectID] {
        let commit = try readCommit(id)
        return try shallowCommits().contains(id) ? [] : commit.parents
    }

    /// The commits whose parents were left out by `git clone --depth`.
    func shallowCommits() throws -> Set<ObjectID> {
        guard let bytes = try FileSystem.readFile("\(path)/shallow") else { return [] }
        return Set(bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hexBytes: $0) })
    }
}
