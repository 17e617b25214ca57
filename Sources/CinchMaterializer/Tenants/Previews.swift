import CinchSQLite

/// Private copies of tenants for branches that are not deployed:
/// `<directory>/<branch>/<shard>/<tenant>.db`.
///
/// A preview is made from the tenant's rows when it is first asked for and follows its branch's
/// schema from then on. Nothing ever flows back.
package final class Previews: Sendable {
    private let directory: String
    private let shard: @Sendable (String) -> String
    private let materializer: Materializer

    /// Keeps previews under `directory`.
    package init(
        directory: String, shard: @escaping @Sendable (String) -> String,
        materializer: Materializer
    ) {
        self.directory = directory
        self.shard = shard
        self.materializer = materializer
    }

    /// The preview's file at the branch's schema, made or brought along if need be.
    ///
    /// It appears complete and synced or not at all; two that ask at once get the same file.
    ///
    /// - Parameters:
    ///   - source: The live tenant's file, which is only read.
    ///   - target: The branch's commit.
    /// - Throws: `.invalidName` for a branch name too long for a file name, `.busy`, `.io`,
    ///   `.drifted`, `.failed`.
    package func open(
        branch: String, tenant: TenantName, source: String, target: MaterializationTarget
    ) throws -> String {
        let files = try files(branch)
        let path = files.path(tenant)
        let file = TenantFile(name: tenant.rawValue, path: path)
        try whileLocked(branch) {
            if !Files.exists(path) {
                let newPath = files.newPath(tenant)
                try Files.makeDirectory(files.shardDirectory(tenant))
                try Files.remove(newPath)
                try SidecarFiles.remove(of: newPath)
                let live = try Connection(path: source, access: .readWrite)
                try DatabaseCopy.write(live, to: newPath)
                try materializer.bring(TenantFile(name: file.name, path: newPath), to: target)
                try Files.sync(newPath)
                try SidecarFiles.remove(of: path)
                try Files.move(newPath, to: path)
                try Files.syncDirectory(files.shardDirectory(tenant))
            }
            try materializer.bring(file, to: target)
        }
        return path
    }

    /// Removes one preview; the next touch makes it anew. Fine if there is none.
    package func discard(branch: String, tenant: TenantName) throws {
        let files = try files(branch)
        guard Files.exists(files.directory) else { return }
        try whileLocked(branch) {
            try Files.remove(files.path(tenant))
            try SidecarFiles.remove(of: files.path(tenant))
        }
    }

    /// Removes a tenant's previews on every branch, when its name is given up or given out.
    package func discard(tenant: TenantName) throws {
        guard Files.exists(directory) else { return }
        for component in Files.names(in: directory) where !component.hasSuffix(".lock") {
            let path = TenantFiles(directory: "\(directory)/\(component)", shard: shard).path(
                tenant)
            guard Files.exists(path) else { continue }
            try whileLocked(component: component) {
                try Files.remove(path)
                try SidecarFiles.remove(of: path)
            }
        }
    }

    /// Removes all previews of a branch, when it is deleted. Fine if there are none.
    package func discard(branch: String) throws {
        let directory = try files(branch).directory
        guard Files.exists(directory) else { return }
        try whileLocked(branch) {
            for shard in Files.names(in: directory) where shard.utf8.count == 2 {
                for name in Files.names(in: "\(directory)/\(shard)") {
                    try Files.remove("\(directory)/\(shard)/\(name)")
                }
                try Files.removeEmptyDirectory("\(directory)/\(shard)")
            }
        }
    }

    private func files(_ branch: String) throws(MaterializerError) -> TenantFiles {
        TenantFiles(directory: "\(directory)/\(try Self.component(branch))", shard: shard)
    }

    private func whileLocked(_ branch: String, _ body: () throws -> Void) throws {
        try whileLocked(component: Self.component(branch), body)
    }

    private func whileLocked(component: String, _ body: () throws -> Void) throws {
        // Beside the branch's folder: the folder's content can then be removed while it is held.
        try FileLock.hold(
            "\(directory)/\(component).lock", purpose: "Making a preview is",
            waitingFor: 60_000, body)
    }

    /// A branch name as one path component: bytes other than `A-Z a-z 0-9 _ - .` as `%XX`, and a
    /// leading dot too, so neither `..` nor a hidden file comes of it.
    static func component(_ branch: String) throws(MaterializerError) -> String {
        var component = ""
        for (index, byte) in branch.utf8.enumerated() {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
                || (byte == 0x2E && index > 0)
            if isPlain {
                component.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                component += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        guard (1...200).contains(component.utf8.count) else {
            throw MaterializerError(
                .invalidName, "'\(branch)' is too long for a branch with previews")
        }
        return component
    }
}
