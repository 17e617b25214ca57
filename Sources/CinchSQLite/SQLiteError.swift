import CSQLite

/// What SQLite refused, in SQLite's own words, and where in which SQL.
package struct SQLiteError: Error, Hashable, Sendable {
    /// The extended result code; its low byte is the primary code.
    package var extendedCode: Int32
    /// SQLite's sentence, without a location.
    package var message: String
    /// The statement at fault; nil when no statement was involved.
    package var sql: String?
    /// The byte in `sql` that SQLite stumbled over; nil when it did not say.
    package var offset: Int?
    /// Which statement of a script failed; nil outside scripts.
    package var position: ScriptPosition?

    /// Builds an error from its parts, for failures that SQLite itself does not report.
    package init(
        extendedCode: Int32, message: String, sql: String? = nil, offset: Int? = nil,
        position: ScriptPosition? = nil
    ) {
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
        self.offset = offset
        self.position = position
    }

    /// The primary result code, as in `SQLITE_BUSY`.
    package var code: Code { Code(rawValue: extendedCode & 0xFF) }

    /// Whether waiting and trying again may help.
    package var isBusy: Bool { code == .busy || code == .locked }
}

extension SQLiteError {
    /// A primary result code of SQLite; open, so that a newer SQLite's codes pass through.
    package struct Code: RawRepresentable, Hashable, Sendable {
        /// The number in `sqlite3.h`.
        package var rawValue: Int32

        /// Takes a number of `sqlite3.h` as it is.
        package init(rawValue: Int32) { self.rawValue = rawValue }

        /// SQLITE_ERROR: bad SQL, or no such table, column, function.
        package static let error = Self(rawValue: SQLITE_ERROR)
        /// SQLITE_BUSY: another connection holds the lock.
        package static let busy = Self(rawValue: SQLITE_BUSY)
        /// SQLITE_LOCKED: another statement of this connection is in the way.
        package static let locked = Self(rawValue: SQLITE_LOCKED)
        /// SQLITE_INTERRUPT: interrupted, or the work budget is spent.
        package static let interrupt = Self(rawValue: SQLITE_INTERRUPT)
        /// SQLITE_READONLY: the file or the connection can't be written.
        package static let readOnly = Self(rawValue: SQLITE_READONLY)
        /// SQLITE_IOERR: the system refused to read or write.
        package static let ioError = Self(rawValue: SQLITE_IOERR)
        /// SQLITE_CORRUPT: the file's structure is damaged.
        package static let corrupt = Self(rawValue: SQLITE_CORRUPT)
        /// SQLITE_NOTADB: the file is no SQLite database.
        package static let notADatabase = Self(rawValue: SQLITE_NOTADB)
        /// SQLITE_FULL: the disk, or the page limit, is reached.
        package static let full = Self(rawValue: SQLITE_FULL)
        /// SQLITE_CANTOPEN: the file is missing or out of reach.
        package static let cannotOpen = Self(rawValue: SQLITE_CANTOPEN)
        /// SQLITE_TOOBIG: a value or a statement is above its limit.
        package static let tooBig = Self(rawValue: SQLITE_TOOBIG)
        /// SQLITE_CONSTRAINT: a row breaks a rule of the schema.
        package static let constraint = Self(rawValue: SQLITE_CONSTRAINT)
        /// SQLITE_MISUSE: a promise to the C API was broken.
        package static let misuse = Self(rawValue: SQLITE_MISUSE)
        /// SQLITE_AUTH: the authorizer said no.
        package static let authorization = Self(rawValue: SQLITE_AUTH)
    }
}

extension SQLiteError: CustomStringConvertible {
    /// One line: the message, then the statement's number and line when it came from a script.
    package var description: String {
        guard let position else { return message }
        return "\(message) (statement \(position.number), line \(position.line))"
    }
}

/// Where a statement stands in a script of several.
package struct ScriptPosition: Hashable, Sendable {
    /// 1 for the first statement; empty statements and comments are not counted.
    package var number: Int
    /// The byte offset of the statement's first character in the script.
    package var offset: Int
    /// The line of that character, counted from 1.
    package var line: Int

    /// Builds a position from its parts.
    package init(number: Int, offset: Int, line: Int) {
        self.number = number
        self.offset = offset
        self.line = line
    }
}
