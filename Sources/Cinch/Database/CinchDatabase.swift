package import CinchGit
package import CinchMaterializer
package import CinchRepository
package import CinchSchema
import Synchronization

/// One schema history plus its tenants.
///
/// Opening one reads the repository's configuration and nothing else; tenants are looked at when
/// they are first asked for. Safe to use from several threads.
package final class CinchDatabase: Sendable {
    /// The database's name in its project.
    package let name: StoredName
    /// Where its files are.
    package let layout: DatabaseLayout
    /// The settings of its project.
    package let configuration: ProjectConfiguration
    /// Commits and branches.
    package let history: SchemaRepository
    let context: Context
    let keyCache = KeyCache()
    private let fleet = Mutex<Fleet?>(nil)

    init(
        name: StoredName, layout: DatabaseLayout, configuration: ProjectConfiguration,
        history: SchemaRepository, context: Context
    ) {
        self.name = name
        self.layout = layout
        self.configuration = configuration
        self.history = history
        self.context = context
    }

    /// The git repository the history is in.
    package var git: GitRepository { history.git }

    /// The branch that live tenants follow.
    package var deployBranch: String { configuration.deployBranch(of: name) }

    /// Whether this is a repository alone: history, and no tenants.
    package var isRepositoryAlone: Bool { layout.directory == layout.repository }

    /// The tenants, their previews and what brings them along.
    ///
    /// - Throws: `CinchError` with `.notFound` for a repository alone.
    package func tenants() throws -> Fleet {
        guard !isRepositoryAlone else {
            throw CinchError(
                code: .notFound, message: "'\(layout.repository)' is a repository without tenants",
                hint: "Run the command in the project; 'cinch clone' makes one of a repository.")
        }
        return try fleet.withLock { fleet in
            if let fleet { return fleet }
            let opened = try Fleet(layout: layout, history: history, now: context.now)
            fleet = opened
            return opened
        }
    }

    // MARK: Who and when

    func signature(_ role: Identity.Role = .committer) throws -> Signature {
        let identity = try Identity(role, in: context, configuration: configuration)
        let time = try Timestamp(for: role, in: context)
        return Signature(
            name: identity.name, email: identity.email, seconds: time.seconds,
            offsetMinutes: time.offsetMinutes)
    }

    // MARK: Revisions

    /// The commit a revision names, as gitrevisions(7) has it.
    package func commit(_ revision: String) throws -> ObjectID {
        try resolving(revision) { revision, now in
            try history.git.resolveCommit(
                revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
        }
    }

    /// Resolves a revision; for one that isn't there, with a branch or tag that may be meant.
    func resolving(
        _ revision: String, _ resolve: (String, Timestamp) throws -> ObjectID
    ) throws -> ObjectID {
        do {
            return try resolve(revision, context.now())
        } catch let error as GitError where error.code == .notFound {
            throw try suggesting(error, for: revision)
        }
    }

    /// The error with a branch or tag that may be meant, if there is one.
    private func suggesting(_ error: GitError, for revision: String) throws -> CinchError {
        let name = String(revision.prefix { !"~^@:".contains($0) })
        let known = try branches().map(\.name) + tags().map(\.name)
        var refusal = CinchError(translating: error)
        if !known.contains(name), let hint = refusal.hint {
            refusal.hint = Suggestion.hint(for: name, among: known, otherwise: hint)
        }
        return refusal
    }

    /// The schema at a revision, which may also name a tree.
    package func schema(at revision: String) throws -> Schema {
        let tree = try resolving(revision) { revision, now in
            try history.git.resolveTree(
                revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
        }
        return try history.schema(ofTree: tree)
    }

    /// The schema of a commit.
    package func schema(of commit: ObjectID) throws -> Schema { try history.schema(of: commit) }

    /// What materializing a commit means for tenants.
    package func target(_ commit: ObjectID) throws -> MaterializationTarget {
        let tree = try history.git.readCommit(commit).tree
        return MaterializationTarget(
            commit: commit.hex, tree: tree.hex, schema: try history.schema(ofTree: tree))
    }
}

/// A database's tenants and what changes them.
package final class Fleet: Sendable {
    /// The tenants and their files.
    package let store: TenantStore
    /// Rollouts and their outcomes.
    package let catalog: any TenantCatalog
    /// What is written down of rollouts.
    package let journal: RolloutJournal
    /// Private copies for branches that are not deployed.
    package let previews: Previews
    /// Brings tenant files along.
    package let materializer: Materializer

    init(
        layout: DatabaseLayout, history: SchemaRepository,
        now: @escaping @Sendable () -> Timestamp
    ) throws {
        let shard: @Sendable (String) -> String = { DatabaseLayout.shard(ofName: $0) }
        catalog = try SQLiteTenantCatalog(path: layout.catalog) { now().storedText }
        let files = TenantFiles(directory: layout.tenants, shard: shard)
        journal = RolloutJournal(catalog: catalog, files: files)
        store = TenantStore(
            catalog: catalog, files: files,
            templates: TemplateCache(directory: "\(layout.cache)/templates"))
        materializer = Self.materializer(lockPath: "\(layout.directory)/rollout.lock", history)
        previews = Previews(
            directory: layout.previews, shard: shard,
            materializer: materializer)
    }
    /// A materializer of this database's history, in which the rollouts that share a lock take
    /// turns.
    static func materializer(lockPath: String, _ history: SchemaRepository) -> Materializer {
        let id = { @Sendable (tree: String) in
            guard let id = ObjectID(hex: tree) else {
                throw CinchError(
                    code: .corrupt, message: "'\(tree)' in a tenant's stamp is no tree id",
                    hint: "Restore the tenant's file from a backup.")
            }
            return id
        }
        return Materializer(
            lockPath: lockPath,
            loadSchema: { try history.schema(ofTree: id($0)) },
            loadDataSteps: { try history.git.dataSteps(in: id($1), notIn: id($0)) },
            findAdoptions: { try DriftAdoption.trees(from: $0, in: $1, history.git) })
    }
}
