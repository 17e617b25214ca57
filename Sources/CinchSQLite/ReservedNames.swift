/// Names that are SQLite's or ours, and no schema's.
package enum ReservedNames {
    /// Whether a name begins as SQLite's own do, or ours.
    static func isInternal(_ name: String) -> Bool {
        begins(name, "sqlite_") || begins(name, "_cinch_")
    }

    /// Whether a name begins as ours do, and is none that we make: whoever made it is in the way of
    /// the names a plan uses while it runs.
    package static func isStray(_ name: String) -> Bool {
        guard begins(name, "_cinch_") else { return false }
        let ours = [
            ("_cinch_stamp", 12), ("_cinch_kv", 9), ("_cinch_kv_expiry", 16), ("_cinch_replay", 13),
        ]
        return !begins(name, "_cinch_parked")
            && !ours.contains { begins(name, $0.0) && name.utf8.count == $0.1 }
    }

    private static func begins(_ name: String, _ start: String) -> Bool {
        name.utf8.prefix(start.utf8.count).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            .elementsEqual(start.utf8)
    }
}

extension Connection {
    /// The first table, index, view or trigger whose name is reserved and that we didn't make.
    package func strayName() throws(SQLiteError) -> String? {
        let rows = try rows(
            """
            SELECT name FROM main.sqlite_schema WHERE name LIKE '\\_cinch\\_%' ESCAPE '\\'
            ORDER BY name
            """)
        return rows.compactMap { $0[0].text }.first(where: ReservedNames.isStray)
    }
}
