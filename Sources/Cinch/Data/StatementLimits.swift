internal import GRDBSQLite

/// How much one statement may take, for SQL that comes from outside.
package struct StatementLimits: Hashable, Sendable {
    /// Bytes in one value or row.
    package var valueBytes = 16 << 20
    /// Bytes in the SQL text.
    package var sqlBytes = 100_000
    /// Values of parameters.
    package var parameters = 10_000
    /// Bytes of all values in an answer; rows beyond are left out and the answer says so.
    package var resultBytes = 64 << 20

    /// The limits a server begins with.
    package init() {}

    /// Sets what SQLite itself looks after (`sqlite3_limit`).
    func apply(to connection: OpaquePointer?) {
        let limits: [(Int32, Int)] = [
            (SQLITE_LIMIT_LENGTH, valueBytes), (SQLITE_LIMIT_SQL_LENGTH, sqlBytes),
            (SQLITE_LIMIT_VARIABLE_NUMBER, parameters), (SQLITE_LIMIT_ATTACHED, 0),
            (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 100),
            (SQLITE_LIMIT_VDBE_OP, 250_000), (SQLITE_LIMIT_FUNCTION_ARG, 100),
            (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000), (SQLITE_LIMIT_TRIGGER_DEPTH, 100),
            (SQLITE_LIMIT_WORKER_THREADS, 0),
        ]
        for (limit, value) in limits { sqlite3_limit(connection, limit, Int32(clamping: value)) }
    }
}
