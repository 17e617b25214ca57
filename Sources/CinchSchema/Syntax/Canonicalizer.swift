/// Brings raw tokens into the one spelling that stands for all that mean the same.
struct Canonicalizer: Sendable {
    /// The keys of every name that can be meant; absent where that isn't known.
    ///
    /// A double-quoted text that spells none of them is a string (SQLite's double-quoted string
    /// misfeature, quirks.html section 8). Where the names aren't known it is left as it is.
    private let scope: Set<String>?

    /// For bodies in which nothing is known about the names in scope.
    static let withoutScope = Canonicalizer(scope: nil)

    /// For expressions of a table: its columns and the names of its rowid.
    static func columns(of table: Table) -> Canonicalizer {
        let rowIDNames = table.isWithoutRowID ? [] : ["rowid", "oid", "_rowid_"]
        return Canonicalizer(scope: Set(table.columns.map(\.name.key) + rowIDNames))
    }

    private init(scope: Set<String>?) { self.scope = scope }

    /// Tells whether the text is certainly a name.
    func isName(_ name: Identifier) -> Bool { scope?.contains(name.key) == true }

    /// The tokens in canonical spelling.
    func canonical(_ raw: [Token]) -> [Token] {
        // Numbers, strings and signs have one spelling.
        let isSettled = raw.allSatisfy { token in
            switch token.kind {
            case .word, .quoted, .blob: false
            default: true
            }
        }
        guard !isSettled else { return raw }
        let tokens = TableNames.unquoted(raw)
        var result: [Token] = []
        result.reserveCapacity(tokens.count)
        var openCases = 0
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            switch token.kind {
            case .word:
                let keyword = token.keyword
                if keyword == "CASE" { openCases += 1 }
                let endsCase = keyword == "END" && openCases > 0
                if endsCase { openCases -= 1 }
                let isKeyword =
                    endsCase || isKeyword(keyword, after: result.last, before: next)
                result.append(
                    isKeyword
                        ? Token(.word, keyword) : canonicalName(token, after: result.last, next))
            case .quoted:
                result.append(canonicalQuoted(token, after: result.last, before: next))
            case .blob:
                result.append(Token(.blob, "x" + token.text.dropFirst()))
            default:
                result.append(token)
            }
        }
        return result
    }

    /// A column whose name is a keyword has quotes, as it has where it is declared.
    private func canonicalName(_ token: Token, after previous: Token?, _ next: Token?) -> Token {
        let name = Identifier(token.text)
        let isElsewhere =
            next?.isSymbol("(") == true || ["AS", "COLLATE"].contains(previous?.keyword)
        return !isElsewhere && isName(name) ? Token(naming: name) : token
    }

    private func canonicalQuoted(_ token: Token, after previous: Token?, before next: Token?)
        -> Token
    {
        let name = Identifier(Token.unquote(token.text))
        let isCertainlyName =
            !token.isDoubleQuoted || next?.isSymbol(".") == true
            || previous?.isSymbol(".") == true || previous?.keyword == "AS"
            || previous?.keyword == "COLLATE" || isName(name)
        if !isCertainlyName, scope != nil, next?.isSymbol("(") != true {
            // What SQLite itself makes of it when a column is renamed.
            return Token(.string, Token.quote(name.text, by: "'"))
        }
        return isCertainlyName ? Token(naming: name) : token
    }

    /// Keywords that may also be names are folded only where they can't be one: a wrong guess
    /// would change how a result column is called.
    private func isKeyword(_ word: String, after previous: Token?, before next: Token?) -> Bool {
        if previous?.isSymbol(".") == true || next?.isSymbol(".") == true { return false }
        if Keyword.reserved.contains(word) { return true }
        let before = previous?.keyword ?? ""
        let after = next?.keyword ?? ""
        let afterOperand = previous?.endsOperand ?? false
        switch word {
        case "LIKE", "GLOB", "REGEXP", "MATCH":
            return (afterOperand || before == "NOT") && next.map { !$0.isSymbol(",") } ?? false
        case "BY":
            return before == "ORDER" || before == "GROUP" || before == "PARTITION"
        case "ASC", "DESC":
            return afterOperand
                && (next == nil || next?.kind == .symbol || after == "LIMIT"
                    || after == "NULLS" || after == "ROWS" || after == "RANGE" || after == "GROUPS")
                && before != "SELECT"
        case "NULLS": return after == "FIRST" || after == "LAST"
        case "FIRST", "LAST": return before == "NULLS"
        case "CAST", "RAISE": return next?.isSymbol("(") == true
        case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP": return before != "AS"
        case "LEFT", "RIGHT", "FULL", "NATURAL":
            return ["JOIN", "OUTER", "LEFT", "RIGHT", "FULL", "INNER", "CROSS"].contains(after)
        case "INNER", "CROSS", "OUTER": return after == "JOIN"
        case "OVER": return previous?.isSymbol(")") == true
        case "FILTER": return previous?.isSymbol(")") == true && next?.isSymbol("(") == true
        case "PARTITION": return after == "BY"
        case "WITH":
            return previous == nil || previous?.isSymbol("(") == true
                || previous?.isSymbol(";") == true
        case "RECURSIVE": return before == "WITH"
        case "REPLACE": return before == "OR" || after == "INTO"
        case "ABORT", "FAIL", "IGNORE", "ROLLBACK":
            return before == "OR"
                || (previous?.isSymbol("(") == true
                    && (next?.isSymbol(",") == true || next?.isSymbol(")") == true))
        case "CONFLICT": return before == "ON"
        case "DO": return afterOperand && (after == "NOTHING" || after == "UPDATE")
        case "OFFSET": return afterOperand && next != nil && next?.isSymbol(",") == false
        default: return false
        }
    }
}
