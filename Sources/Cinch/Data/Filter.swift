/// Which rows of a table.
///
/// ```swift
/// let due: Filter = .greaterOrEqual("age", 18) && (.equal("role", "admin") || .isNull("left_at"))
/// ```
///
/// Values are compared as SQLite does, after the column's affinity and collation.
public indirect enum Filter: Hashable, Sendable {
    /// One comparison.
    case condition(Condition)
    /// The column has one of these values. None of them is NULL's match: NULL is in no list.
    case isIn(String, [SQLValue])
    /// All of these hold; an empty list is every row.
    case all([Filter])
    /// One of these holds; an empty list is no row.
    case any([Filter])

    /// Both hold.
    public static func && (one: Filter, other: Filter) -> Filter {
        .all(one.conjuncts + other.conjuncts)
    }

    /// One of both holds.
    public static func || (one: Filter, other: Filter) -> Filter { .any([one, other]) }

    private var conjuncts: [Filter] {
        guard case .all(let parts) = self else { return [self] }
        return parts
    }
}

extension Filter {
    /// Every row.
    public static var everyRow: Filter { .all([]) }

    /// Equal; with NULL, IS NULL.
    public static func equal(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .equal, value))
    }

    /// Not equal; with NULL, IS NOT NULL. Rows with NULL are not unequal to a value, as in SQL.
    public static func notEqual(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .notEqual, value))
    }

    /// Greater.
    public static func greater(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .greater, value))
    }

    /// Greater or equal.
    public static func greaterOrEqual(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .greaterOrEqual, value))
    }

    /// Less.
    public static func less(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .less, value))
    }

    /// Less or equal.
    public static func lessOrEqual(_ column: String, _ value: SQLValue) -> Filter {
        .condition(Condition(column, .lessOrEqual, value))
    }

    /// SQL's LIKE: `%` any characters, `_` one, ASCII case ignored.
    public static func like(_ column: String, _ pattern: String) -> Filter {
        .condition(Condition(column, .like, .text(pattern)))
    }

    /// NULL, or with `false` anything else.
    public static func isNull(_ column: String, _ isNull: Bool = true) -> Filter {
        .condition(Condition(column, isNull ? .equal : .notEqual, .null))
    }
}

// MARK: - JSON

extension Filter {
    /// Reads `{"age": {"gte": 18, "lt": 65}, "role": "admin", "$or": [{…}, {…}]}`.
    ///
    /// All members must hold. A value that is no object means equality. `{}` is every row.
    ///
    /// - Throws: `CinchError` with `.invalid` for what is no object, an operator there is not, and
    ///   values an operator can't take.
    public init(json: JSONValue) throws {
        guard case .object(let members) = json else {
            throw Self.invalid("A filter must be a JSON object")
        }
        let parts = try members.map(Self.part)
        self = parts.count == 1 ? parts[0] : .all(parts)
    }

    /// The same, as JSON.
    public var json: JSONValue {
        switch self {
        case .condition(let condition):
            let value = condition.value.json
            let name = Self.operators.first { $0.comparison == condition.comparison }?.name ?? "eq"
            return [condition.column: [name: value]]
        case .isIn(let column, let values): return [column: ["in": .array(values.map(\.json))]]
        case .all(let parts): return ["$and": .array(parts.map(\.json))]
        case .any(let parts): return ["$or": .array(parts.map(\.json))]
        }
    }

    private static let operators: [(name: String, comparison: Condition.Comparison)] = [
        ("eq", .equal), ("ne", .notEqual), ("gt", .greater), ("gte", .greaterOrEqual),
        ("lt", .less), ("lte", .lessOrEqual), ("like", .like),
    ]

    private static func part(_ member: JSONValue.Member) throws -> Filter {
        switch (member.key, member.value) {
        case ("$and", .array(let parts)): return .all(try parts.map { try Filter(json: $0) })
        case ("$or", .array(let parts)): return .any(try parts.map { try Filter(json: $0) })
        case ("$and", _), ("$or", _): throw invalid("'\(member.key)' takes an array of filters")
        case (let column, .object(let comparisons)) where !isBlob(comparisons):
            let parts = try comparisons.map { try condition(column, $0.key, $0.value) }
            guard !parts.isEmpty else { throw invalid("'\(column)' has no comparison") }
            return parts.count == 1 ? parts[0] : .all(parts)
        case (let column, let value): return .equal(column, try SQLValue(json: value))
        }
    }

    private static func condition(
        _ column: String, _ name: String, _ value: JSONValue
    ) throws -> Filter {
        switch (name, value) {
        case ("in", .array(let values)): return .isIn(column, try values.map(SQLValue.init(json:)))
        case ("in", _): throw invalid("'in' takes an array of values")
        case ("is_null", .boolean(let isNull)): return .isNull(column, isNull)
        case ("is_null", _): throw invalid("'is_null' takes true or false")
        default: break
        }
        guard let found = operators.first(where: { $0.name == name }) else {
            let names = (operators.map(\.name) + ["in", "is_null"]).joined(separator: ", ")
            throw CinchError(
                code: .invalid, message: "There is no comparison '\(TerminalText.escaped(name))'",
                hint: "Use one of \(names).")
        }
        return .condition(Condition(column, found.comparison, try SQLValue(json: value)))
    }

    private static func isBlob(_ members: [JSONValue.Member]) -> Bool {
        members.count == 1 && members[0].key == SQLValue.blobKey
    }

    private static func invalid(_ message: String) -> CinchError {
        CinchError(
            code: .invalid, message: message,
            hint: #"Write {"age": {"gte": 18}, "role": "admin"}, or {} for every row."#)
    }
}

extension Operand {
    /// The value as JSON; a word stands as it is.
    fileprivate var json: JSONValue {
        switch self {
        case .value(let value): value.json
        case .word(let word): .string(word)
        }
    }
}
