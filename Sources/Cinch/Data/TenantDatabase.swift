internal import CinchSQLite
import GRDB
internal import GRDBSQLite

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One open tenant file: the data path, where rows are read and written and schemas are not.
///
/// The connection waits up to five seconds for other writers, enforces foreign keys, and
/// syncs before a change is acknowledged: `synchronous` is EXTRA, which in WAL mode is FULL and
/// with a rollback journal also syncs the folder, without which a power cut can undo a commit.
/// `recursive_triggers` is SQLite's default, off. Text in double quotes that names no column is a
/// string, as in stock SQLite, since views and triggers rely on it.
///
/// Every call is atomic, and calls from several threads run one after the other.
package final class TenantDatabase: Sendable {
    /// What a connection may do.
    package enum Access: Hashable, Sendable {
        /// Rows can be read and changed.
        case readWrite
        /// Rows can be read. A file in WAL mode still needs a folder that can be written, unless
        /// another connection has it open.
        case readOnly
    }

    /// The path the file was opened at.
    package let path: String
    /// What the connection may do.
    package let access: Access
    private let guardian: StatementGuard
    private let deadline = Deadline()
    private let shapes = TableShapes()
    private let limits: StatementLimits?
    private let queue: DatabaseQueue

    /// Opens an existing file; never creates one.
    ///
    /// - Parameters:
    ///   - patience: Seconds to wait for a lock another connection holds.
    ///   - limits: How much a statement may take; absent for SQLite's own limits.
    /// - Throws: `CinchError` with `.notFound` if there is no file, `.corrupt` if it is not a
    ///   SQLite database, `.busy` if another process keeps it locked.
    package init(
        path: String, access: Access = .readWrite, patience: Double = 5,
        limits: StatementLimits? = nil
    ) throws {
        let guardian = StatementGuard()
        let deadline = deadline
        var configuration = Configuration()
        configuration.readonly = access == .readOnly
        configuration.busyMode = .timeout(patience)
        configuration.foreignKeysEnabled = true
        configuration.acceptsDoubleQuotedStringLiterals = true
        configuration.label = "cinch.tenant"
        configuration.prepareDatabase { database in
            if access == .readWrite { try database.execute(sql: "PRAGMA synchronous = EXTRA") }
            if let connection = database.sqliteConnection {
                try DefensiveMode.enable(on: connection)
            }
            limits?.apply(to: database.sqliteConnection)
            deadline.install(on: database.sqliteConnection)
            guardian.install(on: database.sqliteConnection)
        }
        guard Self.isFile(path) else {
            throw CinchError(
                code: .notFound, message: "There is no database file at '\(path)'",
                hint: "List the tenants with 'cinch tenant list'.")
        }
        do {
            queue = try DatabaseQueue(
                path: Self.location(of: path, access), configuration: configuration)
        } catch let error as DatabaseError {
            throw SQLiteFailure(error).error()
        }
        self.path = path
        self.access = access
        self.limits = limits
        self.guardian = guardian
    }

    /// Runs one SELECT, VALUES, WITH, INSERT, REPLACE, UPDATE, DELETE or EXPLAIN.
    ///
    /// - Parameters:
    ///   - sql: One statement; a semicolon at its end is fine.
    ///   - parameters: Values for `?`, `?1` and `:name`, in the order of their numbers, which is
    ///     that of first appearance.
    ///   - limit: Rows to return at most; `nil` for all. A change is made completely whatever
    ///     the limit.
    /// - Throws: `CinchError` with `.refused` for statements that are no query and for tables of
    ///   cinch and SQLite, `.notFound` for unknown tables and columns, `.exists` for a duplicate
    ///   key, `.invalid` for other broken SQL and values, `.busy` after five seconds.
    package func query(
        _ sql: String, parameters: [SQLValue] = [], limit: Int? = nil
    ) throws -> QueryResult {
        try run { try $0.query(sql, parameters: parameters, limit: limit) }
    }

    /// Inserts one row; see ``TenantSession/insert(into:rows:)``.
    package func insert(into table: String, values: [Assignment]) throws -> QueryResult {
        try insert(into: table, rows: [values])
    }

    /// Inserts rows, all or none; see ``TenantSession/insert(into:rows:)``.
    package func insert(into table: String, rows: [[Assignment]]) throws -> QueryResult {
        try transaction { try $0.insert(into: table, rows: rows) }
    }

    /// Updates rows; see ``TenantSession/update(_:set:where:)``.
    package func update(
        _ table: String, set assignments: [Assignment], where filter: Filter?
    ) throws -> Int {
        try transaction { try $0.update(table, set: assignments, where: filter) }
    }

    /// Deletes rows; see ``TenantSession/delete(from:where:)``.
    package func delete(from table: String, where filter: Filter?) throws -> Int {
        try transaction { try $0.delete(from: table, where: filter) }
    }

    /// Runs several calls as one change, seen by others all at once or not at all.
    ///
    /// The write lock is taken first, so nothing inside can fail because of another writer.
    /// If `body` throws, everything is undone and the error passed on. Calls on the database itself
    /// must not be made inside; use the session.
    package func transaction<Result>(
        _ body: (TenantSession) throws -> Result
    ) throws -> Result {
        try run { session in try session.inTransaction(body) }
    }

    /// Makes several calls while nobody else uses the connection, each of them atomic by itself.
    ///
    /// - Parameters:
    ///   - instant: When statements are stopped, of ``DeadlineClock``; absent for never.
    ///   - cancellation: The caller's wish that they be; absent where there can be none.
    ///   - mask: Columns that read as NULL.
    /// - Throws: What `body` throws, and `CinchError` with `.interrupted` at the deadline.
    package func run<Result>(
        until instant: UInt64? = nil, or cancellation: Cancellation? = nil,
        masking mask: ColumnMask = .none,
        _ body: (TenantSession) throws -> Result
    ) throws -> Result {
        do {
            return try queue.writeWithoutTransaction { database in
                try deadline.during(instant, or: cancellation) {
                    guard !deadline.isOver else { throw TenantSession.deadlineError }
                    return try body(
                        TenantSession(
                            database: database, guardian: guardian, shapes: shapes,
                            isReadOnly: access == .readOnly, mask: mask,
                            resultBytes: limits?.resultBytes))
                }
            }
        } catch let error as DatabaseError {
            throw SQLiteFailure(error).error()
        }
    }

    /// Makes the call that is running on another thread fail with `.interrupted`, its changes
    /// undone. Does nothing when none is running.
    package func interrupt() {
        queue.interrupt()
    }

    /// Closes the file now instead of with the last reference. No call may follow.
    package func close() throws {
        do {
            try queue.close()
        } catch let error as DatabaseError {
            throw SQLiteFailure(error).error()
        }
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The path as a URI that opens and never creates; where the library can't read URIs, the
    /// plain path, made so that nothing takes it for one.
    private static func location(of path: String, _ access: Access) -> String {
        guard sqlite3_compileoption_used("USE_URI") == 1 else {
            return path.hasPrefix("/") ? path : "./\(path)"
        }
        var location = path.hasPrefix("/") ? "file://" : "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                location.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16)
                location += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return location + (access == .readOnly ? "?mode=ro" : "?mode=rw")
    }
}
