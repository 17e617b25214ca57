/// What a schema demands of rows that an earlier one didn't: columns, by identity, whose values
/// old rows may not have in the form they need.
public struct RowDemands: Hashable, Sendable {
    /// A column of a table, by the identities of both.
    public struct Column: Hashable, Sendable {
        /// The table.
        public var table: StableID
        /// The column.
        public var column: StableID

        /// Makes a column.
        public init(table: StableID, column: StableID) {
            self.table = table
            self.column = column
        }
    }

    /// The columns that new constraints speak of.
    public private(set) var columns: Set<Column> = []

    /// Compares the constraints of the tables both schemas have; a new table has no rows.
    public init(from: Schema, to: Schema) {
        let renaming = Renaming(from: from, to: to)
        for (old, new) in Matching<Table>(from, to).pairs {
            let known = Set(
                Self.constraints(
                    of: renaming.apply(to: old),
                    from.indexes.filter { $0.table.matches(old.name) }.map(renaming.apply)))
            let wanted = Self.constraints(
                of: new, Array(to.indexes.filter { $0.table.matches(new.name) }))
            for constraint in wanted where !known.contains(constraint) {
                for column in new.columns where constraint.columns.contains(column.name.key) {
                    guard let table = new.id, let id = column.id else { continue }
                    columns.insert(Column(table: table, column: id))
                }
            }
        }
    }

    private struct Constrained: Hashable {
        var rule: String
        var columns: Set<String>
    }

    private static func constraints(of table: Table, _ indexes: [Index]) -> [Constrained] {
        var found: [Constrained] = []
        let add = { (rule: String, columns: [Identifier]) in
            found.append(Constrained(rule: rule, columns: Set(columns.map(\.key))))
        }
        let mentioned = { (expression: Expression) in
            table.columns.map(\.name).filter(expression.mentions)
        }
        let terms = { (terms: [IndexedColumn]) in
            table.columns.map(\.name).filter { name in terms.contains { $0.mentions(name) } }
        }
        for column in table.columns {
            if column.notNull != nil { add("not null", [column.name]) }
            if column.primaryKey != nil { add("key \(column.declaredType)", [column.name]) }
            if !column.uniques.isEmpty { add("unique", [column.name]) }
            for check in column.checks { add("check \(check.rule.sql)", mentioned(check.rule)) }
            for key in column.references { add("references \(key.rule)", [column.name]) }
            if table.isStrict { add("strict \(column.declaredType)", [column.name]) }
        }
        for constraint in table.constraints {
            switch constraint.rule {
            case .primaryKey(let columns, _, _): add("key \(columns)", terms(columns))
            case .unique(let columns, _): add("unique \(columns)", terms(columns))
            case .check(let expression, _):
                add("check \(expression.sql)", mentioned(expression))
            case .foreignKey(let key): add("references \(key)", key.columns)
            }
        }
        for index in indexes where index.isUnique {
            add("unique \(index.terms) \(index.condition?.sql ?? "")", terms(index.terms))
        }
        return found
    }
}
