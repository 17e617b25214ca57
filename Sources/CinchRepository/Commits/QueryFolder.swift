package import CinchGit

/// What becomes of the folder of queries when a tree is written.
package enum QueryFolderEdit: Sendable {
    /// It stays.
    case kept
    /// It is this one; absent for none.
    case replaced(TreeEntry?)
}

/// The application's queries in a schema tree: `queries/1f2e3d4c5b6a.sql`, a comment line
/// `-- file:line` for each place and then the SQL, by whose hash the file is called.
extension GitRepository {
    private static let queries = "queries"

    /// The texts of a tree's queries by their names, without `.sql`.
    ///
    /// - Throws: `GitError`, `.corrupt` for a text that isn't UTF-8.
    package func queryTexts(in tree: ObjectID) throws -> [String: String] {
        try texts(in: queryFolder(in: readEncodedTree(tree)), tree: tree)
    }

    private func texts(in folder: ObjectID?, tree: ObjectID) throws -> [String: String] {
        guard let folder else { return [:] }
        var texts: [String: String] = [:]
        for entry in try readTree(folder).entries where entry.isEntity {
            texts[String(entry.name.dropLast(4))] = try readEntity(
                entry.id, path: "\(Self.queries)/\(entry.name)", tree: tree)
        }
        return texts
    }

    /// A tree whose queries are these and no others; every object is on disk on return.
    package func replacingQueries(in tree: ObjectID, with texts: [String: String]) throws
        -> ObjectID
    {
        let entry = try write(texts, isStored: true)
        return try writeTree(readEncodedTree(tree).editing([Self.queries: entry]))
    }

    /// What a merge makes of the queries: those both sides have, by name. A query is never in
    /// conflict, since its name stands for its text: only its places differ, and those are a set.
    func mergedQueryFolder(
        base: ObjectID, ours: ObjectID, theirs: ObjectID, loaded: [ObjectID: EncodedTree],
        isStored: Bool
    ) throws -> QueryFolderEdit {
        let trees = [base, ours, theirs]
        let folders = try trees.map { tree in
            try queryFolder(in: loaded[tree] ?? readEncodedTree(tree))
        }
        guard folders[2] != folders[0], folders[2] != folders[1] else { return .kept }
        let (old, own, other) = (
            try texts(in: folders[0], tree: base), try texts(in: folders[1], tree: ours),
            try texts(in: folders[2], tree: theirs)
        )
        var merged: [String: String] = [:]
        for name in Set(own.keys).union(other.keys) {
            merged[name] = QueryText.merge(base: old[name], ours: own[name], theirs: other[name])
        }
        return .replaced(try write(merged, isStored: isStored))
    }

    private func write(_ texts: [String: String], isStored: Bool) throws -> TreeEntry? {
        guard !texts.isEmpty else { return nil }
        let put = { (kind: ObjectKind, body: [UInt8]) in
            isStored ? try self.write(kind, body) : self.format.objectID(of: kind, body)
        }
        let folder = try Tree(
            texts.map { name, text in
                TreeEntry(name: "\(name).sql", mode: .file, id: try put(.blob, Array(text.utf8)))
            })
        return TreeEntry(
            name: Self.queries, mode: .directory, id: try put(.tree, folder.encoded()))
    }

    private func queryFolder(in tree: EncodedTree) throws -> ObjectID? {
        try tree.entries().first { $0.name == Self.queries && $0.mode == .directory }?.id
    }
}

/// A query as it stands in its file.
package enum QueryText {
    /// The places a text begins with, and the SQL behind them.
    package static func split(_ text: String) -> (places: [String], sql: String) {
        var rest = text[...]
        var places: [String] = []
        while rest.hasPrefix("-- "), let end = rest.firstIndex(of: "\n") {
            places.append(String(rest[rest.index(rest.startIndex, offsetBy: 3)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        while rest.last == "\n" { rest.removeLast() }
        return (places, String(rest))
    }

    /// A text of its parts.
    package static func join(_ places: some Sequence<String>, _ sql: String) -> String {
        places.map { "-- \($0)\n" }.joined() + sql + "\n"
    }

    /// A query after a merge; absent when a side has removed what the other left alone.
    static func merge(base: String?, ours: String?, theirs: String?) -> String? {
        if ours == theirs || theirs == base { return ours }
        if ours == base { return theirs }
        guard let ours, let theirs else { return ours ?? theirs }
        let (old, own, other) = (
            Set(base.map { split($0).places } ?? []), split(ours), split(theirs)
        )
        let gone = old.filter { !own.places.contains($0) || !other.places.contains($0) }
        return join(Set(own.places).union(other.places).subtracting(gone).sorted(), own.sql)
    }
}
