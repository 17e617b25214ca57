import CinchGit
import CinchRepository

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Project {
    /// Makes a project of another's history: its default branch, what else it has as
    /// remote-tracking branches, and the tenant `main`.
    ///
    /// It is made beside its folder and renamed into place, so that half of one is never there.
    /// The folder above must be there.
    ///
    /// - Parameters:
    ///   - typed: The address, a bundle, or the folder of a project on this machine.
    ///   - folder: nil for one named like the address, in the current folder.
    ///   - name: nil for a database named like the folder.
    /// - Throws: `.exists` when the folder is there and not empty, `.invalid` for a repository
    ///   that holds no schema, `.failed` when git can't get it.
    package static func clone(
        _ typed: String, into folder: String?, database name: StoredName?, in context: Context
    ) throws -> Project {
        let url = try source(typed, in: context)
        guard folder?.isEmpty != true, folder != nil || !url.name.isEmpty else {
            throw CinchError(
                code: .usage, message: "'\(url)' gives no name for a folder",
                hint: "Name one: 'cinch clone URL FOLDER'.")
        }
        let root = ProjectLayout(root: context.resolved(folder ?? url.name)).root
        try demandFree(root)
        let name = name ?? StoredName(databaseFor: ProjectLayout.split(root).name)
        let staging = "\(root).tmp-\(getpid())"
        guard mkdir(staging, 0o777) == 0 else { throw unwritable(staging) }
        do {
            let project = Project(layout: ProjectLayout(root: staging), context: context)
            try project.fill(from: url, database: name)
            try put(staging, at: root)
        } catch {
            removeTree(staging)
            throw error
        }
        return Project(layout: ProjectLayout(root: root), context: context)
    }

    /// What is to be cloned: of a project, its active database.
    private static func source(_ typed: String, in context: Context) throws -> RemoteURL {
        let url = try RemoteURL(typed, from: context.currentDirectory)
        guard url.isPath, ProjectLayout.isProject(url.text) else { return url }
        let project = Project(layout: ProjectLayout(root: url.text), context: context)
        return try RemoteURL(project.database().layout.repository, from: "/")
    }

    private static func demandFree(_ root: String) throws {
        guard access(root, F_OK) == 0 else { return }
        guard let folder = opendir(root) else { throw taken(root) }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        guard count <= 2 else { throw taken(root) }
    }

    private static func taken(_ root: String) -> CinchError {
        CinchError(
            code: .exists, message: "'\(root)' is there already and not an empty folder",
            hint: "Name another: 'cinch clone URL FOLDER'.")
    }

    private static func unwritable(_ path: String) -> CinchError {
        CinchError(
            code: .failed,
            message: "The folder '\(path)' can't be made: \(String(cString: strerror(errno)))",
            hint: "Check that the folder above it is there, and that you may write in it.")
    }

    private static func put(_ staging: String, at root: String) throws {
        // Nothing that is in a project knows the project's own path. A folder that is there may be
        // the one somebody is in, and stays.
        let isThere = access(root, F_OK) == 0
        let (source, target) = isThere ? ("\(staging)/.cinch", "\(root)/.cinch") : (staging, root)
        guard rename(source, target) == 0 else {
            throw errno == ENOTEMPTY || errno == EEXIST ? taken(root) : unwritable(root)
        }
        if isThere { removeTree(staging) }
    }

    private func fill(from url: RemoteURL, database name: StoredName) throws {
        let place = layout.database(name)
        try Self.makeFolders(place.directory)
        let git = GitProgram(repository: nil, context: context)
        // As a clone with files, so that only the default branch is local and the others are
        // remote-tracking; then the files' folder is left out.
        let work = "\(layout.root)/clone"
        try git.demand(
            [
                "-c", "fetch.fsckObjects=true", "clone", "--quiet", "--no-checkout",
                "--template=", "--origin", "origin",
                isatty(STDERR_FILENO) == 1 ? "--progress" : "--no-progress", "--", url.text, work,
            ], "'\(url)' could not be cloned",
            hint: "See what git said above; nothing was left behind.")
        guard rename("\(work)/.git", place.repository) == 0, rmdir(work) == 0 else {
            throw Self.unwritable(place.repository)
        }
        for folder in ["branches", "hooks", "info"] {
            mkdir("\(place.repository)/\(folder)", 0o777)
        }
        unlink("\(place.repository)/index")
        let repository = GitProgram(repository: place.repository, context: context)
        for (key, value) in [("core.bare", "true"), ("core.logAllRefUpdates", "true")] {
            try repository.demand(
                ["config", key, value], "The copy of '\(url)' can't be set up",
                hint: "See what git said above; nothing was left behind.")
        }
        let history = try SchemaRepository.open(at: place.repository)
        let branch = try Self.demandSchema(in: history, url)
        try ConfigurationFile(path: layout.configurationFile).update { configuration in
            configuration.activeDatabase = name
            if branch != "main" { configuration.setDeployBranch(branch, of: name) }
        }
        try database(name).createTenants(["main"])
    }

    /// Refuses a repository of anything else, before tenants are made of it.
    ///
    /// - Returns: The branch HEAD is on.
    private static func demandSchema(in history: SchemaRepository, _ url: RemoteURL) throws
        -> String
    {
        func refused(_ reason: String) -> CinchError {
            CinchError(
                code: .invalid, message: "'\(url)' holds no schema: \(reason)",
                hint: "Clone what was pushed with 'cinch push'; nothing was left behind.")
        }
        guard let branch = try history.git.currentBranch(),
            let tip = try history.git.findTarget(branch)
        else { throw refused("it has no branch to start from") }
        let tree = try history.git.readTree(history.git.readCommit(tip).tree)
        let names = tree.entries.map(\.name)
        let isSchema = names.contains { EntityFolder(rawValue: $0) != nil }
        if !isSchema, let other = names.first(where: { !$0.hasPrefix(".") }) {
            throw refused("there is '\(TerminalText.escaped(other))' and nothing of one")
        }
        do {
            _ = try history.schema(of: tip)
        } catch {
            throw refused(CinchError(translating: error).message)
        }
        return branch.shortName
    }
}
