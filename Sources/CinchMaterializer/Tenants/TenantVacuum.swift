import CinchSQLite

extension TenantStore {
    /// Rewrites a tenant's file without its unused pages (lang_vacuum).
    ///
    /// Others may read meanwhile. Every row keeps its values; rows of tables with neither a key nor
    /// an index may get other rowids, as SQLite says.
    ///
    /// - Returns: How many bytes the database had before, and has now.
    /// - Throws: `.notFound`, `.busy`, and `.failed` while values are parked by rowid.
    package func vacuum(
        _ name: TenantName, busyTimeout: Int = 5000
    ) throws -> (before: Int64, after: Int64) {
        let source = try file(name)
        let connection = try TenantConnection.open(source.path, busyTimeout: busyTimeout)
        guard try !connection.hasValuesParkedByRowID() else {
            throw MaterializerError(
                .failed,
                "Tenant '\(name)' has parked values that are kept by rowid, which may change",
                hint: "Run 'cinch purge' first if they are not wanted.")
        }
        let before = try connection.byteCount()
        try connection.execute("VACUUM")
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (before, try connection.byteCount())
    }
}

extension Connection {
    /// How large the database is, what is only in its -wal included.
    fileprivate func byteCount() throws(SQLiteError) -> Int64 {
        let pages = try scalar("PRAGMA page_count")?.integer ?? 0
        return try pages * (scalar("PRAGMA page_size")?.integer ?? 0)
    }
}
