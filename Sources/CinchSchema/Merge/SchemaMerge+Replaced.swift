extension SchemaMerge {
    /// What one side built on a table or column that the other replaced by one of the same name.
    ///
    /// The names fit, but not the things: nobody said that the new one may stand in for the old.
    mutating func findUsesOfReplaced() {
        for side in [ours, theirs] {
            for gone in Matching<Table>(base, side).dropped
            where result.tables[gone.name] != nil && !isBack(gone, in: side) {
                findUses(of: gone.name, column: nil, unknownTo: side, text: gone.ddl(ids: false))
            }
            for (before, after) in Matching<Table>(base, side).pairs {
                guard let merged = result.tables[before.name] else { continue }
                for gone in Matching<Column>(before, after).dropped
                where merged.column(named: gone.name) != nil {
                    findUses(
                        of: before.name, column: gone.name, unknownTo: side, text: gone.ddl)
                }
                findIndexes(on: before, after, merged: merged, side: side)
            }
        }
    }

    /// Dropped and made again without ids: there is no telling it from the old.
    private func isBack(_ gone: Table, in side: Schema) -> Bool {
        gone.id == nil || side.tables[gone.name]?.id == gone.id
    }

    private mutating func findUses(
        of table: Identifier, column: Identifier?, unknownTo side: Schema, text: String
    ) {
        var users: [String] = []
        let isUser = { (mentions: (Identifier) -> Bool) in
            mentions(table) && column.map(mentions) ?? true
        }
        for view in result.views
        where side.views[view.name] != view && isUser(view.select.mentions) {
            users.append(view.ddl)
        }
        for trigger in result.triggers
        where side.triggers[trigger.name] != trigger && isUser(trigger.mentions) {
            users.append(trigger.ddl)
        }
        for index in result.indexes
        where index.table.matches(table) && side.indexes[index.name] != index
            && column.map(index.mentions) ?? true
        {
            users.append(index.ddl)
        }
        for child in result.tables {
            let known = side.tables[child.name]
            for key in child.foreignKeys
            where key.parent.matches(table) && known?.foreignKeys.contains(key) != true
                && column.map({ name in key.parentColumns.contains(where: name.matches) }) ?? true
            {
                users.append(key.ddl)
            }
        }
        if let column, let merged = result.tables[table] {
            users += merged.uses(of: column, unknownTo: side.tables[table])
        }
        for user in users {
            conflicts.append(
                Conflict(
                    .dependency, entity: column.map { "\(table).\($0)" } ?? table.text,
                    attribute: user, sides: ThreeWay(base: text, ours: nil, theirs: nil)))
        }
    }

    /// An expression of an index the other side made may use a column that is gone.
    private mutating func findIndexes(
        on before: Table, _ after: Table, merged: Table, side: Schema
    ) {
        for gone in Matching<Column>(before, after).dropped
        where merged.column(named: gone.name) == nil {
            for index in result.indexes
            where index.table.matches(before.name) && side.indexes[index.name] != index
                && index.mentions(gone.name)
                && !index.terms.contains(where: { $0.term == .column(gone.name) })
            {
                conflicts.append(
                    Conflict(
                        .dependency, entity: index.name.text, attribute: index.ddl,
                        sides: ThreeWay(base: gone.ddl, ours: nil, theirs: nil)))
            }
        }
    }
}

extension Table {
    /// Constraints and generated columns that use a column and that the other table hasn't got.
    fileprivate func uses(of column: Identifier, unknownTo other: Table?) -> [String] {
        var users = constraints.filter {
            other?.constraints.contains($0) != true && $0.rule.mentions(column)
        }.map(\.ddl)
        for user in columns {
            let known = other?.column(named: user.name)
            for check in user.checks
            where known?.checks.contains(check) != true && check.rule.mentions(column) {
                users.append("\(user.name) CHECK (\(check.rule.sql))")
            }
            if let rule = user.generated, known?.generated != rule,
                rule.rule.expression.mentions(column)
            {
                users.append("\(user.name) AS (\(rule.rule.expression.sql))")
            }
        }
        return users
    }
}
