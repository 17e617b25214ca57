package import CinchSQLite
package import CinchSchema

/// One thing parked in a tenant's file, as its registry has it.
package struct ParkedEntry: Hashable, Sendable {
    /// What it is and where.
    package var data: ParkedData
    /// The table's name when it was parked.
    package var table: String
    /// The column's name when it was parked; nil for a whole table.
    package var column: String?
    /// Rows with a value.
    package var rows: Int
    /// When it was parked: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    package var parkedAt: String
    /// The commit the tenant was at before.
    package var fromCommit: String?
    /// The commit that dropped it.
    package var toCommit: String?

    /// What it is about: `users.email`, `users`.
    package var subject: String { column.map { "\(table).\($0)" } ?? table }
}

extension Connection {
    /// What is parked in this file, oldest first.
    package func parkedData() throws(SQLiteError) -> [ParkedData] {
        try parkedEntries().map(\.data)
    }

    /// The registry's lines, oldest first; none where nothing was ever parked.
    package func parkedEntries() throws(SQLiteError) -> [ParkedEntry] {
        guard
            try scalar(
                "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = '_cinch_parked'")
                != nil
        else { return [] }
        return try rows(
            """
            SELECT storage, table_id, column_id, shape, table_name, column_name, rows, parked_at,
                from_commit, to_commit
            FROM main._cinch_parked ORDER BY id
            """
        ).compactMap { row in
            guard let storage = row[0].text, let table = StableID(row[1].text ?? "") else {
                return nil
            }
            return ParkedEntry(
                data: ParkedData(
                    storage: Identifier(storage), table: table,
                    column: StableID(row[2].text ?? ""),
                    parts: ParkedData.parts(shape: row[3].text ?? "")),
                table: row[4].text ?? "", column: row[5].text, rows: Int(row[6].integer ?? 0),
                parkedAt: row[7].text ?? "", fromCommit: row[8].text, toCommit: row[9].text)
        }
    }

    /// Whether values are parked that find their rows by rowid, which VACUUM may change.
    func hasValuesParkedByRowID() throws(SQLiteError) -> Bool {
        try parkedData().contains { $0.column != nil && $0.parts.contains(.rowID) }
    }

    /// Ends a change that parked: what turned out empty goes again, the rest gets its commits.
    ///
    /// In the open transaction. An empty table stays while it has an AUTOINCREMENT number.
    func settleParkedData(from: TenantStamp, to: TenantStamp) throws(SQLiteError) {
        let empty = try rows(
            """
            SELECT storage FROM main._cinch_parked
            WHERE to_commit IS NULL AND rows = 0 AND sequence IS NULL
            """)
        for case .text(let name) in empty.compactMap(\.first) {
            let storage = Identifier(name)
            guard try scalar("SELECT 1 FROM main.\(storage.quoted) LIMIT 1") == nil else {
                continue
            }
            try dropParkedData(storage)
        }
        try execute(
            """
            UPDATE main._cinch_parked SET from_commit = ?, to_commit = ? WHERE to_commit IS NULL
            """,
            [.text(from.commit), .text(to.commit)])
    }

    /// Really deletes one parked thing, in the open transaction if there is one.
    func dropParkedData(_ storage: Identifier) throws(SQLiteError) {
        try execute("DROP TABLE main.\(storage.quoted)")
        try execute("DELETE FROM main._cinch_parked WHERE storage = ?", [.text(storage.text)])
    }
}
