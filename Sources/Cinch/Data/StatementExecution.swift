internal import GRDBSQLite

/// One run of a compiled statement, on SQLite's own interface.
///
/// GRDB compiles, opens and begins; rows are read here because what a result promises
/// (declared types, exact values, a limit that never cuts a change short) is SQLite's to tell.
struct StatementExecution {
    private let statement: OpaquePointer
    private let connection: OpaquePointer?

    /// Prepares to run a statement that the caller keeps alive.
    init(_ statement: OpaquePointer, on connection: OpaquePointer?) {
        self.statement = statement
        self.connection = connection
    }

    /// How many values the statement takes: the highest parameter number in it.
    var parameterCount: Int {
        Int(sqlite3_bind_parameter_count(statement))
    }

    /// The names of the parameters 1, 2, 3…, without the character before them; empty for those
    /// that have none.
    var parameterNames: [String] {
        (0..<Int32(parameterCount)).map { index in
            guard let name = sqlite3_bind_parameter_name(statement, index + 1) else { return "" }
            let text = String(cString: name)
            return text.hasPrefix("?") ? "" : String(text.dropFirst())
        }
    }

    /// Whether running it can't change the file. An EXPLAIN never does.
    var isReadOnly: Bool {
        sqlite3_stmt_readonly(statement) != 0 || sqlite3_stmt_isexplain(statement) != 0
    }

    /// Binds values to the parameters 1, 2, 3…; SQLite keeps copies.
    func bind(_ values: [SQLValue]) throws(SQLiteFailure) {
        for (offset, value) in values.enumerated() {
            let code = bind(value, at: Int32(offset + 1))
            guard code == SQLITE_OK else { throw SQLiteFailure(connection) }
        }
    }

    /// Runs the statement and returns its rows.
    ///
    /// A statement that only reads is stopped at the limit; one that changes rows is run to its
    /// end and only the rows returned are limited.
    ///
    /// - Parameter bytes: How many bytes the values may have together; the row that goes beyond is
    ///   left out, and all after it.
    func collect(limit: Int? = nil, bytes: Int? = nil) throws(SQLiteFailure) -> QueryResult {
        defer { sqlite3_reset(statement) }
        var result = QueryResult()
        var isFirst = true
        var bytesLeft = bytes ?? .max
        while true {
            let code = sqlite3_step(statement)
            if isFirst {
                // Not before the first step: that is when SQLite notices a changed schema and
                // compiles anew, perhaps with other columns.
                result.columns = columns
                isFirst = false
            }
            if code == SQLITE_DONE { return result }
            guard code == SQLITE_ROW else { throw SQLiteFailure(connection) }
            if bytes != nil { bytesLeft -= size(of: result.columns.count) }
            if result.rows.count >= limit ?? .max || bytesLeft < 0 {
                result.truncated = true
                if isReadOnly { return result }
            } else {
                result.rows.append(row(result.columns))
            }
        }
    }

    /// Forgets the values that were bound.
    func clearBindings() { sqlite3_clear_bindings(statement) }

    /// How many bytes the values of a row have.
    private func size(of columns: Int) -> Int {
        (0..<Int32(columns)).reduce(0) { $0 + 8 + Int(sqlite3_column_bytes(statement, $1)) }
    }

    private var columns: [QueryResult.Column] {
        (0..<sqlite3_column_count(statement)).map { index in
            let name = sqlite3_column_name(statement, index).map { String(cString: $0) }
            let type = sqlite3_column_decltype(statement, index).map { String(cString: $0) }
            return QueryResult.Column(name: name ?? "", declaredType: type)
        }
    }

    private func row(_ columns: [QueryResult.Column]) -> [SQLValue] {
        columns.indices.map { index in
            let value = value(at: Int32(index))
            return columns[index].isBoolean ? value.asBoolean : value
        }
    }

    private func value(at index: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, index))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, index)
            let count = Int(sqlite3_column_bytes(statement, index))
            let bytes = UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
            return .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, index)
            let count = Int(sqlite3_column_bytes(statement, index))
            let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
            return .blob(Array(bytes))
        default: return .null
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .boolean(let value): return sqlite3_bind_int64(statement, index, value ? 1 : 0)
        case .real(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                // An empty buffer may have no address, which SQLite would take for NULL.
                guard let start = bytes.baseAddress, !bytes.isEmpty else {
                    return sqlite3_bind_text(statement, index, "", 0, Self.copied)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text64(
                        statement, index, $0, UInt64(bytes.count), Self.copied,
                        UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(
                    statement, index, $0.baseAddress, UInt64($0.count), Self.copied)
            }
        }
    }

    /// SQLITE_TRANSIENT: the macro's value, which the importer can't express.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
