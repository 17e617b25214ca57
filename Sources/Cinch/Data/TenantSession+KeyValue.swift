#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Values under keys, kept in the tenant's own file beside its tables.
///
/// They are in `_cinch_kv`, which is made with the first value and belongs to no schema: a rollout
/// leaves it alone, a copy of the tenant has it. Each value is kept as JSON text. A value whose
/// time has passed is gone for every reader at once; its row goes with one of the next writes.
///
/// Every call is atomic: made on a ``TenantDatabase/transaction(_:)``'s session, it takes part in
/// that transaction.
extension TenantSession {
    /// One key's value.
    package struct Entry: Hashable, Sendable {
        /// The key.
        package var key: String
        /// The value.
        package var value: JSONValue
        /// Seconds until it is gone; absent when it stays.
        package var timeToLive: Double?
    }

    /// The values of those keys that have one.
    package func values(of keys: [String], at now: Double = Self.now) throws -> [Entry] {
        try keys.forEach(Self.check)
        guard try hasValues else { return [] }
        return try keys.compactMap { try entry($0, at: now) }
    }

    /// Keys in byte order.
    ///
    /// - Parameters:
    ///   - prefix: How they begin.
    ///   - after: The key they come after; absent for the first.
    package func keys(
        prefix: String = "", after: String? = nil, limit: Int, at now: Double = Self.now
    ) throws -> [String] {
        guard try hasValues else { return [] }
        return try trusted(
            """
            SELECT key FROM _cinch_kv
            WHERE key >= ?1 AND (?2 IS NULL OR key < ?2)
                AND (?3 IS NULL OR key > ?3) AND (expires_at IS NULL OR expires_at > ?4)
            ORDER BY key LIMIT ?5
            """,
            [
                .text(prefix), Self.end(ofKeysBeginning: prefix).map { .text($0) } ?? .null,
                after.map { .text($0) } ?? .null, .real(now), .integer(Int64(limit)),
            ]
        ).compactMap { row in
            guard case .text(let key) = row[0] else { return nil }
            return key
        }
    }

    /// Sets values.
    ///
    /// - Parameters:
    ///   - timeToLive: Seconds after which they are gone; absent for values that stay.
    ///   - onlyNew: Leaves keys alone that have a value.
    /// - Returns: How many were set.
    package func set(
        _ values: [(key: String, value: JSONValue)], timeToLive: Double? = nil,
        onlyNew: Bool = false, at now: Double = Self.now
    ) throws -> Int {
        try values.forEach { try Self.check($0.key) }
        if let timeToLive { try Self.check(timeToLive: timeToLive) }
        return try inTransaction { session in
            try session.makeTable()
            try session.sweep(at: now)
            let conflict =
                onlyNew
                ? "NOTHING"
                : "UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
            return try values.reduce(0) { count, member in
                let end = timeToLive.map { SQLValue.real(now + $0) } ?? .null
                if onlyNew { try session.dropExpired(member.key, at: now) }
                let rows = try session.trusted(
                    """
                    INSERT INTO _cinch_kv (key, value, expires_at) VALUES (?1, ?2, ?3)
                    ON CONFLICT (key) DO \(conflict) RETURNING 1
                    """,
                    [.text(member.key), .text(member.value.text()), end])
                return count + rows.count
            }
        }
    }

    /// Deletes keys.
    ///
    /// - Returns: How many of them had a value.
    package func deleteValues(of keys: [String], at now: Double = Self.now) throws -> Int {
        try keys.forEach(Self.check)
        return try inTransaction { session in
            guard try session.hasValues else { return 0 }
            try session.sweep(at: now)
            return try keys.reduce(0) { count, key in
                try session.dropExpired(key, at: now)
                let rows = try session.trusted(
                    "DELETE FROM _cinch_kv WHERE key = ?1 RETURNING 1", [.text(key)])
                return count + rows.count
            }
        }
    }

