/// A name in SQL: a table's, column's, index's, view's or trigger's.
///
/// Two identifiers are equal when they are spelled the same. SQLite finds names without regard to
/// the case of ASCII letters; compare ``key`` for that.
public struct Identifier: Hashable, Sendable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The name as it was written, without quotes.
    public var text: String

    /// Makes an identifier that is spelled `text`; any text is a valid name once quoted.
    public init(_ text: String) { self.text = text }

    /// Makes an identifier from a literal.
    public init(stringLiteral value: String) { self.text = value }

    /// The spelling SQLite compares: ASCII letters in lower case, everything else as it is.
    public var key: String { text.asciiLowercased }

    /// The name as SQL text: bare where that is safe, otherwise in double quotes.
    public var quoted: String {
        isSafeBare ? text : Token.quote(text, by: "\"")
    }

    /// The name itself, unquoted.
    public var description: String { text }

    /// Tells whether both names are the same to SQLite.
    public func matches(_ other: Identifier) -> Bool { text == other.text || key == other.key }

    /// Orders by ``key``, then by spelling.
    public static func < (left: Identifier, right: Identifier) -> Bool {
        let (leftKey, rightKey) = (left.key, right.key)
        return leftKey == rightKey ? left.text < right.text : leftKey < rightKey
    }

    private var isSafeBare: Bool {
        guard let first = text.utf8.first, !(first >= 0x30 && first <= 0x39), first != 0x24 else {
            return false
        }
        guard text.utf8.allSatisfy(\.isIdentifierByte) else { return false }
        let word = text.asciiUppercased
        return !Keyword.all.contains(word) && !Keyword.literals.contains(word)
    }
}

extension UInt8 {
    /// Tells whether the byte may stand in a bare name: SQLite's `IdChar`.
    package var isIdentifierByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x80...: true
        default: false
        }
    }

    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isHexDigit: Bool {
        isDigit || (self >= 0x41 && self <= 0x46) || (self >= 0x61 && self <= 0x66)
    }

    /// SQLite's white space: space, tab, newline, form feed, carriage return.
    var isSQLSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B) }
}

extension Identifier {
    /// Reads a name as SQL has it: bare, or in any of SQLite's quotes.
    ///
    /// - Throws: ``SchemaError`` for text that isn't one name, and for an empty one.
    public init(parsing sql: String) throws(SchemaError) {
        var parser = Parser(try Lexer(sql))
        let name = try parser.name()
        try parser.expectEnd()
        guard !name.text.isEmpty else { throw .syntax("expected a name", offset: 0) }
        self = name
    }
}
