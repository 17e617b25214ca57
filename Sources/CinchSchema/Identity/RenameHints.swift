/// What a text says its tables and columns were called before: a comment
/// `-- renamed from: old` behind a column, or on the first line of a table.
///
/// The marks are no part of the schema: they are read when a text is applied, and then forgotten.
public struct RenameHints: Hashable, Sendable {
    /// One comment.
    public struct Mark: Hashable, Sendable {
        /// The table it stands in, as the text calls it.
        public var table: Identifier
        /// The column on its line; absent when the table itself is meant.
        public var column: Identifier?
        /// What it was called before.
        public var old: Identifier

        /// Makes a mark.
        public init(table: Identifier, column: Identifier? = nil, old: Identifier) {
            self.table = table
            self.column = column
            self.old = old
        }

        /// What the thing is called now.
        public var new: Identifier { column ?? table }
    }

    /// Why marks can't be followed.
    public enum Failure: Error, Hashable, Sendable {
        /// There is no single name behind the colon.
        case unreadable(comment: String)
        /// It stands on no column's line and no table's first line.
        case misplaced(comment: String)
        /// Nothing is called so, nor has the rename been made.
        case unknown(Mark)
        /// Two marks name the same thing.
        case twice(Mark, Mark)
        /// What is to be renamed is still there, under this name.
        case stillThere(Mark, as: Identifier)
        /// The id on the same line belongs to something else.
        case contradictsID(Mark, of: Identifier)
    }

    /// The marks, table by table.
    public var marks: [Mark]

    /// No marks.
    public init() { marks = [] }

    /// Reads the marks out of what SQLite has stored of scripts.
    ///
    /// - Parameter scripts: What was run; every mark in it must have been stored on a line.
    public init(
        entries: some Sequence<SchemaEntry>, scripts: some Sequence<String>
    ) throws(Failure) {
        marks = entries.flatMap { Self.marks(in: $0.sql) }
        var placed = marks.map(\.old)
        for script in scripts {
            // What isn't read here, SQLite hasn't read either.
            for comment in (try? Lexer(script))?.renames ?? [] {
                guard let old = comment.old else { throw .unreadable(comment: comment.text) }
                guard let place = placed.firstIndex(of: old) else {
                    throw .misplaced(comment: comment.text)
                }
                placed.remove(at: place)
            }
        }
    }

    private static func marks(in sql: String) -> [Mark] {
        guard let lexer = try? Lexer(sql), !lexer.renames.isEmpty else { return [] }
        var parser = Parser(lexer)
        switch try? parser.statement(tables: NameSorted()) {
        case .table(let table)?:
            return parser.oldNames.map { Mark(table: table.name, column: $0.column, old: $0.old) }
        case .virtualTable(let table)?:
            return parser.oldNames.map { Mark(table: table.name, old: $0.old) }
        default: return []
        }
    }

    /// Reads a `--` comment: absent when it is about something else, and without a name when
    /// there isn't one, or more than one.
    static func mark(in comment: String) -> (old: Identifier?, Void)? {
        let body = comment.dropFirst(2)
        guard let colon = body.firstIndex(of: ":") else { return nil }
        let words = body[..<colon].split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.map({ String($0).asciiLowercased }) == ["renamed", "from"] else { return nil }
        let rest = String(body[body.index(after: colon)...])
        guard let tokens = (try? Lexer(rest))?.tokens.map(\.token), tokens.count == 1 else {
            return (nil, ())
        }
        switch tokens[0].kind {
        case .word: return (Identifier(tokens[0].text), ())
        case .quoted, .string: return (Identifier(Token.unquote(tokens[0].text)), ())
        default: return (nil, ())
        }
    }
}

extension RenameHints.Failure: CustomStringConvertible {
    /// One sentence without a full stop.
    public var description: String {
        switch self {
        case .unreadable(let comment): "'\(comment)' does not name one thing"
        case .misplaced(let comment):
            "'\(comment)' stands on no column's line and on no table's first line"
        case .unknown(let mark):
            if let column = mark.column {
                "'\(mark.table).\(column)' can't be renamed from '\(mark.old)': the table never"
                    + " had such a column"
            } else {
                "'\(mark.table)' can't be renamed from '\(mark.old)': there never was such a table"
            }
        case .twice(let first, let second):
            "'\(first.path)' and '\(second.path)' are both renamed from '\(first.old)'"
        case .stillThere(let mark, let name):
            name.matches(mark.old)
                ? "'\(mark.path)' is renamed from '\(mark.old)', which is still there"
                : "'\(mark.path)' is renamed from '\(mark.old)', which has become '\(name)'"
        case .contradictsID(let mark, let name):
            "'\(mark.path)' is renamed from '\(mark.old)', but has the id of '\(name)'"
        }
    }
}

extension RenameHints.Mark {
    fileprivate var path: String { column.map { "\(table).\($0)" } ?? table.text }
}
