import CinchSQLite

/// The tenants of one database: their rows in the catalog and their files, kept in step.
///
/// Invariants
///   T1  A tenant's file is complete and synced, its name too, before its row appears.
///   T2  Its row stops being active before its first file is removed.
///   T3  A file without an active row is never served. It is left over from a crash, and goes
///       when a tenant of that name is made, before the new file takes the name.
///   T4  Whoever changes which tenants there are holds `tenants.lock`.
///   T5  A row that is being deleted is dealt with before anything else under that lock.
///
///     absent ──file, sync, row──▶ active ──row──▶ deleting ──files, row──▶ absent
package final class TenantStore: Sendable {
    /// Which tenants there are.
    package let catalog: any TenantCatalog
    /// Where their files are.
    package let files: TenantFiles
    private let templates: TemplateCache
    private let busyTimeout: Int

    /// Binds a catalog to the files it speaks of.
    ///
    /// - Parameter busyTimeout: How many milliseconds to wait for another process, or for those
    ///   that have a tenant open.
    package init(
        catalog: any TenantCatalog, files: TenantFiles, templates: TemplateCache,
        busyTimeout: Int = 5000
    ) {
        self.catalog = catalog
        self.files = files
        self.templates = templates
        self.busyTimeout = busyTimeout
    }

    /// The tenants in service, in name order.
    package func list() throws -> [TenantRecord] { try catalog.tenants() }

    /// The tenant in service; nil when there is none.
    package func find(_ name: TenantName) throws -> TenantRecord? {
        guard let record = try catalog.tenant(name), record.isActive else { return nil }
        return record
    }

    /// The tenant's file.
    ///
    /// - Throws: `.notFound` when the tenant is not in service.
    package func file(_ name: TenantName) throws -> TenantFile {
        guard try find(name) != nil else { throw SQLiteTenantCatalog.notFound(name) }
        return TenantFile(name: name.rawValue, path: files.path(name))
    }

    /// The file of a tenant that is known to be in service.
    package func file(of record: TenantRecord) -> TenantFile {
        TenantFile(name: record.name.rawValue, path: files.path(record.name))
    }

    /// Every tenant's file, in name order: what a rollout goes through.
    package func allFiles() throws -> [TenantFile] { try list().map(file) }

    /// Makes tenants at a schema, empty: copies of its template. All or none are in service.
    ///
    /// - Throws: `.exists`, `.busy`, `.io`.
    package func create(
        _ names: [TenantName], at target: MaterializationTarget, jobs: Int = 8
    ) throws {
        try whileLocked {
            try checkAreFree(names)
            let template = try templates.template(for: target)
            do {
                try placeAll(names, copiesOf: template, jobs: jobs)
            } catch {
                for name in names { try? removeFiles(name) }
                throw error
            }
            try catalog.add(names)  // T1
        }
    }

    /// Copies a tenant with its rows, those only in its -wal file included, to a new one.
    ///
    /// - Throws: `.notFound`, `.exists`, `.busy`, `.io`.
    package func copy(_ name: TenantName, to newName: TenantName) throws {
        try whileLocked {
            let source = try file(name)
            try checkAreFree([newName])
            let connection = try Connection(
                path: source.path, access: .readWrite, busyTimeout: busyTimeout)
            try place(newName, copyOf: connection)
            try catalog.add([newName])  // T1
        }
    }

    /// Gives a tenant a new name. Nobody may have it open.
    ///
    /// The file is copied, not moved: a connection opened a moment ago would go on under the old
    /// name's -wal. What it finds under the old name afterwards has no stamp.
    ///
    /// - Throws: `.notFound`, `.exists`, `.busy`, `.io`.
    package func rename(_ name: TenantName, to newName: TenantName) throws {
        try whileLocked {
            let source = try file(name)
            try checkAreFree([newName])
            let connection = try openAlone(name, source.path)
            try place(newName, copyOf: connection)
            try catalog.rename(name, to: newName)  // T1 for the new name, T2 for the old one
            try connection.execute("DROP TABLE IF EXISTS main._cinch_stamp")
            try removeFiles(name)
            try catalog.remove(name)
        }
    }

    /// Deletes a tenant with all its rows. Nobody may have it open.
    ///
    /// - Throws: `.notFound`, `.busy`, `.io`.
    package func delete(_ name: TenantName) throws {
        try whileLocked {
            let source = try file(name)
            let connection = try openForDeletion(name, source.path)
            try catalog.markDeleting(name)  // T2
            try removeFiles(name)
            try catalog.remove(name)
            withExtendedLifetime(connection) {}
        }
    }
}

