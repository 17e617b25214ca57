/// Something a query must not do, with the way to get it done.
enum Refusal: Hashable, Sendable {
    /// A statement that is no query, by its leading keywords.
    case statement([String])
    /// One of our own tables.
    case internalTable(String)
    /// One of SQLite's own tables.
    case systemTable(String)
    /// A function that reaches out of the database.
    case function(String)

    /// The keywords a query begins with.
    static let allowedKeywords: Set<String> = [
        "SELECT", "VALUES", "WITH", "INSERT", "UPDATE", "DELETE", "REPLACE",
    ]

    /// The keywords SQLite knows for everything else.
    private static let forbiddenKeywords: Set<String> = [
        "ALTER", "ANALYZE", "ATTACH", "BEGIN", "COMMIT", "CREATE", "DETACH", "DROP", "END",
        "PRAGMA", "REINDEX", "RELEASE", "ROLLBACK", "SAVEPOINT", "VACUUM",
    ]

    /// Judges a statement by its leading keywords; `nil` if it is a query, or nothing SQLite
    /// knows, about which SQLite has the better message.
    init?(keywords: [String]) {
        var keywords = keywords[...]
        if keywords.first == "EXPLAIN" {
            keywords = keywords.dropFirst(keywords.dropFirst().first == "QUERY" ? 3 : 1)
        }
        guard let first = keywords.first, Self.forbiddenKeywords.contains(first) else { return nil }
        self = .statement(Array(keywords))
    }

    /// The error for the caller, code `.refused`.
    var error: CinchError {
        switch self {
        case .statement(let words):
            let name = Self.name(of: words)
            return CinchError(
                code: .refused, message: "\(name) is not allowed in a query",
                hint: Self.hint(for: words))
        case .internalTable(let name):
            return CinchError(
                code: .refused, message: "'\(name)' belongs to cinch and is not open to queries",
                hint: "Use 'cinch tenant info' to see what cinch knows about a tenant.")
        case .systemTable(let name):
            return CinchError(
                code: .refused, message: "'\(name)' belongs to SQLite and can't be used like this",
                hint: "Read the schema from 'sqlite_schema'; change it with 'cinch ddl'.")
        case .function(let name):
            return CinchError(
                code: .refused, message: "The function '\(name)' is not allowed in a query",
                hint: "Queries can't reach files or extensions; do that in the application.")
        }
    }

    private static func name(of words: [String]) -> String {
        guard let first = words.first else { return "This statement" }
        guard ["CREATE", "ALTER", "DROP"].contains(first) else { return first }
        let noun = words.dropFirst().first { entityNouns.contains($0) }
        return noun.map { "\(first) \($0)" } ?? "Changing the schema"
    }

    private static let entityNouns = ["TABLE", "INDEX", "VIEW", "TRIGGER"]

    private static func hint(for words: [String]) -> String {
        switch words.first {
        case "PRAGMA":
            "Use 'cinch schema' or 'cinch table info TABLE' to see the schema; settings of the"
                + " connection are cinch's."
        case "ATTACH", "DETACH":
            "Every tenant is a database of its own; query one at a time with '--tenant'."
        case "VACUUM":
            "Use 'cinch tenant copy' to copy a tenant."
        case "ANALYZE", "REINDEX":
            "Use 'cinch index list' and 'cinch index create' to look after indexes."
        case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE":
            "Every query is a transaction of its own; leave \(words[0]) out."
        default:
            schemaHint(for: words)
        }
    }

    private static func schemaHint(for words: [String]) -> String {
        let verb = words.first ?? ""
        let noun = words.dropFirst().first { entityNouns.contains($0) } ?? "TABLE"
        let commands = [
            "CREATE TABLE": "cinch table create", "DROP TABLE": "cinch table delete",
            "ALTER TABLE": "cinch column", "CREATE INDEX": "cinch index create",
            "DROP INDEX": "cinch index delete", "CREATE VIEW": "cinch view create",
            "DROP VIEW": "cinch view delete", "CREATE TRIGGER": "cinch trigger create",
            "DROP TRIGGER": "cinch trigger delete",
        ]
        let command = commands["\(verb) \(noun)"] ?? "cinch table"
        return "Use 'cinch ddl \"\(verb) \(noun) …\"' or '\(command)' on a branch."
    }
}
