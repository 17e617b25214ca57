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
    ///
    /// By bytes: a combining mark may follow a quote, and is no part of it.
    static func unquote(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let open = bytes.first, bytes.count >= 2 else { return text }
        switch open {
        case 0x27, 0x22, 0x60:
            var inside: [UInt8] = []
            inside.reserveCapacity(bytes.count)
            var place = 1
            while place < bytes.count - 1 {
                inside.append(bytes[place])
                let isDoubled = bytes[place] == open && bytes[place + 1] == open
                place += isDoubled && place + 1 < bytes.count - 1 ? 2 : 1
            }
            return String(decoding: inside, as: UTF8.self)
        case 0x5B: return String(decoding: bytes[1..<(bytes.count - 1)], as: UTF8.self)
        default: return text
        }
    }

    /// The text between quotes, those inside doubled, as SQL wants it.
    static func quote(_ text: String, by quote: Character) -> String {
        let mark = UInt8(ascii: quote.unicodeScalars.first ?? "\"")
        var bytes = [mark]
        for byte in text.utf8 {
            if byte == mark { bytes.append(mark) }
            bytes.append(byte)
        }
        return String(decoding: bytes + [mark], as: UTF8.self)
    }

    /// Whether the text begins with a double quote.
    var isDoubleQuoted: Bool { text.utf8.first == 0x22 }

    /// A name as a token: bare where that is safe.
    init(naming name: Identifier) {
        let spelling = name.quoted
        self.init(spelling.utf8.first == 0x22 ? .quoted : .word, spelling)
    }

    /// Same bytes: to SQLite, unlike to Swift, a composed letter and its parts are different.
    public static func == (left: Token, right: Token) -> Bool {
        left.kind == right.kind && left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Feeds the bytes, as equality compares them.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