// MARK: - Pieces

extension TenantStore {
    /// Where changes to the set of tenants take turns (T4), after what a crash left (T5).
    private func whileLocked(_ body: () throws -> Void) throws {
        try FileLock.hold(
            "\(files.directory)/tenants.lock", purpose: "Creating or deleting tenants is",
            waitingFor: busyTimeout
        ) {
            try finishDeletions()
            try body()
        }
    }

    /// Finishes what a crash left half deleted.
    private func finishDeletions() throws {
        for name in try catalog.tenantsBeingDeleted() {
            try removeFiles(name)
            try catalog.remove(name)
        }
    }

    /// Throws `.exists` when a name is taken, or given twice.
    private func checkAreFree(_ names: [TenantName]) throws {
        var seen: Set<TenantName> = []
        for name in names {
            let record = try catalog.tenant(name)
            guard record == nil, seen.insert(name).inserted else {
                throw SQLiteTenantCatalog.exists(name)
            }
        }
    }

    /// Places a copy of the template for each name, content and names synced.
    private func placeAll(
        _ names: [TenantName], copiesOf template: String, jobs: Int
    ) throws {
        let failure = FirstFailure()
        let files = files
        WorkerThreads.forEach(names.count, jobs: jobs) { index in
            guard failure.error == nil else { return }
            failure.catching {
                try Self.place(names[index], in: files) { try Files.copy(template, to: $0) }
            }
        }
        if let error = failure.error { throw error }
        for shard in Set(names.map(files.shardDirectory)).sorted() {
            try Files.syncDirectory(shard)
        }
    }

    private func openAlone(_ name: TenantName, _ path: String) throws -> Connection {
        do {
            return try TenantConnection.openAlone(path, busyTimeout: busyTimeout)
        } catch {
            guard error.isBusy else { throw error }
            throw MaterializerError(
                .busy, "Tenant '\(name)' is in use", hint: "Close what has it open and try again.")
        }
    }

    /// Nil when the file is missing or damaged, which must not keep it from going.
    private func openForDeletion(_ name: TenantName, _ path: String) throws -> Connection? {
        do {
            return try openAlone(name, path)
        } catch let error as SQLiteError {
            guard [.cannotOpen, .notADatabase, .corrupt].contains(error.code) else { throw error }
            return nil
        }
    }

    /// Has a file made beside its place and moves it there; the names are not yet synced.
    private static func place(
        _ name: TenantName, in files: TenantFiles, _ make: (String) throws -> Void
    ) throws {
        let (path, newPath) = (files.path(name), files.newPath(name))
        try Files.makeDirectory(files.shardDirectory(name))
        try Files.remove(newPath)
        try SidecarFiles.remove(of: newPath)
        try make(newPath)
        try SidecarFiles.remove(of: path)  // T3
        try Files.move(newPath, to: path)
    }

    private func place(_ name: TenantName, copyOf source: Connection) throws {
        try Self.place(name, in: files) { try DatabaseCopy.write(source, to: $0) }
        try Files.syncDirectory(files.shardDirectory(name))
    }

    private func removeFiles(_ name: TenantName) throws {
        let path = files.path(name)
        var isGone = try Files.remove(path)
        for suffix in ["-journal", "-wal", "-shm"] {
            isGone = try Files.remove(path + suffix) || isGone
        }
        if isGone { try Files.syncDirectory(files.shardDirectory(name)) }
    }
}

/// A consistent copy of a live database as one new file.
enum DatabaseCopy {
    /// Writes the copy in WAL mode with nothing in its -wal, and syncs its content.
    static func write(_ source: Connection, to path: String) throws {
        try writeUnsynced(source, to: path)
        try Files.sync(path)
    }

    /// The same without the sync: for a copy nobody needs after a crash.
    static func writeUnsynced(_ source: Connection, to path: String) throws(SQLiteError) {
        let copy = try Connection(path: path, access: .create)
        try copy.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
        try source.backup(to: copy)
        try copy.execute("PRAGMA journal_mode = WAL")
    }
}
