import CinchGit
import CinchRepository

/// What became of the queries of a branch.
package struct QueryChange: Sendable {
    /// Queries that are new.
    package var added: [StoredQuery] = []
    /// Queries that are gone.
    package var removed: [StoredQuery] = []
    /// Queries that are at other places now.
    package var moved: [StoredQuery] = []
    /// The commit; absent when nothing has changed.
    package var publication: Publication?

    /// Whether all is as it was.
    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && moved.isEmpty }
}

extension CinchDatabase {
    /// The queries at a revision, in the order of their places and names.
    package func queries(at revision: String = "HEAD") throws -> [StoredQuery] {
        try Self.sorted(queries(in: history.git.readCommit(commit(revision)).tree))
    }

    func queries(in tree: ObjectID) throws -> [StoredQuery] {
        try history.git.queryTexts(in: tree).map { StoredQuery(name: $0, text: $1) }
    }

    private static func sorted(_ queries: [StoredQuery]) -> [StoredQuery] {
        queries.sorted { left, right in
            guard let first = left.places.first, let second = right.places.first else {
                return (left.places.isEmpty ? 0 : 1, left.name)
                    < (right.places.isEmpty ? 0 : 1, right.name)
            }
            return first == second ? left.name < right.name : first < second
        }
    }

    /// Keeps one query on the current branch, in a commit.
    ///
    /// - Throws: `.invalid` for what is no single statement of SQLite's.
    package func addQuery(
        _ sql: String, at place: StoredQuery.Place? = nil,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> QueryChange {
        let query = StoredQuery(sql: sql, places: place.map { [$0] } ?? [])
        if let reason = try QueryCompiler.malformation(of: query.sql) {
            throw CinchError(
                code: .invalid, message: "This is no statement that SQLite reads: \(reason)",
                hint: "Give one SELECT, INSERT, UPDATE or DELETE, with ? for its parameters.")
        }
        return try changeQueries("Add a query", settings) { queries in
            let known = queries[query.name]?.places ?? []
            queries[query.name] = StoredQuery(sql: query.sql, places: known + query.places)
        }
    }

    /// Makes the queries of an application's files on the current branch what was found in them,
    /// in a commit: a query that was in one of these files only and is there no more goes.
    ///
    /// - Parameters:
    ///   - found: The queries with their places.
    ///   - folder: What the files are in, as their places have it; or the one file itself.
    package func replaceQueries(
        _ found: [StoredQuery], under folder: String,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> QueryChange {
        let folder = TerminalText.escaped(folder)
        let isUnder = { (place: StoredQuery.Place) in
            folder == "." || place.file == folder || place.file.hasPrefix("\(folder)/")
        }
        return try changeQueries("Scan the queries in \(folder)", settings) { queries in
            for query in queries.values where query.places.contains(where: isUnder) {
                let rest = query.places.filter { !isUnder($0) }
                queries[query.name] =
                    rest.isEmpty ? nil : StoredQuery(sql: query.sql, places: rest)
            }
            for query in found {
                let known = queries[query.name]?.places ?? []
                queries[query.name] = StoredQuery(sql: query.sql, places: known + query.places)
            }
        }
    }

    /// Forgets queries on the current branch, in a commit.
    ///
    /// - Parameter names: Their names, or the first digits that no other has.
    /// - Throws: `.notFound` for a name none or several have.
    package func removeQueries(
        _ names: [String], settings: RolloutSettings = RolloutSettings()
    ) throws -> QueryChange {
        try changeQueries("Remove \(names.count == 1 ? "a query" : "queries")", settings) {
            queries in
            for name in names {
                let matching = queries.keys.filter { $0.hasPrefix(name) }
                guard matching.count == 1, name.utf8.count >= 4 else {
                    let many =
                        matching.count > 1 ? "More than one query begins with" : "There is no query"
                    throw CinchError(
                        code: .notFound, message: "\(many) '\(TerminalText.escaped(name))'",
                        hint: "See 'cinch query-check list'.")
                }
                queries[matching[0]] = nil
            }
        }
    }

    private func changeQueries(
        _ subject: String, _ settings: RolloutSettings,
        _ change: (inout [String: StoredQuery]) throws -> Void
    ) throws -> QueryChange {
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let tree = try history.git.readCommit(tip).tree
        let before = Dictionary(
            try queries(in: tree).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var after = before
        try change(&after)
        var result = QueryChange()
        result.added = Self.sorted(after.values.filter { before[$0.name] == nil })
        result.removed = Self.sorted(before.values.filter { after[$0.name] == nil })
        result.moved = Self.sorted(
            after.values.filter { query in
                before[query.name].map { $0.places != query.places } ?? false
            })
        guard !result.isEmpty else { return result }
        let commit = try history.git.writeCommit(
            Commit(
                tree: history.git.replacingQueries(in: tree, with: after.mapValues(\.text)),
                parents: [tip], author: signature(.author), committer: signature(),
                message: "\(subject)\n"))
        let report = try publish(
            commit, on: branch, from: tip, action: "commit: \(subject)", settings: settings)
        result.publication = Publication(
            branch: branch.shortName, commit: commit, changes: [], rollout: report)
        return result
    }
}
