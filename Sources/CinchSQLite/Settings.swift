import CSQLite

extension Connection {
    /// A switch of the connection that is set with a PRAGMA and read back.
    package enum Setting: String, CaseIterable, Sendable {
        /// Foreign keys are enforced, and their actions run.
        case foreignKeys = "foreign_keys"
        /// Foreign keys are checked at COMMIT only, in the open transaction.
        case deferForeignKeys = "defer_foreign_keys"
        /// RENAME leaves references in views and triggers alone.
        case legacyAlterTable = "legacy_alter_table"
        /// The schema may use functions and virtual tables that are not marked innocuous.
        case trustedSchema = "trusted_schema"
        /// `sqlite_schema` can be written with UPDATE.
        case writableSchema = "writable_schema"
        /// Triggers may fire themselves.
        case recursiveTriggers = "recursive_triggers"
        /// No statement may write.
        case queryOnly = "query_only"
    }

    /// Turns a setting on or off and reads it back.
    ///
    /// SQLite ignores some of these without a word, `foreign_keys` inside a transaction above
    /// all; that is an error here.
    package func set(_ setting: Setting, to isOn: Bool) throws(SQLiteError) {
        try execute("PRAGMA \(setting.rawValue) = \(isOn ? 1 : 0)")
        guard try self[setting] == isOn else {
            throw SQLiteError(
                extendedCode: SQLITE_MISUSE,
                message: "PRAGMA \(setting.rawValue) could not be turned \(isOn ? "on" : "off")")
        }
    }

    /// The setting as it is now.
    package subscript(setting: Setting) -> Bool {
        get throws(SQLiteError) {
            try scalar("PRAGMA \(setting.rawValue)")?.integer.map { $0 != 0 } ?? false
        }
    }
}

extension Connection {
    /// A run-time limit of a connection (`sqlite3_limit`).
    package enum Limit: Sendable {
        /// Bytes in a string, blob or row.
        case length
        /// Bytes in one SQL statement.
        case statementLength
        /// Columns in a table, index, view or result, and terms in a clause.
        case columns
        /// Depth of an expression's tree.
        case expressionDepth
        /// Terms of a compound SELECT.
        case compoundSelect
        /// Instructions in a prepared statement.
        case instructions
        /// Arguments of a function.
        case functionArguments
        /// Attached databases; VACUUM needs one.
        case attached
        /// Bytes in a LIKE or GLOB pattern.
        case patternLength
        /// The highest parameter number.
        case variableNumber
        /// Depth of trigger recursion.
        case triggerDepth
        /// Helper threads of one statement.
        case workerThreads

        fileprivate var number: Int32 {
            switch self {
            case .length: SQLITE_LIMIT_LENGTH
            case .statementLength: SQLITE_LIMIT_SQL_LENGTH
            case .columns: SQLITE_LIMIT_COLUMN
            case .expressionDepth: SQLITE_LIMIT_EXPR_DEPTH
            case .compoundSelect: SQLITE_LIMIT_COMPOUND_SELECT
            case .instructions: SQLITE_LIMIT_VDBE_OP
            case .functionArguments: SQLITE_LIMIT_FUNCTION_ARG
            case .attached: SQLITE_LIMIT_ATTACHED
            case .patternLength: SQLITE_LIMIT_LIKE_PATTERN_LENGTH
            case .variableNumber: SQLITE_LIMIT_VARIABLE_NUMBER
            case .triggerDepth: SQLITE_LIMIT_TRIGGER_DEPTH
            case .workerThreads: SQLITE_LIMIT_WORKER_THREADS
            }
        }
    }

    /// Sets a limit; SQLite caps it at its compile-time maximum. Returns the limit before.
    @discardableResult
    package func setLimit(_ limit: Limit, to value: Int) -> Int {
        Int(sqlite3_limit(handle, limit.number, Int32(clamping: max(0, value))))
    }
}

extension Connection {
    /// Lets the statements from now on run that many virtual machine instructions together.
    ///
    /// What goes beyond is interrupted with `.interrupt`; the count is exact to a thousand.
    /// Nil takes the budget away.
    package func setWorkBudget(_ instructions: Int?) {
        workLeft = instructions
        guard instructions != nil else {
            sqlite3_progress_handler(handle, 0, nil, nil)
            return
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle, 1000,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                guard let left = connection.workLeft else { return 0 }
                connection.workLeft = left - 1000
                return left <= 1000 ? 1 : 0
            }, context)
    }

    /// Makes the running statement fail with `.interrupt` as soon as it can.
    package func interrupt() { sqlite3_interrupt(handle) }
}
