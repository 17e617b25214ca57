import CinchSQLite
import CinchSchema

/// Rows whose foreign keys point nowhere, as `PRAGMA foreign_key_check` finds them, counted.
struct ForeignKeyViolations {
    private struct Key: Hashable {
        var child: String
        var row: Value
        var parent: String
    }

    private var counts: [Key: Int] = [:]

    /// Looks through the rows of some tables, or of all when nil.
    ///
    /// - Parameter rename: The name a table has afterwards, given the one it has now.
    init(
        in tables: [String]?, _ connection: Connection,
        rename: (String) -> String = { $0 }
    ) throws(SQLiteError) {
        guard let tables else {
            try add(connection.rows("SELECT * FROM pragma_foreign_key_check"), rename)
            return
        }
        for table in tables {
            try add(
                connection.rows("SELECT * FROM pragma_foreign_key_check(?)", [.text(table)]), rename
            )
        }
    }

    private mutating func add(_ rows: [[Value]], _ rename: (String) -> String) {
        for row in rows {
            let key = Key(
                child: Identifier(rename(row[0].text ?? "")).key, row: row[1],
                parent: Identifier(rename(row[2].text ?? "")).key)
            counts[key, default: 0] += 1
        }
    }

    /// Whether there are none.
    var isEmpty: Bool { counts.isEmpty }

    /// How many of these were not there before, and the first table with such rows.
    func new(since before: Self) -> (count: Int, table: String) {
        var count = 0
        var tables: Set<String> = []
        for (key, found) in counts {
            let added = found - (before.counts[key] ?? 0)
            guard added > 0 else { continue }
            count += added
            tables.insert(key.child)
        }
        return (count, tables.min() ?? "")
    }
}
