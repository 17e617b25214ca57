import CinchGit
import CinchRepository

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension CinchDatabase {
    /// Finds the database a command is about.
    ///
    /// A folder that is itself a bare repository is meant as such: a `schema.git` of a project is
    /// that project's database, any other, such as one that `git clone --bare` made or a read-only
    /// copy, is opened alone, for everything that needs no tenants. Otherwise it is the database
    /// of the project the folder is in that `CINCH_DATABASE` names, or the active one.
    ///
    /// - Parameter explicit: The folder after `-C`; absent for `CINCH_DIR` or the current one.
    /// - Throws: `CinchError` with `.notFound`.
    package static func find(
        in context: Context, explicit: String? = nil
    ) throws -> CinchDatabase {
        let folder = context.absolute(
            explicit ?? context.variable("CINCH_DIR") ?? context.currentDirectory)
        guard GitRepository.isRepository(folder), let resolved = realpath(folder, nil) else {
            let project = try Project.find(in: context, explicit: explicit)
            // Hooks get it; -C means another place.
            let name = explicit == nil ? context.variable("CINCH_DATABASE") : nil
            return try project.database(name.map { try StoredName($0, kind: "database") })
        }
        defer { free(resolved) }
        let path = String(cString: resolved)
        if let (project, name) = owner(of: path, in: context) { return try project.database(name) }
        return try alone(path, in: context)
    }

    /// The project whose database a repository is: `<root>/.cinch/databases/<name>/schema.git`.
    private static func owner(of path: String, in context: Context) -> (Project, StoredName)? {
        let (directory, file) = ProjectLayout.split(path)
        let (databases, database) = ProjectLayout.split(directory)
        let root = ProjectLayout.split(ProjectLayout.split(databases).parent).parent
        let layout = ProjectLayout(root: root)
        guard file == "schema.git", layout.databases == databases,
            let name = StoredName(valid: database), ProjectLayout.isProject(root)
        else { return nil }
        return (Project(layout: layout, context: context), name)
    }

    private static func alone(_ path: String, in context: Context) throws -> CinchDatabase {
        let lent = context.variable("GIT_QUARANTINE_PATH").map { [$0] } ?? []
        let history = try SchemaRepository.open(at: path, borrowingFrom: lent)
        var name = ProjectLayout.split(path).name
        if name.hasSuffix(".git") { name.removeLast(4) }
        return CinchDatabase(
            name: StoredName(databaseFor: name), layout: DatabaseLayout(repository: path),
            configuration: try ConfigurationFile(path: "\(path)/cinch/config.toml").read(),
            history: history, context: context)
    }
}
