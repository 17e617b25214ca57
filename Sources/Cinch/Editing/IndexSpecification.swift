package import CinchSchema

/// An index to be created, as the command line and the API describe it.
package struct IndexSpecification: Hashable, Sendable {
    /// The table.
    package var table: String
    /// Columns, `name`, `name:asc` or `name:desc`, and expressions in parentheses.
    package var terms: [String]
    /// Its name; absent for `idx_TABLE_COLUMNS`, or `uniq_…` where it is unique.
    package var name: String?
    /// Whether no two rows may have the same values.
    package var isUnique: Bool
    /// Only rows for which this expression holds are in it; absent for all.
    package var condition: String?

    /// Describes an index. Nothing is checked yet.
    package init(
        table: String, terms: [String], name: String? = nil, isUnique: Bool = false,
        condition: String? = nil
    ) {
        self.table = table
        self.terms = terms
        self.name = name
        self.isUnique = isUnique
        self.condition = condition
    }

    /// The statement that creates it.
    ///
    /// - Throws: `CinchError` for tables and columns there are not, names that can't be and terms
    ///   that are none.
    package func statement(in schema: Schema) throws -> String {
        let found = try Lookup.table(table, in: schema)
        guard !terms.isEmpty else {
            throw CinchError(
                code: .invalid, message: "The index has no columns",
                hint: "Name at least one column of '\(found.name)'.")
        }
        let terms = try terms.map { try Term($0, table: found) }
        let suffix = terms.map(\.label).joined(separator: "_")
        let name = name ?? "\(isUnique ? "uniq" : "idx")_\(found.name)_\(suffix)"
        try EntityName.validate(name, kind: "index")
        var sql = "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(Identifier(name).quoted)"
        sql += " ON \(found.name.quoted) (\(terms.map(\.sql).joined(separator: ", ")))"
        if let condition { sql += " WHERE \(condition)" }
        return sql
    }

    private struct Term {
        let sql: String
        let label: String

        init(_ text: String, table: Table) throws {
            if text.hasPrefix("(") {
                sql = text
                label = "expression"
                return
            }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            let column = try Lookup.column(parts[0], of: table).name
            label = column.text
            switch parts.dropFirst().first?.lowercased() {
            case nil, "asc": sql = column.quoted
            case "desc": sql = column.quoted + " DESC"
            default:
                throw CinchError(
                    code: .invalid, message: "'\(text)' is no column of an index",
                    hint: "Write name, name:asc or name:desc.")
            }
        }
    }
}
