/// A table before and after a plan, as far as its rows are concerned.
struct TableTransition {
    /// A column whose values are taken over.
    struct Kept {
        var old: Column
        var new: Column
        /// What the old table makes of values in it, and the new one.
        var affinity: (old: Affinity, new: Affinity)

        /// The values as they are stored, by the old name.
        var stored: String { old.name.quoted }
    }

    let old: Table
    let new: Table
    /// Whether every row is written anew, and so every constraint looked at again.
    let isRebuilt: Bool
    /// Columns of both, by the keys of their new names.
    private let pairs: [String: (old: Column, new: Column)]
    /// New columns that the old table has not.
    let created: [Column]
    private let renamed: Table

    init(_ old: Table, _ new: Table, isRebuilt: Bool, renaming: Renaming) {
        self.old = old
        self.new = new
        self.isRebuilt = isRebuilt
        renamed = renaming.apply(to: old)
        let columns = Matching<Column>(old, new)
        pairs = Dictionary(
            columns.pairs.map { ($0.to.name.key, (old: $0.from, new: $0.to)) },
            uniquingKeysWith: { first, _ in first })
        created = columns.created
    }

    /// The column of that new name whose values are taken over; nil when it is new or computed.
    func kept(_ name: Identifier) -> Kept? {
        guard let (old, new) = pairs[name.key], new.generated == nil else { return nil }
        return kept(old, new)
    }

    private func kept(_ old: Column, _ new: Column) -> Kept {
        Kept(
            old: old, new: new,
            affinity: (self.old.storedAffinity(of: old), self.new.storedAffinity(of: new)))
    }

    /// Columns whose values are taken over, in the new order.
    var kept: [Kept] { new.columns.compactMap { kept($0.name) } }

    /// The new name of a column of the old table; nil when it goes.
    func newName(of old: Identifier) -> Identifier? {
        new.columns.first { pairs[$0.name.key]?.old.name.matches(old) == true }?.name
    }

    /// The old name of a column of the new table; nil when it is new.
    func oldName(of new: Identifier) -> Identifier? { pairs[new.key]?.old.name }

    /// Whether the column of that new name has the same values before and after, compared and
    /// converted in the same ways.
    func isSteady(_ name: Identifier) -> Bool { isSteady(name, depth: 0) }

    private func isSteady(_ name: Identifier, depth: Int) -> Bool {
        guard let (old, new) = pairs[name.key], depth < 20 else { return false }
        let kept = kept(old, new)
        guard kept.affinity.old == kept.affinity.new,
            old.collationKey == new.collationKey
        else { return false }
        guard old.generated != nil || new.generated != nil else { return true }
        // Computed: from the same expression, of columns that are steady themselves.
        let before = renamed.columns.first { $0.name.matches(name) }?.generated?.rule.expression
        guard let expression = new.generated?.rule.expression, before == expression else {
            return false
        }
        return columns(in: expression).allSatisfy { isSteady($0, depth: depth + 1) }
    }

    /// The new table's columns that an expression may name.
    func columns(in expression: Expression) -> [Identifier] {
        let keys = Set(expression.names.map(\.key))
        return new.columns.map(\.name).filter { keys.contains($0.key) }
    }

    /// Whether an expression of the new table is worth the same on the rows as they are now.
    func isSteady(_ expression: Expression) -> Bool {
        let names = expression.names
        let isAboutRowID = names.contains { name in
            ["rowid", "oid", "_rowid_"].contains(name.key) && new.column(named: name) == nil
        }
        let columns = columns(in: expression)
        return !columns.isEmpty && !isAboutRowID
            && !names.contains { Self.fickle.contains($0.key) }
            && columns.allSatisfy { isSteady($0) && Self.canName($0) }
    }

    /// Whether a column of a subquery can have this name: SQLite ignores it where it is TRUE or
    /// FALSE.
    static func canName(_ name: Identifier) -> Bool { !["true", "false"].contains(name.key) }

