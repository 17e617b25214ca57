internal import Crypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where everything of a project is on disk. Only paths: nothing here creates or opens.
///
///     <root>/.cinch/
///     ├── config.toml
///     └── databases/<name>/
///         ├── schema.git/
///         ├── tenants/7f/acme.db
///         ├── previews/<branch>/7f/acme.db
///         ├── catalog.db
///         └── cache/
public struct ProjectLayout: Hashable, Sendable {
    /// The project's folder, absolute, without a slash at its end.
    public let root: String

    /// The layout of the project in a folder, whether or not there is one yet.
    public init(root: String) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    /// The `.cinch` folder.
    public var directory: String { Self.join(root, ".cinch") }
    /// The configuration file.
    public var configurationFile: String { Self.join(directory, "config.toml") }
    /// The folder that holds one folder a database.
    public var databases: String { Self.join(directory, "databases") }

    /// The folder of one database.
    public func database(_ name: StoredName) -> DatabaseLayout {
        DatabaseLayout(directory: Self.join(databases, name.text))
    }

    /// Finds the project a command is about.
    ///
    /// With `explicit` (`-C`), the walk up starts there. Otherwise `CINCH_DIR` names the project's
    /// folder, or its `.cinch`, and nothing is searched. Otherwise the walk starts in the current
    /// folder. The first folder with a `.cinch` folder in it is the project.
    ///
    /// - Throws: `CinchError` with `.notFound` if there is none.
    public static func find(in context: Context, explicit: String? = nil) throws -> ProjectLayout {
        if explicit == nil, let path = context.variable("CINCH_DIR") {
            let absolute = ProjectLayout(root: context.absolute(path)).root
            if isProject(absolute) { return ProjectLayout(root: absolute) }
            let (parent, name) = split(absolute)
            if name == ".cinch", isFolder(absolute) { return ProjectLayout(root: parent) }
            throw CinchError(
                code: .notFound, message: "CINCH_DIR names '\(path)', which is not a cinch project",
                hint: "Point it at the folder that has .cinch in it, or unset it.")
        }
        let start = explicit.map(context.absolute) ?? context.currentDirectory
        guard let resolved = realpath(start, nil) else {
            throw CinchError(
                code: .notFound, message: "There is no folder '\(start)'",
                hint: "Check the path.")
        }
        defer { free(resolved) }
        var folder = String(cString: resolved)
        while true {
            if isProject(folder) { return ProjectLayout(root: folder) }
            if folder == "/" { break }
            folder = split(folder).parent
        }
        throw CinchError(
            code: .notFound, message: "This is not a cinch project, nor is any folder above it",
            hint: "Run 'cinch init NAME' to make one, or name one with -C.")
    }

    /// Whether a folder has a project in it: `.cinch` with a configuration or databases.
    public static func isProject(_ folder: String) -> Bool {
        let layout = ProjectLayout(root: folder)
        var status = stat()
        return isFolder(layout.databases)
            || isFolder(layout.directory) && stat(layout.configurationFile, &status) == 0
    }

    /// Two path components joined by one slash.
    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// The folder a path is in, and its last component.
    static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let parent = path[..<slash]
        return (parent.isEmpty ? "/" : String(parent), String(path[path.index(after: slash)...]))
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// Where everything of one database is on disk.
public struct DatabaseLayout: Hashable, Sendable {
    /// The database's folder, absolute.
    public let directory: String

    /// The bare Git repository of the schema.
    public let repository: String

    /// The layout of a database in a project.
    init(directory: String) {
        self.directory = directory
        repository = "\(directory)/schema.git"
    }

    /// The layout of a repository that stands alone, without tenants.
    init(repository: String) {
        directory = repository
        self.repository = repository
    }

    /// The tenants' files, in folders by ``shard(of:)``.
    public var tenants: String { "\(directory)/tenants" }
    /// The previews, in a folder for each branch.
    public var previews: String { "\(directory)/previews" }
    /// Tenants, keys, rollouts and audit.
    public var catalog: String { "\(directory)/catalog.db" }
    /// What can be deleted at any time.
    public var cache: String { "\(directory)/cache" }

    /// The file of a tenant.
    public func tenantFile(_ tenant: StoredName) -> String {
        "\(tenants)/\(Self.shard(of: tenant))/\(tenant.text).db"
    }

    /// The folder of a branch's previews. The branch name is one path component: every byte but
    /// letters, digits, `_` and `-`, and points not at the start, is percent-encoded.
    public func previewFolder(branch: String) -> String {
        var component = ""
        for byte in branch.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                component.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where !component.isEmpty: component += "."
            default: component += "%" + CSVRendering.hexadecimal([byte])
            }
        }
        return "\(previews)/\(component)"
    }

    /// The file of a tenant's preview for a branch.
    public func previewFile(_ tenant: StoredName, branch: String) -> String {
        "\(previewFolder(branch: branch))/\(Self.shard(of: tenant))/\(tenant.text).db"
    }

    /// The first byte of the name's SHA-256, as two hexadecimal digits.
    public static func shard(of tenant: StoredName) -> String {
        shard(ofName: tenant.text)
    }

    /// The same for a name that was checked elsewhere.
    package static func shard(ofName name: String) -> String {
        let byte = SHA256.hash(data: Array(name.utf8)).first { _ in true } ?? 0
        let hex = String(byte, radix: 16)
        return hex.count == 1 ? "0\(hex)" : hex
    }
}
