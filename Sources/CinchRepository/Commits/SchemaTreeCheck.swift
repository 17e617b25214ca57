package import CinchGit
import CinchSchema

/// Whether trees are schemas. Each different folder and file is looked at once, however many
/// trees have it.
package struct SchemaTreeCheck {
    /// What one folder has in it.
    private struct Folder {
        /// Names as SQLite compares them, with the file each is in.
        var names: [(key: String, file: String)] = []
    }

    private struct Place: Hashable {
        var folder: EntityFolder
        var id: ObjectID
    }

    private struct FilePlace: Hashable {
        var folder: EntityFolder
        var name: String
        var id: ObjectID
    }

    private let git: GitRepository
    private var folders: [Place: Folder] = [:]
    private var statements: [FilePlace: (key: String, id: StableID?)?] = [:]
    private var steps: Set<ObjectID> = []
    private var told: Set<[ObjectID]> = []
    private var findings: [IntegrityFinding] = []

    package init(_ git: GitRepository) { self.git = git }

    /// What is wrong with the trees of some commits; those that can't be read are passed over,
    /// since whoever looks at objects tells of them.
    package mutating func check(
        _ trees: [(tree: ObjectID, commit: ObjectID)],
        progress: ((String, Int, Int) -> Void)? = nil
    ) -> [IntegrityFinding] {
        for (done, item) in trees.enumerated() {
            check(item.tree, of: item.commit)
            if done % 256 == 0 { progress?("Checking schemas", done, trees.count) }
        }
        progress?("Checking schemas", trees.count, trees.count)
        return findings
    }

    private mutating func check(_ tree: ObjectID, of commit: ObjectID) {
        guard let entries = try? git.readTree(tree).entries else { return }
        var read: [ObjectID] = []
        var named: [(key: String, file: String)] = []
        for entry in entries where entry.mode == .directory {
            if entry.name == "data" { checkSteps(entry.id, in: tree, of: commit) }
            guard let kind = EntityFolder(rawValue: entry.name) else { continue }
            let place = Place(folder: kind, id: entry.id)
            let folder = folders[place] ?? look(at: place, in: commit)
            folders[place] = folder
            // Triggers have names of their own (sqlite3FindTable and sqlite3FindIndex don't).
            guard kind != .triggers else { continue }
            read.append(entry.id)
            named += folder.names
        }
        // What tables, indexes and views are called together, told once for each such set.
        guard told.insert(read).inserted else { return }
        var files: [String: String] = [:]
        for (key, file) in named {
            guard let other = files.updateValue(file, forKey: key) else { continue }
            note(commit, "'\(file)' and '\(other)' have one name")
        }
    }

    private mutating func look(at place: Place, in commit: ObjectID) -> Folder {
        var folder = Folder()
        guard let entries = try? git.readTree(place.id).entries else { return folder }
        var ids: [StableID: String] = [:]
        for entry in entries where entry.isEntity {
            let file = "\(place.folder.rawValue)/\(entry.name)"
            let key = FilePlace(folder: place.folder, name: entry.name, id: entry.id)
            let known = statements[key] ?? parse(key, file, in: commit)
            statements[key] = .some(known)
            guard let known else { continue }
            folder.names.append((known.key, file))
            guard let id = known.id else { continue }
            if let other = ids.updateValue(file, forKey: id) {
                note(commit, "'\(file)' and '\(other)' have one id, \(id)")
            }
        }
        return folder
    }

    private mutating func parse(
        _ place: FilePlace, _ file: String, in commit: ObjectID
    ) -> (key: String, id: StableID?)? {
        guard let bytes = try? git.readBlob(place.id) else { return nil }
        guard let sql = String(validating: bytes, as: UTF8.self) else {
            note(commit, "'\(file)' is not UTF-8")
            return nil
        }
        let statement: Statement
        do {
            statement = try Statement(parsing: sql)
        } catch {
            note(commit, "'\(file)' is no schema: \(error)")
            return nil
        }
        guard EntityName(statement).folder == place.folder else {
            note(commit, "'\(file)' is not what its folder is for")
            return nil
        }
        if EntityFolder.fileName(of: statement.name) != place.name {
            note(commit, "'\(file)' is of '\(statement.name)'")
        }
        var id: StableID?
        switch statement {
        case .table(let table):
            id = table.id
            var columns: [StableID: Identifier] = [:]
            for column in table.columns {
                guard let own = column.id,
                    let other = columns.updateValue(column.name, forKey: own)
                else { continue }
                note(commit, "'\(file)': '\(column.name)' and '\(other)' have one id, \(own)")
            }
        case .virtualTable(let table): id = table.id
        default: break
        }
        return (statement.name.key, id)
    }

    private mutating func checkSteps(_ folder: ObjectID, in tree: ObjectID, of commit: ObjectID) {
        guard steps.insert(folder).inserted else { return }
        do {
            _ = try git.dataSteps(in: tree, notIn: nil)
        } catch {
            note(
                commit,
                "its data steps can't be read: \((error as? GitError)?.message ?? "\(error)")")
        }
    }

    private mutating func note(_ commit: ObjectID, _ message: String) {
        findings.append(IntegrityFinding("commit \(commit)", message))
    }
}
