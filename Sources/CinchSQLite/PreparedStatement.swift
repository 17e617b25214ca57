import CSQLite

/// A prepared statement; finalized when the last reference to it goes.
///
/// It keeps its connection open, and is used on one thread at a time with it.
package final class PreparedStatement {
    private let connection: Connection
    private let handle: OpaquePointer
    /// The statement's own text, from its first character to its semicolon.
    package let sql: String
    private let position: ScriptPosition?

    init(
        connection: Connection, handle: OpaquePointer, sql: String, position: ScriptPosition? = nil
    ) {
        self.connection = connection
        self.handle = handle
        self.sql = sql
        self.position = position
    }

    deinit { sqlite3_finalize(handle) }

    /// Whether the statement writes nothing to the database file (`sqlite3_stmt_readonly`).
    package var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// How many values `bind` takes.
    package var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

    /// Advances to the next row; false at the end, after which the statement is reset.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = connection.lastError(sql: sql, position: position)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs the statement to its end; rows it returns are dropped.
    package func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Back to before the first row; bound values stay.
    package func reset() { sqlite3_reset(handle) }
}

// MARK: - Parameters

extension PreparedStatement {
    /// Resets the statement and binds every parameter, first to last.
    package func bind(_ values: [Value]) throws(SQLiteError) {
        guard values.count == parameterCount else {
            throw SQLiteError(
                extendedCode: SQLITE_RANGE,
                message: "\(parameterCount) values expected, \(values.count) given", sql: sql)
        }
        for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
    }

    /// Resets the statement and binds one parameter, counted from 1.
    package func bind(_ value: Value, at index: Int) throws(SQLiteError) {
        sqlite3_reset(handle)
        let place = Int32(clamping: index)
        let result =
            switch value {
            case .null: sqlite3_bind_null(handle, place)
            case .integer(let number): sqlite3_bind_int64(handle, place, number)
            case .real(let number): sqlite3_bind_double(handle, place, number)
            case .text(let string):
                bindText(string, place)
            case .blob(let bytes):
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, place, 0)
                    : bytes.withUnsafeBytes {
                        sqlite3_bind_blob64(
                            handle, place, $0.baseAddress, UInt64($0.count), transient)
                    }
            }
        guard result == SQLITE_OK else { throw connection.lastError(sql: sql) }
    }

    private func bindText(_ string: String, _ place: Int32) -> Int32 {
        var string = string
        return string.withUTF8 { bytes in
            // An empty buffer may have no address, and a null pointer would bind NULL.
            guard let address = bytes.baseAddress else {
                return sqlite3_bind_text64(handle, place, "", 0, transient, UInt8(SQLITE_UTF8))
            }
            return address.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(
                    handle, place, $0, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
            }
        }
    }
}

// MARK: - Columns

extension PreparedStatement {
    /// How many columns a row has; 0 for statements that return none.
    package var columnCount: Int { Int(sqlite3_column_count(handle)) }

    /// The column names in order, as SQLite makes them.
    package var columnNames: [String] {
        (0..<columnCount).map { string(sqlite3_column_name(handle, Int32($0))) ?? "" }
    }

    /// The declared type of the table column a result column comes from; nil for expressions.
    package func declaredType(_ column: Int) -> String? {
        string(sqlite3_column_decltype(handle, Int32(clamping: column)))
    }

    /// The value of a column of the current row, counted from 0; `.null` when out of range.
    package func value(_ column: Int) -> Value {
        let place = Int32(clamping: column)
        switch sqlite3_column_type(handle, place) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, place))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, place))
        case SQLITE_TEXT: return .text(text(column))
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(handle, place))
            guard count > 0, let bytes = sqlite3_column_blob(handle, place) else {
                return .blob([])
            }
            return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: return .null
        }
    }

    /// The current row, first column to last.
    package var row: [Value] { (0..<columnCount).map(value) }

    /// The column as an integer, converted as SQLite does; 0 for NULL.
    package func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(handle, Int32(clamping: column))
    }

    /// The column as text, converted as SQLite does; empty for NULL.
    package func text(_ column: Int) -> String {
        let place = Int32(clamping: column)
        guard let start = sqlite3_column_text(handle, place) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, place))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Whether the column of the current row is NULL.
    package func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(clamping: column)) == SQLITE_NULL
    }

    private func string(_ start: UnsafePointer<CChar>?) -> String? {
        start.map { String(cString: $0) }
    }
}

/// SQLITE_TRANSIENT, which the importer can't see: SQLite copies the bytes before it returns.
private var transient: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
