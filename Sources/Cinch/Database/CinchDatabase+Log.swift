package import CinchGit
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    /// The commits a revision or a range names, newest first.
    ///
    /// - Parameter revision: `main`, `main..feature`, `a...b`.
    package func log(_ revision: String, limit: Int?, topological: Bool) throws
        -> [RevisionWalk.Entry]
    {
        try log(LogQuery(revision: revision, limit: limit, isTopological: topological))
    }

    /// The commits a query asks for, newest first.
    ///
    /// - Throws: `CinchError` with `.notFound` for an entity that no commit on the way has,
    ///   `.invalid` for a date or a pattern that can't be read.
    package func log(_ query: LogQuery) throws -> [RevisionWalk.Entry] {
        var starts: [ObjectID] = []
        var excluded: [ObjectID] = []
        if let range = Self.range(query.revision) {
            starts = [try commit(range.to)]
            excluded = [try commit(range.from)]
            if range.isSymmetric {
                let bases = try history.git.mergeBases(starts[0], excluded[0])
                starts.append(excluded[0])
                excluded = bases
            }
        } else {
            starts = [try commit(query.revision)]
        }
        var filter = try LogFilter(query, from: starts[0], in: self)
        var walk = RevisionWalk(
            history.git, from: starts, excluding: excluded,
            order: query.isTopological ? .topological : .date,
            limit: filter.isOpen ? query.limit : nil, simplifying: filter.simplification)
        var entries: [RevisionWalk.Entry] = []
        while entries.count < query.limit ?? .max, !filter.isPast, let entry = try walk.next() {
            if try filter.takes(entry) { entries.append(entry) }
        }
        try filter.demandFound()
        return entries
    }

    /// The parents each listed commit has among those that are listed: where commits in between
    /// were left out, the nearest on each way.
    package func parents(
        among entries: [RevisionWalk.Entry], _ query: LogQuery
    ) throws -> [ObjectID: [ObjectID]] {
        guard query.isFiltered else {
            return Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0.commit.parents) })
        }
        let listed = Set(entries.map(\.id))
        var nearest: [ObjectID: [ObjectID]] = [:]
        for entry in entries {
            var found: [ObjectID] = []
            var seen: Set<ObjectID> = []
            var stack = Array(try history.git.parents(of: entry.id).reversed())
            while let id = stack.popLast() {
                guard seen.insert(id).inserted else { continue }
                if listed.contains(id) {
                    found.append(id)
                } else {
                    stack += try history.git.parents(of: id).reversed()
                }
            }
            nearest[entry.id] = found
        }
        return nearest
    }

    /// The two ends of `a..b` or `a...b`, HEAD where one is left out; absent for anything else.
    package static func range(_ text: String) -> (from: String, to: String, isSymmetric: Bool)? {
        for (dots, isSymmetric) in [("...", true), ("..", false)] {
            guard let place = text.firstRange(of: dots) else { continue }
            let from = String(text[..<place.lowerBound])
            let to = String(text[place.upperBound...])
            return (from.isEmpty ? "HEAD" : from, to.isEmpty ? "HEAD" : to, isSymmetric)
        }
        return nil
    }

    /// The branches and tags at each commit, HEAD's branch marked as git does.
    package func decorations() throws -> [ObjectID: [String]] {
        var names: [ObjectID: [String]] = [:]
        let current = try? currentBranch().shortName
        for branch in try branches() {
            if branch.name == current {
                names[branch.commit, default: []].insert("HEAD -> \(branch.name)", at: 0)
            } else {
                names[branch.commit, default: []].append(branch.name)
            }
        }
        for tag in try tags() { names[tag.commit, default: []].append("tag: \(tag.name)") }
        return names
    }

    /// What a commit changed compared with its first parent.
    package func changes(in entry: RevisionWalk.Entry) throws -> SchemaDiff {
        guard let parent = try history.git.parents(of: entry.id).first else {
            return SchemaDiff(from: Schema(), to: try history.schema(of: entry.id))
        }
        return try history.diff(history.git.readCommit(parent).tree, entry.commit.tree)
    }

    /// What differs between the schemas of two revisions, each a commit or a tree.
    ///
    /// - Complexity: Reads only what differs.
    package func diff(from: String, to: String) throws -> SchemaDiff {
        let trees = try [from, to].map { revision in
            try resolving(revision) { revision, now in
                try history.git.resolveTree(
                    revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
            }
        }
        return try history.diff(trees[0], trees[1])
    }

    /// The paths under which two revisions' trees differ, in git's order.
    package func changedPaths(from: String, to: String) throws -> [String] {
        let git = history.git
        func tree(_ revision: String) throws -> EncodedTree {
            try git.readEncodedTree(
                resolving(revision) { revision, now in
                    try git.resolveTree(
                        revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
                })
        }
        func paths(_ trees: [EncodedTree], _ prefix: String) throws -> [String] {
            try EncodedTree.differences(among: trees).flatMap { difference -> [String] in
                let path = prefix + difference.name
                guard difference.entries.contains(where: { $0?.mode == .directory }) else {
                    return [path]
                }
                let folders = try difference.entries.map { entry in
                    guard let entry, entry.mode == .directory else {
                        return EncodedTree(format: git.format)
                    }
                    return try git.readEncodedTree(entry.id)
                }
                return try paths(folders, path + "/")
            }
        }
        return try paths([tree(from), tree(to)], "")
    }

    /// A branch's reflog, or HEAD's, newest first.
    package func reflog(_ name: String) throws -> [ReflogEntry] {
        let reference: ReferenceName = try name == "HEAD" ? .head : .branch(name)
        guard let entries = try history.git.readReflog(reference) else {
            throw CinchError(
                code: .notFound, message: "There is no reflog of '\(name)'",
                hint: "See 'cinch branch list'.")
        }
        return entries
    }

    /// An object named by a revision: a commit to show, or the text at `revision:path`.
    package func object(_ revision: String) throws -> (id: ObjectID, object: Object) {
        let id = try resolving(revision) { revision, now in
            try history.git.resolve(
                revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
        }
        return (id, try history.git.read(id))
    }
}
