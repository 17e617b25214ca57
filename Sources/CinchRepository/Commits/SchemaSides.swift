package import CinchGit
package import CinchSchema

/// The schemas of several trees as far as they differ, with what that refers to.
///
/// An entity whose file is the same in all trees is only here when something that differs speaks
/// of it: equal subtrees are never read, so the work is in proportion to what changed.
package struct SchemaSides: Sendable {
    /// A part of each tree's schema, in the order the trees were given.
    package let schemas: [Schema]
    /// The trees.
    package let trees: [ObjectID]
    /// The entities that were read and their blobs, by kind and name.
    let blobs: [EntityName: [(statement: Statement, id: ObjectID)]]
    /// The trees and folders that were read.
    let loaded: [ObjectID: EncodedTree]
}

extension SchemaSides {
    /// What an entity's text is stored as already; absent for a text that no tree has.
    func blob(of statement: Statement) -> ObjectID? {
        blobs[EntityName(statement)]?.first { $0.statement == statement }?.id
    }
}

/// The kind and name of an entity: hashed in no time, unlike its text.
struct EntityName: Hashable {
    let folder: EntityFolder
    let key: String

    init(_ statement: Statement) {
        folder =
            switch statement {
            case .table, .virtualTable: .tables
            case .index: .indexes
            case .view: .views
            case .trigger: .triggers
            }
        key = statement.name.key
    }
}

extension GitRepository {
    /// Reads in what trees differ.
    package func readSides(_ trees: [ObjectID]) throws -> SchemaSides {
        var reader = SidesReader(git: self, trees: trees)
        return try reader.read()
    }
}

/// Reads the files that differ between trees, and then those that these speak of.
struct SidesReader {
    let git: GitRepository
    let trees: [ObjectID]
    var folders: [EntityFolder: [EncodedTree]] = [:]
    /// What each side has of the files that were read.
    var files: [[File: ObjectID]]
    var statements: [ObjectID: Statement] = [:]
    private var loaded: [ObjectID: EncodedTree] = [:]
    private var names: [EntityFolder: [String: TreeEntry]] = [:]
    struct File: Hashable {
        var folder: EntityFolder
        var name: String
    }

    init(git: GitRepository, trees: [ObjectID]) {
        self.git = git
        self.trees = trees
        files = trees.map { _ in [:] }
    }

    mutating func read() throws -> SchemaSides {
        try findDifferences()
        // Indexes last: what a double-quoted word in one means depends on the table.
        var open = Set(files.flatMap(\.keys)).sorted(by: File.precedes)
        for file in open { try parse(file) }
        if trees.count > 2 { open += try readersOfChanges() }
        var asked: Set<String> = []
        while !open.isEmpty {
            for file in open { try parse(file) }
            var next: [File] = []
            for file in open {
                for name in mentioned(in: file) where asked.insert(name.key).inserted {
                    next += try take(name)
                }
            }
            open = next
        }
        return SchemaSides(
            schemas: try schemas(), trees: trees, blobs: blobs(), loaded: loaded)
    }

    private mutating func findDifferences() throws {
        let roots = try trees.map { try load($0) }
        let differing = try Self.checked(trees) { try EncodedTree.differences(among: roots) }
        for difference in differing {
            guard let folder = EntityFolder(rawValue: difference.name) else { continue }
            let subtrees = try difference.entries.map { entry in
                guard let entry, entry.mode == .directory else {
                    return EncodedTree(format: git.format)
                }
                return try load(entry.id)
            }
            folders[folder] = subtrees
            for item in try Self.checked(trees, { try EncodedTree.differences(among: subtrees) }) {
                for (side, entry) in item.entries.enumerated() {
                    guard let entry, entry.isEntity else { continue }
                    files[side][File(folder: folder, name: item.name)] = entry.id
                }
            }
        }
    }

    private mutating func load(_ id: ObjectID) throws -> EncodedTree {
        if let tree = loaded[id] { return tree }
        let tree = try git.readEncodedTree(id)
        loaded[id] = tree
        return tree
    }

