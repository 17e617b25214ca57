/// What SQLite does when a constraint is violated (lang_conflict).
public enum ConflictResolution: String, Hashable, Sendable, CaseIterable {
    case rollback = "ROLLBACK"
    case abort = "ABORT"
    case fail = "FAIL"
    case ignore = "IGNORE"
    case replace = "REPLACE"
}

/// A constraint's optional name beside what it says.
public struct Constraint<Rule: Hashable & Sendable>: Hashable, Sendable {
    /// The name after CONSTRAINT; absent when it has none.
    public var name: Identifier?
    /// What it demands.
    public var rule: Rule

    /// Makes a constraint, unnamed unless told otherwise.
    public init(name: Identifier? = nil, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }
}

/// One column of a table, attribute by attribute (lang_createtable, column definitions).
public struct Column: Hashable, Sendable {
    /// `PRIMARY KEY` written on a column.
    public struct PrimaryKey: Hashable, Sendable {
        /// Whether DESC was written; it keeps `INTEGER PRIMARY KEY` from naming the rowid.
        public var isDescending = false
        /// The ON CONFLICT clause; absent when there is none.
        public var onConflict: ConflictResolution?
        /// Whether AUTOINCREMENT was written.
        public var isAutoincrement = false
        /// Makes a plain primary key.
        public init() {}
    }

    /// `NOT NULL` or `UNIQUE` with its conflict clause.
    public struct Demand: Hashable, Sendable {
        /// The ON CONFLICT clause; absent when there is none.
        public var onConflict: ConflictResolution?
        /// Makes a demand.
        public init(onConflict: ConflictResolution? = nil) { self.onConflict = onConflict }
    }

    /// A generated column's expression.
    public struct Generated: Hashable, Sendable {
        /// What is computed, without the parentheses around it.
        public var expression: Expression
        /// STORED rather than VIRTUAL.
        public var isStored: Bool
        /// Makes a generated column's rule.
        public init(expression: Expression, isStored: Bool) {
            self.expression = expression
            self.isStored = isStored
        }
    }

    /// The column's identity; absent until a commit gives it one.
    public var id: StableID?
    /// The column's name.
    public var name: Identifier
    /// The declared type as it was written, since SQLite reports it so, each run of white space and
    /// comments as one space; empty for a column without a type.
    public var declaredType: String
    /// `PRIMARY KEY` on the column itself.
    public var primaryKey: Constraint<PrimaryKey>?
    /// `NOT NULL`.
    public var notNull: Constraint<Demand>?
    /// `UNIQUE`, as often as it was written.
    public var uniques: [Constraint<Demand>]
    /// `DEFAULT`: a literal, a signed number, a bare word, or an expression in parentheses.
    public var defaultValue: Constraint<Expression>?
    /// `CHECK`s written on the column, without the parentheses around them.
    public var checks: [Constraint<Expression>]
    /// `COLLATE`.
    public var collation: Constraint<Identifier>?
    /// `REFERENCES` clauses written on the column.
    public var references: [Constraint<ForeignKey>]
    /// `GENERATED ALWAYS AS`.
    public var generated: Constraint<Generated>?

    /// Makes a column without any constraint.
    public init(id: StableID? = nil, name: Identifier, declaredType: String = "") {
        self.id = id
        self.name = name
        self.declaredType = declaredType
        uniques = []
        checks = []
        references = []
    }

    /// The column without its identity.
    public var withoutID: Column {
        var copy = self
        copy.id = nil
        return copy
    }
}
