package import CinchGit
package import CinchSchema

/// Data steps in a schema tree: `data/0007-1a2b3c4d/step.sql`, with the schema it was written for
/// as a tree `before` beside it, and `after` where its own DDL changes that.
extension GitRepository {
    private static let folder = "data"
    private static let script = "step.sql"
    private static let subjects = "subjects"

    /// The names of a tree's data steps, in order.
    package func dataStepNames(in tree: ObjectID) throws -> [DataStep.Name] {
        try dataStepEntries(in: tree).map(\.name)
    }

    /// The data steps a tree has and another has not, in order.
    ///
    /// - Parameter other: Absent for an empty tree.
    package func dataSteps(in tree: ObjectID, notIn other: ObjectID?) throws -> [DataStep] {
        let (folder, known) = (try dataFolder(of: tree), try other.map(dataFolder))
        if folder == known { return [] }
        let ids = Set(try other.map(dataStepEntries)?.map(\.name.id) ?? [])
        return try dataStepEntries(in: tree).filter { !ids.contains($0.name.id) }
            .map { try readDataStep($0.name, $0.tree) }
    }

    /// The folder of a tree's data steps with more of them; absent when there are no more.
    ///
    /// - Parameter tree: Absent for an empty tree.
    func dataFolder(of tree: ObjectID?, adding steps: [DataStep]) throws -> TreeEntry? {
        guard !steps.isEmpty else { return nil }
        let folder = try tree.flatMap(dataFolder)
        let entries = try steps.map { step in
            TreeEntry(name: "\(step.name)", mode: .directory, id: try write(step))
        }
        return entry(try adding(entries, to: folder, isStored: true))
    }

    /// A tree with more data steps; every object is on disk on return.
    package func adding(_ steps: [DataStep], to tree: ObjectID) throws -> ObjectID {
        guard let folder = try dataFolder(of: tree, adding: steps) else { return tree }
        return try writeTree(readEncodedTree(tree).editing([folder.name: folder]))
    }

    /// The folder of a merge's data steps: ours, and those their side has brought, which ours and
    /// the base lack. Absent when it is ours.
    ///
    /// The latter are renumbered to come after ours, as they do in tenants that are at ours.
    ///
    /// - Parameter ids: Their steps that are not taken.
    func mergedDataFolder(
        base: ObjectID, ours: ObjectID, theirs: ObjectID, leavingOut ids: Set<StableID>,
        loaded: [ObjectID: EncodedTree], isStored: Bool
    ) throws -> TreeEntry? {
        let (before, own, added) = try dataFolders(base, ours, theirs, loaded)
        guard let added, added != before, added != own else { return nil }
        let entries = try dataStepEntries(in: ours)
        let known = Set((try dataStepEntries(in: base) + entries).map(\.name.id)).union(ids)
        let last = entries.last?.name.number ?? 0
        let new = try dataStepEntries(in: theirs).filter { !known.contains($0.name.id) }
        guard !new.isEmpty else { return nil }
        let renumbered = new.enumerated().map { place, step in
            let name = DataStep.Name(number: last + 1 + place, id: step.name.id)
            return TreeEntry(name: "\(name)", mode: .directory, id: step.tree)
        }
        return entry(try adding(renumbered, to: own, isStored: isStored))
    }

    /// The steps that each side of a merge has, and neither the base nor the other side; read only
    /// where both have changed theirs.
    func newDataSteps(
        base: ObjectID, ours: ObjectID, theirs: ObjectID, loaded: [ObjectID: EncodedTree]
    ) throws -> (ours: [DataStep], theirs: [DataStep]) {
        let (before, own, added) = try dataFolders(base, ours, theirs, loaded)
        guard own != before, added != before, own != added else { return ([], []) }
        let known = Set(try dataStepEntries(in: base).map(\.name.id))
        let (mine, other) = (try dataStepEntries(in: ours), try dataStepEntries(in: theirs))
        let both = known.union(Set(mine.map(\.name.id)).intersection(other.map(\.name.id)))
        let read = { (entries: [(name: DataStep.Name, tree: ObjectID)]) in
            try entries.filter { !both.contains($0.name.id) }
                .map { try self.readDataStep($0.name, $0.tree) }
        }
        return (try read(mine), try read(other))
    }

