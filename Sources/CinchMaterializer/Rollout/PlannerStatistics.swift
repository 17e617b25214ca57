import CinchSQLite

/// What ANALYZE learned about tables that are about to be rebuilt.
///
/// DROP TABLE deletes a table's rows from `sqlite_stat1` and its relatives; without them queries
/// fall back to guesses until the next ANALYZE.
struct PlannerStatistics {
    private struct Saved {
        var table: String
        var index: String?
        var indexColumns: [Value]
        var statistics: String
        var row: [Value]
        var rebuild: ChangeScript.Rebuild
    }

    private var saved: [Saved] = []

    /// Reads the statistics of the tables as they are before the change.
    init(of rebuilds: [ChangeScript.Rebuild], _ connection: Connection) throws(SQLiteError) {
        guard !rebuilds.isEmpty else { return }
        for statistics in try Self.tables(connection) {
            for rebuild in rebuilds {
                let rows = try connection.rows(
                    "SELECT * FROM main.\(statistics) WHERE tbl = ? COLLATE NOCASE",
                    [.text(rebuild.from)])
                for row in rows where row.count > 1 {
                    let index = row[1].text
                    saved.append(
                        Saved(
                            table: rebuild.to, index: index,
                            indexColumns: try Self.columns(of: index, connection),
                            statistics: statistics, row: row, rebuild: rebuild))
                }
            }
        }
    }

    /// Puts back what is still true: a table's own rows, and those of indexes that came back with
    /// the same columns.
    func restore(_ connection: Connection) throws(SQLiteError) {
        guard !saved.isEmpty else { return }
        let left = try Self.tables(connection)
        for rebuild in Set(saved.map(\.rebuild)) {
            for statistics in left {
                try connection.execute(
                    "DELETE FROM main.\(statistics) WHERE tbl = ? COLLATE NOCASE",
                    [.text(rebuild.to)])
            }
        }
        for entry in saved where left.contains(entry.statistics) {
            if entry.index != nil {
                let columns = try Self.columns(of: entry.index, connection)
                guard !columns.isEmpty, columns == entry.indexColumns else { continue }
            }
            var row = entry.row
            row[0] = .text(entry.table)
            let places = row.map { _ in "?" }.joined(separator: ", ")
            try connection.execute("INSERT INTO main.\(entry.statistics) VALUES (\(places))", row)
        }
    }

    private static func tables(_ connection: Connection) throws(SQLiteError) -> [String] {
        let known = ["sqlite_stat1", "sqlite_stat3", "sqlite_stat4"]
        let names = try connection.rows("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        let present = Set(names.compactMap { $0[0].text })
        return known.filter(present.contains)
    }

    /// The index's columns in order; none when there is no such index.
    private static func columns(
        of index: String?, _ connection: Connection
    ) throws(SQLiteError) -> [Value] {
        guard let index else { return [] }
        return try connection.rows(
            "SELECT coalesce(name, cid) FROM pragma_index_info(?) ORDER BY seqno", [.text(index)]
        ).map { $0[0] }
    }
}
