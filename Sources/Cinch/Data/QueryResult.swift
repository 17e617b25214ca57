/// What one statement answered.
public struct QueryResult: Hashable, Sendable {
    /// A column of the answer.
    public struct Column: Hashable, Sendable {
        /// The name as SQLite reports it. Two columns of one answer can share a name.
        public var name: String
        /// The type the table's column was declared with; `nil` for expressions and for columns
        /// declared without one.
        public var declaredType: String?

        /// Makes a column.
        public init(name: String, declaredType: String? = nil) {
            self.name = name
            self.declaredType = declaredType
        }

        /// Whether 0 and 1 in this column are read as booleans.
        var isBoolean: Bool {
            guard let declaredType else { return false }
            return ["boolean", "bool"].contains(SQLText.folded(declaredType))
        }
    }

    /// The columns, left to right; empty for a statement that returns no rows.
    public var columns: [Column]
    /// The rows in the order SQLite returned them, each with a value for every column.
    public var rows: [[SQLValue]]
    /// Rows inserted, updated or deleted by the statement itself. Changes made by triggers and
    /// foreign key actions are not counted.
    public var changes: Int
    /// Whether rows were left out because of the caller's limit. Changes are always complete.
    public var truncated: Bool

    /// Makes an answer.
    public init(
        columns: [Column] = [], rows: [[SQLValue]] = [], changes: Int = 0, truncated: Bool = false
    ) {
        self.columns = columns
        self.rows = rows
        self.changes = changes
        self.truncated = truncated
    }

    /// A distinct key for every column: its name, and for a name that came before `name_2`,
    /// `name_3` and so on, skipping names other columns have.
    public var keys: [String] {
        var taken = Set(columns.map(\.name))
        var seen: Set<String> = []
        return columns.map { column in
            if seen.insert(column.name).inserted { return column.name }
            var number = 2
            while taken.contains("\(column.name)_\(number)") { number += 1 }
            let key = "\(column.name)_\(number)"
            taken.insert(key)
            return key
        }
    }

    /// The rows as JSON objects, members in column order under ``keys``.
    public var jsonRows: [JSONValue] {
        let keys = keys
        return rows.map { row in
            .object(zip(keys, row).map { JSONValue.Member($0, $1.json) })
        }
    }
}