    /// Functions that say something else each time.
    private static let fickle: Set<String> = [
        "random", "randomblob", "changes", "total_changes", "last_insert_rowid",
    ]

    /// The old rows under new names: `(SELECT mail AS email FROM people) AS users`.
    ///
    /// - Parameter values: New column names and what stands for them on the old table.
    func source(_ values: [(name: Identifier, value: String)]) -> String {
        let list = values.map { "\($0.value) AS \($0.name.quoted)" }.joined(separator: ", ")
        return "(SELECT \(list) FROM \(old.name.quoted)) AS \(new.name.quoted)"
    }

    /// The stored values of the columns an expression names; nil unless it is steady.
    func values(for expression: Expression) -> [(name: Identifier, value: String)]? {
        guard isSteady(expression) else { return nil }
        return columns(in: expression).compactMap { name in
            oldName(of: name).map { (name, $0.quoted) }
        }
    }

    /// Every CHECK of the old table, in new names.
    var oldChecks: Set<Expression> { Set(renamed.checks.map(\.expression)) }
}

extension Table {
    /// What is done to values stored in a column: ANY keeps them in a STRICT table.
    func storedAffinity(of column: Column) -> Affinity {
        isStrict && column.isOfType(["ANY"]) ? .blob : Affinity(declaredType: column.declaredType)
    }

    /// Every CHECK and the column it is written on; nil for those of the table.
    var checks: [(column: Identifier?, expression: Expression)] {
        columns.flatMap { column in column.checks.map { (column.name, $0.rule) } }
            + constraints.compactMap { constraint in
                if case .check(let rule, _) = constraint.rule { (nil, rule) } else { nil }
            }
    }

    /// The terms of each PRIMARY KEY and UNIQUE, the primary key first.
    var keys: [[IndexedColumn]] {
        var primary: [[IndexedColumn]] = []
        var others: [[IndexedColumn]] = []
        for column in columns {
            let term = IndexedColumn(.column(column.name))
            if column.primaryKey != nil { primary.append([term]) }
            if !column.uniques.isEmpty { others.append([term]) }
        }
        for constraint in constraints {
            switch constraint.rule {
            case .primaryKey(let terms, _, _): primary.append(terms)
            case .unique(let terms, _): others.append(terms)
            default: break
            }
        }
        return primary + others
    }

    /// Whether NULL can't be stored in the column.
    func refusesNull(_ column: Column) -> Bool {
        column.notNull != nil || rowIDAlias?.name == column.name
            || (isStrict || isWithoutRowID)
                && primaryKeyColumns.contains(where: column.name.matches)
    }

    /// The verb that copies rows and loses none: one named in the statement goes before those of
    /// constraints (lang_conflict).
    var insertion: String { isLenient ? "INSERT OR ABORT" : "INSERT" }

    /// Whether a row that breaks a constraint may vanish, or another for it, instead of failing.
    private var isLenient: Bool {
        var clauses: [ConflictResolution?] = []
        for column in columns {
            clauses.append(column.notNull?.rule.onConflict)
            clauses.append(column.primaryKey?.rule.onConflict)
            clauses += column.uniques.map(\.rule.onConflict)
        }
        for constraint in constraints {
            switch constraint.rule {
            case .primaryKey(_, _, let clause), .unique(_, let clause), .check(_, let clause):
                clauses.append(clause)
            case .foreignKey: break
            }
        }
        return clauses.contains(.ignore) || clauses.contains(.replace)
    }
}

extension Column {
    /// The key of the collation its values are compared with.
    var collationKey: String { collation?.rule.key ?? "binary" }

    /// Whether the declared type is one of these words.
    func isOfType(_ names: [String]) -> Bool {
        names.contains(Token.unquote(declaredType).asciiUppercased)
    }
}

extension IndexedColumn {
    /// The column the term is; nil for an expression.
    var columnName: Identifier? {
        if case .column(let name) = term { name } else { nil }
    }
}