    /// Adds to a whole number, which is 0 where there is none; its time to live stays.
    ///
    /// - Returns: The sum.
    /// - Throws: `CinchError` with `.invalid` for a value that is no whole number and a sum that
    ///   doesn't fit 64 bits.
    package func increment(
        _ key: String, by amount: Int64, at now: Double = Self.now
    ) throws -> Int64 {
        try Self.check(key)
        return try inTransaction { session in
            try session.makeTable()
            try session.dropExpired(key, at: now)
            let old = try session.entry(key, at: now)
            guard case .integer(let number) = old?.value ?? .integer(0) else {
                throw CinchError(
                    code: .invalid, message: "The value of '\(key)' is not a whole number",
                    hint: "Set it to one first.")
            }
            let (sum, overflows) = number.addingReportingOverflow(amount)
            guard !overflows else {
                throw CinchError(
                    code: .invalid, message: "The sum under '\(key)' would not fit 64 bits",
                    hint: "Nothing was changed; set it to a smaller number.")
            }
            _ = try session.trusted(
                """
                INSERT INTO _cinch_kv (key, value) VALUES (?1, ?2)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """,
                [.text(key), .text(JSONValue.integer(sum).text())])
            return sum
        }
    }

    /// Gives a key's value a time to live, or with none lets it stay.
    ///
    /// - Returns: False when there is no such key.
    package func expire(
        _ key: String, in timeToLive: Double?, at now: Double = Self.now
    ) throws -> Bool {
        try Self.check(key)
        if let timeToLive { try Self.check(timeToLive: timeToLive) }
        return try inTransaction { session in
            guard try session.hasValues else { return false }
            try session.dropExpired(key, at: now)
            let end = timeToLive.map { SQLValue.real(now + $0) } ?? .null
            return try !session.trusted(
                "UPDATE _cinch_kv SET expires_at = ?2 WHERE key = ?1 RETURNING 1",
                [.text(key), end]
            ).isEmpty
        }
    }

    // MARK: Pieces

    /// Seconds since 1970.
    package static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private var hasValues: Bool {
        get throws {
            try !trusted("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_cinch_kv'")
                .isEmpty
        }
    }

    private func makeTable() throws {
        guard try !hasValues else { return }
        _ = try trusted(
            """
            CREATE TABLE _cinch_kv (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL,
                expires_at REAL) WITHOUT ROWID
            """)
        _ = try trusted(
            """
            CREATE INDEX _cinch_kv_expiry ON _cinch_kv (expires_at) WHERE expires_at IS NOT NULL
            """)
    }

    private func entry(_ key: String, at now: Double) throws -> Entry? {
        let rows = try trusted(
            "SELECT value, expires_at FROM _cinch_kv WHERE key = ?1", [.text(key)])
        guard case .text(let text)? = rows.first?[0] else { return nil }
        guard case .real(let end)? = rows.first?[1] else {
            return Entry(key: key, value: try JSONValue(parsing: text))
        }
        guard end > now else { return nil }
        return Entry(key: key, value: try JSONValue(parsing: text), timeToLive: end - now)
    }

    private func dropExpired(_ key: String, at now: Double) throws {
        _ = try trusted(
            "DELETE FROM _cinch_kv WHERE key = ?1 AND expires_at <= ?2", [.text(key), .real(now)])
    }

    /// Removes some of what has expired, so that nothing has to look for it.
    private func sweep(at now: Double) throws {
        _ = try trusted(
            """
            DELETE FROM _cinch_kv WHERE key IN
            (SELECT key FROM _cinch_kv WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 100)
            """,
            [.real(now)])
    }

    /// The first text after all that begin so; absent where there is none.
    ///
    /// The bytes of UTF-8 are in the order of the characters they stand for, so the next character in
    /// the last one's place is the next text.
    private static func end(ofKeysBeginning prefix: String) -> String? {
        var scalars = Array(prefix.unicodeScalars)
        while let last = scalars.popLast() {
            // Between D800 and DFFF there are no characters.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            return String(String.UnicodeScalarView(scalars + [scalar]))
        }
        return nil
    }

    private static func check(_ key: String) throws {
        guard (1...512).contains(key.utf8.count), !key.utf8.contains(0) else {
            throw CinchError(
                code: .invalid, message: "A key has 1 to 512 bytes and no NUL character",
                hint: "Choose another key.")
        }
    }

    private static func check(timeToLive: Double) throws {
        guard timeToLive > 0, timeToLive <= 1e10 else {
            throw CinchError(
                code: .invalid, message: "A time to live is a number of seconds above 0",
                hint: "Leave it out for a value that stays.")
        }
    }
}
