/// A JSON document, exact in both directions (RFC 8259).
///
/// Object members keep their order. A number without fraction and exponent is an integer of 64
/// bits and never loses a digit; every other number is a `Double`, written with the fewest
/// digits that read back to it.
///
/// ```swift
/// let row: JSONValue = ["id": 7, "name": "Ada", "active": true]
/// print(row.text())   // {"id":7,"name":"Ada","active":true}
/// ```
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction or an exponent. An infinity is written as `9e999` or
    /// `-9e999`, which every reader takes for one; NaN, which SQLite can't store, as `null`.
    case real(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its members in the order they were written.
    case object([Member])

    /// One key of an object with its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSONValue

        /// Makes a member.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }
}

extension JSONValue {
    /// Reads one document.
    ///
    /// Stricter than some readers: a key given twice in one object, a whole number outside 64
    /// bits, half a surrogate pair, and nesting deeper than 512 are errors.
    ///
    /// - Throws: `CinchError` with `.invalid`, naming line and column.
    public init(parsing text: String) throws {
        var parser = JSONParser(text)
        self = try parser.parseDocument()
    }

    /// The document as text, without a newline at the end.
    ///
    /// Control characters, DEL, C1 controls and the two Unicode line separators are escaped,
    /// so the text is safe to print on a terminal.
    ///
    /// - Parameter pretty: One member or element a line, two spaces a level.
    public func text(pretty: Bool = false) -> String {
        var writer = JSONWriter(isPretty: pretty)
        writer.write(self)
        return writer.output
    }

    /// The value of a key; `nil` if this is not an object or has no such key.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    public init(nilLiteral: ()) {
        self = .null
    }

    /// `true` or `false`.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }

    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// A number with a fraction or an exponent.
    public init(floatLiteral value: Double) {
        self = .real(value)
    }

    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// An object with its members in the order written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
