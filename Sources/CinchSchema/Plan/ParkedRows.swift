/// Rows to which parked values belong, and how those are found from there.
struct ParkedRows {
    /// What is parked of the table's columns.
    private let parked: [ParkedData]
    private let table: StableID?
    /// The columns that are there, as SQL.
    private var columns: [StableID: (sql: String, affinity: Affinity)] = [:]
    private var rowID: String?

    /// The rows of a table as it is, under the names it has.
    init(of table: Table, parked: [ParkedData]) {
        self.parked = parked
        self.table = table.id
        for column in table.columns {
            guard let id = column.id else { continue }
            columns[id] = (
                "\(table.name.quoted).\(column.name.quoted)", table.storedAffinity(of: column)
            )
        }
        rowID = table.freeRowIDName.map { "\(table.name.quoted).\($0)" }
    }

    /// The rows of a table that is parked itself.
    init(in data: ParkedData, parked: [ParkedData]) {
        self.parked = parked
        table = data.table
        for (place, part) in data.parts.enumerated() {
            let sql = "\(data.storage.quoted).k\(place)"
            switch part {
            case .rowID: rowID = sql
            case .column(let id, _): columns[id] = (sql, .blob)
            }
        }
    }

    /// A column that is there, as SQL.
    func column(_ id: StableID) -> String? { columns[id]?.sql }

    /// The parked value of a column as SQL, `fallback` for rows that had none when it was parked;
    /// and the same with NULL for those. Absent where nothing is parked, or these rows can't be told by their key.
    func value(
        of column: StableID, otherwise fallback: String
    ) -> (sql: String, found: String, data: ParkedData)? {
        value(of: column, otherwise: fallback, depth: 0)
    }

    private func value(
        of column: StableID, otherwise fallback: String, depth: Int
    ) -> (sql: String, found: String, data: ParkedData)? {
        guard depth < 8, let data = ParkedData.last(in: parked, table: table, column: column),
            let condition = condition(data, depth)
        else { return nil }
        let found = "FROM \(data.storage.quoted) AS _cinch_p WHERE \(condition)"
        let value = "(SELECT _cinch_p.v \(found))"
        guard fallback != "NULL" else { return (value, value, data) }
        return (
            "CASE WHEN EXISTS (SELECT 1 \(found)) THEN \(value) ELSE \(fallback) END", value, data
        )
    }

    private func condition(_ data: ParkedData, _ depth: Int) -> String? {
        guard !data.parts.isEmpty else { return nil }
        if data.isKeyedByRowID { return rowID.map { "_cinch_p.k0 = \($0)" } }
        let hasNull = data.placeOfRowID != nil
        var conditions: [String] = []
        for (place, part) in data.parts.enumerated() {
            let key = "_cinch_p.k\(place)"
            switch part {
            case .rowID:
                conditions.append(
                    rowID.map { "(\(key) IS NULL OR \(key) = \($0))" } ?? "\(key) IS NULL")
            case .column(let id, let affinity):
                // A key that was dropped as well is found in its own storage.
                guard
                    let value = columns[id]
                        ?? value(of: id, otherwise: "NULL", depth: depth + 1).map({
                            ($0.sql, Affinity.blob)
                        })
                else { return nil }
                conditions.append("\(key) \(hasNull ? "IS" : "=") \(comparable(value, affinity))")
            }
        }
        return conditions.joined(separator: " AND ")
    }

    /// A value that is compared with a stored key the way the key's index is sorted; the key's
    /// column may have got another type.
    private func comparable(_ value: (sql: String, affinity: Affinity), _ stored: Affinity)
        -> String
    {
        switch (stored, value.affinity) {
        case (.blob, _): "+\(value.sql)"
        case (.text, .integer), (.text, .numeric), (.text, .real): "CAST(\(value.sql) AS TEXT)"
        default: value.sql
        }
    }
}

extension Column {
    /// What a row that gives no value gets, as an expression that stands anywhere.
    var defaultSQL: String {
        guard let value = defaultValue?.rule else { return "NULL" }
        // A bare word or a quoted name means its own text here (lang_createtable, DEFAULT).
        if value.tokens.count == 1, let token = value.tokens.first, let name = token.name,
            !["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]
                .contains(token.keyword)
        {
            return Token.quote(name.text, by: "'")
        }
        return value.sql == "NULL" ? "NULL" : "(\(value.sql))"
    }
}
