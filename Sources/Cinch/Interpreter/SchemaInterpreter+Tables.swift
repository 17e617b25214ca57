package import CinchSchema

extension SchemaInterpreter {
    /// Makes one table what its new definition says, whatever ALTER TABLE can do.
    ///
    /// The plan that tenants will follow is what runs here too.
    package func replace(_ table: Table, in schema: Schema) throws {
        var changed = schema
        changed.tables.insert(table)
        try follow(Plan(from: schema, to: changed))
    }

    /// Adds columns, each written as a definition in SQL, at the end of a table.
    ///
    /// Before the last columns when those are the ones `table create` puts there.
    package func add(_ definitions: [String], to table: Table, in schema: Schema) throws {
        var changed = table
        for definition in definitions {
            let text = "CREATE TABLE t (\(definition)\n)"
            guard case .table(let parsed) = try Statement(parsing: text),
                let column = parsed.columns.first
            else { continue }
            guard changed.column(named: column.name) == nil else {
                throw CinchError(
                    code: .exists,
                    message: "Table '\(table.name)' has a column '\(column.name)' already",
                    hint: "Choose another name; 'cinch column list \(table.name)' shows them.")
            }
            changed.columns.append(column)
        }
        try replace(changed, in: schema)
    }

    private func follow(_ plan: Plan) throws {
        for step in plan.steps {
            for statement in step.statements { try run(statement) }
        }
    }
}

/// A table defined as another, with the indexes and triggers of that one under names of its own.
package struct TableCopy {
    /// What creates it.
    package let statements: [String]

    /// Copies `table`; a name that has the old table's in it gets the new one there.
    package init(of table: Table, in schema: Schema, named name: Identifier) {
        var renaming = Renaming()
        renaming.tables[table.name.key] = name
        var copy = renaming.apply(to: table)
        copy.constraints = copy.constraints.map { Constraint(name: $0.name, $0.rule) }
        var statements = [copy.ddl(ids: false)]
        let rename = { (old: Identifier) in
            let replaced = old.text.replacing(table.name.text, with: name.text)
            return Identifier(replaced == old.text ? "\(old.text)_\(name.text)" : replaced)
        }
        for index in schema.indexes where index.table.matches(table.name) {
            var index = renaming.apply(to: index)
            index.name = rename(index.name)
            statements.append(index.ddl)
        }
        for trigger in schema.triggers where trigger.table.matches(table.name) {
            var trigger = trigger
            trigger.name = rename(trigger.name)
            trigger.table = name
            trigger.body = trigger.body.map { $0.naming(name, insteadOf: table.name) }
            trigger.condition = trigger.condition?.naming(name, insteadOf: table.name)
            statements.append(trigger.ddl)
        }
        self.statements = statements
    }
}

extension Expression {
    /// The tokens with one name put for another wherever it is spelled as a name.
    fileprivate func naming(_ new: Identifier, insteadOf old: Identifier) -> Expression {
        var copy = self
        for place in tokens.indices
        where tokens[place].kind == .word || tokens[place].kind == .quoted {
            let token = tokens[place]
            let name = token.kind == .word ? token.text : String(token.text.dropFirst().dropLast())
            let afterPeriod = place > 0 && tokens[place - 1].text == "."
            guard !afterPeriod, Identifier(name).matches(old) else { continue }
            let spelling = new.quoted
            copy.tokens[place] = Token(spelling.hasPrefix("\"") ? .quoted : .word, spelling)
        }
        return copy
    }
}
