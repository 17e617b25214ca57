/// A cursor over the tokens of one CREATE statement; the extensions read one kind of entity each.
struct Parser {
    let lexer: Lexer
    var position = 0
    /// What comments say that the table and its columns were called before; the table's own line
    /// has no column.
    private(set) var oldNames: [(column: Identifier?, old: Identifier)] = []

    init(_ lexer: Lexer) { self.lexer = lexer }

    // MARK: Looking

    var current: Token? {
        position < lexer.tokens.count ? lexer.tokens[position].token : nil
    }

    func peek(_ distance: Int) -> Token? {
        position + distance < lexer.tokens.count ? lexer.tokens[position + distance].token : nil
    }

    /// Tells whether the next tokens are these bare words.
    func at(_ words: String...) -> Bool {
        words.enumerated().allSatisfy { keyword($0) == $1 }
    }

    // Most questions are about one word, and need no array.
    func at(_ word: String) -> Bool { keyword(0) == word }

    func at(_ first: String, _ second: String) -> Bool {
        keyword(0) == first && keyword(1) == second
    }

    /// The keyword that a token after this place may be; empty for others.
    private func keyword(_ distance: Int) -> String {
        position + distance < lexer.tokens.count ? lexer.tokens[position + distance].keyword : ""
    }

    func atSymbol(_ symbol: String) -> Bool { current?.isSymbol(symbol) == true }

    /// The offset of the next token, or of the end of the text.
    var offset: Int {
        position < lexer.tokens.count ? lexer.tokens[position].start : lexer.source.count
    }

    /// The offset past the last token taken.
    var endOfPrevious: Int { position > 0 ? lexer.tokens[position - 1].end : 0 }

    func unexpected(_ wanted: String) -> SchemaError {
        .syntax(
            "expected \(wanted) but found \(current.map { "'\($0.text)'" } ?? "the end")",
            offset: offset)
    }

    // MARK: Taking

    mutating func accept(_ words: String...) -> Bool {
        guard words.enumerated().allSatisfy({ keyword($0) == $1 }) else { return false }
        position += words.count
        return true
    }

    mutating func accept(_ word: String) -> Bool {
        guard at(word) else { return false }
        position += 1
        return true
    }

    mutating func accept(_ first: String, _ second: String) -> Bool {
        guard at(first, second) else { return false }
        position += 2
        return true
    }

    mutating func acceptSymbol(_ symbol: String) -> Bool {
        guard atSymbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ word: String) throws(SchemaError) {
        guard accept(word) else { throw unexpected(word) }
    }

    mutating func expectSymbol(_ symbol: String) throws(SchemaError) {
        guard acceptSymbol(symbol) else { throw unexpected("'\(symbol)'") }
    }

    mutating func expectEnd() throws(SchemaError) {
        while acceptSymbol(";") {}
        guard current == nil else { throw unexpected("the end of the statement") }
    }

    /// The grammar's `nm`: a word that is no reserved keyword, or any quoted text.
    mutating func name() throws(SchemaError) -> Identifier {
        guard let token = current, let name = Self.name(of: token) else {
            throw unexpected("a name")
        }
        position += 1
        return name
    }

    static func name(of token: Token) -> Identifier? {
        switch token.kind {
        case .word: Keyword.isReserved(token.keyword) ? nil : Identifier(token.text)
        case .quoted, .string: Identifier(Token.unquote(token.text))
        default: nil
        }
    }

    /// A name that may be qualified with a database, which is dropped.
    mutating func qualifiedName() throws(SchemaError) -> Identifier {
        let first = try name()
        return acceptSymbol(".") ? try name() : first
    }

    /// Names between parentheses, separated by commas.
    mutating func nameList() throws(SchemaError) -> [Identifier] {
        try expectSymbol("(")
        var names: [Identifier] = []
        repeat { names.append(try name()) } while acceptSymbol(",")
        try expectSymbol(")")
        return names
    }

    /// The raw tokens up to, not including, the first at depth 0 for which `stop` holds.
    ///
    /// Stops at a closing parenthesis that was not opened inside.
    mutating func tokens(until stop: (Parser) -> Bool) throws(SchemaError) -> [Token] {
        var depth = 0
        var taken: [Token] = []
        while let token = current {
            if depth == 0 && (token.isSymbol(")") || stop(self)) { break }
            if token.kind == .parameter {
                throw .syntax("parameters prohibited: \(token.text)", offset: offset)
            }
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            taken.append(token)
            position += 1
        }
        guard depth == 0 else { throw unexpected("')'") }
        return taken
    }

    /// An expression in parentheses, as raw tokens without them.
    mutating func parenthesized() throws(SchemaError) -> [Token] {
        try expectSymbol("(")
        let inside = try tokens { _ in false }
        guard !inside.isEmpty else { throw unexpected("an expression") }
        try expectSymbol(")")
        return inside
    }

    /// `ON CONFLICT …`; absent when it isn't there.
    mutating func conflictClause() throws(SchemaError) -> ConflictResolution? {
        guard accept("ON", "CONFLICT") else { return nil }
        guard let resolution = ConflictResolution(rawValue: current?.keyword ?? "") else {
            throw unexpected("ROLLBACK, ABORT, FAIL, IGNORE or REPLACE")
        }
        position += 1
        return resolution
    }

    // MARK: Statements

    mutating func statement(tables: NameSorted<Table>) throws(SchemaError) -> Statement {
        try expect("CREATE")
        if accept("UNIQUE") {
            try expect("INDEX")
            return .index(try index(isUnique: true, tables: tables))
        }
        if accept("INDEX") { return .index(try index(isUnique: false, tables: tables)) }
        if accept("VIRTUAL") {
            try expect("TABLE")
            return .virtualTable(try virtualTable())
        }
        if accept("TEMP") || accept("TEMPORARY") {
            throw SchemaError(.unsupported(construct: "a temporary \(current?.text ?? "entity")"))
        }
        if accept("TABLE") { return .table(try table()) }
        if accept("VIEW") { return .view(try view()) }
        if accept("TRIGGER") { return .trigger(try trigger()) }
        throw unexpected("TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE")
    }

    mutating func ifNotExists() { _ = accept("IF", "NOT", "EXISTS") }

    // MARK: Ids

    /// The id in the first id comment between two offsets; absent when there is none.
    func id(from start: Int, to end: Int) -> StableID? {
        var low = 0
        var high = lexer.ids.count
        while low < high {
            let middle = (low + high) / 2
            if lexer.ids[middle].start < start { low = middle + 1 } else { high = middle }
        }
        return low < lexer.ids.count && lexer.ids[low].start < end ? lexer.ids[low].id : nil
    }

    // MARK: Old names

    /// Takes in the first comment between two offsets that says what a line's table or column was
    /// called before.
    mutating func noteOldName(of column: Identifier?, from start: Int, to end: Int) {
        let comment = lexer.renames.first {
            $0.isTrailing && $0.start >= start && $0.start < end
        }
        guard let old = comment?.old else { return }
        oldNames.append((column, old))
    }
}
