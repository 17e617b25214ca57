import CinchSchema
import CinchSQLite
import Synchronization

/// Empty databases ready to be copied, one for each schema tree: `<directory>/<tree>.db`.
///
/// Disposable: what is missing, damaged or stale is built again. A template is self-contained
/// (WAL mode, nothing in its -wal), so copying its one file copies it all.
package final class TemplateCache: Sendable {
    private let directory: String
    private let checked = Mutex<Set<TenantStamp>>([])

    /// Keeps templates in `directory`, which is made when the first is built.
    package init(directory: String) { self.directory = directory }

    /// The path of the target's template, built and synced if need be.
    ///
    /// - Throws: `.busy`, `.io`, `.invalidName` for a tree id that can't be a file name,
    ///   `SQLiteError` when the schema can't be built.
    package func template(for target: MaterializationTarget) throws -> String {
        let tree = target.stamp.tree
        guard !tree.isEmpty, tree.count <= 128,
            tree.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
            })
        else { throw MaterializerError(.invalidName, "'\(tree)' is not a tree id") }
        let path = "\(directory)/\(tree).db"
        if checked.withLock({ $0.contains(target.stamp) }), Files.exists(path) { return path }
        // One builder at a time; the lock also keeps our own raw reads away from SQLite's locks.
        try FileLock.hold(
            "\(directory)/templates.lock", purpose: "Building a template is", waitingFor: 60_000
        ) {
            if !isRight(path, target) { try build(path, target) }
        }
        checked.withLock { _ = $0.insert(target.stamp) }
        return path
    }

    /// Whether the file is a template of exactly this target; false for whatever can't be read.
    private func isRight(_ path: String, _ target: MaterializationTarget) -> Bool {
        guard Files.exists(path) else { return false }
        do {
            let connection = try TenantConnection.open(path, busyTimeout: 1000)
            guard try connection.tenantStamp() == target.stamp else { return false }
            guard try connection.scalar("PRAGMA quick_check") == "ok" else { return false }
            let live = try Schema(entries: connection.schemaEntries())
            return live.withoutIDs == target.schema.withoutIDs
        } catch {
            return false
        }
    }

    private func build(_ path: String, _ target: MaterializationTarget) throws {
        let newPath = "\(directory)/\(target.stamp.tree).new"
        try Files.remove(newPath)
        try SidecarFiles.remove(of: newPath)
        try Self.write(newPath, target)
        try Files.sync(newPath)
        try SidecarFiles.remove(of: path)
        try Files.move(newPath, to: path)
        try Files.syncDirectory(directory)
    }

    private static func write(_ path: String, _ target: MaterializationTarget) throws {
        let connection = try Connection(path: path, access: .create)
        // Nobody else sees the file yet and it is synced as a whole afterwards.
        try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        try connection.transaction {
            for statement in target.schema.statements(ids: false) {
                try connection.execute(statement)
            }
            try connection.writeTenantStamp(target.stamp)
        }
        try connection.execute("PRAGMA journal_mode = WAL")
    }
}
