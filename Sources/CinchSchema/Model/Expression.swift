/// SQL kept as a sequence of tokens: an expression, a SELECT, a statement of a trigger.
///
/// Comments, white space, the case of keywords and the quotes of names are normalised when it is
/// read, so two expressions are equal exactly when their tokens are.
public struct Expression: Hashable, Sendable, CustomStringConvertible {
    /// The tokens in order, each in canonical spelling.
    public var tokens: [Token]

    /// Makes an expression from canonical tokens.
    public init(tokens: [Token]) { self.tokens = tokens }

    /// The tokens on one line, spaced the one canonical way.
    public var sql: String { TokenSpacing.join(tokens) }

    /// The canonical text.
    public var description: String { sql }

    /// Every name that is spelled in it, whatever it stands for.
    public var names: Set<Identifier> {
        Set(
            tokens.lazy.filter { token in
                token.kind == .quoted
                    || token.kind == .word && !Keyword.reserved.contains(token.keyword)
            }.compactMap(\.name))
    }

    /// Tells whether a `*` may stand for all columns of something.
    public var selectsEverything: Bool {
        zip(tokens, tokens.dropFirst()).contains { token, next in
            next.isSymbol("*")
                && (["SELECT", "ALL", "DISTINCT"].contains(token.keyword) || token.isSymbol(".")
                    || token.isSymbol(","))
        }
    }

    /// Tells whether a token spells this name, in any quoting.
    ///
    /// A name may be spelled without being meant (an alias, a function): true is "perhaps".
    public func mentions(_ name: Identifier) -> Bool {
        tokens.contains { token in
            switch token.kind {
            case .word, .quoted: token.name.map(name.matches) ?? false
            default: false
            }
        }
    }
}

/// Where the canonical text has spaces between tokens.
enum TokenSpacing {
    static func join(_ tokens: some Sequence<Token>) -> String {
        var text = ""
        var spacer = TokenSpacer()
        for token in tokens {
            if spacer.needsSpace(before: token) { text += " " }
            text += token.text
        }
        return text
    }
}

/// Decides token by token whether a space stands before the next one.
struct TokenSpacer {
    private var previous: Token?
    private var previousIsUnary = false
    private var previousEndsOperand = false

    /// Takes the next token and tells whether a space belongs before it.
    mutating func needsSpace(before token: Token) -> Bool {
        let isUnary =
            token.kind == .symbol && !previousEndsOperand && ["-", "+", "~"].contains(token.text)
        defer {
            previousIsUnary = isUnary
            previousEndsOperand = token.endsOperand
            previous = token
        }
        guard let previous else { return false }
        // A digit right after a period would read as a number's fraction.
        if previous.isSymbol(".") { return token.kind == .number }
        if previous.isSymbol("(") { return false }
        if token.kind == .symbol, [")", ",", ".", ";"].contains(token.text) { return false }
        if previousIsUnary {
            // Two signs in a row would read as a comment.
            return token.text == previous.text
        }
        if token.isSymbol("(") { return !Self.isFunctionName(previous) }
        return true
    }

    private static let spacedBeforeParenthesis: Set<String> = Keyword.reserved.union([
        "OVER", "FILTER", "LIKE", "GLOB", "REGEXP", "MATCH", "MATERIALIZED", "WINDOW", "OF",
    ])

    private static func isFunctionName(_ token: Token) -> Bool {
        switch token.kind {
        case .word: !spacedBeforeParenthesis.contains(token.keyword)
        case .quoted: true
        default: false
        }
    }
}
