/// What one SQL statement does to the identity of tables and columns, read off its text.
///
/// Everything else about a statement is left to SQLite.
public enum IdentityEvent: Hashable, Sendable {
    /// ALTER TABLE … RENAME TO.
    case renameTable(from: Identifier, to: Identifier)
    /// ALTER TABLE … RENAME COLUMN.
    case renameColumn(from: Identifier, to: Identifier, table: Identifier)
    /// ALTER TABLE … DROP COLUMN.
    case dropColumn(Identifier, table: Identifier)
    /// DROP TABLE.
    case dropTable(Identifier)
    /// CREATE TABLE or CREATE VIRTUAL TABLE, with what it copies if it has AS SELECT.
    case createTable(Identifier, copying: RowCopy?)
    /// INSERT INTO … SELECT … FROM a table.
    case copyRows(RowCopy, into: Identifier)
    /// UPDATE … SET of whole columns: every row, or every row that has a value.
    case copyColumns([ColumnCopy], table: Identifier)

    /// A column that is filled from others of its row.
    public struct ColumnCopy: Hashable, Sendable {
        /// The column that is set.
        public var target: Identifier
        /// Every name in the expression; perhaps a column, perhaps a function.
        public var names: [Identifier]
    }

    /// Rows read out of one table, and the columns they come from.
    public struct RowCopy: Hashable, Sendable {
        /// The first table after FROM.
        public var source: Identifier
        /// The columns named in the INSERT; empty means all, in order.
        public var targets: [Identifier]
        /// The source column behind each result column; absent where it is anything else. An
        /// absent list means `*`.
        public var columns: [Identifier?]?
        /// Whether every row is taken over, and every value as it is.
        public var isWhole: Bool

        /// Makes a description of copied rows.
        public init(
            source: Identifier, targets: [Identifier], columns: [Identifier?]?,
            isWhole: Bool = false
        ) {
            self.source = source
            self.targets = targets
            self.columns = columns
            self.isWhole = isWhole
        }
    }

    /// Reads a statement; absent when it changes no identity or can't be read.
    public init?(_ sql: String) {
        guard let lexer = try? Lexer(sql) else { return nil }
        var reader = EventReader(parser: Parser(lexer))
        guard let event = try? reader.event() else { return nil }
        self = event
    }
}

private struct EventReader {
    var parser: Parser

    mutating func event() throws(SchemaError) -> IdentityEvent? {
        // SQLite counts empty statements as part of the one after them.
        while parser.acceptSymbol(";") {}
        if parser.accept("ALTER", "TABLE") { return try alteration() }
        if parser.accept("DROP", "TABLE") {
            _ = parser.accept("IF", "EXISTS")
            return .dropTable(try parser.qualifiedName())
        }
        if parser.accept("CREATE") {
            _ = parser.accept("TEMP") || parser.accept("TEMPORARY") || parser.accept("VIRTUAL")
            guard parser.accept("TABLE") else { return nil }
            parser.ifNotExists()
            let name = try parser.qualifiedName()
            let copy = parser.accept("AS") ? try rowCopy(into: []) : nil
            return .createTable(name, copying: copy)
        }
        if parser.accept("UPDATE") { return try columnCopies() }
        if parser.accept("WITH") { skipToInsert() }
        if parser.accept("REPLACE") || parser.accept("INSERT") {
            if parser.accept("OR") { parser.position += 1 }
            guard parser.accept("INTO") else { return nil }
            let target = try parser.qualifiedName()
            if parser.accept("AS") { _ = try parser.name() }
            let columns = parser.atSymbol("(") ? try parser.nameList() : []
            return try rowCopy(into: columns).map { .copyRows($0, into: target) }
        }
        return nil
    }

    private mutating func alteration() throws(SchemaError) -> IdentityEvent? {
        let table = try parser.qualifiedName()
        if parser.accept("RENAME", "TO") {
            return .renameTable(from: table, to: try parser.name())
        }
        if parser.accept("RENAME") {
            _ = parser.accept("COLUMN")
            let from = try parser.name()
            try parser.expect("TO")
            return .renameColumn(from: from, to: try parser.name(), table: table)
        }
        if parser.accept("DROP") {
            _ = parser.accept("COLUMN")
            return .dropColumn(try parser.name(), table: table)
        }
        return nil
    }

    /// `table SET column = expression, …`; absent when a WHERE may leave rows with values out.
    private mutating func columnCopies() throws(SchemaError) -> IdentityEvent? {
        if parser.accept("OR") { parser.position += 1 }
        let table = try parser.qualifiedName()
        guard parser.accept("SET") else { return nil }
        var copies: [IdentityEvent.ColumnCopy] = []
        repeat {
            let target = try parser.name()
            try parser.expectSymbol("=")
            let value = try parser.tokens { $0.atSymbol(",") || $0.at("WHERE") || $0.at("FROM") }
            let names = value.compactMap { token in
                token.kind == .string ? nil : Parser.name(of: token)
            }
            if !names.isEmpty {
                copies.append(IdentityEvent.ColumnCopy(target: target, names: names))
            }
        } while parser.acceptSymbol(",")
        if parser.accept("WHERE") {
            let condition = try parser.tokens { $0.atSymbol(";") }
            let words = condition.dropFirst().map(\.keyword)
            let isAlwaysTrue =
                condition.count == 1 && ["true", "TRUE", "1"].contains(condition[0].text)
            guard isAlwaysTrue || words == ["IS", "NOT", "NULL"] || words == ["IS", "NULL"]
            else { return nil }
        }
        guard parser.current == nil || parser.atSymbol(";") else { return nil }
        return copies.isEmpty ? nil : .copyColumns(copies, table: table)
    }

    private mutating func skipToInsert() {
        var depth = 0
        while let token = parser.current {
            if depth == 0, parser.at("INSERT") || parser.at("REPLACE") { return }
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            parser.position += 1
        }
    }

    /// `SELECT … FROM table`; absent when the rows come from no table.
    private mutating func rowCopy(into targets: [Identifier]) throws(SchemaError)
        -> IdentityEvent.RowCopy?
    {
        guard parser.accept("SELECT") else { return nil }
        let isDistinct = parser.accept("DISTINCT")
        if !isDistinct { _ = parser.accept("ALL") }
        var columns: [Identifier?]? = []
        repeat {
            let result = try parser.tokens { $0.atSymbol(",") || $0.at("FROM") }
            if result.count == 1, result[0].isSymbol("*") {
                columns = nil
            } else {
                columns?.append(Self.column(result))
            }
        } while parser.acceptSymbol(",")
        guard parser.accept("FROM") else { return nil }
        let source = try parser.qualifiedName()
        let names = (columns ?? []).compactMap { $0?.key }
        let isWhole =
            !isDistinct && names.count == columns?.count ?? 0 && Set(names).count == names.count
            && (parser.current == nil || parser.atSymbol(";"))
        return IdentityEvent.RowCopy(
            source: source, targets: targets, columns: columns, isWhole: isWhole)
    }

    /// `name`, `table.name`, either with an alias; absent for anything else.
    private static func column(_ tokens: [Token]) -> Identifier? {
        var tokens = tokens[...]
        if tokens.count > 2, tokens[tokens.endIndex - 2].keyword == "AS" { tokens.removeLast(2) }
        if tokens.count == 3, tokens[tokens.startIndex + 1].isSymbol(".") { tokens.removeFirst(2) }
        guard tokens.count == 1, let token = tokens.first, token.kind != .string else {
            return nil
        }
        return Parser.name(of: token)
    }
}
