import CinchSQLite

extension SQLiteTenantCatalog {
    /// The table of keys, of format 3.
    static func addKeys(_ connection: Connection) throws(SQLiteError) {
        try connection.execute(
            """
            CREATE TABLE api_keys(
              id TEXT NOT NULL PRIMARY KEY,
              digest BLOB NOT NULL UNIQUE,
              tenant TEXT,
              may_write INTEGER NOT NULL,
              name TEXT NOT NULL,
              created_at TEXT NOT NULL,
              expires_at INTEGER
            ) STRICT;
            PRAGMA user_version = 3;
            """)
    }

    private static let columns =
        "SELECT id, digest, tenant, may_write, name, created_at, expires_at FROM api_keys"

    private static func record(_ row: [Value]) -> KeyRecord {
        var digest: [UInt8] = []
        if case .blob(let bytes) = row[1] { digest = Array(bytes) }
        return KeyRecord(
            id: row[0].text ?? "", digest: digest, tenant: row[2].text,
            mayWrite: row[3].integer == 1, name: row[4].text ?? "", createdAt: row[5].text ?? "",
            expiresAt: row[6].integer)
    }

    /// See `TenantCatalog`.
    package func keys() throws -> [KeyRecord] {
        try read(Self.columns + " ORDER BY rowid") { Self.record($0) }
    }

    /// See `TenantCatalog`.
    package func key(digest: [UInt8]) throws -> KeyRecord? {
        try read(Self.columns + " WHERE digest = ?", [.blob(digest)]) { Self.record($0) }.first
    }

    /// See `TenantCatalog`.
    package func add(_ key: KeyRecord) throws {
        try write { writer in
            if let tenant = key.tenant {
                let name = try TenantName(tenant)
                guard try writer.exists(name) else { throw Self.notFound(name) }
            }
            try writer.run(
                "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(key.id), .blob(key.digest), key.tenant.map { .text($0) } ?? .null,
                    .integer(key.mayWrite ? 1 : 0), .text(key.name), .text(key.createdAt),
                    key.expiresAt.map { .integer($0) } ?? .null,
                ])
        }
    }

    /// See `TenantCatalog`.
    package func replaceKey(_ id: String, digest: [UInt8]) throws -> Bool {
        try write { writer in
            let sql = "UPDATE api_keys SET digest = ? WHERE id = ? RETURNING 1"
            return try writer.connection.scalar(sql, [.blob(digest), .text(id)]) != nil
        }
    }

    /// See `TenantCatalog`.
    package func removeKey(_ id: String) throws -> Bool {
        try write { writer in
            let sql = "DELETE FROM api_keys WHERE id = ? RETURNING 1"
            return try writer.connection.scalar(sql, [.text(id)]) != nil
        }
    }
}
