extension Parser {
    /// CREATE VIEW, after those two words (lang_createview).
    mutating func view() throws(SchemaError) -> View {
        ifNotExists()
        let name = try qualifiedName()
        let columns = atSymbol("(") ? try nameList() : []
        try expect("AS")
        let start = position
        _ = try tokens { $0.atSymbol(";") }
        let select = Array(lexer.tokens[start..<position])
        guard !select.isEmpty else { throw unexpected("SELECT") }
        try expectEnd()
        return View(
            name: name, columns: columns,
            select: Expression(tokens: ResultNames(lexer: lexer).canonical(select)))
    }

    /// CREATE VIRTUAL TABLE, after those three words (lang_createvtab).
    mutating func virtualTable() throws(SchemaError) -> VirtualTable {
        ifNotExists()
        let name = try qualifiedName()
        let nameEnd = endOfPrevious
        var table = VirtualTable(id: id(from: nameEnd, to: offset), name: name, module: "")
        noteOldName(of: nil, from: nameEnd, to: offset)
        try expect("USING")
        table.module = try self.name()
        if acceptSymbol("(") {
            var start = endOfPrevious
            repeat {
                _ = try moduleArgument()
                let text = lexer.text(start, offset)
                table.arguments.append(Self.trimmed(text))
                start = offset + 1
            } while acceptSymbol(",")
            try expectSymbol(")")
            if table.arguments == [""] { table.arguments = [] }
        }
        try expectEnd()
        return table
    }

    /// Moves past one argument: anything up to a comma outside parentheses.
    private mutating func moduleArgument() throws(SchemaError) -> Int {
        var depth = 0
        let start = position
        while let token = current {
            if depth == 0, token.isSymbol(",") || token.isSymbol(")") { return position - start }
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            position += 1
        }
        throw unexpected("')'")
    }

    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while bytes.first?.isSQLSpace == true { bytes.removeFirst() }
        while bytes.last?.isSQLSpace == true { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
