/// How a table gets from one definition to another once its names are right.
struct TableAlteration {
    enum Means {
        case nothing
        case alter(drop: [Column], add: [Column])
        case rebuild(TableRebuild)
    }

    let from: Table
    let to: Table
    private(set) var means: Means

    /// - Parameter renamed: The old table after all renames, columns that make room included.
    /// - Parameter original: The same table before them, whose columns have their old names.
    /// - Parameter restored: New columns that are filled with parked values.
    init(
        from renamed: Table, to: Table, ids original: Table, restored: [RestoredColumn] = []
    ) {
        let columns = Matching<Column>(original, to)
        let from = renamed
        let dropped = original.columns.indices
            .filter { columns.dropped.contains(original.columns[$0]) }.map { from.columns[$0] }
        self.from = from
        self.to = to
        means = .nothing
        // A column that was dropped and made again begins empty, even if it looks the same.
        guard from.withoutIDs != to.withoutIDs || !dropped.isEmpty || !restored.isEmpty else {
            return
        }
        let added = to.columns.filter { column in columns.created.contains(column) }
        // Parked values come in with the copy, so that every constraint sees them.
        if restored.isEmpty, Self.canAlter(from: from, to: to, drop: dropped, add: added) {
            means = .alter(drop: dropped, add: added)
            return
        }
        let isRestored = Set(restored.map(\.column))
        let sources = columns.pairs
            .filter { $0.to.generated == nil && !isRestored.contains($0.to.name) }
            .map { TableRebuild.Source(column: $0.to.name, source: $0.to.name) }
        // What becomes generated is computed from now on: its values go as well.
        let lost = from.columns.filter { column in
            column.generated == nil
                && (dropped.contains(column)
                    || to.column(named: column.name)?.generated != nil)
        }
        let order = to.columns.map(\.name)
        means = .rebuild(
            TableRebuild(
                from: from, to: to,
                sources: order.compactMap { name in sources.first { $0.column == name } },
                restored: restored, droppedColumns: lost.map(\.name),
                isAlone: false))
    }

    var dropsColumn: Bool {
        if case .alter(let drop, _) = means { !drop.isEmpty } else { false }
    }

    /// A table that calls itself by name in its expressions can only be renamed by a RENAME that
    /// rewrites them, and that one looks at every view and trigger.
    var rebuildNeedsQuiet: Bool {
        guard case .rebuild(let rebuild) = means else { return false }
        return rebuild.to.namesItself
    }

    func steps(alone: Bool) -> [Step] {
        switch means {
        case .nothing: []
        case .alter(let drop, let add):
            drop.map { .dropColumn($0, from: to.name) } + add.map { .addColumn($0, to: to.name) }
        case .rebuild(var rebuild):
            {
                rebuild.isAlone = alone
                return [.rebuildTable(rebuild)]
            }()
        }
    }

    /// What ADD COLUMN and DROP COLUMN can do (lang_altertable), and no more than three drops:
    /// each writes the table anew.
    private static func canAlter(from: Table, to: Table, drop: [Column], add: [Column]) -> Bool {
        guard drop.count <= 3, drop.allSatisfy({ canDrop($0, from: from) }),
            add.allSatisfy(canAdd)
        else { return false }
        // One that speaks of a column added after it would name what isn't there yet.
        for (place, column) in add.enumerated() {
            let later = add[(place + 1)...]
            guard !later.contains(where: { column.mentions($0.name) }) else { return false }
        }
        var result = from
        result.columns.removeAll(where: drop.contains)
        guard !result.columns.isEmpty else { return false }
        result.columns += add
        return result.withoutIDs == to.withoutIDs
    }

    private static func canDrop(_ column: Column, from table: Table) -> Bool {
        guard column.primaryKey == nil, column.uniques.isEmpty else { return false }
        let others = table.columns.filter { $0 != column }
        let isUsed =
            others.contains { $0.mentions(column.name) }
            || table.constraints.contains { $0.rule.mentions(column.name) }
        return !isUsed
    }

    private static func canAdd(_ column: Column) -> Bool {
        guard column.primaryKey == nil, column.uniques.isEmpty,
            column.generated?.rule.isStored != true
        else { return false }
        return column.defaultValue.map { $0.rule.isConstant } ?? true
    }
}

extension Column {
    /// Tells whether an expression of the column's uses one of this name, perhaps.
    fileprivate func mentions(_ name: Identifier) -> Bool {
        checks.contains { $0.rule.mentions(name) }
            || generated?.rule.expression.mentions(name) == true
    }
}

extension Table.Rule {
    /// Tells whether the constraint uses a column of this name; for expressions, perhaps.
    public func mentions(_ name: Identifier) -> Bool {
        switch self {
        case .primaryKey(let terms, _, _), .unique(let terms, _):
            terms.contains { $0.mentions(name) }
        case .check(let expression, _): expression.mentions(name)
        case .foreignKey(let key): key.columns.contains(where: name.matches)
        }
    }
}

extension Table {
    /// Whether an expression names a column by way of the table: `CHECK (t.a > 0)`.
    fileprivate var namesItself: Bool {
        var expressions = columns.flatMap { $0.checks.map(\.rule) }
        expressions += columns.compactMap { $0.generated?.rule.expression }
        for case .check(let expression, _) in constraints.map(\.rule) {
            expressions.append(expression)
        }
        return expressions.contains { expression in
            zip(expression.tokens, expression.tokens.dropFirst()).contains { token, next in
                next.isSymbol(".") && token.name.map(name.matches) == true
            }
        }
    }
}

extension Expression {
    /// Whether ADD COLUMN takes it as a default for rows that are already there: a literal or a
    /// signed number, but not the current time and no other expression.
    fileprivate var isConstant: Bool {
        var inner = tokens[...]
        while inner.first?.isSymbol("(") == true, inner.last?.isSymbol(")") == true {
            inner = inner.dropFirst().dropLast()
        }
        if let sign = inner.first, sign.isSymbol("-") || sign.isSymbol("+") {
            inner = inner.dropFirst()
        }
        guard inner.count == 1, let token = inner.first else { return false }
        return !["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"].contains(token.keyword)
    }
}
