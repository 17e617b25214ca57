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
            for file in try readTree(folder.id).entries where file.isEntity {
                let path = "\(folder.name)/\(file.name)"
                entries.append(
                    SchemaEntry(
                        kind: kind, name: path, tableName: "",
                        sql: try readEntity(file.id, path: path, tree: tree)))
            }
        }
        do {
            return try Schema(entries: entries)
        } catch {
            throw Self.noSchema(tree, "\(error)")
        }
    }

    func readEntity(_ id: ObjectID, path: String, tree: ObjectID) throws -> String {
        guard let sql = String(validating: try readBlob(id), as: UTF8.self) else {
            throw Self.noSchema(tree, "'\(path)' is not UTF-8")
        }
        return sql
    }

    static func noSchema(_ tree: ObjectID, _ reason: String) -> GitError {
        GitError(
            .corrupt, "Tree '\(tree.abbreviated())' holds no schema: \(reason)",
            hint: "Look at the file with 'git show', and mend it in a commit.")
    }

    /// Writes a schema as a tree and returns its id; every object is on disk on return.
    ///
    /// - Parameters:
    ///   - old: A schema that shares most of it, and its tree. What is the same there is neither
    ///     written nor hashed again, and entries that are in neither schema are kept: both may
    ///     be parts of a larger one.
    ///   - loaded: Trees that were read already.
    ///   - dataFolder: What becomes the folder of data steps; absent to keep that of `old`.
    ///   - queries: What becomes of the folder of queries.
    ///   - isStored: Whether anything is written; false only finds out the tree's name.
    ///   - known: The blob an entity's text is already stored as; absent when it has to be
    ///     written.
    package func writeSchema(
        _ schema: Schema, replacing old: (schema: Schema, tree: ObjectID)?,
        loaded: [ObjectID: EncodedTree] = [:], dataFolder: TreeEntry? = nil,
        queries: QueryFolderEdit = .kept, isStored: Bool = true,
        known: (Statement) -> ObjectID? = { _ in nil }
    ) throws -> ObjectID {
        let put = { (kind: ObjectKind, body: [UInt8]) in
            isStored ? try self.write(kind, body) : self.format.objectID(of: kind, body)
        }
        let blob = { (statement: Statement) in
            try known(statement) ?? put(.blob, Array((statement.ddl + "\n").utf8))
        }
        let before = old?.schema ?? Schema()
        let load = { (id: ObjectID?) in
            guard let id else { return EncodedTree(format: self.format) }
            return try loaded[id] ?? self.readEncodedTree(id)
        }
        let root = try load(old?.tree)
        let folders = try root.entries()
        var edits: [String: TreeEntry?] = [:]
        if let dataFolder { edits[dataFolder.name] = dataFolder }
        if case .replaced(let entry) = queries { edits.updateValue(entry, forKey: "queries") }
        for folder in EntityFolder.allCases {
            let changed: [String: TreeEntry?] =
                switch folder {
                case .tables:
                    try self.edits(before.tables, schema.tables, blob) { .table($0) }.merging(
                        self.edits(before.virtualTables, schema.virtualTables, blob) {
                            .virtualTable($0)
                        }, uniquingKeysWith: { first, second in first ?? second })
                case .indexes:
                    try self.edits(before.indexes, schema.indexes, blob) { .index($0) }
                case .views: try self.edits(before.views, schema.views, blob) { .view($0) }
                case .triggers:
                    try self.edits(before.triggers, schema.triggers, blob) { .trigger($0) }
                }
            guard !changed.isEmpty else { continue }
            let previous = folders.first { $0.name == folder.rawValue }
            let edited = try load(previous?.id).editing(changed)
            edits.updateValue(
                edited.isEmpty
                    ? nil
                    : TreeEntry(
                        name: folder.rawValue, mode: .directory, id: try put(.tree, edited.bytes)),
                forKey: folder.rawValue)
        }
        return try put(.tree, root.editing(edits).bytes)
    }

    /// What has to change in a folder; absent for files that go.
    private func edits<Value: Named>(
        _ old: NameSorted<Value>, _ new: NameSorted<Value>,
        _ blob: (Statement) throws -> ObjectID, statement: (Value) -> Statement
    ) throws -> [String: TreeEntry?] {
        guard old != new else { return [:] }
        var edits: [String: TreeEntry?] = [:]
        for value in old where new[value.name]?.name != value.name {
            edits.updateValue(nil, forKey: EntityFolder.fileName(of: value.name))
        }
        for value in new where old[value.name] != value {
            let name = EntityFolder.fileName(of: value.name)
            edits.updateValue(
                TreeEntry(name: name, mode: .file, id: try blob(statement(value))), forKey: name)
        }
        return edits
    }
}

extension TreeEntry {
    /// Whether a file in one of a schema's folders is an entity's.
    var isEntity: Bool { mode != .directory && name.hasSuffix(".sql") }
}
