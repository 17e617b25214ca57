package import CinchGit
import CinchRepository

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder with `.cinch` in it: settings and one or more databases.
package struct Project: Sendable {
    /// Where things are.
    package let layout: ProjectLayout
    /// The environment it was opened in.
    package let context: Context

    /// Finds the project the current folder, `CINCH_DIR` or `explicit` is in.
    package static func find(in context: Context, explicit: String? = nil) throws -> Project {
        Project(layout: try ProjectLayout.find(in: context, explicit: explicit), context: context)
    }

    /// Makes a project in a folder, which is made if need be, with its first database.
    ///
    /// The database is complete before the settings name it. Running it again in a project that
    /// a crash left without a database finishes the work.
    package static func create(
        at folder: String, database name: StoredName, format: ObjectFormat, in context: Context
    ) throws -> Project {
        let project = Project(layout: ProjectLayout(root: folder), context: context)
        let file = ConfigurationFile(path: project.layout.configurationFile)
        if ProjectLayout.isProject(folder), try file.read().activeDatabase != nil {
            throw CinchError(
                code: .exists, message: "There is a cinch project in '\(folder)' already",
                hint: "Work in it, or run 'cinch db create NAME' for one more database.")
        }
        try makeFolders(project.layout.databases)
        try project.createDatabase(name, format: format)
        try file.update { $0.activeDatabase = name }
        return project
    }

    static func makeFolders(_ path: String) throws {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw CinchError(
                code: .failed,
                message: "The folder '\(path)' can't be made: \(String(cString: strerror(errno)))",
                hint: "Check that you may write there.")
        }
        try makeFolders(String(path[..<slash]))
        try makeFolders(path)
    }

    /// The settings.
    package func configuration() throws -> ProjectConfiguration {
        try ConfigurationFile(path: layout.configurationFile).read()
    }

    // MARK: Databases

    /// The databases, in name order.
    package func databases() throws -> [StoredName] {
        guard let folder = opendir(layout.databases) else { return [] }
        defer { closedir(folder) }
        var names: [StoredName] = []
        while let entry = readdir(folder) {
            let text = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = try? StoredName(text, kind: "database"), exists(name) {
                names.append(name)
            }
        }
        return names.sorted()
    }

    private func exists(_ name: StoredName) -> Bool {
        access("\(layout.database(name).repository)/HEAD", F_OK) == 0
    }

    /// Opens a database, the active one unless it is named.
    package func database(_ name: StoredName? = nil) throws -> CinchDatabase {
        let configuration = try configuration()
        guard let name = name ?? configuration.activeDatabase else {
            throw CinchError(
                code: .notFound, message: "This project has no active database",
                hint: "Run 'cinch db create NAME'.")
        }
        guard exists(name) else {
            throw CinchError(
                code: .notFound, message: "There is no database '\(name)'",
                hint: "See 'cinch db list'.")
        }
        let place = layout.database(name)
        return CinchDatabase(
            name: name, layout: place, configuration: configuration,
            history: try SchemaRepository.open(at: place.repository), context: context)
    }

    /// Opens a database by its name, or the active one by the name of the project's folder.
    package func database(called name: StoredName) throws -> CinchDatabase {
        let folder = ProjectLayout.split(layout.root).name
        let isFolder = StoredName(databaseFor: folder) == name
        return try database(exists(name) || !isFolder ? name : nil)
    }

    /// Makes a database with an empty schema and the tenant `main`.
    package func createDatabase(_ name: StoredName, format: ObjectFormat = .sha256) throws {
        let place = layout.database(name)
        try Self.makeFolders(place.directory)
        let history: SchemaRepository
        if exists(name) {
            history = try SchemaRepository.open(at: place.repository)
            guard access(place.catalog, F_OK) != 0 else {
                throw CinchError(
                    code: .exists, message: "There is a database '\(name)' already",
                    hint: "Choose another name; 'cinch db list' shows those that are taken.")
            }
        } else {
            let identity = try Identity(.committer, in: context, configuration: configuration())
            let time = try Timestamp(for: .committer, in: context)
            history = try SchemaRepository.create(
                at: place.repository, format: format,
                signature: Signature(
                    name: identity.name, email: identity.email, seconds: time.seconds,
                    offsetMinutes: time.offsetMinutes))
        }
        let database = CinchDatabase(
            name: name, layout: place, configuration: try configuration(), history: history,
            context: context)
        try database.createTenants(["main"])
    }

    /// Makes a database the one that commands work on.
    package func activate(_ name: StoredName) throws {
        _ = try database(name)
        try ConfigurationFile(path: layout.configurationFile).update { $0.activeDatabase = name }
    }

    /// Deletes a database with its history and every tenant's rows.
    ///
    /// It is moved out of the way first, so a crash leaves no half of it in service.
    package func deleteDatabase(_ name: StoredName) throws {
        _ = try database(name)
        guard try configuration().activeDatabase != name else {
            throw CinchError(
                code: .refused, message: "Database '\(name)' is the active one",
                hint: "Run 'cinch db switch' to another first.")
        }
        try ConfigurationFile(path: layout.configurationFile).update { $0.removeDatabase(name) }
        let place = layout.database(name).directory
        let aside = "\(layout.databases)/.deleted-\(name)-\(getpid())"
        guard rename(place, aside) == 0 else {
            throw CinchError(
                code: .failed,
                message:
                    "The files of '\(name)' can't be moved: \(String(cString: strerror(errno)))",
                hint: "Check that you may write in '\(layout.databases)'.")
        }
        Self.removeTree(aside)
    }

    /// Removes a folder with everything in it, or a file; what can't be removed stays. Links are not
    /// followed.
    package static func removeTree(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
