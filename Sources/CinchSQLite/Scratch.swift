package import CinchSchema

/// An in-memory database in which SQL from outside can be tried.
///
/// Nothing reaches a file: ATTACH, extensions and the settings of the process are refused, work
/// and memory are limited. Ten thousand tables and two thousand columns still fit.
///
/// `trusted_schema` stays on: SQLite 3.40 counts FTS and R-Tree as "normal" risk and would refuse
/// triggers that fill them, and no function of ours is within the schema's reach here.
package final class Scratch {
    /// The connection, for preparing and looking; guarded as the type says.
    package let connection: Connection
    /// Told of everything that statements prepared from now on are compiled to do.
    package var observer: ((AuthorizerAction) -> Void)?

    /// Opens an empty scratch database.
    ///
    /// - Parameter workBudget: How many virtual machine instructions everything run here may take
    ///   together; what goes beyond fails with `.interrupt`.
    package init(workBudget: Int = 500_000_000) throws(SQLiteError) {
        connection = try Connection()
        // Our own settings first: afterwards the guard makes such pragmas do nothing.
        try connection.execute(
            """
            PRAGMA temp_store = MEMORY;
            PRAGMA max_page_count = 131072;
            """)
        connection.setLimit(.length, to: 64 << 20)
        connection.setLimit(.statementLength, to: 16 << 20)
        connection.setLimit(.columns, to: 2000)
        connection.setLimit(.expressionDepth, to: 1000)
        connection.setLimit(.compoundSelect, to: 500)
        connection.setLimit(.functionArguments, to: 127)
        connection.setLimit(.attached, to: 1)
        connection.setLimit(.patternLength, to: 5000)
        connection.setLimit(.triggerDepth, to: 100)
        connection.setLimit(.workerThreads, to: 0)
        connection.setWorkBudget(workBudget)
        connection.setAuthorizer { [unowned self] action in
            observer?(action)
            return Scratch.decide(action)
        }
    }

    /// Opens a scratch database and runs `statements` in it, in one transaction.
    package convenience init(statements: [String]) throws(SQLiteError) {
        try self.init()
        try run(statements)
    }

    /// Runs statements in one transaction; on an error none of them has happened.
    package func run(_ statements: [String]) throws(SQLiteError) {
        try connection.execute("BEGIN")
        do {
            for statement in statements { try connection.execute(statement) }
            try connection.execute("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
    }

    /// The schema as it is now, as `Connection.schemaEntries()` gives it.
    package func schemaEntries() throws(SQLiteError) -> [SchemaEntry] {
        try connection.schemaEntries()
    }
}

// MARK: - The guard

extension Scratch {
    /// What SQL from outside may do here.
    private static func decide(_ action: AuthorizerAction) -> AuthorizerDecision {
        switch action.code {
        case .attach:
            // VACUUM attaches a nameless temporary database, which stays in memory here.
            return action.first == "" ? .allow : .deny
        case .detach: return .deny
        case .function:
            return refusedFunctions.contains(lowercased(action.second)) ? .deny : .allow
        case .pragma:
            let name = lowercased(action.first)
            if refusedPragmas.contains(name) { return .deny }
            // As SQLite does with a pragma it doesn't know: nothing, without an error.
            return harmlessPragmas.contains(name) ? .allow : .ignore
        default: return .allow
        }
    }

    private static func lowercased(_ name: String?) -> String {
        let folded = (name ?? "").utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return String(decoding: folded, as: UTF8.self)
    }

    private static let refusedFunctions: Set<String> = ["load_extension", "fts3_tokenizer"]

    /// Settings that reach beyond this connection: files, other connections, the process; and the
    /// one that lets text be put in the place of a schema.
    private static let refusedPragmas: Set<String> = [
        "data_store_directory", "hard_heap_limit", "lock_proxy_file", "soft_heap_limit",
        "temp_store_directory", "writable_schema",
    ]

    private static let harmlessPragmas: Set<String> = [
        "application_id", "auto_vacuum", "automatic_index", "busy_timeout", "cache_size",
        "case_sensitive_like", "cell_size_check", "collation_list", "compile_options",
        "count_changes", "data_version", "database_list", "defer_foreign_keys",
        "empty_result_callbacks", "encoding", "foreign_key_check", "foreign_key_list",
        "foreign_keys", "freelist_count", "full_column_names", "function_list",
        "ignore_check_constraints", "incremental_vacuum", "index_info", "index_list",
        "index_xinfo", "integrity_check", "journal_mode", "legacy_alter_table",
        "legacy_file_format", "locking_mode", "module_list", "optimize", "page_count",
        "page_size", "pragma_list", "quick_check", "recursive_triggers",
        "reverse_unordered_selects", "schema_version", "secure_delete", "short_column_names",
        "synchronous", "table_info", "table_list", "table_xinfo", "user_version",
        "wal_autocheckpoint", "wal_checkpoint",
    ]
}
