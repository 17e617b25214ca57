/// A commit by its nearest tag, as `git describe` puts it.
package struct Description: Hashable, Sendable {
    /// The tag's name.
    package let tag: String
    /// How many commits there are that the tag doesn't reach.
    package let distance: Int
    /// The commit that is described.
    package let commit: ObjectID
}

extension GitRepository {
    // How many tags are weighed against one another, as in git.
    private static let candidates = 10

    /// The tag that the fewest commits lie behind; nil when no tag is in the commit's history.
    ///
    /// - Parameter all: Whether lightweight tags count as well as annotated ones.
    package func describe(_ commit: ObjectID, all: Bool) throws -> Description? {
        let names = try tagNames(all: all)
        guard !names.isEmpty else { return nil }
        var best: Description?
        var weighed = 0
        var walk = RevisionWalk(self, from: [commit])
        while weighed < Self.candidates, let entry = try walk.next() {
            guard let tag = names[entry.id] else { continue }
            weighed += 1
            var rest = RevisionWalk(self, from: [commit], excluding: [entry.id])
            let distance = try rest.all().count
            if distance < best?.distance ?? .max {
                best = Description(tag: tag, distance: distance, commit: commit)
            }
            if distance == 0 { break }
        }
        return best
    }

    /// The name to call each tagged commit by: of an annotated tag, the newest, else the first.
    private func tagNames(all: Bool) throws -> [ObjectID: String] {
        var names: [ObjectID: (name: String, seconds: Int64)] = [:]
        for (reference, id) in try listReferences("refs/tags/") {
            let isAnnotated = try readHeader(id).kind == .tag
            guard isAnnotated || all else { continue }
            let commit = try peel(id, to: nil)
            let seconds = isAnnotated ? try readTag(id).tagger?.seconds ?? 0 : -1
            if seconds > names[commit]?.seconds ?? -2 {
                names[commit] = (reference.shortName, seconds)
            }
        }
        return names.mapValues(\.name)
    }
}
