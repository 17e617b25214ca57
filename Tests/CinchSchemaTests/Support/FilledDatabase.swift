import CinchSQLite
import CinchSchema

/// A database of a schema with rows in every table, and what must still be there after a plan.
struct FilledDatabase {
    let connection: Connection
    let schema: Schema

    /// Every value differs from every other in its column, but in foreign keys.
    init(_ schema: Schema, rows: Int = 4) throws {
        connection = try Connection()
        self.schema = schema
        let tables = schema.tables.map { $0.ddl(ids: false) }
        for statement in tables + schema.indexes.map(\.ddl) { try connection.execute(statement) }
        for table in schema.tables { try fill(table, rows: rows) }
        for table in schema.tables { try point(table) }
        // Last, so that no trigger changes what was filled in.
        for statement in schema.views.map(\.ddl) + schema.triggers.map(\.ddl) {
            try connection.execute(statement)
        }
    }

    private func fill(_ table: Table, rows: Int) throws {
        let columns = table.columns.filter { $0.generated == nil }
        for row in 0..<rows {
            var values: [Value] = columns.enumerated().map { place, column in
                // Far apart and out of order, so that renumbered rowids are noticed.
                let number = Int64((rows - row) * 7 + place * 100 + 3)
                if table.isChild(column.name) { return .null }
                return switch column.declaredType {
                case "INTEGER": .integer(number)
                case "REAL": .real(Double(number) + 0.25)
                case "BLOB": .blob([UInt8(truncatingIfNeeded: row), 0, 0xFF])
                default: .text("v\(number)")
                }
            }
            var names = columns.map(\.name.quoted)
            if table.rowIDAlias == nil, !table.isWithoutRowID, let name = table.freeRowIDName {
                names.append(name)
                values.append(.integer(Int64(row * 11 + 5)))
            }
            let marks = values.map { _ in "?" }.joined(separator: ", ")
            let list = names.joined(separator: ", ")
            try connection.execute(
                "INSERT OR IGNORE INTO \(table.name.quoted) (\(list)) VALUES (\(marks))", values)
        }
        // The row with the greatest key goes, so that AUTOINCREMENT's counter is above them all.
        if let key = table.rowIDAlias?.name.quoted {
            let name = table.name.quoted
            try connection.execute(
                "DELETE FROM \(name) WHERE \(key) = (SELECT max(\(key)) FROM \(name))")
        }
    }

    /// Lets foreign keys refer to rows that are there.
    private func point(_ table: Table) throws {
        for key in table.foreignKeys where key.columns.count == 1 {
            guard let parent = schema.tables[key.parent], let column = key.columns.first,
                let target = key.parentColumns.first ?? parent.singleKey?.name,
                table.column(named: column)?.generated == nil
            else { continue }
            try? connection.execute(
                """
                UPDATE \(table.name.quoted) SET \(column.quoted) =
                    (SELECT min(\(target.quoted)) FROM \(parent.name.quoted))
                """)
        }
    }

    // MARK: What is there

    /// The rows of a table: the given columns, with the rowid before them when asked for.
    func rows(of table: Table, columns: [Identifier], withRowID: Bool) throws -> [String] {
        var list = columns.map { "quote(CAST(\($0.quoted) AS TEXT))" }
        if withRowID, let name = table.freeRowIDName { list.insert(name, at: 0) }
        guard !list.isEmpty else {
            return try connection.rows("SELECT count(*) FROM \(table.name.quoted)").map { "\($0)" }
        }
        let sql = "SELECT \(list.joined(separator: ", ")) FROM \(table.name.quoted)"
        return try connection.rows(sql).map { "\($0)" }.sorted()
    }

    /// AUTOINCREMENT's counter; nil when the table has none.
    func counter(of table: Table) throws -> Value? {
        guard table.isAutoincrement else { return nil }
        return try connection.scalar(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", [.text(table.name.text)])
    }

    /// What SQLite's own checks complain about.
    func complaints() throws -> [String] {
        try connection.rows("PRAGMA integrity_check").compactMap { $0.first?.text }.filter { line in
            // SQLite 3.40 takes columns of a WITHOUT ROWID table for one another there when the
            // key's column is not the first.
            let isMistaken = schema.tables.contains { table in
                table.isWithoutRowID && table.singleKey != table.columns.first
                    && line.contains(" value in \(table.name.text).")
            }
            return line != "ok" && !isMistaken
        }
    }

    /// Rows without a parent; nil when SQLite can't tell because a parent key isn't unique.
    func orphans() -> Int? { try? connection.rows("PRAGMA foreign_key_check").count }

    /// Runs a plan as the materializer does: foreign keys off, one transaction.
    func run(_ plan: Plan) throws {
        try connection.execute("PRAGMA foreign_keys = OFF")
        try connection.transaction {
            for statement in plan.statements { try connection.execute(statement) }
        }
    }
}

extension Table {
    /// A name of the rowid that no column hides; nil when there is none.
    var freeRowIDName: String? {
        isWithoutRowID
            ? nil : ["rowid", "_rowid_", "oid"].first { column(named: Identifier($0)) == nil }
    }
}
