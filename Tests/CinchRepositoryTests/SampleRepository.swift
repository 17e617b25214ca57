import CinchGit
import CinchRepository
import CinchSchema
import CinchTestSupport
import Foundation

/// A schema repository in a folder of its own, with the real git beside it.
struct SampleRepository {
    let folder: TemporaryDirectory
    let path: String
    let repository: SchemaRepository
    let git: GitRunner

    static let signature = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)

    init(_ format: ObjectFormat = .sha256) throws {
        folder = try TemporaryDirectory()
        path = folder.path("schema.git")
        repository = try SchemaRepository.create(
            at: path, format: format, signature: Self.signature)
        git = GitRunner(path)
    }

    /// The repository as another process would see it: nothing is remembered.
    func reopened() throws -> SchemaRepository { try SchemaRepository.open(at: path) }

    /// The commit `main` is at.
    func tip() throws -> ObjectID {
        try repository.git.resolveCommit("main", now: 1_700_000_000)
    }

    /// Commits a schema on top of `main` and moves it.
    @discardableResult
    func commit(_ schema: Schema, message: String = "Change") throws -> ObjectID {
        let parent = try tip()
        let commit = try write(schema, parents: [parent], message: message)
        try move("main", from: parent, to: commit, message: "commit: \(message)")
        return commit
    }

    func move(_ branch: String, from parent: ObjectID, to commit: ObjectID, message: String) throws
    {
        try repository.git.update(
            ReferenceTransaction(
                [.update(.branch(branch), to: commit, expecting: parent)],
                signature: Self.signature, message: message))
    }

    /// Writes a commit that no branch is at.
    func write(_ schema: Schema, parents: [ObjectID], message: String = "Change") throws
        -> ObjectID
    {
        try repository.write(
            schema, parents: parents, message: message, signature: Self.signature)
    }

    /// How many loose objects there are.
    func looseObjects() throws -> Int {
        let objects = "\(path)/objects"
        return try FileManager.default.contentsOfDirectory(atPath: objects)
            .filter { $0.utf8.count == 2 }
            .map { try FileManager.default.contentsOfDirectory(atPath: "\(objects)/\($0)").count }
            .reduce(0, +)
    }
}

extension Schema {
    /// Reads CREATE statements, one an element.
    init(_ statements: String...) throws {
        try self.init(
            entries: statements.map { sql in
                let kind: SchemaEntry.Kind =
                    switch try Statement(parsing: sql) {
                    case .index: .index
                    case .view: .view
                    case .trigger: .trigger
                    default: .table
                    }
                return SchemaEntry(kind: kind, name: "", tableName: "", sql: sql)
            })
    }

    /// The schema with a column more.
    func adding(_ column: Identifier, to table: Identifier) -> Schema {
        var copy = self
        copy.tables[table]?.columns.append(Column(name: column))
        return copy
    }

    /// Names of a schema without views and triggers, which only SQLite could rewrite.
    func renamed(_ renaming: Renaming) -> Schema {
        var copy = self
        copy.tables = tables.mapValues { renaming.apply(to: $0) }
        copy.indexes = indexes.mapValues { renaming.apply(to: $0) }
        return copy
    }
}
