package import CinchSchema

extension Connection {
    /// The user's schema: the rows of `main.sqlite_schema` in rowid order.
    ///
    /// Left out are rows without SQL (automatic indexes), SQLite's own (`sqlite_…`), ours
    /// (`_cinch_…`), the shadow tables of virtual tables, and whatever stands on one of those.
    ///
    /// - Throws: `SQLiteError`; `.corrupt` also for a row of a kind SQLite does not have.
    package func schemaEntries() throws(SQLiteError) -> [SchemaEntry] {
        let shadows = try shadowTables()
        let statement = try prepare(
            """
            SELECT type, name, tbl_name, sql FROM main.sqlite_schema
            WHERE sql IS NOT NULL
              AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
              AND name NOT LIKE '\\_cinch\\_%' ESCAPE '\\'
              AND tbl_name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
              AND tbl_name NOT LIKE '\\_cinch\\_%' ESCAPE '\\'
            ORDER BY rowid
            """)
        var entries: [SchemaEntry] = []
        while try statement.step() {
            let tableName = statement.text(2)
            guard !shadows.contains(tableName) else { continue }
            guard let kind = SchemaEntry.Kind(rawValue: statement.text(0)) else {
                throw SQLiteError(
                    extendedCode: SQLiteError.Code.corrupt.rawValue,
                    message: "sqlite_schema has a row of unknown type '\(statement.text(0))'")
            }
            entries.append(
                SchemaEntry(
                    kind: kind, name: statement.text(1), tableName: tableName,
                    sql: statement.text(3)))
        }
        return entries
    }

    /// The digest of `schemaEntries()`.
    package func schemaDigest() throws(SQLiteError) -> SchemaDigest {
        SchemaDigest(try schemaEntries())
    }

    /// The shadow tables' names, spelled as in `sqlite_schema`.
    private func shadowTables() throws(SQLiteError) -> Set<String> {
        // Listing the tables makes SQLite compile every view; most schemas needn't pay for that.
        let hasVirtualTable = try scalar(
            "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND rootpage = 0 LIMIT 1")
        guard hasVirtualTable != nil else { return [] }
        let statement = try prepare(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'")
        var names: Set<String> = []
        while try statement.step() { names.insert(statement.text(0)) }
        return names
    }
}
