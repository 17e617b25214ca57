/// SQLite's keywords and what the grammar lets each of them stand for (SQLite's lang_keywords).
enum Keyword {
    /// Every word `sqlite3_keyword_name` lists for 3.40, upper case.
    static let all: Set<String> = reserved.union(usableAsNames)

    /// Words that can never be a bare name.
    static let reserved: Set<String> = [
        "ADD", "ALL", "ALTER", "AND", "AS", "AUTOINCREMENT", "BETWEEN", "CASE", "CHECK", "COLLATE",
        "COMMIT", "CONSTRAINT", "CREATE", "DEFAULT", "DEFERRABLE", "DELETE", "DISTINCT", "DROP",
        "ELSE", "ESCAPE", "EXCEPT", "EXISTS", "FOREIGN", "FROM", "GROUP", "HAVING", "IN", "INDEX",
        "INSERT", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "LIMIT", "NOT", "NOTHING", "NOTNULL",
        "NULL", "ON", "OR", "ORDER", "PRIMARY", "REFERENCES", "RETURNING", "SELECT", "SET", "TABLE",
        "THEN", "TO", "TRANSACTION", "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "WHEN",
        "WHERE",
    ]

    /// Whether a word in upper case can never be a bare name.
    ///
    /// Comparing a few short texts takes a fraction of the time of hashing one.
    static func isReserved(_ word: String) -> Bool {
        guard let first = word.utf8.first, first >= 0x41, first <= 0x5A else { return false }
        return reservedByLetter[Int(first - 0x41)].contains(word)
    }

    private static let reservedByLetter: [[String]] = (UInt8(0x41)...0x5A).map { letter in
        reserved.filter { $0.utf8.first == letter }
    }

    /// Join words and INDEXED: names in most places, but never part of a column's type.
    static let namesOutsideTypes: Set<String> = [
        "CROSS", "FULL", "INDEXED", "INNER", "LEFT", "NATURAL", "OUTER", "RIGHT",
    ]

    /// Keywords the grammar falls back to reading as a name.
    static let usableAsNames: Set<String> = namesOutsideTypes.union([
        "ABORT", "ACTION", "AFTER", "ALWAYS", "ANALYZE", "ASC", "ATTACH", "BEFORE", "BEGIN", "BY",
        "CASCADE", "CAST", "COLUMN", "CONFLICT", "CURRENT", "CURRENT_DATE", "CURRENT_TIME",
        "CURRENT_TIMESTAMP", "DATABASE", "DEFERRED", "DESC", "DETACH", "DO", "EACH", "END",
        "EXCLUDE", "EXCLUSIVE", "EXPLAIN", "FAIL", "FILTER", "FIRST", "FOLLOWING", "FOR",
        "GENERATED", "GLOB", "GROUPS", "IF", "IGNORE", "IMMEDIATE", "INITIALLY", "INSTEAD", "KEY",
        "LAST", "LIKE", "MATCH", "MATERIALIZED", "NO", "NULLS", "OF", "OFFSET", "OTHERS", "OVER",
        "PARTITION", "PLAN", "PRAGMA", "PRECEDING", "QUERY", "RAISE", "RANGE", "RECURSIVE",
        "REGEXP", "REINDEX", "RELEASE", "RENAME", "REPLACE", "RESTRICT", "ROLLBACK", "ROW", "ROWS",
        "SAVEPOINT", "TEMP", "TEMPORARY", "TIES", "TRIGGER", "UNBOUNDED", "VACUUM", "VIEW",
        "VIRTUAL", "WINDOW", "WITH", "WITHIN", "WITHOUT",
    ])

    /// Bare words SQLite reads as a value although they are not keywords.
    static let literals: Set<String> = ["TRUE", "FALSE"]

    /// Keywords that end an operand, so that a sign after them is a binary operator.
    static let operands: Set<String> = [
        "NULL", "END", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "ISNULL", "NOTNULL",
    ]
}

extension String {
    /// The word in upper case, ASCII letters only, as SQLite's tokenizer folds keywords.
    var asciiUppercased: String {
        guard utf8.contains(where: { $0 >= 0x61 && $0 <= 0x7A }) else { return self }
        return String(
            decoding: utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }, as: UTF8.self)
    }

    /// The text in lower case, ASCII letters only, as SQLite compares names.
    var asciiLowercased: String {
        guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return self }
        return String(
            decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
