import CSQLite

/// One connection to one SQLite database, used by one thread at a time.
///
/// It closes when it and its last statement go; an open transaction is rolled back then.
/// Errors carry extended result codes.
package final class Connection {
    /// How a file is opened.
    package enum Access: Hashable, Sendable {
        /// Nothing can be written.
        case readOnly
        /// The file must be there.
        case readWrite
        /// The file is made when missing.
        case create
    }

    let handle: OpaquePointer
    /// The path as given; nil for an in-memory database.
    package let path: String?
    var authorizer: ((AuthorizerAction) -> AuthorizerDecision)?
    var workLeft: Int?

    /// Opens a file. SQLite reads it only with the first statement, so a file that is no
    /// database is noticed then.
    ///
    /// - Parameter busyTimeout: How many milliseconds a statement waits for a lock.
    /// - Throws: `.cannotOpen` when the file is missing or out of reach.
    package convenience init(
        path: String, access: Access, busyTimeout: Int = 5000
    ) throws(SQLiteError) {
        // A relative name gets "./", or "file:…" and ":memory:" would mean something else.
        let name = path.hasPrefix("/") ? path : "./\(path)"
        let flags =
            switch access {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        try self.init(name: name, path: path, flags: flags, busyTimeout: busyTimeout)
    }

    /// Opens a new, empty in-memory database.
    package convenience init() throws(SQLiteError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
        try self.init(name: ":memory:", path: nil, flags: flags, busyTimeout: 0)
    }

    private init(
        name: String, path: String?, flags: Int32, busyTimeout: Int
    ) throws(SQLiteError) {
        guard !name.utf8.contains(0) else {
            throw SQLiteError(
                extendedCode: SQLITE_CANTOPEN, message: "The path contains a NUL byte")
        }
        var opened: OpaquePointer?
        let allFlags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = sqlite3_open_v2(name, &opened, allFlags, nil)
        guard result == SQLITE_OK, let handle = opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(extendedCode: result, message: "\(message): '\(name)'")
        }
        self.handle = handle
        self.path = path
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout))
    }

    deinit { sqlite3_close_v2(handle) }

    /// How long statements wait for a lock from now on, in milliseconds; 0 is not at all.
    package func setBusyTimeout(_ milliseconds: Int) {
        sqlite3_busy_timeout(handle, Int32(clamping: milliseconds))
    }

    /// Rows changed by the last INSERT, UPDATE or DELETE.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The rowid of the last inserted row of this connection.
    package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether BEGIN (or a savepoint) is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// What SQLite says about the call that just failed.
    func lastError(sql: String? = nil, position: ScriptPosition? = nil) -> SQLiteError {
        let code = sqlite3_extended_errcode(handle)
        let message =
            code & 0xFF == SQLITE_INTERRUPT && workLeft.map({ $0 <= 0 }) == true
            ? "The SQL does more work than is allowed here"
            : String(cString: sqlite3_errmsg(handle))
        let offset = sqlite3_error_offset(handle)
        return SQLiteError(
            extendedCode: code, message: message, sql: sql,
            offset: offset >= 0 ? Int(offset) : nil, position: position)
    }
}

// MARK: - Statements

extension Connection {
    /// Prepares the one statement in `sql`.
    ///
    /// - Throws: `SQLiteError`, also when there is no statement or more than one.
    package func prepare(_ sql: String) throws(SQLiteError) -> PreparedStatement {
        var script = try ScriptReader(sql, connection: self)
        guard let first = try script.next() else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "There is no SQL", sql: sql)
        }
        guard try script.next() == nil else {
            throw SQLiteError(
                extendedCode: SQLITE_MISUSE, message: "Only one statement can run here", sql: sql)
        }
        return first.statement
    }

    /// Runs every statement of a script in order; rows are dropped.
    ///
    /// The error says which statement failed; those before it have run.
    package func execute(_ script: String) throws(SQLiteError) {
        var reader = try ScriptReader(script, connection: self)
        while let next = try reader.next() { try next.statement.run() }
    }

    /// Runs one statement with values for its parameters; rows are dropped.
    package func execute(_ sql: String, _ values: [Value]) throws(SQLiteError) {
        let statement = try prepare(sql)
        try statement.bind(values)
        try statement.run()
    }

    /// All rows of one statement.
    package func rows(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> [[Value]] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var rows: [[Value]] = []
        while try statement.step() { rows.append(statement.row) }
        return rows
    }

    /// The first column of the first row; nil when there is no row.
    package func scalar(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> Value? {
        let statement = try prepare(sql)
        try statement.bind(values)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return statement.value(0)
    }
}

// MARK: - Transactions

extension Connection {
    /// The lock BEGIN takes at once.
    package enum TransactionKind: String, Sendable {
        /// None; a later write can then fail with SQLITE_BUSY_SNAPSHOT, which waiting can't cure.
        case deferred = "DEFERRED"
        /// The write lock.
        case immediate = "IMMEDIATE"
        /// The write lock, and readers are shut out in rollback-journal mode.
        case exclusive = "EXCLUSIVE"
    }

    /// Runs `body` between BEGIN and COMMIT; whatever it throws rolls everything back first.
    package func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: () throws -> Result
    ) throws -> Result {
        try execute("BEGIN \(kind.rawValue)")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Rolls back what is open. SQLite may have done so itself, hence no error.
    package func rollback() {
        if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }
}
