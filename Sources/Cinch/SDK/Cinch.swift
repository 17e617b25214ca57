internal import Synchronization

/// Where a program begins.
///
/// ```swift
/// let db = try Cinch.connect("project_manager").switchTenant("acme")
/// let user = try await db.insert("users", ["email": "ada@example.org", "active": true])
/// for row in try await db.query("SELECT * FROM users WHERE active = ?", [true]) {
///     print(row["email"])
/// }
/// ```
///
/// `import CinchRemote` adds `connect(url:apiKey:)`, by which the same calls go to a server.
public enum Cinch {
    private static let opened = Mutex<[String: API]>([:])

    /// Connects to a database of this machine.
    ///
    /// A process opens a project once, however often it connects: tenants that one connection has
    /// opened, the next finds open.
    ///
    /// - Parameters:
    ///   - name: A database of the project the current folder is in, that project's own name, or the
    ///     path of a project; absent for the active database.
    ///   - branch: Absent means the one tenants follow. On any other, rows are those of a preview.
    ///   - tenant: The tenant.
    ///   - openTenants: Tenants kept open, each with up to six file descriptors; the first to
    ///     connect to a project decides.
    /// - Throws: `CinchError` with `.notFound` where there is no such project or database.
    public static func connect(
        _ name: String? = nil, branch: String? = nil, tenant: String = "main",
        openTenants: Int = 128
    ) throws -> CinchConnection {
        let context = try Context.current()
        let (folder, database) = place(name, in: context)
        let project = try Project.find(in: context, explicit: folder)
        let api = opened.withLock { opened in
            if let api = opened[project.layout.root] { return api }
            var settings = API.Settings()
            settings.openTenants = openTenants
            let api = API(project: project, settings: settings)
            opened[project.layout.root] = api
            return api
        }
        guard let found = try api.database(database) else {
            throw CinchError(
                code: .notFound, message: "This project has no active database",
                hint: "Run 'cinch db create NAME'.")
        }
        return CinchConnection(
            LocalTransport(api), database: found.name.text, branch: branch ?? found.deployBranch,
            tenant: tenant)
    }

    /// The folder a name means, if it is one, and the database's name there.
    private static func place(
        _ name: String?, in context: Context
    ) -> (folder: String?, database: String?) {
        guard let name else { return (nil, nil) }
        let isPath = name.contains("/") || name == "." || name == ".."
        guard isPath || ProjectLayout.isProject(context.absolute(name)) else { return (nil, name) }
        return (name, nil)
    }
}
