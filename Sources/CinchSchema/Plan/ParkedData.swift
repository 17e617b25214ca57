/// Rows or values that a plan took out of the schema and left in the tenant's own file.
///
/// They are in a table of their own, which no schema shows and no tenant's code reaches. They
/// belong to a table and a column by identity, whatever those were called.
public struct ParkedData: Hashable, Sendable {
    /// What one column of the storage holds.
    public enum Part: Hashable, Sendable {
        /// The row's rowid. Behind key columns that may be NULL: only where one of them is.
        case rowID
        /// The value of a column, which had this affinity.
        case column(StableID, Affinity)
    }

    /// The table it is stored in.
    public var storage: Identifier
    /// The table it belongs to.
    public var table: StableID
    /// The column it belongs to; absent when it is a whole table.
    public var column: StableID?
    /// What the storage's columns `k0`, `k1`… hold: the key of a column's values, which are in
    /// `v`, or every column of a table. Empty when it can't be told any more.
    public var parts: [Part]

    /// Builds a description from its parts.
    public init(storage: Identifier, table: StableID, column: StableID? = nil, parts: [Part]) {
        self.storage = storage
        self.table = table
        self.column = column
        self.parts = parts
    }

    /// The parts as text: `rowid`, `1f2e3d4c:text 2b3c4d5e:integer`.
    public var shape: String {
        parts.map { part in
            switch part {
            case .rowID: "rowid"
            case .column(let id, let affinity): "\(id):\(affinity.rawValue)"
            }
        }.joined(separator: " ")
    }

    /// Reads a shape; empty for one that this version doesn't know.
    public static func parts(shape: String) -> [Part] {
        var parts: [Part] = []
        for word in shape.split(separator: " ") {
            let halves = word.split(separator: ":")
            if word == "rowid" {
                parts.append(.rowID)
            } else if halves.count == 2, let id = StableID(halves[0]),
                let affinity = Affinity(rawValue: String(halves[1]))
            {
                parts.append(.column(id, affinity))
            } else {
                return []
            }
        }
        return parts
    }

    /// A statement that makes an empty storage with the same columns, to try a plan on.
    public var outline: String {
        let columns =
            parts.indices.map { "k\($0)" } + (column == nil && !parts.isEmpty ? [] : ["v"])
        return "CREATE TABLE \(storage.quoted) (\(columns.joined(separator: ", ")))"
    }

    /// Where a column of the table is in the storage; absent when it isn't.
    func place(of column: StableID) -> Int? {
        parts.firstIndex { if case .column(column, _) = $0 { true } else { false } }
    }

    /// Where the rowid is in the storage; absent when it isn't.
    var placeOfRowID: Int? { parts.firstIndex(of: .rowID) }

    /// Whether rows are found by their rowid alone.
    var isKeyedByRowID: Bool { column != nil && parts.first == .rowID }

    /// The last of some that belongs to this table, and column.
    static func last(in all: [ParkedData], table: StableID?, column: StableID?) -> ParkedData? {
        guard let table else { return nil }
        return all.last { $0.table == table && $0.column == column }
    }
}

/// The table in a tenant's file that lists what is parked there.
public enum ParkedRegistry {
    /// Its name.
    public static let name = "_cinch_parked"

    /// The statement that makes it where it isn't yet there.
    ///
    /// `parked_at` is UTC by SQLite's clock; the commits are those the tenant was at before and
    /// after, absent until the materializer has written them.
    public static let ddl = "CREATE TABLE IF NOT EXISTS \(definition);"

    /// That statement as SQLite keeps it in `sqlite_schema`.
    public static let storedSQL = "CREATE TABLE \(definition)"

    private static let definition = """
        _cinch_parked (
            id INTEGER PRIMARY KEY,
            storage TEXT NOT NULL UNIQUE,
            table_id TEXT NOT NULL,
            column_id TEXT,
            table_name TEXT NOT NULL,
            column_name TEXT,
            shape TEXT NOT NULL,
            rows INTEGER NOT NULL,
            sequence INTEGER,
            parked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
            from_commit TEXT,
            to_commit TEXT
        )
        """
}
