/// What a column holds in rows that have nothing to put there: `users.email=lower(name)`.
public struct Backfill: Hashable, Sendable {
    /// The table.
    public let table: Identifier
    /// The column.
    public let column: Identifier
    /// An expression over the other columns of its row.
    public let expression: Expression

    /// Reads `table.column=expression`; names may be quoted as in SQL.
    ///
    /// - Throws: ``SchemaError`` saying where the text is something else.
    public init(parsing text: String) throws(SchemaError) {
        var parser = Parser(try Lexer(text))
        let subject = try parser.rowSubject()
        guard let column = subject.column else { throw parser.unexpected("'.'") }
        (table, self.column) = (subject.table, column)
        try parser.expectSymbol("=")
        expression = Expression(tokens: try parser.tokens { _ in false })
        guard !expression.tokens.isEmpty, parser.current == nil else {
            throw parser.unexpected("an expression")
        }
    }

    /// `users.email`.
    public var subject: RowSubject { RowSubject(table: table, column: column) }

    /// The backfill as `init(parsing:)` reads it.
    public var text: String { "\(subject)=\(expression.sql)" }

    /// The statement that fills the column where it is NULL.
    public var statement: String {
        "UPDATE \(table.quoted) SET \(column.quoted) = (\(expression.sql))"
            + " WHERE \(column.quoted) IS NULL;"
    }
}

extension Schema {
    /// The schema in which backfills can be run before it is reached: their columns take NULL, and
    /// new ones have no default, so that what is to be filled can be told from what is there.
    ///
    /// - Parameter before: The schema the change starts from.
    /// - Throws: ``SchemaError`` for a column that is not there or can't be filled.
    public func open(
        to backfills: [Backfill], over before: Schema
    ) throws(SchemaError) -> Schema {
        var copy = self
        for backfill in backfills {
            guard var table = copy.tables[backfill.table] else {
                throw .syntax("there is no table '\(backfill.table)'", offset: 0)
            }
            guard
                let place = table.columns.firstIndex(where: { $0.name.matches(backfill.column) })
            else { throw .syntax("there is no column '\(backfill.subject)'", offset: 0) }
            let column = table.columns[place]
            guard column.generated == nil else {
                throw .syntax("'\(backfill.subject)' is computed", offset: 0)
            }
            guard !table.isKey(column) else {
                throw .syntax("'\(backfill.subject)' is part of the primary key", offset: 0)
            }
            let old = before.tables.first { $0.id != nil && $0.id == table.id }
            let isNew = old?.columns.contains { $0.id != nil && $0.id == column.id } != true
            table.columns[place].notNull = nil
            if isNew { table.columns[place].defaultValue = nil }
            copy.tables.insert(table)
        }
        return copy
    }

    /// The entities that bear one of the names, by key, and the indexes on those tables.
    public func part(named keys: Set<String>) -> Schema {
        var part = Schema()
        let isNamed = { (name: Identifier) in keys.contains(name.key) }
        part.tables = NameSorted(tables.filter { isNamed($0.name) })
        part.virtualTables = NameSorted(virtualTables.filter { isNamed($0.name) })
        part.indexes = NameSorted(indexes.filter { isNamed($0.table) || isNamed($0.name) })
        part.views = NameSorted(views.filter { isNamed($0.name) })
        part.triggers = NameSorted(triggers.filter { isNamed($0.name) })
        return part
    }
}

extension Table {
    fileprivate func isKey(_ column: Column) -> Bool {
        if column.primaryKey != nil { return true }
        return constraints.contains { constraint in
            guard case .primaryKey(let terms, _, _) = constraint.rule else { return false }
            return terms.contains { $0.mentions(column.name) }
        }
    }
}
