package import CinchGit
package import CinchSchema

/// Schemas as git trees: a blob for each entity, its canonical text with ids.
extension GitRepository {
    /// Reads the schema in a tree; entries that are no part of a schema are passed over.
    ///
    /// - Throws: `GitError` for what can't be read; `.corrupt` naming the file whose text is no
    ///   schema.
    package func readSchema(_ tree: ObjectID) throws -> Schema {
        var entries: [SchemaEntry] = []
        for folder in try readTree(tree).entries where folder.mode == .directory {
            guard let kind = EntityFolder(rawValue: folder.name)?.kind else { continue }
            for file in try readTree(folder.id).entries
            where file.mode != .directory && file.name.hasSuffix(".sql") {
                let path = "\(folder.name)/\(file.name)"
                guard let sql = String(validating: try readBlob(file.id), as: UTF8.self) else {
                    throw GitError(
                        .corrupt,
                        "Tree '\(tree.abbreviated())' holds no schema: '\(path)' is not UTF-8",
                        hint: "Look at the file with 'git show', and mend it in a commit.")
                }
                entries.append(SchemaEntry(kind: kind, name: path, tableName: "", sql: sql))
            }
        }
        do {
            return try Schema(entries: entries)
        } catch {
            throw GitError(
                .corrupt, "Tree '\(tree.abbreviated())' holds no schema: \(error)",
                hint: "Look at the file with 'git show', and mend it in a commit.")
        }
    }

    /// Writes a schema as a tree and returns its id; every object is on disk on return.
    ///
    /// - Parameter parent: A schema and its tree that share most of it: what is the same there is
    ///   neither written nor hashed again, and entries that are no part of a schema are kept.
    package func writeSchema(_ schema: Schema, reusing parent: (schema: Schema, tree: ObjectID)?)
        throws -> ObjectID
    {
        let root = try parent.map { try readTree($0.tree).entries } ?? []
        let old = parent?.schema ?? Schema()
        var entries = root.filter { EntityFolder(rawValue: $0.name) == nil }
        for folder in EntityFolder.allCases {
            let previous = root.first { $0.name == folder.rawValue }
            let id: ObjectID?
            switch folder {
            case .tables:
                guard schema.tables != old.tables || schema.virtualTables != old.virtualTables
                else {
                    id = previous?.id
                    break
                }
                let known = try files(in: previous)
                let tables = try schema.tables.map { table in
                    try file(
                        table.name, table.ddl(ids: true), old.tables[table.name] == table, known)
                }
                let virtualTables = try schema.virtualTables.map { table in
                    try file(
                        table.name, table.ddl(ids: true), old.virtualTables[table.name] == table,
                        known)
                }
                id = try writeFolder(tables + virtualTables)
            case .indexes:
                id = try write(schema.indexes, old.indexes, previous, \.ddl)
            case .views:
                id = try write(schema.views, old.views, previous, \.ddl)
            case .triggers:
                id = try write(schema.triggers, old.triggers, previous, \.ddl)
            }
            if let id {
                entries.append(TreeEntry(name: folder.rawValue, mode: .directory, id: id))
            }
        }
        return try writeTree(Tree(entries))
    }

    private func write<Value: Named>(
        _ new: NameSorted<Value>, _ old: NameSorted<Value>, _ previous: TreeEntry?,
        _ text: (Value) -> String
    ) throws -> ObjectID? {
        guard new != old else { return previous?.id }
        let known = try files(in: previous)
        return try writeFolder(
            new.map { try file($0.name, text($0), old[$0.name] == $0, known) })
    }

    private func files(in folder: TreeEntry?) throws -> [String: ObjectID] {
        guard let folder else { return [:] }
        return Dictionary(
            try readTree(folder.id).entries.map { ($0.name, $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    private func file(
        _ name: Identifier, _ text: @autoclosure () -> String, _ isUnchanged: Bool,
        _ known: [String: ObjectID]
    ) throws -> TreeEntry {
        let path = EntityFolder.fileName(of: name)
        if isUnchanged, let id = known[path] { return TreeEntry(name: path, mode: .file, id: id) }
        let id = try writeBlob(Array((text() + "\n").utf8))
        return TreeEntry(name: path, mode: .file, id: id)
    }

    private func writeFolder(_ entries: [TreeEntry]) throws -> ObjectID? {
        entries.isEmpty ? nil : try writeTree(Tree(entries))
    }
}
