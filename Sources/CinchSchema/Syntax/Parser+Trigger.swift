extension Parser {
    /// CREATE TRIGGER, after those two words (lang_createtrigger).
    mutating func trigger() throws(SchemaError) -> Trigger {
        ifNotExists()
        let name = try qualifiedName()
        var timing = Trigger.Timing.before
        if accept("AFTER") {
            timing = .after
        } else if accept("INSTEAD", "OF") {
            timing = .insteadOf
        } else {
            _ = accept("BEFORE")
        }
        var event: Trigger.Event
        if accept("DELETE") {
            event = .delete
        } else if accept("INSERT") {
            event = .insert
        } else {
            try expect("UPDATE")
            event = .update(of: [])
            if accept("OF") {
                var columns: [Identifier] = []
                repeat { columns.append(try self.name()) } while acceptSymbol(",")
                event = .update(of: columns)
            }
        }
        try expect("ON")
        let table = try qualifiedName()
        _ = accept("FOR", "EACH", "ROW")
        var trigger = Trigger(name: name, timing: timing, event: event, table: table, body: [])
        if accept("WHEN") {
            // BEGIN can't start inside an expression, but it may be a column's name.
            let condition = try tokens { $0.at("BEGIN") && $0.beginsStatement(at: 1) }
            trigger.condition = Expression(
                tokens: Canonicalizer.withoutScope.canonical(condition))
        }
        try expect("BEGIN")
        while !(at("END") && (peek(1) == nil || peek(1)?.isSymbol(";") == true)) {
            guard current != nil else { throw unexpected("END") }
            let statement = try tokens { $0.atSymbol(";") }
            try expectSymbol(";")
            trigger.body.append(
                Expression(tokens: Canonicalizer.withoutScope.canonical(statement)))
        }
        try expect("END")
        try expectEnd()
        guard !trigger.body.isEmpty else { throw unexpected("a statement") }
        return trigger
    }

    private func beginsStatement(at distance: Int) -> Bool {
        ["INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT", "WITH", "VALUES"]
            .contains(peek(distance)?.keyword ?? "")
    }
}
