/// The column types the shorthand knows, and what they are declared as.
///
/// SQLite takes any word for a type and guesses an affinity from its letters. The shorthand
/// takes only these, so that a misspelling is an error and not a column of numbers.
enum ColumnType {
    /// The declared type for each word, in lower case.
    ///
    /// JSON and UUID become TEXT: under their own names SQLite would give the column NUMERIC
    /// affinity and turn a document or id that looks like a number into one.
    static let declarations: [String: String] = [
        "int": "INTEGER", "integer": "INTEGER", "int64": "INTEGER", "bigint": "BIGINT",
        "int8": "BIGINT", "smallint": "SMALLINT", "tinyint": "TINYINT", "mediumint": "MEDIUMINT",
        "str": "TEXT", "string": "TEXT", "text": "TEXT", "clob": "CLOB", "char": "CHAR",
        "character": "CHARACTER", "varchar": "VARCHAR", "nchar": "NCHAR", "nvarchar": "NVARCHAR",
        "bool": "BOOLEAN", "boolean": "BOOLEAN",
        "float": "REAL", "double": "REAL", "real": "REAL", "double precision": "REAL",
        "bytes": "BLOB", "blob": "BLOB", "binary": "BLOB", "varbinary": "BLOB",
        "date": "DATE", "datetime": "DATETIME", "timestamp": "TIMESTAMP", "time": "TIME",
        "json": "TEXT", "uuid": "TEXT",
        "decimal": "DECIMAL", "numeric": "NUMERIC", "number": "NUMERIC",
    ]

    /// The declaration for a word such as `int` or `DECIMAL(10, 2)`.
    ///
    /// - Throws: `CinchError` with `.invalid`, suggesting the nearest known type.
    static func declaration(for word: String) throws -> String {
        var base = SQLText.folded(word)
        var arguments = ""
        if let open = base.firstIndex(of: "("), base.hasSuffix(")") {
            let inside = base[base.index(after: open)...].dropLast()
            let numbers = inside.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.filter { $0 != " " } }
            guard numbers.count <= 2, numbers.allSatisfy(isNumber) else { throw unknown(word) }
            arguments = "(\(numbers.joined(separator: ",")))"
            base = String(base[..<open])
        }
        base = base.split(separator: " ").joined(separator: " ")
        guard let declaration = declarations[base] else { throw unknown(word) }
        return declaration + arguments
    }

    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 9
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func unknown(_ word: String) -> CinchError {
        let near = Suggestion.nearest(
            to: String(word.prefix { $0 != "(" }), among: declarations.keys.sorted())
        return CinchError(
            code: .invalid, message: "'\(TerminalText.escaped(word))' is not a column type",
            hint: near.map { "Did you mean '\(declarations[$0] ?? $0)'?" }
                ?? "Use TEXT, INTEGER, REAL, BLOB, BOOLEAN, NUMERIC, DATE, DATETIME or TIMESTAMP.")
    }
}
