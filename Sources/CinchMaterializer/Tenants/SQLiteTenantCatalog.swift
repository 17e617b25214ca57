import CinchSQLite
import Synchronization

/// The catalog in a SQLite file (`catalog.db`), in WAL mode; every call is one transaction and is
/// on disk when it returns.
package final class SQLiteTenantCatalog: TenantCatalog {
    private let connection: Mutex<Connection>
    let now: @Sendable () -> String

    /// Opens the catalog, making it when missing and bringing an older one up to date.
    ///
    /// Several processes may have it open; a writer waits for another for up to five seconds.
    ///
    /// - Parameter now: The time as `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    /// - Throws: `.unsupported` when a newer version made it; `SQLiteError`.
    package init(path: String, now: @escaping @Sendable () -> String) throws {
        try Files.makeDirectory(Files.parent(path))
        let isNew = !Files.exists(path)
        let opened = try Connection(path: path, access: .create, busyTimeout: 5000)
        try opened.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            """)
        try opened.transaction(.immediate) { try Self.migrate(opened) }
        if isNew { try Files.syncDirectory(Files.parent(path)) }
        connection = Mutex(opened)
        self.now = now
    }

    private static func migrate(_ connection: Connection) throws {
        let version = try connection.scalar("PRAGMA user_version")?.integer ?? 0
        guard version <= 3 else {
            throw MaterializerError(
                .unsupported, "The catalog has format \(version), this version knows format 3",
                hint: "Use a newer version.")
        }
        if version < 1 { try makeTables(connection) }
        if version < 2 { try addRequests(connection) }
        if version < 3 { try addKeys(connection) }
    }

    private static func makeTables(_ connection: Connection) throws(SQLiteError) {
        try connection.execute(
            """
            CREATE TABLE tenants(
              name TEXT PRIMARY KEY,
              created_at TEXT NOT NULL,
              status TEXT NOT NULL CHECK (status IN ('active', 'deleting'))
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE rollouts(
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              from_commit TEXT,
              to_commit TEXT NOT NULL,
              to_tree TEXT NOT NULL,
              started_at TEXT NOT NULL,
              finished_at TEXT,
              state TEXT NOT NULL
            ) STRICT;
            CREATE TABLE rollout_tenants(
              rollout INTEGER NOT NULL REFERENCES rollouts ON DELETE CASCADE,
              tenant TEXT NOT NULL,
              state TEXT NOT NULL CHECK (state IN ('pending', 'applied', 'failed', 'drifted')),
              error TEXT,
              ms INTEGER NOT NULL DEFAULT 0,
              PRIMARY KEY (rollout, tenant)
            ) STRICT, WITHOUT ROWID;
            PRAGMA user_version = 1;
            """)
    }

    /// What a rollout was asked to do, for resuming it, and who runs it.
    private static func addRequests(_ connection: Connection) throws(SQLiteError) {
        try connection.execute(
            """
            ALTER TABLE rollouts ADD COLUMN tenants INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollouts ADD COLUMN process INTEGER;
            ALTER TABLE rollouts ADD COLUMN patterns TEXT NOT NULL DEFAULT '';
            ALTER TABLE rollouts ADD COLUMN is_retry INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollouts ADD COLUMN canary TEXT;
            ALTER TABLE rollouts ADD COLUMN batch INTEGER;
            ALTER TABLE rollouts ADD COLUMN pause_ms INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE rollouts ADD COLUMN on_error TEXT NOT NULL DEFAULT 'continue';
            ALTER TABLE rollouts ADD COLUMN resumes INTEGER;
            UPDATE rollouts SET tenants =
              (SELECT count(*) FROM rollout_tenants WHERE rollout = rollouts.id);
            PRAGMA user_version = 2;
            """)
    }

    func read<Row: Sendable>(
        _ sql: String, _ values: [Value] = [], _ make: @Sendable ([Value]) throws -> Row
    ) throws -> [Row] {
        try connection.withLock { try $0.rows(sql, values).map(make) }
    }

    /// A number that differs when another connection has changed the catalog (pragma_data_version).
    package func version() throws -> Int64 {
        try connection.withLock { try $0.scalar("PRAGMA data_version")?.integer ?? 0 }
    }

    func write<Result: Sendable>(
        _ body: @Sendable (Writer) throws -> Result
    ) throws -> Result {
        try connection.withLock { connection in
            try connection.execute("BEGIN IMMEDIATE")
            do {
                let result = try body(Writer(connection: connection))
                try connection.execute("COMMIT")
                return result
            } catch {
                connection.rollback()
                throw error
            }
        }
    }

    /// The connection inside a transaction; it does not leave the lock.
    struct Writer {
        let connection: Connection

        func run(_ sql: String, _ values: [Value]) throws(SQLiteError) {
            try connection.execute(sql, values)
        }

        func runEach(_ sql: String, _ rows: [[Value]]) throws(SQLiteError) {
            let statement = try connection.prepare(sql)
            for row in rows {
                try statement.bind(row)
                try statement.run()
            }
        }

        func exists(_ name: TenantName) throws(SQLiteError) -> Bool {
            let sql = "SELECT 1 FROM tenants WHERE name = ?"
            return try connection.scalar(sql, [.text(name.rawValue)]) != nil
        }
    }
}

// MARK: - Tenants

extension SQLiteTenantCatalog {
    /// See `TenantCatalog`.
    package func tenants() throws -> [TenantRecord] {
        try read(
            "SELECT name, created_at, status FROM tenants WHERE status = 'active' ORDER BY name"
        ) {
            try Self.record($0)
        }
    }

    /// See `TenantCatalog`.
    package func tenant(_ name: TenantName) throws -> TenantRecord? {
        let sql = "SELECT name, created_at, status FROM tenants WHERE name = ?"
        return try read(sql, [.text(name.rawValue)]) { try Self.record($0) }.first
    }

    private static func record(_ row: [Value]) throws -> TenantRecord {
        TenantRecord(
            name: try TenantName(row[0].text ?? ""), createdAt: row[1].text ?? "",
            isActive: row[2] == "active")
    }

    /// See `TenantCatalog`.
    package func add(_ names: [TenantName]) throws {
        let time = now()
        try write { writer in
            for name in names where try writer.exists(name) { throw Self.exists(name) }
            try writer.runEach(
                "INSERT INTO tenants(name, created_at, status) VALUES (?, ?, 'active')",
                names.map { [.text($0.rawValue), .text(time)] })
        }
    }

    /// See `TenantCatalog`.
    package func markDeleting(_ name: TenantName) throws {
        try write { writer in
            try writer.run("DELETE FROM api_keys WHERE tenant = ?", [.text(name.rawValue)])
            try writer.run(
                "UPDATE tenants SET status = 'deleting' WHERE name = ?", [.text(name.rawValue)])
        }
    }

    /// See `TenantCatalog`.
    package func tenantsBeingDeleted() throws -> [TenantName] {
        try read("SELECT name FROM tenants WHERE status = 'deleting' ORDER BY name") {
            try TenantName($0[0].text ?? "")
        }
    }

    /// See `TenantCatalog`.
    package func remove(_ name: TenantName) throws {
        try write { writer in
            try writer.run("DELETE FROM api_keys WHERE tenant = ?", [.text(name.rawValue)])
            try writer.run("DELETE FROM tenants WHERE name = ?", [.text(name.rawValue)])
        }
    }

    /// See `TenantCatalog`.
    package func rename(_ name: TenantName, to newName: TenantName) throws {
        try write { writer in
            guard try writer.exists(name) else { throw Self.notFound(name) }
            if try writer.exists(newName) { throw Self.exists(newName) }
            try writer.run(
                """
                INSERT INTO tenants(name, created_at, status)
                SELECT ?2, created_at, status FROM tenants WHERE name = ?1
                """, [.text(name.rawValue), .text(newName.rawValue)])
            try writer.run(
                "UPDATE api_keys SET tenant = ?2 WHERE tenant = ?1",
                [.text(name.rawValue), .text(newName.rawValue)])
            try writer.run(
                "UPDATE tenants SET status = 'deleting' WHERE name = ?", [.text(name.rawValue)])
        }
    }

    static func exists(_ name: TenantName) -> MaterializerError {
        MaterializerError(.exists, "Tenant '\(name)' already exists")
    }

    static func notFound(_ name: TenantName) -> MaterializerError {
        MaterializerError(.notFound, "There is no tenant '\(name)'")
    }
}
