/// Keeps the names of a view's result columns while its text is respaced.
///
/// SQLite names a result column that has no AS and is no plain column after the very text of its
/// expression, spaces and comments included. Where canonical spacing would change that text, the
/// name is written down as an AS clause.
struct ResultNames {
    let lexer: Lexer

    /// The canonical tokens of a SELECT.
    func canonical(_ select: [LexedToken]) -> [Token] {
        var result: [Token] = []
        var place = 0
        while place < select.count {
            let token = select[place].token
            result.append(token)
            place += 1
            guard token.keyword == "SELECT" else { continue }
            if place < select.count, ["DISTINCT", "ALL"].contains(select[place].token.keyword) {
                result.append(select[place].token)
                place += 1
            }
            place = appendResultColumns(of: select, from: place, to: &result)
        }
        return Canonicalizer.withoutScope.canonical(result)
    }

    private static let endOfColumns: Set<String> = [
        "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT",
        "WINDOW",
    ]

    /// Appends the list of result columns that starts at `place`; returns where it ends.
    private func appendResultColumns(
        of select: [LexedToken], from place: Int, to result: inout [Token]
    ) -> Int {
        var start = place
        var at = place
        var depth = 0
        while at <= select.count {
            let token = at < select.count ? select[at].token : nil
            let ends =
                token == nil || (depth == 0 && token?.isSymbol(")") == true)
                || (depth == 0 && Self.endOfColumns.contains(token?.keyword ?? "")
                    && !isDistinctFrom(select, at))
            if ends || (depth == 0 && token?.isSymbol(",") == true) {
                let column = Array(select[start..<at])
                result.append(contentsOf: nested(column))
                if let name = lostName(of: column) {
                    result.append(Token(.word, "AS"))
                    result.append(Token(.quoted, Token.quote(name, by: "\"")))
                }
                if ends { return at }
                result.append(Token(.symbol, ","))
                start = at + 1
            } else if token?.isSymbol("(") == true {
                depth += 1
            } else if token?.isSymbol(")") == true {
                depth -= 1
            }
            at += 1
        }
        return at
    }

    /// The column's tokens, with the same done for the SELECTs inside it.
    private func nested(_ column: [LexedToken]) -> [Token] {
        column.contains { $0.token.keyword == "SELECT" }
            ? ResultNames(lexer: lexer).rawCanonical(column) : column.map(\.token)
    }

    private func rawCanonical(_ tokens: [LexedToken]) -> [Token] {
        var result: [Token] = []
        var place = 0
        while place < tokens.count {
            let token = tokens[place].token
            result.append(token)
            place += 1
            if token.keyword == "SELECT" {
                place = appendResultColumns(of: tokens, from: place, to: &result)
            }
        }
        return result
    }

    /// `IS [NOT] DISTINCT FROM` is an operator, not the start of the FROM clause.
    private func isDistinctFrom(_ tokens: [LexedToken], _ at: Int) -> Bool {
        at > 1 && tokens[at].token.keyword == "FROM" && tokens[at - 1].token.keyword == "DISTINCT"
            && ["IS", "NOT"].contains(tokens[at - 2].token.keyword)
    }

    /// The name that canonical spacing would take from a result column; absent when it has none.
    private func lostName(of column: [LexedToken]) -> String? {
        guard let first = column.first, let last = column.last else { return nil }
        let tokens = column.map(\.token)
        let text = lexer.text(first.start, last.end)
        let canonical = TokenSpacing.join(Canonicalizer.withoutScope.canonical(tokens))
        guard text != canonical, !last.token.isSymbol("*"), !Self.isPlainColumn(tokens[...]),
            !Self.hasAlias(tokens)
        else { return nil }
        return text
    }

    /// A column, perhaps qualified, in parentheses or with COLLATE: SQLite names it after itself.
    private static func isPlainColumn(_ tokens: ArraySlice<Token>) -> Bool {
        guard let first = tokens.first, let last = tokens.last else { return false }
        if tokens.count > 2, tokens[tokens.endIndex - 2].keyword == "COLLATE" {
            return isPlainColumn(tokens.dropLast(2))
        }
        if first.isSymbol("("), last.isSymbol(")") {
            return isPlainColumn(tokens.dropFirst().dropLast())
        }
        return tokens.enumerated().allSatisfy { place, token in
            place % 2 == 0
                ? Parser.name(of: token) != nil && token.kind != .string
                : token.isSymbol(".")
        } && tokens.count % 2 == 1
    }

    /// `… AS name`, or a name right after the end of an operand.
    private static func hasAlias(_ tokens: [Token]) -> Bool {
        guard tokens.count > 1, let last = tokens.last, Parser.name(of: last) != nil else {
            return false
        }
        let before = tokens[tokens.count - 2]
        if before.keyword == "AS" { return true }
        if before.isSymbol(".") || before.keyword == "COLLATE" || last.keyword == "END" {
            return false
        }
        return before.endsOperand && !Keyword.operands.contains(last.keyword)
    }
}
