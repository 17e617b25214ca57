extension Parser {
    /// CREATE TABLE, after those two words (lang_createtable).
    mutating func table() throws(SchemaError) -> Table {
        ifNotExists()
        let name = try qualifiedName()
        if at("AS") {
            throw SchemaError(
                .unsupported(construct: "CREATE TABLE … AS SELECT"), entity: name.text)
        }
        let nameEnd = endOfPrevious
        try expectSymbol("(")
        var table = Table(id: id(from: endOfPrevious, to: offset), name: name, columns: [])
        noteOldName(of: nil, from: nameEnd, to: offset)
        var atConstraints = false
        while !atConstraints {
            try column(into: &table)
            guard acceptSymbol(",") else { break }
            atConstraints = atTableConstraint
        }
        while atTableConstraint {
            try tableConstraint(into: &table)
            _ = acceptSymbol(",")
        }
        try expectSymbol(")")
        try tableOptions(into: &table)
        try expectEnd()
        return table.resolved
    }

    private var atTableConstraint: Bool {
        at("CONSTRAINT") || at("PRIMARY") || at("UNIQUE") || at("CHECK") || at("FOREIGN")
    }

    private mutating func tableOptions(into table: inout Table) throws(SchemaError) {
        guard current != nil, !atSymbol(";") else { return }
        _ = acceptSymbol(",")  // SQLite's list of options may begin with an empty one
        repeat {
            if accept("WITHOUT") {
                guard try name().key == "rowid" else { throw unexpected("ROWID") }
                table.isWithoutRowID = true
            } else if try name().key == "strict" {
                table.isStrict = true
            } else {
                throw unexpected("STRICT or WITHOUT ROWID")
            }
        } while acceptSymbol(",")
    }

    // MARK: Columns

    private mutating func column(into table: inout Table) throws(SchemaError) {
        let start = offset
        var column = Column(name: try name())
        guard !table.columns.contains(where: { $0.name.matches(column.name) }) else {
            throw SchemaError(.duplicate(name: column.name.text), entity: table.name.text)
        }
        column.declaredType = try declaredType()
        // SQLite lets a foreign key's deferral stand on a later column; it binds to the last key.
        var constraintName: Identifier?
        while try columnConstraint(into: &column, table: &table, name: &constraintName) {}
        let end = endOfPrevious
        let separator = atSymbol(",") ? 1 : 0
        let next =
            position + separator < lexer.tokens.count
            ? lexer.tokens[position + separator].start : lexer.source.count
        column.id = id(from: end, to: next)
        noteOldName(of: column.name, from: start, to: next)
        table.columns.append(column)
    }

    /// The grammar's `typetoken`: words, then up to two signed numbers in parentheses.
    ///
    /// SQLite reports a type as it was written, so it is kept; only what separates two tokens,
    /// be it spaces, line breaks or comments, becomes one space.
    private mutating func declaredType() throws(SchemaError) -> String {
        let first = position
        while let token = current {
            if token.kind == .word {
                let keyword = lexer.tokens[position].keyword
                if Keyword.isReserved(keyword) || Keyword.namesOutsideTypes.contains(keyword)
                    || at("GENERATED", "ALWAYS")
                {
                    break
                }
            } else if token.kind != .quoted && token.kind != .string {
                break
            }
            position += 1
        }
        guard position > first else { return "" }
        if acceptSymbol("(") {
            try signedNumber()
            if acceptSymbol(",") { try signedNumber() }
            try expectSymbol(")")
        }
        var end = position
        // SQLite takes this word off a long type, as if GENERATED stood before it.
        if end - first > 1, lexer.tokens[end - 1].token.keyword == "ALWAYS", at("AS"),
            lexer.tokens[end - 1].end - lexer.tokens[first].start >= 16
        {
            end -= 1
        }
        var type = ""
        for place in first..<end {
            let token = lexer.tokens[place]
            if place > first, lexer.tokens[place - 1].end < token.start { type += " " }
            type += token.token.text
        }
        return type
    }

    private mutating func signedNumber() throws(SchemaError) {
        if atSymbol("+") || atSymbol("-") { position += 1 }
        guard current?.kind == .number else { throw unexpected("a number") }
        position += 1
    }

    /// Reads one constraint of a column; false when the next token begins none.
    private mutating func columnConstraint(
        into column: inout Column, table: inout Table, name: inout Identifier?
    ) throws(SchemaError) -> Bool {
        guard current?.kind == .word else { return false }
        if accept("CONSTRAINT") {
            // A name with nothing after it is read and means nothing; the next name replaces it.
            name = try self.name()
            return true
        }
        if accept("DEFAULT") {
            column.defaultValue = Constraint(name: name, try defaultValue())
        } else if at("NULL") {
            position += 1
            _ = try conflictClause()
        } else if accept("NOT", "NULL") {
            column.notNull = Constraint(
                name: name, Column.Demand(onConflict: try conflictClause()))
        } else if accept("PRIMARY") {
            try expect("KEY")
            column.primaryKey = Constraint(name: name, try columnPrimaryKey())
        } else if accept("UNIQUE") {
            column.uniques.append(
                Constraint(name: name, Column.Demand(onConflict: try conflictClause())))
        } else if accept("CHECK") {
            column.checks.append(Constraint(name: name, Expression(tokens: try parenthesized())))
        } else if accept("REFERENCES") {
            column.references.append(Constraint(name: name, try references(from: [])))
        } else if let deferral = try deferral() {
            if let last = column.references.indices.last {
                column.references[last].rule.deferral = deferral
            } else {
                table.deferLastReference(deferral)
            }
        } else if accept("COLLATE") {
            column.collation = Constraint(name: name, try self.name())
        } else if accept("GENERATED", "ALWAYS", "AS") || accept("AS") {
            column.generated = Constraint(name: name, try generated())
        } else {
            return false
        }
        name = nil
        return true
    }

    private mutating func columnPrimaryKey() throws(SchemaError) -> Column.PrimaryKey {
        var key = Column.PrimaryKey()
        if accept("DESC") { key.isDescending = true } else { _ = accept("ASC") }
        key.onConflict = try conflictClause()
        key.isAutoincrement = accept("AUTOINCREMENT")
        return key
    }

    private mutating func generated() throws(SchemaError) -> Column.Generated {
        let expression = Expression(tokens: try parenthesized())
        var isStored = false
        if let word = current, word.kind == .word, ["STORED", "VIRTUAL"].contains(word.keyword) {
            isStored = word.keyword == "STORED"
            position += 1
        }
        return Column.Generated(expression: expression, isStored: isStored)
    }

    /// A literal, a signed number, a bare word, or an expression kept in its parentheses.
    private mutating func defaultValue() throws(SchemaError) -> Expression {
        if atSymbol("(") {
            let inside = try parenthesized()
            return Expression(
                tokens: [Token(.symbol, "(")] + inside + [Token(.symbol, ")")])
        }
        var taken: [Token] = []
        if let sign = current, sign.isSymbol("+") || sign.isSymbol("-") {
            taken.append(sign)
            position += 1
        }
        guard let token = current, token.kind != .symbol, token.kind != .parameter else {
            throw unexpected("a default value")
        }
        if token.kind == .word, Keyword.reserved.contains(token.keyword), token.keyword != "NULL" {
            throw unexpected("a default value")
        }
        taken.append(token)
        position += 1
        return Expression(tokens: taken)
    }

    // MARK: Table constraints

    private mutating func tableConstraint(into table: inout Table) throws(SchemaError) {
        var name: Identifier?
        while accept("CONSTRAINT") { name = try self.name() }
        if accept("PRIMARY") {
            try expect("KEY")
            try expectSymbol("(")
            let terms = try indexedColumns(columnsOnly: true)
            let isAutoincrement = accept("AUTOINCREMENT")
            try expectSymbol(")")
            let rule = Table.Rule.primaryKey(
                terms, isAutoincrement: isAutoincrement, onConflict: try conflictClause())
            table.constraints.append(Constraint(name: name, rule))
        } else if accept("UNIQUE") {
            try expectSymbol("(")
            let terms = try indexedColumns(columnsOnly: true)
            try expectSymbol(")")
            table.constraints.append(
                Constraint(name: name, .unique(terms, onConflict: try conflictClause())))
        } else if accept("CHECK") {
            let expression = Expression(tokens: try parenthesized())
            table.constraints.append(
                Constraint(name: name, .check(expression, onConflict: try conflictClause())))
        } else if accept("FOREIGN") {
            try expect("KEY")
            var key = try references(from: try nameList(), after: true)
            key.deferral = try deferral()
            table.constraints.append(Constraint(name: name, .foreignKey(key)))
        }
    }

    private mutating func references(from columns: [Identifier], after keyword: Bool = false)
        throws(SchemaError) -> ForeignKey
    {
        if keyword { try expect("REFERENCES") }
        var key = ForeignKey(columns: columns, parent: try name())
        if atSymbol("(") { key.parentColumns = try nameList() }
        while true {
            if accept("MATCH") {
                key.match = try name()
            } else if accept("ON", "DELETE") {
                key.onDelete = try action()
            } else if accept("ON", "UPDATE") {
                key.onUpdate = try action()
            } else if accept("ON", "INSERT") {
                _ = try action()  // read and ignored by SQLite
            } else {
                return key
            }
        }
    }

    private mutating func action() throws(SchemaError) -> ForeignKey.Action {
        if accept("SET", "NULL") { return .setNull }
        if accept("SET", "DEFAULT") { return .setDefault }
        if accept("CASCADE") { return .cascade }
        if accept("RESTRICT") { return .restrict }
        if accept("NO", "ACTION") { return .noAction }
        throw unexpected("SET NULL, SET DEFAULT, CASCADE, RESTRICT or NO ACTION")
    }

    private mutating func deferral() throws(SchemaError) -> ForeignKey.Deferral? {
        let negated = at("NOT", "DEFERRABLE")
        guard negated || at("DEFERRABLE") else { return nil }
        position += negated ? 2 : 1
        guard accept("INITIALLY") else { return negated ? .not : .deferrable }
        if accept("DEFERRED") { return negated ? .notInitiallyDeferred : .initiallyDeferred }
        if accept("IMMEDIATE") { return negated ? .notInitiallyImmediate : .initiallyImmediate }
        throw unexpected("DEFERRED or IMMEDIATE")
    }
}

