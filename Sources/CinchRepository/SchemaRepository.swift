package import CinchGit
package import CinchSchema
import Synchronization

/// The history of one schema: commits of schema trees in a git repository, and its branches.
///
/// Safe to use from several threads. Every change to a reference is compare-and-swap.
package final class SchemaRepository: Sendable {
    /// The git repository underneath.
    package let git: GitRepository
    private let recent: Mutex<[(tree: ObjectID, schema: Schema)]>

    private init(git: GitRepository) {
        self.git = git
        recent = Mutex([])
    }

    /// Makes a repository whose branch `main` has one commit of an empty schema.
    package static func create(
        at path: String, format: ObjectFormat, signature: Signature
    ) throws -> SchemaRepository {
        let git = try GitRepository.create(at: path, format: format)
        let repository = SchemaRepository(git: git)
        let commit = try repository.write(
            Schema(), parents: [], message: "Start with an empty schema", signature: signature)
        try git.update(
            ReferenceTransaction(
                [.create(try .branch("main"), commit)], signature: signature,
                message: "commit (initial): Start with an empty schema"))
        return repository
    }

    /// Opens the repository at `path`, looking for objects in more folders than its own.
    ///
    /// - Parameter keepsWritesInMemory: Whether objects that are written never reach the disk.
    package static func open(
        at path: String, borrowingFrom objectFolders: [String] = [],
        keepsWritesInMemory: Bool = false
    ) throws -> SchemaRepository {
        SchemaRepository(
            git: try GitRepository.open(
                at: path, borrowingFrom: objectFolders, keepsWritesInMemory: keepsWritesInMemory))
    }

    // MARK: Schemas

    /// The schema of a commit.
    package func schema(of commit: ObjectID) throws -> Schema {
        try schema(ofTree: git.readCommit(commit).tree)
    }

    /// The schema in a tree; the last few read are kept.
    package func schema(ofTree tree: ObjectID) throws -> Schema {
        if let known = recent.withLock({ $0.first { $0.tree == tree }?.schema }) { return known }
        let schema = try git.readSchema(tree)
        remember(schema, tree)
        return schema
    }

    private func remember(_ schema: Schema, _ tree: ObjectID) {
        recent.withLock { recent in
            recent.removeAll { $0.tree == tree }
            if recent.count >= 8 { recent.removeFirst() }
            recent.append((tree, schema))
        }
    }

    // MARK: Commits

    /// Writes a commit and everything in it; no reference moves.
    ///
    /// Tables and columns without an id are given one, derived from the first parent.
    ///
    /// - Parameter dataSteps: Data steps that come with the commit, besides those of its first
    ///   parent.
    package func write(
        _ schema: Schema, parents: [ObjectID], message: String, signature: Signature,
        author: Signature? = nil, dataSteps: [DataStep] = []
    ) throws -> ObjectID {
        let parentTree = try parents.first.map { try git.readCommit($0).tree }
        let parent = try parentTree.map { (schema: try self.schema(ofTree: $0), tree: $0) }
        let schema = schema.allocatingIDs(parent: parents.first)
        let tree = try git.writeSchema(
            schema, replacing: parent,
            dataFolder: git.dataFolder(of: parentTree, adding: dataSteps))
        remember(schema, tree)
        return try git.writeCommit(
            Commit(
                tree: tree, parents: parents, author: author ?? signature, committer: signature,
                message: message.hasSuffix("\n") ? message : message + "\n"))
    }
}
