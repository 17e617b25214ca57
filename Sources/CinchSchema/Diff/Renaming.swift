/// Names that change, and what a schema looks like once SQLite has rewritten the rest for them.
///
/// Mirrors what ALTER TABLE … RENAME does to tables, indexes and foreign keys (lang_altertable).
/// Views and triggers are left alone: their names can only be resolved by SQLite itself.
public struct Renaming: Hashable, Sendable {
    /// New table names by the key of the old.
    public var tables: [String: Identifier] = [:]
    /// New column names by the key of the old table name, then of the old column name.
    public var columns: [String: [String: Identifier]] = [:]

    /// Makes a renaming that changes nothing.
    public init() {}

    /// The renames that lead from one schema to another, by identity.
    public init(from: Schema, to: Schema) {
        for (old, new) in Matching<Table>(from, to).pairs where old != new { record(old, new) }
        for (old, new) in Matching<VirtualTable>(from, to).pairs where old.name != new.name {
            tables[old.name.key] = new.name
        }
    }

    private mutating func record(_ old: Table, _ new: Table) {
        if old.name != new.name { tables[old.name.key] = new.name }
        for (oldColumn, newColumn) in Matching<Column>(old, new).pairs
        where oldColumn.name != newColumn.name {
            columns[old.name.key, default: [:]][oldColumn.name.key] = newColumn.name
        }
    }

    /// Whether nothing is renamed.
    public var isEmpty: Bool { tables.isEmpty && columns.isEmpty }

    /// The name a table has afterwards.
    public func table(_ name: Identifier) -> Identifier { tables[name.key] ?? name }

    /// The name a column of a table (by its old name) has afterwards.
    public func column(_ name: Identifier, of table: Identifier) -> Identifier {
        columns[table.key]?[name.key] ?? name
    }

    /// The table as it is after the renames.
    public func apply(to table: Table) -> Table {
        let rename = { (name: Identifier) in self.column(name, of: table.name) }
        let rewrite = { (expression: Expression) in self.rewrite(expression, of: table.name) }
        var copy = table
        copy.name = self.table(table.name)
        copy.columns = table.columns.map { column in
            var column = column
            column.name = rename(column.name)
            column.checks = column.checks.map { Constraint(name: $0.name, rewrite($0.rule)) }
            column.references = column.references.map {
                Constraint(name: $0.name, apply(to: $0.rule, of: table.name))
            }
            if let generated = column.generated {
                column.generated?.rule.expression = rewrite(generated.rule.expression)
            }
            return column
        }
        copy.constraints = table.constraints.map { constraint in
            let rule: Table.Rule =
                switch constraint.rule {
                case .primaryKey(let terms, let isAutoincrement, let onConflict):
                    .primaryKey(
                        terms.map { apply(to: $0, of: table.name) },
                        isAutoincrement: isAutoincrement, onConflict: onConflict)
                case .unique(let terms, let onConflict):
                    .unique(terms.map { apply(to: $0, of: table.name) }, onConflict: onConflict)
                case .check(let expression, let onConflict):
                    .check(rewrite(expression), onConflict: onConflict)
                case .foreignKey(let key): .foreignKey(apply(to: key, of: table.name))
                }
            return Constraint(name: constraint.name, rule)
        }
        return copy
    }

    /// The index as it is after the renames.
    public func apply(to index: Index) -> Index {
        var copy = index
        copy.table = table(index.table)
        copy.terms = index.terms.map { apply(to: $0, of: index.table) }
        copy.condition = index.condition.map { rewrite($0, of: index.table) }
        return copy
    }

    private func apply(to key: ForeignKey, of table: Identifier) -> ForeignKey {
        var copy = key
        copy.columns = key.columns.map { column($0, of: table) }
        copy.parent = self.table(key.parent)
        copy.parentColumns = key.parentColumns.map { column($0, of: key.parent) }
        return copy
    }

    private func apply(to term: IndexedColumn, of table: Identifier) -> IndexedColumn {
        var copy = term
        switch term.term {
        case .column(let name): copy.term = .column(column(name, of: table))
        case .expression(let expression): copy.term = .expression(rewrite(expression, of: table))
        }
        return copy
    }

    /// An expression of a table: every name in it is a column, a function, a collation or the
    /// table itself before a period.
    private func rewrite(_ expression: Expression, of table: Identifier) -> Expression {
        guard columns[table.key] != nil || tables[table.key] != nil else { return expression }
        var tokens = expression.tokens
        for place in tokens.indices {
            let token = tokens[place]
            guard token.kind == .word || token.kind == .quoted, let name = token.name else {
                continue
            }
            let next = place + 1 < tokens.count ? tokens[place + 1] : nil
            let previous = place > 0 ? tokens[place - 1] : nil
            if next?.isSymbol("(") == true && token.kind == .word { continue }
            if previous?.keyword == "COLLATE" { continue }
            if token.kind == .word, Keyword.reserved.contains(token.keyword) { continue }
            let new: Identifier
            if next?.isSymbol(".") == true {
                guard name.matches(table) else { continue }
                new = self.table(table)
            } else {
                new = column(name, of: table)
            }
            guard new != name else { continue }
            tokens[place] = Token(naming: new)
        }
        return Expression(tokens: tokens)
    }
}
