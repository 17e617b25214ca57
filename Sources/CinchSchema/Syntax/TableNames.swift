/// Finds where a table's name stands in a SELECT or a statement, whatever quotes it is in.
///
/// Nothing but a name can stand there, so its quotes say nothing: SQLite itself puts them around
/// a name when it rewrites a view for ALTER TABLE RENAME.
enum TableNames {
    private static let endsFrom: Set<String> = [
        "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW",
        "SET", "VALUES", "SELECT", "ON", "USING", "RETURNING", "DEFAULT",
    ]

    /// The tokens with every table's name bare where that is safe.
    static func unquoted(_ tokens: [Token]) -> [Token] {
        var result = tokens
        var isInFrom = [false]
        var expectsName = false
        for (place, token) in tokens.enumerated() {
            let previous = place > 0 ? tokens[place - 1].keyword : ""
            switch token.keyword {
            case "FROM" where previous != "DISTINCT", "JOIN":
                isInFrom[isInFrom.count - 1] = true
                expectsName = true
                continue
            case "INTO":
                expectsName = true
                continue
            case "UPDATE" where place == 0:
                expectsName = true
                continue
            case let word where endsFrom.contains(word):
                isInFrom[isInFrom.count - 1] = false
                expectsName = false
                continue
            default: break
            }
            if token.isSymbol("(") {
                isInFrom.append(expectsName)
            } else if token.isSymbol(")") {
                if isInFrom.count > 1 { isInFrom.removeLast() }
                expectsName = false
            } else if token.isSymbol(",") {
                expectsName = isInFrom.last == true
            } else {
                if expectsName, token.kind == .quoted || token.kind == .string {
                    let spelling = Identifier(Token.unquote(token.text)).quoted
                    result[place] = Token(spelling.utf8.first == 0x22 ? .quoted : .word, spelling)
                }
                expectsName = false
            }
        }
        return result
    }
}
