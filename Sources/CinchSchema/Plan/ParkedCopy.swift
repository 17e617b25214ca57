/// A copy of rows or values into a storage of their own, made before anything is dropped.
///
/// The storage has no constraint but its key, so that it takes part in no foreign key, and no
/// declared type that would change a value.
public struct ParkedCopy: Hashable, Sendable {
    /// What is parked, and where.
    public var data: ParkedData
    /// The table's name.
    public var table: Identifier
    /// The column's name; absent when the whole table is parked.
    public var column: Identifier?
    /// The table it is read from.
    var source: Identifier
    /// What the storage's columns `k0`, `k1`… are filled with.
    var values: [String]
    /// What `v` is filled with; absent for a table.
    var value: String?
    /// Whether the storage's only key part is a rowid.
    var isKeyedByNumber = false
    /// Whether no two rows have the same key.
    var isKeyUnique = true
    /// Whether rows where the value is NULL are parked too.
    var keepsNull = true
    /// The AUTOINCREMENT table whose counter is kept; absent where there is none.
    var counter: Identifier?

    /// What is parked, for people: `users.email`, `users`.
    public var subject: String { column.map { "\(table).\($0)" } ?? "\(table)" }

    /// The copy as SQLite statements, in order.
    var statements: [String] {
        let storage = data.storage.quoted
        let names = values.indices.map { "k\($0)" } + (value == nil ? [] : ["v"])
        var statements = [ParkedRegistry.ddl, "CREATE TABLE \(storage) (\(definition));"]
        if value != nil, !isKeyUnique, !data.parts.isEmpty {
            let index = Identifier(data.storage.text + "_key").quoted
            statements.append("CREATE INDEX \(index) ON \(storage) (\(keyNames));")
        }
        let condition = keepsNull ? "" : value.map { " WHERE \($0) IS NOT NULL" } ?? ""
        statements.append(
            "INSERT INTO \(storage) (\(names.joined(separator: ", ")))"
                + " SELECT \((values + [value].compactMap { $0 }).joined(separator: ", "))"
                + " FROM \(source.quoted)\(condition);")
        let facts = [
            data.storage.text, data.table.text, data.column?.text, table.text, column?.text,
            data.shape,
        ].map { $0.map { Token.quote($0, by: "'") } ?? "NULL" }
        let sequence =
            counter.map {
                "(SELECT seq FROM sqlite_sequence WHERE name = \(Token.quote($0.text, by: "'")))"
            } ?? "NULL"
        statements.append(
            "INSERT INTO _cinch_parked (storage, table_id, column_id, table_name, column_name,"
                + " shape, rows, sequence) SELECT \(facts.joined(separator: ", ")),"
                + " count(\(value == nil ? "*" : "v")), \(sequence) FROM \(storage);")
        return statements
    }

    /// The parts the storage is searched by; a rowid behind them only tells NULLs apart.
    private var keyParts: [Int] {
        data.parts.indices.filter { $0 == 0 || data.parts[$0] != .rowID }
    }

    private var keyNames: String { keyParts.map { "k\($0)" }.joined(separator: ", ") }

    private var definition: String {
        guard value != nil else {
            return data.parts.enumerated().map { place, part in
                part == .rowID ? "k\(place) INTEGER PRIMARY KEY" : "k\(place)"
            }.joined(separator: ", ")
        }
        guard !isKeyedByNumber else { return "k0 INTEGER PRIMARY KEY, v" }
        var columns = data.parts.enumerated().map { place, part in
            switch part {
            case .rowID: "k\(place) INTEGER"
            // The affinity they had, which changes no value and lets the key be searched.
            case .column(_, let affinity): "k\(place)\(affinity.typeName)"
            }
        }
        columns.append("v")
        if isKeyUnique { columns.append("PRIMARY KEY (\(keyNames))") }
        return columns.joined(separator: ", ")
    }
}

extension Affinity {
    /// A declared type of this affinity, a space before it, that never makes a rowid of a key.
    fileprivate var typeName: String {
        switch self {
        case .text: " TEXT"
        case .numeric: " NUMERIC"
        case .integer: " INT"
        case .real: " REAL"
        case .blob: ""
        }
    }
}

/// The rows of a table, put back into it as it is made again.
public struct TableRestoration: Hashable, Sendable {
    /// The table, empty until then.
    public var table: Table
    /// Where its rows are.
    public var data: ParkedData
    /// What each column is filled with; columns left out take their default.
    var values: [RestoredColumn]

    var statements: [String] {
        let storage = data.storage
        let literal = Token.quote(storage.text, by: "'")
        var columns = values.map(\.column.quoted)
        var sources = values.map { value in
            // R6
            table.rowIDAlias?.name == value.column
                ? "coalesce(\(value.value), 'NULL is no key')" : value.value
        }
        var order = ""
        if let place = data.placeOfRowID {
            order = " ORDER BY k\(place)"
            let isNamed = table.rowIDAlias.map { alias in
                values.contains { $0.column == alias.name }
            }
            if isNamed != true, let name = table.freeRowIDName {
                columns.insert(name, at: 0)
                sources.insert("\(storage.quoted).k\(place)", at: 0)
            }
        }
        if columns.isEmpty {
            let column = table.freeRowIDName.map { Identifier($0) } ?? table.columns.first?.name
            columns = [column?.quoted ?? "rowid"]
            sources = ["NULL"]
        }
        var statements = [
            "\(table.insertion) INTO \(table.name.quoted) (\(columns.joined(separator: ", ")))"
                + " SELECT \(sources.joined(separator: ", ")) FROM \(storage.quoted)\(order);"
        ]
        if table.isAutoincrement {
            let name = Token.quote(table.name.text, by: "'")
            let known = "FROM _cinch_parked WHERE storage = \(literal) AND sequence IS NOT NULL"
            statements.append(
                "DELETE FROM sqlite_sequence WHERE name = \(name) AND EXISTS (SELECT 1 \(known));")
            statements.append(
                "INSERT INTO sqlite_sequence (name, seq) SELECT \(name), sequence \(known);")
        }
        return statements
    }
}

/// A column that is filled with parked values.
public struct RestoredColumn: Hashable, Sendable {
    /// The column.
    public var column: Identifier
    /// The value as SQL over the rows it belongs to.
    public var value: String
    /// The parked value alone, NULL where there is none.
    public var found: String
    /// Where the values are; absent for one that came with its table.
    public var data: ParkedData?
}
