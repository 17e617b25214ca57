/// One token of SQL, in canonical spelling.
public struct Token: Hashable, Sendable {
    /// What sort of token it is.
    public enum Kind: Hashable, Sendable {
        /// A bare word: a keyword or a name.
        case word
        /// A name that needs its quotes, or a double-quoted text that may be a string.
        case quoted
        /// A `'string'`.
        case string
        /// A number.
        case number
        /// An `x'blob'`.
        case blob
        /// An operator or a punctuation mark.
        case symbol
        /// A bound parameter, which no stored schema may hold.
        case parameter
    }

    /// What sort of token it is.
    public var kind: Kind
    /// The token as SQL text.
    public var text: String

    /// Makes a token of the given kind and SQL text.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// The word in upper case when this is a bare word, otherwise empty.
    var keyword: String { kind == .word ? text.asciiUppercased : "" }

    /// The name this token spells, absent for tokens that spell none.
    var name: Identifier? {
        switch kind {
        case .word: Identifier(text)
        case .quoted: Identifier(Token.unquote(text))
        default: nil
        }
    }

    /// Tells whether an operand ends with this token, so that a sign after it is binary.
    var endsOperand: Bool {
        switch kind {
        case .symbol: text == ")"
        case .word: !Keyword.reserved.contains(keyword) || Keyword.operands.contains(keyword)
        default: true
        }
    }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    /// Takes quotes of any of SQLite's four styles off and undoubles them inside.
    static func unquote(_ text: String) -> String {
        guard let open = text.first, text.count >= 2 else { return text }
        let inside = String(text.dropFirst().dropLast())
        switch open {
        case "'": return inside.replacing("''", with: "'")
        case "\"": return inside.replacing("\"\"", with: "\"")
        case "`": return inside.replacing("``", with: "`")
        case "[": return inside
        default: return text
        }
    }
}
