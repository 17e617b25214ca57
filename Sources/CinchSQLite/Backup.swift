import CSQLite

extension Connection {
    /// Copies this database over `destination`, what is only in the -wal file included.
    ///
    /// One read transaction covers the whole copy, so it is one consistent state. The
    /// destination's content is replaced; it is synced as its own `synchronous` setting says.
    package func backup(to destination: Connection) throws(SQLiteError) {
        guard let backup = sqlite3_backup_init(destination.handle, "main", handle, "main") else {
            throw destination.lastError()
        }
        let stepped = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
            let code = finished == SQLITE_OK ? stepped : finished
            throw SQLiteError(
                extendedCode: code,
                message: "The copy could not be made: \(String(cString: sqlite3_errstr(code)))")
        }
    }
}