    private func dataFolders(
        _ base: ObjectID, _ ours: ObjectID, _ theirs: ObjectID,
        _ loaded: [ObjectID: EncodedTree]
    ) throws -> (base: ObjectID?, ours: ObjectID?, theirs: ObjectID?) {
        let folder = { (tree: ObjectID) in
            try Self.dataFolder(in: loaded[tree] ?? self.readEncodedTree(tree))
        }
        return (try folder(base), try folder(ours), try folder(theirs))
    }

    private func entry(_ folder: ObjectID) -> TreeEntry {
        TreeEntry(name: Self.folder, mode: .directory, id: folder)
    }

    private func adding(
        _ entries: [TreeEntry], to folder: ObjectID?, isStored: Bool
    ) throws -> ObjectID {
        let before = try folder.map(readEncodedTree) ?? EncodedTree(format: format)
        let edits = Dictionary(
            entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = try before.editing(edits)
        return isStored ? try writeTree(after) : format.objectID(of: .tree, after.bytes)
    }

    private func dataFolder(of tree: ObjectID) throws -> ObjectID? {
        try Self.dataFolder(in: readEncodedTree(tree))
    }

    private static func dataFolder(in tree: EncodedTree) throws -> ObjectID? {
        try tree.entries().first { $0.name == folder && $0.mode == .directory }?.id
    }

    private func dataStepEntries(
        in tree: ObjectID
    ) throws -> [(name: DataStep.Name, tree: ObjectID)] {
        guard let folder = try dataFolder(of: tree) else { return [] }
        return try readTree(folder).entries.compactMap { entry in
            DataStep.Name(entry.name).map { ($0, entry.id) }
        }.sorted { $0.name < $1.name }
    }

    // MARK: One step

    private func write(_ step: DataStep) throws -> ObjectID {
        var entries = [
            TreeEntry(
                name: "before", mode: .directory, id: try writeSchema(step.before, replacing: nil)),
            TreeEntry(
                name: Self.script, mode: .file, id: try writeBlob(Array("\(step.script)\n".utf8))),
        ]
        if !step.subjects.isEmpty {
            // A file of their own: nothing but the step's SQL is ever run.
            let lines = step.subjects.map { "\($0)\n" }.joined()
            entries.append(
                TreeEntry(
                    name: Self.subjects, mode: .file, id: try writeBlob(Array(lines.utf8))))
        }
        if let after = step.after {
            entries.append(
                TreeEntry(
                    name: "after", mode: .directory, id: try writeSchema(after, replacing: nil)))
        }
        return try writeTree(Tree(entries))
    }

    private func readDataStep(_ name: DataStep.Name, _ tree: ObjectID) throws -> DataStep {
        let entries = try readTree(tree).entries
        let folder = { (name: String) in
            entries.first { $0.name == name && $0.mode == .directory }?.id
        }
        guard let script = entries.first(where: { $0.name == Self.script })?.id,
            let before = folder("before")
        else { throw Self.noSchema(tree, "'data/\(name)' is no data step") }
        let text = try readEntity(script, path: "data/\(name)/\(Self.script)", tree: tree)
        let subjects = try entries.first { $0.name == Self.subjects }.map {
            try readEntity($0.id, path: "data/\(name)/\(Self.subjects)", tree: tree)
        }
        return DataStep(
            name: name,
            subjects: (subjects ?? "").split(separator: "\n").compactMap {
                try? RowSubject(parsing: String($0))
            },
            script: text.hasSuffix("\n") ? String(text.dropLast()) : text,
            before: try readSchema(before), after: try folder("after").map(readSchema))
    }
}
