internal import GRDB
internal import GRDBSQLite

/// What SQLite reported about a failed call, before it is put into the user's words.
struct SQLiteFailure: Error {
    /// The extended result code.
    var code: Int32
    /// SQLite's message, which names tables and columns and never holds row values.
    var message: String
    /// Where in the SQL the error is, in bytes; `nil` if SQLite can't tell.
    var offset: Int?

    /// Takes the error of the last call on a connection.
    init(_ connection: OpaquePointer?) {
        code = sqlite3_extended_errcode(connection)
        message = String(cString: sqlite3_errmsg(connection))
        let position = sqlite3_error_offset(connection)
        offset = position >= 0 ? Int(position) : nil
    }

    /// Takes an error from GRDB. Where the error is in the SQL is known to `connection` only.
    init(_ error: DatabaseError, on connection: OpaquePointer? = nil) {
        code = error.extendedResultCode.rawValue
        message = error.message ?? String(cString: sqlite3_errstr(code))
        if let connection {
            let position = sqlite3_error_offset(connection)
            offset = position >= 0 ? Int(position) : nil
        }
    }

    /// The error in the user's words. `sql` is the caller's text, to show where the error is.
    func error(sql: String? = nil) -> CinchError {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            make(.busy, "Another process is using the database", "Try again in a moment.")
        case SQLITE_READONLY:
            make(
                .refused, "The database is open for reading only",
                "Check that you may write the file and its folder.")
        case SQLITE_INTERRUPT:
            make(.interrupted, "The query was interrupted", "Nothing was changed.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            make(
                .corrupt, "The database file is damaged: \(message)",
                "Restore it from a backup; 'sqlite3 FILE .recover' saves what can be read.")
        case SQLITE_FULL:
            make(.failed, "The disk is full", "Free some space and try again.")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PERM:
            make(
                .failed, "The database file can't be used: \(message)",
                "Check the file, its folder and the disk.")
        case SQLITE_CONSTRAINT: constraintError
        case SQLITE_MISMATCH:
            make(.invalid, "A value has the wrong type", "A rowid must be an integer.")
        case SQLITE_TOOBIG:
            make(.invalid, "A value or the SQL text is too long", "SQLite takes up to 1 GB.")
        default: languageError(sql: sql)
        }
    }

    private var constraintError: CinchError {
        let subject = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
        switch ResultCode(rawValue: code) {
        case .SQLITE_CONSTRAINT_NOTNULL:
            return make(
                .invalid, "'\(subject)' must have a value (NOT NULL)",
                "Give it a value, or allow NULL with 'cinch column alter-nullable' on a branch.")
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return make(
                .exists, "A row with the same '\(subject)' exists already",
                "Use another value, update the existing row, or write INSERT OR REPLACE.")
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            return make(
                .invalid, "A foreign key would point to a row that does not exist",
                "Insert the parent row first, or delete the rows that refer to it.")
        case .SQLITE_CONSTRAINT_CHECK:
            return make(
                .invalid, "A value breaks the check '\(subject)'",
                "See the rule with 'cinch table info TABLE'.")
        case .SQLITE_CONSTRAINT_DATATYPE:
            return make(
                .invalid, "The strict table \(message)",
                "Give a value of the column's type.")
        case .SQLITE_CONSTRAINT_TRIGGER:
            return make(
                .invalid, "A trigger refused the change: \(message)",
                "See the rule with 'cinch trigger list'.")
        default:
            return make(.invalid, "A constraint refused the change: \(message)", nil)
        }
    }

    private func languageError(sql: String?) -> CinchError {
        if message.hasPrefix("no such table") {
            return make(
                .notFound, "There is no table '\(name(after: "no such table: "))'",
                "List the tables with 'cinch table list'.")
        }
        if message.hasPrefix("no such column") {
            return make(
                .notFound, "There is no column '\(name(after: "no such column: "))'",
                "See the columns with 'cinch table info TABLE'; text stands in single quotes.")
        }
        if message.hasSuffix(" may not be modified") {
            return Refusal.systemTable(
                String(message.dropFirst("table ".count).dropLast(" may not be modified".count))
            ).error
        }
        if message.contains(" has no column named ") {
            return make(
                .notFound, message.prefix(1).uppercased() + message.dropFirst(),
                "See the columns with 'cinch table info TABLE'.")
        }
        if message.hasPrefix("no such function") {
            return make(
                .notFound, "There is no function '\(name(after: "no such function: "))'",
                "SQLite's functions are listed at https://sqlite.org/lang_corefunc.html.")
        }
        return make(
            code & 0xFF == SQLITE_ERROR ? .invalid : .failed,
            "SQLite can't run this: \(message)\(place(in: sql))",
            sql == nil ? nil : "Correct the SQL; 'cinch schema' shows the tables and columns.")
    }

    /// The name SQLite reports, without the schema it puts before it.
    private func name(after prefix: String) -> String {
        let name = message.dropFirst(prefix.count)
        return String(name.hasPrefix("main.") ? name.dropFirst(5) : name)
    }

    private func place(in sql: String?) -> String {
        guard let sql, let offset, offset <= sql.utf8.count else { return "" }
        let before = sql.utf8.prefix(offset)
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { before.index(after: $0) }
        let column =
            String(decoding: before[(lineStart ?? before.startIndex)...], as: UTF8.self)
            .unicodeScalars.count + 1
        return line == 1 ? " (at character \(column))" : " (line \(line), character \(column))"
    }

    private func make(_ code: CinchError.Code, _ message: String, _ hint: String?) -> CinchError {
        CinchError(code: code, message: message, hint: hint, cause: self)
    }
}
