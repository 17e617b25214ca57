/// Where tenants' files are: `<directory>/<shard>/<name>.db`, and SQLite's files beside them.
package struct TenantFiles: Sendable {
    /// The folder above the shards.
    package let directory: String
    private let shard: @Sendable (String) -> String

    /// Lays files out under `directory`.
    ///
    /// - Parameter shard: The folder for a name: the first byte of its SHA-256 as two hex digits.
    package init(directory: String, shard: @escaping @Sendable (String) -> String) {
        self.directory = directory
        self.shard = shard
    }

    /// The tenant's file, whether or not it is there.
    package func path(_ name: TenantName) -> String {
        "\(shardDirectory(name))/\(name.rawValue).db"
    }

    /// The folder the tenant's file is in.
    package func shardDirectory(_ name: TenantName) -> String {
        "\(directory)/\(shard(name.rawValue))"
    }

    /// Where the file is built before it is moved to `path`. No tenant's own file ends in `.new`.
    func newPath(_ name: TenantName) -> String { "\(shardDirectory(name))/\(name.rawValue).new" }
}

/// The files SQLite keeps beside a database.
enum SidecarFiles {
    /// Removes -wal, -shm and -journal of a database that nobody has open.
    ///
    /// Must come before a new file takes that name: SQLite would play an old journal into it.
    static func remove(of path: String) throws(MaterializerError) {
        for suffix in ["-journal", "-wal", "-shm"] { try Files.remove(path + suffix) }
    }
}
