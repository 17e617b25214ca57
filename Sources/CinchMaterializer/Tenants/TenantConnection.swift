import CinchSQLite

/// Opens tenant files for the short, exclusive work of the materializer.
enum TenantConnection {
    /// Above this size a rebuild may take long enough for readers to notice they are shut out.
    private static let exclusiveLimit = 16 << 20

    /// Opens a tenant's file for writing, every commit synced.
    ///
    /// Alone on a small file, it takes the file's lock for good: no -shm file is made, which is
    /// 1.3 times as fast. If somebody else has the file open it steps back to ordinary locking at
    /// once, without having kept anybody waiting.
    static func open(
        _ path: String, busyTimeout: Int
    ) throws(SQLiteError) -> Connection {
        if let size = Files.size(path), size <= exclusiveLimit,
            let connection = try openExclusively(path)
        {
            connection.setBusyTimeout(busyTimeout)
            return connection
        }
        let connection = try Connection(
            path: path, access: .readWrite, busyTimeout: busyTimeout)
        try demandWritable(connection)
        try makeDurable(connection)
        return connection
    }

    /// The connection holding the file for itself; nil when somebody else is there.
    private static func openExclusively(_ path: String) throws(SQLiteError) -> Connection? {
        do {
            let connection = try Connection(path: path, access: .readWrite, busyTimeout: 0)
            try demandWritable(connection)
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            try makeDurable(connection)
            // The lock is taken with the first read, in WAL mode.
            _ = try connection.scalar("SELECT 1 FROM main.sqlite_schema LIMIT 1")
            return connection
        } catch {
            if error.isBusy { return nil }
            throw error
        }
    }

    private static func demandWritable(_ connection: Connection) throws(SQLiteError) {
        guard !connection.isReadOnly else {
            throw SQLiteError(
                extendedCode: SQLiteError.Code.readOnly.rawValue,
                message: "it could only be opened for reading")
        }
    }

    private static func makeDurable(_ connection: Connection) throws(SQLiteError) {
        // EXTRA is FULL, and in rollback-journal mode it syncs the removal of the journal too:
        // without that a power cut could undo a change that was acknowledged.
        try connection.execute("PRAGMA synchronous = EXTRA")
    }

    /// Opens a file and shuts out everybody else until the connection goes.
    ///
    /// - Throws: `.busy` when somebody has it open and keeps it for `busyTimeout` milliseconds.
    static func openAlone(_ path: String, busyTimeout: Int) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: path, access: .readWrite, busyTimeout: busyTimeout)
        // In WAL mode the lock on the file comes with the first read, else with BEGIN EXCLUSIVE;
        // this locking mode keeps either after COMMIT.
        try connection.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
        return connection
    }
}
