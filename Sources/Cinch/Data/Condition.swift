/// A value for a column, ready or still a word whose meaning depends on the column's type.
public enum Operand: Hashable, Sendable {
    /// A value.
    case value(SQLValue)
    /// A word from a command line; see the rules at ``Condition/init(parsing:)``.
    case word(String)

    /// The value, a word being read for a column of the given type.
    func value(declaredType: String?) throws -> SQLValue {
        switch self {
        case .value(let value): value
        case .word(let word): try SQLValue(word: word, declaredType: declaredType)
        }
    }
}

/// A column and the value it gets, in an insert or update.
public struct Assignment: Hashable, Sendable {
    /// The column, by its plain name. Compared as SQLite does, ignoring ASCII case.
    public var column: String
    /// What it gets.
    public var value: Operand

    /// Makes an assignment.
    public init(_ column: String, _ value: SQLValue) {
        self.column = column
        self.value = .value(value)
    }

    /// Reads `column=value`; the value follows the rules of ``Condition/init(parsing:)``.
    ///
    /// - Throws: `CinchError` with `.invalid` if there is no column or no `=`.
    public init(parsing text: String) throws {
        let parts = try Condition.split(text)
        guard parts.comparison == "=" else {
            throw CinchError(
                code: .invalid, message: "'\(text)' sets no column",
                hint: "Write column=value, such as name=Ada.")
        }
        column = parts.column
        value = .word(parts.word)
    }

    /// Reads the members of a JSON object as assignments.
    ///
    /// - Throws: `CinchError` with `.invalid` if it is no object; see ``SQLValue/init(json:)``.
    public static func list(json: JSONValue) throws -> [Assignment] {
        guard case .object(let members) = json else {
            throw CinchError(
                code: .invalid, message: "A row must be a JSON object",
                hint: "Write {\"column\": value, …}.")
        }
        return try members.map { Assignment($0.key, try SQLValue(json: $0.value)) }
    }

    /// Reads one JSON object, or an array of them, as rows.
    ///
    /// - Throws: `CinchError` with `.invalid` if it is neither.
    public static func rows(json: JSONValue) throws -> [[Assignment]] {
        guard case .array(let elements) = json else { return [try list(json: json)] }
        return try elements.map { try list(json: $0) }
    }
}

/// One comparison of a column with a value. Several are joined with AND.
public struct Condition: Hashable, Sendable {
    /// How column and value are compared; the raw value is how it is written.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// Equal; with NULL, IS NULL.
        case equal = "="
        /// Not equal; with NULL, IS NOT NULL. As in SQL, rows with NULL are not unequal to a value.
        case notEqual = "!="
        /// Less.
        case less = "<"
        /// Less or equal.
        case lessOrEqual = "<="
        /// Greater.
        case greater = ">"
        /// Greater or equal.
        case greaterOrEqual = ">="
        /// SQL's LIKE: `%` any characters, `_` one, ASCII case ignored.
        case like = "~"
    }

    /// The column, by its plain name. Compared as SQLite does, ignoring ASCII case.
    public var column: String
    /// How they are compared.
    public var comparison: Comparison
    /// What the column is compared with.
    public var value: Operand

    /// Makes a condition.
    public init(_ column: String, _ comparison: Comparison, _ value: SQLValue) {
        self.column = column
        self.comparison = comparison
        self.value = .value(value)
    }

    /// Reads `column=value`, or with `!=`, `<`, `<=`, `>`, `>=` or `~` (LIKE).
    ///
    /// Spaces around column and value don't count. A column whose name holds one of these
    /// characters stands in double quotes. The value is read for the column's type: `null` is
    /// NULL, text in single quotes is that text, everything else is what the column takes.
    ///
    /// - Throws: `CinchError` with `.invalid` if there is no column or no comparison.
    public init(parsing text: String) throws {
        let parts = try Self.split(text)
        guard let comparison = Comparison(rawValue: parts.comparison) else {
            throw Self.malformed(text)
        }
        column = parts.column
        self.comparison = comparison
        value = .word(parts.word)
    }

    /// Reads the members of a JSON object as equalities.
    ///
    /// - Throws: `CinchError` with `.invalid` if it is no object.
    public static func list(json: JSONValue) throws -> [Condition] {
        try Assignment.list(json: json).map { assignment in
            var condition = Condition(assignment.column, .equal, .null)
            condition.value = assignment.value
            return condition
        }
    }

    /// The parts of `column=value`.
    static func split(_ text: String) throws -> (column: String, comparison: String, word: String) {
        let bytes = Array(trimmed(text[...]).utf8)
        var index = 0
        if bytes.first == UInt8(ascii: "\"") {
            index = SQLText.end(ofTokenAt: 0, in: bytes)
        }
        let signs = Set("=!<>~".utf8)
        guard let start = bytes[index...].firstIndex(where: { signs.contains($0) }) else {
            throw malformed(text)
        }
        let two = String(decoding: bytes[start...].prefix(2), as: UTF8.self)
        let isTwo = ["!=", "<=", ">="].contains(two)
        let comparison = isTwo ? two : String(two.prefix(1))
        let rest = bytes[(start + (isTwo ? 2 : 1))...]
        var column = trimmed(String(decoding: bytes[..<start], as: UTF8.self)[...])
        if column.hasPrefix("\""), column.hasSuffix("\""), column.utf8.count > 2 {
            column = String(column.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        }
        // What begins with another sign is more likely '==' or '<>' than a value.
        guard !column.isEmpty, comparison != "!", rest.first.map({ !signs.contains($0) }) ?? true
        else { throw malformed(text) }
        return (column, comparison, trimmed(String(decoding: rest, as: UTF8.self)[...]))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    private static func malformed(_ text: String) -> CinchError {
        CinchError(
            code: .invalid, message: "'\(text)' is not a condition",
            hint: "Write column=value, or with !=, <, <=, >, >= or ~ (LIKE);"
                + " a value that begins with such a sign stands in single quotes.")
    }
}
