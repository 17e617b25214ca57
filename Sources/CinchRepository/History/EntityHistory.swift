package import CinchGit
package import CinchSchema

/// One entity, or one column of a table, followed from commit to commit.
///
/// A table is known by its id, whatever it is called; where no tree has that id it is whatever has
/// the name. Everything else is known by its name.
package final class EntityHistory {
    /// What there is of it in a tree: equal when nothing of it has changed.
    private struct State: Hashable {
        var path: String
        var blob: ObjectID
        /// The column's definition; absent when the whole entity is followed.
        var column: String?
    }

    private struct File: Hashable {
        var folder: EntityFolder
        var entry: TreeEntry
    }

    private let git: GitRepository
    private let name: Identifier
    private let column: Identifier?
    private let table: StableID?
    private let columnID: StableID?
    private var states: [ObjectID: State?] = [:]
    private var statements: [ObjectID: Statement] = [:]
    private var places: [ObjectID: TreeEntry?] = [:]

    /// - Parameters:
    ///   - schema: Where the name is looked up; what is not there is followed by its name.
    ///   - column: A column of the table; absent for the entity as a whole.
    package init(
        _ git: GitRepository, _ name: Identifier, column: Identifier? = nil, in schema: Schema
    ) {
        self.git = git
        self.name = name
        self.column = column
        let found = schema.tables[name]
        table = found?.id ?? schema.virtualTables[name]?.id
        columnID = column.flatMap { found?.column(named: $0)?.id }
    }

    /// Whether it was anywhere in the trees that were looked at.
    package var wasFound: Bool { states.values.contains { $0 != nil } }

    /// Whether a commit changed it, compared with every parent.
    package func isChanged(in commit: Commit, parents: [ObjectID]) throws -> Bool {
        let state = try state(in: commit.tree)
        guard !parents.isEmpty else { return state != nil }
        return try parents.allSatisfy { try self.state(in: git.readCommit($0).tree) != state }
    }

    /// The parents to go on with: the first that has the same alone, as git simplifies history.
    package func simplified(_ commit: Commit, parents: [ObjectID]) throws -> [ObjectID] {
        guard parents.count > 1 else { return parents }
        let state = try state(in: commit.tree)
        let same = try parents.first { try self.state(in: git.readCommit($0).tree) == state }
        return same.map { [$0] } ?? parents
    }

    private func state(in tree: ObjectID) throws -> State? {
        if let known = states[tree] { return known }
        let file = try file(in: tree)
        var state = file.map { file in
            State(path: "\(file.folder.rawValue)/\(file.entry.name)", blob: file.entry.id)
        }
        if let column, let file {
            var definition: Column?
            if case .table(let table) = try statement(file, in: tree) {
                definition =
                    table.columns.first { $0.id != nil && $0.id == columnID }
                    ?? table.column(named: column)
            }
            // The column stays the same when others change, and when the table is renamed.
            state = definition.map {
                State(path: "", blob: ObjectID.zero(git.format), column: $0.ddl)
            }
        }
        states[tree] = state
        return state
    }

    private func file(in tree: ObjectID) throws -> File? {
        let folders = try git.readTree(tree).entries.compactMap { entry in
            EntityFolder(rawValue: entry.name).map { (folder: $0, tree: entry.id) }
        }
        if table != nil, let tables = folders.first(where: { $0.folder == .tables })?.tree,
            let entry = try place(in: tables, of: tree)
        {
            return File(folder: .tables, entry: entry)
        }
        let fileName = Identifier(EntityFolder.fileName(of: name))
        let order = EntityFolder.allCases
        for folder in order.compactMap({ folder in folders.first { $0.folder == folder } }) {
            let entries = try git.readTree(folder.tree).entries.filter(\.isEntity)
            let found =
                entries.first { $0.name == fileName.text }
                ?? entries.first { Identifier($0.name).matches(fileName) }
            if let found { return File(folder: folder.folder, entry: found) }
        }
        return nil
    }

    /// The file of the table with the id in a folder of tables.
    private func place(in folder: ObjectID, of tree: ObjectID) throws -> TreeEntry? {
        if let known = places[folder] { return known }
        let entries = try git.readTree(folder).entries.filter(\.isEntity)
        let first = EntityFolder.fileName(of: name)
        // Most of the time it is called what it is called now.
        let ordered = entries.filter { $0.name == first } + entries.filter { $0.name != first }
        let found = try ordered.first { entry in
            switch try statement(File(folder: .tables, entry: entry), in: tree) {
            case .table(let table): table.id == self.table
            case .virtualTable(let table): table.id == self.table
            default: false
            }
        }
        places[folder] = found
        return found
    }

    private func statement(_ file: File, in tree: ObjectID) throws -> Statement {
        if let known = statements[file.entry.id] { return known }
        let path = "\(file.folder.rawValue)/\(file.entry.name)"
        let sql = try git.readEntity(file.entry.id, path: path, tree: tree)
        do {
            let statement = try Statement(parsing: sql)
            statements[file.entry.id] = statement
            return statement
        } catch {
            throw GitRepository.noSchema(tree, "'\(path)': \(error)")
        }
    }
}
