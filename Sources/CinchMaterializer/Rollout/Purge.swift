import CinchSQLite
import CinchSchema
import Synchronization

/// What one tenant has parked, or had until it was purged.
package struct ParkedReport: Hashable, Sendable {
    /// One tenant's part.
    package struct Entry: Hashable, Sendable {
        /// The tenant.
        package var name: String
        /// What is parked there, or was deleted, oldest first.
        package var parked: [ParkedEntry] = []
        /// Bytes that deleting it made free inside the file.
        package var bytes: Int = 0
        /// Why nothing could be read or deleted, and nothing was; nil when all went well.
        package var error: String?
    }

    /// Every tenant with something parked or an error, in name order.
    package var entries: [Entry]

    /// Tenants that could not be read or changed.
    package var failures: [Entry] { entries.filter { $0.error != nil } }

    /// Rows of everything parked.
    package var rows: Int { entries.flatMap(\.parked).reduce(0) { $0 + $1.rows } }

    /// Bytes made free in all files.
    package var bytes: Int { entries.reduce(0) { $0 + $1.bytes } }
}

/// What is to be deleted, and how.
package struct PurgeOptions: Sendable {
    /// Only what was parked that many seconds ago or earlier, by SQLite's clock; nil is all.
    package var olderThan: Int?
    /// Whether everything is only counted, and stays.
    package var isDryRun: Bool
    /// Whether the files are made smaller as well.
    package var vacuums: Bool
    /// How many tenants are changed at a time.
    package var jobs: Int
    /// How many milliseconds a tenant waits for those who have its file open.
    package var busyTimeout: Int
    /// Looked at before each tenant; once true, the rest stays as it is.
    package var isCancelled: (@Sendable () -> Bool)?

    /// Builds options from their parts.
    package init(
        olderThan: Int?, isDryRun: Bool = false, vacuums: Bool = false, jobs: Int = 8,
        busyTimeout: Int = 5000, isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        self.olderThan = olderThan
        self.isDryRun = isDryRun
        self.vacuums = vacuums
        self.jobs = jobs
        self.busyTimeout = busyTimeout
        self.isCancelled = isCancelled
    }
}

extension Materializer {
    /// What is parked in some tenants; they are only read.
    package func parked(
        in tenants: [TenantFile], jobs: Int = 8, busyTimeout: Int = 5000
    ) -> ParkedReport {
        Self.each(tenants, jobs) { tenant in
            let connection = try TenantConnection.open(tenant.path, busyTimeout: busyTimeout)
            // Opened as for writing, since a reader would leave a -shm file behind.
            try connection.set(.queryOnly, to: true)
            return ParkedReport.Entry(
                name: tenant.name, parked: try connection.parkedEntries())
        }
    }

    /// Deletes what is parked in some tenants for good, each in a transaction of its own.
    ///
    /// What is deleted is overwritten in the file, and no copy stays in its -wal unless somebody
    /// reads the file at that moment.
    ///
    /// - Throws: `.busy` when a rollout is under way.
    package func purge(_ tenants: [TenantFile], _ options: PurgeOptions) throws -> ParkedReport {
        try FileLock.hold(lockPath, purpose: "Materializing is") {
            Self.each(tenants, options.jobs) { tenant in
                guard options.isCancelled?() != true else { return nil }
                return try Self.purge(tenant, options)
            }
        }
    }

    private static func each(
        _ tenants: [TenantFile], _ jobs: Int,
        _ body: @escaping @Sendable (TenantFile) throws -> ParkedReport.Entry?
    ) -> ParkedReport {
        let entries = Mutex<[ParkedReport.Entry]>([])
        WorkerThreads.forEach(tenants.count, jobs: jobs) { index in
            let entry: ParkedReport.Entry?
            do {
                entry = try body(tenants[index])
            } catch {
                entry = ParkedReport.Entry(
                    name: tenants[index].name, error: TenantFailure.sentence(error))
            }
            guard let entry, entry.error != nil || !entry.parked.isEmpty else { return }
            entries.withLock { $0.append(entry) }
        }
        return ParkedReport(
            entries: entries.withLock { entries in
                entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            })
    }

    private static func purge(
        _ tenant: TenantFile, _ options: PurgeOptions
    ) throws -> ParkedReport.Entry {
        let connection = try TenantConnection.open(tenant.path, busyTimeout: options.busyTimeout)
        var entry = ParkedReport.Entry(name: tenant.name)
        guard try !connection.parkedEntries().isEmpty else { return entry }
        _ = try connection.scalar("PRAGMA secure_delete = ON")
        defer { connection.rollback() }
        try connection.execute("BEGIN IMMEDIATE")
        let due = try connection.storagesDue(options.olderThan)
        entry.parked = try connection.parkedEntries().filter { due.contains($0.data.storage.text) }
        guard !entry.parked.isEmpty else { return entry }
        let before = try connection.scalar("PRAGMA freelist_count")?.integer ?? 0
        for parked in entry.parked { try connection.dropParkedData(parked.data.storage) }
        let after = try connection.scalar("PRAGMA freelist_count")?.integer ?? 0
        let size = try connection.scalar("PRAGMA page_size")?.integer ?? 0
        entry.bytes = Int((after - before) * size)
        guard !options.isDryRun else { return entry }
        try connection.execute("COMMIT")
        // VACUUM gives rows new rowids in tables without any key (lang_vacuum): what is still
        // parked by rowid would then be other rows'.
        if options.vacuums, try !connection.hasValuesParkedByRowID() {
            try connection.execute("VACUUM")
        }
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return entry
    }
}

extension Connection {
    /// The names of storages that are at least that many seconds old; all of them for nil.
    fileprivate func storagesDue(_ seconds: Int?) throws(SQLiteError) -> Set<String> {
        let condition =
            seconds.map {
                " WHERE parked_at <= strftime('%Y-%m-%d %H:%M:%f', 'now', '-\($0) seconds')"
            } ?? ""
        return Set(
            try rows("SELECT storage FROM main._cinch_parked" + condition).compactMap(\.first?.text)
        )
    }
}
