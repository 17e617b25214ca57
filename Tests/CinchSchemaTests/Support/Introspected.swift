import CinchSQLite
import CinchSchema

/// What SQLite's pragmas say about a schema, as lines that can be compared.
///
/// How much white space there is in a type, and the spelling of defaults are left out: SQLite keeps
/// them as they were written, and a default is compared by its value.
struct Introspected: Equatable, CustomStringConvertible {
    var lines: [String] = []

    var description: String { lines.joined(separator: "\n") }

    init(_ connection: Connection) throws {
        let tables = try connection.rows(
            """
            SELECT name, type, ncol, wr, strict FROM pragma_table_list
            WHERE schema = 'main' AND name <> 'sqlite_schema' ORDER BY name
            """)
        for table in tables {
            guard let name = table[0].text else { continue }
            lines.append("table \(table)")
            try addColumns(of: name, connection)
            try addIndexes(of: name, connection)
            let keys = try connection.rows(
                "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", [.text(name)])
            lines += keys.map { "  key \($0)" }
        }
        let triggers = try connection.rows(
            "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
        lines += triggers.map { "trigger \($0)" }
    }

    private mutating func addColumns(of table: String, _ connection: Connection) throws {
        let columns = try connection.rows(
            "SELECT cid, name, type, \"notnull\", pk, hidden, dflt_value FROM pragma_table_xinfo(?)",
            [.text(table)])
        for column in columns {
            let words = column[2].text?.split(whereSeparator: \.isWhitespace) ?? []
            let type = words.joined(separator: " ")
            let value = try column[6].text.map { try Self.value(ofDefault: $0) } ?? "-"
            lines.append("  column \(column[0]) \(column[1]) \(type) \(column[3...5]) \(value)")
        }
    }

    private static func value(ofDefault text: String) throws -> String {
        let spelling = text.filter { !$0.isWhitespace }.lowercased()
        let changing = ["current_", "random", "now"]
        if changing.contains(where: spelling.contains) { return spelling }
        let connection = try Connection()
        // As the default of a column, since a bare word is a string only there. SQLite drops the
        // parentheses of an expression.
        if (try? connection.execute("CREATE TABLE t(a DEFAULT \(text))")) == nil {
            try connection.execute("CREATE TABLE t(a DEFAULT (\(text)))")
        }
        try connection.execute("INSERT INTO t DEFAULT VALUES")
        return "\(try connection.rows("SELECT typeof(a), quote(a) FROM t"))"
    }

    private mutating func addIndexes(of table: String, _ connection: Connection) throws {
        let indexes = try connection.rows(
            "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?) ORDER BY name",
            [.text(table)])
        for index in indexes {
            lines.append("  index \(index)")
            let columns = try connection.rows(
                "SELECT * FROM pragma_index_xinfo(?) ORDER BY seqno", [index[0]])
            lines += columns.map { "    term \($0)" }
        }
    }
}
