/// A filter as the text of a WHERE clause and the values of its parameters.
struct FilterClause {
    /// ` WHERE …`; empty for every row.
    private(set) var text = ""
    /// One value for each `?`, in order.
    private(set) var values: [SQLValue] = []
    private let shape: TableShape

    /// Writes a filter for a table.
    ///
    /// - Throws: `CinchError` with `.notFound` for columns the table has not, `.invalid` for
    ///   values that can't be compared like this.
    init(_ filter: Filter, in shape: TableShape) throws {
        self.shape = shape
        if case .all(let parts) = filter, parts.isEmpty { return }
        text = " WHERE " + (try term(filter))
    }

    /// Adds one more thing that must hold.
    mutating func require(_ term: String, _ operands: [SQLValue]) {
        text += (text.isEmpty ? " WHERE " : " AND ") + term
        values += operands
    }

    private mutating func term(_ filter: Filter) throws -> String {
        switch filter {
        case .condition(let condition): return try term(condition)
        case .isIn(let column, let list):
            let name = SQLText.quoted(try shape.column(column).name)
            values += list
            return "\(name) IN (\(list.map { _ in "?" }.joined(separator: ", ")))"
        case .all(let parts): return try joined(parts, by: " AND ", empty: "1")
        case .any(let parts): return try joined(parts, by: " OR ", empty: "0")
        }
    }

    private mutating func joined(
        _ parts: [Filter], by separator: String, empty: String
    ) throws -> String {
        guard !parts.isEmpty else { return empty }
        var terms: [String] = []
        for part in parts { terms.append(try term(part)) }
        return terms.count == 1 ? terms[0] : "(\(terms.joined(separator: separator)))"
    }

    private mutating func term(_ condition: Condition) throws -> String {
        let column = try shape.column(condition.column)
        let name = SQLText.quoted(column.name)
        let value: SQLValue
        if condition.comparison == .like, case .word(let word) = condition.value {
            value = try SQLValue(word: word, declaredType: "TEXT")
        } else {
            value = try column.value(of: condition.value)
        }
        switch (condition.comparison, value) {
        case (.equal, .null): return "\(name) IS NULL"
        case (.notEqual, .null): return "\(name) IS NOT NULL"
        case (_, .null):
            throw CinchError(
                code: .invalid,
                message: "NULL can't be compared with '\(condition.comparison.rawValue)'",
                hint: "Write \(column.name)=null or \(column.name)!=null.")
        default: break
        }
        values.append(value)
        let sign = condition.comparison == .like ? "LIKE" : condition.comparison.rawValue
        return "\(name) \(sign) ?"
    }
}
