extension Parser {
    /// CREATE [UNIQUE] INDEX, after those words (lang_createindex).
    mutating func index(isUnique: Bool, tables: NameSorted<Table>) throws(SchemaError) -> Index {
        ifNotExists()
        let name = try qualifiedName()
        try expect("ON")
        var index = Index(name: name, table: try self.name(), isUnique: isUnique, terms: [])
        try expectSymbol("(")
        index.terms = try indexedColumns(columnsOnly: false)
        try expectSymbol(")")
        if accept("WHERE") {
            index.condition = Expression(tokens: try tokens { $0.atSymbol(";") })
        }
        try expectEnd()
        let canonicalizer =
            tables[index.table].map { Canonicalizer.columns(of: $0) } ?? .withoutScope
        index.condition = index.condition.map {
            Expression(tokens: canonicalizer.canonical($0.tokens))
        }
        for place in index.terms.indices {
            switch index.terms[place].term {
            case .expression(let expression):
                index.terms[place].term = .expression(
                    Expression(tokens: canonicalizer.canonical(expression.tokens)))
            case .column(let name):
                // A double-quoted word that names no column is a string, and indexed as one.
                guard tables[index.table] != nil, !canonicalizer.isName(name) else { break }
                let text = Token.quote(name.text, by: "\"")
                index.terms[place].term = .expression(Expression(tokens: [Token(.quoted, text)]))
            }
        }
        return index
    }

    /// The grammar's `sortlist`, up to a closing parenthesis or AUTOINCREMENT.
    ///
    /// A lone name is a column even in single quotes, as SQLite reads it there.
    mutating func indexedColumns(columnsOnly: Bool) throws(SchemaError) -> [IndexedColumn] {
        var terms: [IndexedColumn] = []
        repeat {
            var raw = try tokens { $0.atSymbol(",") || $0.at("AUTOINCREMENT") }
            guard !raw.isEmpty else { throw unexpected("a column") }
            if raw.count > 2, ["FIRST", "LAST"].contains(raw[raw.count - 1].keyword),
                raw[raw.count - 2].keyword == "NULLS"
            {
                throw SchemaError(.unsupported(construct: "NULLS FIRST or LAST in an index"))
            }
            var isDescending = false
            if raw.count > 1, ["ASC", "DESC"].contains(raw[raw.count - 1].keyword) {
                isDescending = raw.removeLast().keyword == "DESC"
            }
            var term = Self.column(raw) ?? IndexedColumn(.expression(Expression(tokens: raw)))
            if columnsOnly, case .expression = term.term {
                throw .syntax(
                    "expressions prohibited in PRIMARY KEY and UNIQUE constraints", offset: offset)
            }
            term.isDescending = isDescending
            terms.append(term)
        } while acceptSymbol(",")
        return terms
    }

    /// `name` or `name COLLATE name`; absent for anything else.
    private static func column(_ tokens: [Token]) -> IndexedColumn? {
        guard let first = tokens.first, let name = name(of: first),
            !Keyword.literals.contains(first.keyword)
        else { return nil }
        if tokens.count == 1 { return IndexedColumn(.column(name)) }
        guard tokens.count == 3, tokens[1].keyword == "COLLATE",
            let collation = self.name(of: tokens[2])
        else { return nil }
        return IndexedColumn(.column(name), collation: collation)
    }
}
