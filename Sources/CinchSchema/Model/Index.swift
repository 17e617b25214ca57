/// One term of an index or key: a column or an expression, with its collation and order.
public struct IndexedColumn: Hashable, Sendable {
    /// What is indexed.
    public enum Term: Hashable, Sendable {
        /// A column of the table.
        case column(Identifier)
        /// An expression, COLLATE included.
        case expression(Expression)
    }

    /// What is indexed.
    public var term: Term
    /// The collation of a column term; absent means the column's own.
    public var collation: Identifier?
    /// DESC.
    public var isDescending: Bool

    /// Makes a term.
    public init(_ term: Term, collation: Identifier? = nil, isDescending: Bool = false) {
        self.term = term
        self.collation = collation
        self.isDescending = isDescending
    }

    /// Tells whether the term uses a column of this name; for expressions, perhaps.
    public func mentions(_ name: Identifier) -> Bool {
        switch term {
        case .column(let column): column.matches(name)
        case .expression(let expression): expression.mentions(name)
        }
    }
}

/// An index (lang_createindex).
public struct Index: Hashable, Sendable {
    /// The index's name.
    public var name: Identifier
    /// The table it stands on.
    public var table: Identifier
    /// UNIQUE.
    public var isUnique: Bool
    /// The terms in order.
    public var terms: [IndexedColumn]
    /// The WHERE clause of a partial index; absent when it covers every row.
    public var condition: Expression?

    /// Makes an index.
    public init(
        name: Identifier, table: Identifier, isUnique: Bool = false, terms: [IndexedColumn],
        condition: Expression? = nil
    ) {
        self.name = name
        self.table = table
        self.isUnique = isUnique
        self.terms = terms
        self.condition = condition
    }

    /// Tells whether a term or the condition uses a column of this name; for expressions, perhaps.
    public func mentions(_ column: Identifier) -> Bool {
        terms.contains { $0.mentions(column) } || condition?.mentions(column) == true
    }
}
