import Synchronization

/// A bare Git repository: objects, references and their logs, read and written as git does.
///
/// Every call is complete in itself and may come from any thread. Opening one reads its `config`
/// and nothing else; packs are listed when an object isn't found loose.
///
///     let repository = try GitRepository.create(at: "schema.git", format: .sha256)
///     let blob = try repository.write(.blob, Array("hello\n".utf8))
///     let tree = try repository.writeTree(Tree([TreeEntry(name: "a", mode: .file, id: blob)]))
package final class GitRepository: Sendable {
    /// The repository's folder.
    package let path: String
    /// The hash its objects are named with.
    package let format: ObjectFormat
    let objects: ObjectDatabase
    let references: ReferenceDatabase
    let reflogPolicy: ReflogPolicy
    /// The last few commits that were read: a merge asks for the same ones again and again.
    let recentCommits = Mutex<[(id: ObjectID, commit: Commit)]>([])

    /// The largest object read or written unless `open` is told otherwise.
    package static let defaultObjectSizeLimit = 256 << 20

    private init(
        path: String, lent: [String], isInMemory: Bool, format: ObjectFormat, policy: ReflogPolicy,
        limit: Int
    ) {
        self.path = path
        self.format = format
        reflogPolicy = policy
        objects = ObjectDatabase(
            path: "\(path)/objects", lent: lent, isInMemory: isInMemory, format: format,
            limit: SizeLimit(bytes: min(max(0, limit), 1 << 30)))
        references = ReferenceDatabase(folder: path, format: format)
    }

    /// Whether a folder has the files of a bare repository in it.
    package static func isRepository(_ path: String) -> Bool {
        ["HEAD", "objects", "refs"].allSatisfy {
            (try? FileSystem.kind(of: "\(path)/\($0)")) != nil
        }
    }

    /// Opens the bare repository in that folder.
    ///
    /// - Parameters:
    ///   - objectFolders: More folders to look for objects in, such as the one where git keeps
    ///     what was pushed until the hooks have agreed (git-receive-pack(1), "Quarantine").
    ///   - keepsWritesInMemory: Whether objects that are written never reach the disk, so that
    ///     what could be can be looked at on a read-only copy.
    ///   - objectSizeLimit: The largest object to read or write, at most 1 GiB.
    /// - Throws: `.notFound` when there is none, `.unsupported` for a format version or an
    ///   extension that would make reading it wrong.
    package static func open(
        at path: String, borrowingFrom objectFolders: [String] = [],
        keepsWritesInMemory: Bool = false, objectSizeLimit: Int = defaultObjectSizeLimit
    ) throws -> GitRepository {
        guard try FileSystem.kind(of: "\(path)/objects") != nil,
            try FileSystem.kind(of: "\(path)/HEAD") != nil,
            let bytes = try FileSystem.readFile("\(path)/config")
        else {
            throw GitError(
                .notFound, "'\(path)' is not a Git repository",
                hint: "Give the folder that holds 'HEAD', 'config' and 'objects'.")
        }
        let configuration = try GitConfiguration(bytes, path: "\(path)/config")
        return GitRepository(
            path: path, lent: objectFolders, isInMemory: keepsWritesInMemory,
            format: try objectFormat(configuration, path),
            policy: policy(configuration), limit: objectSizeLimit)
    }

    private static func objectFormat(
        _ configuration: GitConfiguration, _ path: String
    ) throws -> ObjectFormat {
        func unsupported(_ what: String) -> GitError {
            GitError(
                .unsupported, "The repository '\(path)' uses \(what), which can't be read",
                hint: "Clone it with 'git clone --bare' and default settings.")
        }
        let version = configuration.values["core.repositoryformatversion"] ?? "0"
        guard version == "0" || version == "1" else {
            throw unsupported("format version '\(version)'")
        }
        // Version 0 knows no extensions; git refuses there those that came with version 1.
        let known: Set<String> =
            version == "0"
            ? ["noop", "preciousobjects", "worktreeconfig"]
            : ["noop", "preciousobjects", "worktreeconfig", "relativeworktrees", "objectformat"]
        for (key, value) in configuration.values.sorted(by: { $0.key < $1.key })
        where key.hasPrefix("extensions.") {
            let name = String(key.dropFirst("extensions.".count))
            if name == "refstorage", value == "files", version == "1" { continue }
            guard known.contains(name) else { throw unsupported("the extension '\(name)'") }
        }
        let name = configuration.values["extensions.objectformat"] ?? "sha1"
        guard let format = ObjectFormat(rawValue: name.lowercased()) else {
            throw unsupported("the object format '\(name)'")
        }
        return format
    }

    // Git keeps no logs in a bare repository unless told to; we do unless told not to, since
    // they are the way back.
    private static func policy(_ configuration: GitConfiguration) -> ReflogPolicy {
        if configuration.values["core.logallrefupdates"]?.lowercased() == "always" { return .all }
        return configuration.boolean("core.logallrefupdates") == false ? .existing : .branches
    }
}