extension Table {
    fileprivate mutating func deferLastReference(_ deferral: ForeignKey.Deferral) {
        guard let column = columns.lastIndex(where: { !$0.references.isEmpty }) else { return }
        columns[column].references[columns[column].references.count - 1].rule.deferral = deferral
    }

    /// The table with its expressions in canonical spelling, now that its columns are known.
    fileprivate var resolved: Table {
        // Most tables have no expression that could name a column.
        let hasScope =
            columns.contains { !$0.checks.isEmpty || $0.generated != nil }
            || constraints.contains { if case .check = $0.rule { true } else { false } }
        let canonicalizer = hasScope ? Canonicalizer.columns(of: self) : .withoutScope
        let resolve = { (expression: Expression) in
            Expression(tokens: canonicalizer.canonical(expression.tokens))
        }
        var copy = self
        for index in copy.columns.indices {
            for place in columns[index].checks.indices {
                copy.columns[index].checks[place].rule = resolve(columns[index].checks[place].rule)
            }
            if let generated = columns[index].generated {
                copy.columns[index].generated?.rule.expression = resolve(generated.rule.expression)
            }
            if let value = columns[index].defaultValue {
                // No column is in scope here: a double-quoted word is a string.
                copy.columns[index].defaultValue?.rule = Expression(
                    tokens: Canonicalizer.withoutScope.canonical(value.rule.tokens))
            }
        }
        copy.constraints = constraints.map { constraint in
            guard case .check(let expression, let onConflict) = constraint.rule else {
                return constraint
            }
            return Constraint(
                name: constraint.name, .check(resolve(expression), onConflict: onConflict))
        }
        return copy
    }
}