    /// A damaged tree is a damaged repository.
    private static func checked<Result>(_ trees: [ObjectID], _ body: () throws -> Result) throws
        -> Result
    {
        do {
            return try body()
        } catch let error as GitError {
            throw error
        } catch {
            throw GitRepository.noSchema(trees[0], "\(error)")
        }
    }

    // MARK: Parsing

    mutating func parse(_ file: File) throws {
        for (side, tree) in trees.enumerated() {
            guard let id = files[side][file], statements[id] == nil else { continue }
            let path = "\(file.folder.rawValue)/\(file.name)"
            let sql = try git.readEntity(id, path: path, tree: tree)
            do {
                statements[id] = try Statement(parsing: sql)
            } catch {
                throw GitRepository.noSchema(tree, "'\(path)': \(error)")
            }
        }
    }

    /// Names in a file's texts that may be those of tables or views.
    private func mentioned(in file: File) -> Set<Identifier> {
        var names: Set<Identifier> = []
        for side in trees.indices {
            guard let id = files[side][file] else { continue }
            switch statements[id] {
            case .table(let table):
                // A key that all sides have is as good as it was.
                let others = trees.indices.compactMap { self.table(of: file, side: $0) }
                for key in table.foreignKeys
                where others.count < trees.count
                    || !others.allSatisfy({ $0.foreignKeys.contains(key) })
                {
                    names.insert(key.parent)
                }
            case let statement?: names.formUnion(statement.mentions)
            case nil: break
            }
        }
        return names
    }

    private func table(of file: File, side: Int) -> Table? {
        guard let id = files[side][file], case .table(let table)? = statements[id] else {
            return nil
        }
        return table
    }

    /// Takes in a table or view that is the same on all sides; nothing when it was read, or when
    /// there is none of this name.
    private mutating func take(_ name: Identifier) throws -> [File] {
        let key = Identifier(EntityFolder.fileName(of: name)).key
        var taken: [File] = []
        for folder in [EntityFolder.tables, .views] {
            guard let entry = try names(in: folder)[key] else { continue }
            let file = File(folder: folder, name: entry.name)
            guard !files.contains(where: { $0[file] != nil }) else { continue }
            for side in files.indices { files[side][file] = entry.id }
            taken.append(file)
        }
        return taken
    }

    /// The entities of a folder that all sides share, by their names as SQLite finds them.
    mutating func names(in folder: EntityFolder) throws -> [String: TreeEntry] {
        if let known = names[folder] { return known }
        var tree = folders[folder]?.last
        if tree == nil {
            let root = try load(trees[0])
            let entry = try Self.checked(trees) { try root.entries() }
                .first { $0.name == folder.rawValue }
            tree = try entry.map { try load($0.id) }
        }
        let entries = try Self.checked(trees) { try tree?.entries() ?? [] }.filter(\.isEntity)
        let found = Dictionary(
            entries.map { (Identifier($0.name).key, $0) }, uniquingKeysWith: { first, _ in first })
        names[folder] = found
        return found
    }

    // MARK: Results

    private func schemas() throws -> [Schema] {
        try trees.indices.map { side in
            let all = files[side].keys.sorted(by: File.precedes)
                .compactMap { file in files[side][file].flatMap { statements[$0] } }
            let tables = NameSorted(
                all.compactMap { if case .table(let table) = $0 { table } else { nil } })
            do {
                return try Schema(
                    statements: all.map { statement in
                        guard case .index(let index) = statement else { return statement }
                        return try Statement(parsing: index.ddl, tables: tables)
                    })
            } catch {
                throw GitRepository.noSchema(trees[side], "\(error)")
            }
        }
    }

    private func blobs() -> [EntityName: [(statement: Statement, id: ObjectID)]] {
        Dictionary(grouping: statements.map { (statement: $1, id: $0) }) {
            EntityName($0.statement)
        }
    }
}

extension SidesReader.File {
    fileprivate static func precedes(_ a: Self, _ b: Self) -> Bool {
        a.folder == b.folder ? a.name < b.name : a.folder.rawValue < b.folder.rawValue
    }
}
