/// What a change of rows is about: a table, or one column of it.
public struct RowSubject: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The table.
    public var table: Identifier
    /// The column; absent for the table's rows as a whole.
    public var column: Identifier?

    /// Makes a subject.
    public init(table: Identifier, column: Identifier? = nil) {
        self.table = table
        self.column = column
    }

    /// Reads `table` or `table.column`; names may be quoted as in SQL.
    ///
    /// - Throws: ``SchemaError`` saying where the text is something else.
    public init(parsing text: String) throws(SchemaError) {
        var parser = Parser(try Lexer(text))
        self = try parser.rowSubject()
        guard parser.current == nil else { throw parser.unexpected("the end") }
    }

    /// The subject with names in lower case, as SQLite compares them.
    public var folded: RowSubject {
        RowSubject(table: Identifier(table.key), column: column.map { Identifier($0.key) })
    }

    /// The subject as SQL spells it: `users.email`.
    public var description: String {
        table.quoted + (column.map { ".\($0.quoted)" } ?? "")
    }

    /// Orders by names.
    public static func < (left: RowSubject, right: RowSubject) -> Bool {
        guard left.table == right.table else { return left.table < right.table }
        guard let other = right.column else { return false }
        return left.column.map { $0 < other } ?? true
    }
}

extension Parser {
    /// `table` or `table.column`.
    mutating func rowSubject() throws(SchemaError) -> RowSubject {
        let table = try name()
        return RowSubject(table: table, column: acceptSymbol(".") ? try name() : nil)
    }
}
