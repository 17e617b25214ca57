/// An ordinary table (lang_createtable).
public struct Table: Hashable, Sendable {
    /// A constraint of the table as a whole.
    public enum Rule: Hashable, Sendable {
        /// `PRIMARY KEY (…)`.
        case primaryKey([IndexedColumn], isAutoincrement: Bool, onConflict: ConflictResolution?)
        /// `UNIQUE (…)`.
        case unique([IndexedColumn], onConflict: ConflictResolution?)
        /// `CHECK (…)`, without the parentheses; SQLite ignores the conflict clause.
        case check(Expression, onConflict: ConflictResolution?)
        /// `FOREIGN KEY (…) REFERENCES …`.
        case foreignKey(ForeignKey)
    }

    /// The table's identity; absent until a commit gives it one.
    public var id: StableID?
    /// The table's name.
    public var name: Identifier
    /// The columns in order.
    public var columns: [Column]
    /// The table's constraints in order.
    public var constraints: [Constraint<Rule>]
    /// STRICT.
    public var isStrict: Bool
    /// WITHOUT ROWID.
    public var isWithoutRowID: Bool

    /// Makes a table.
    public init(
        id: StableID? = nil, name: Identifier, columns: [Column],
        constraints: [Constraint<Rule>] = [], isStrict: Bool = false, isWithoutRowID: Bool = false
    ) {
        self.id = id
        self.name = name
        self.columns = columns
        self.constraints = constraints
        self.isStrict = isStrict
        self.isWithoutRowID = isWithoutRowID
    }

    /// The column with this name to SQLite; absent when there is none.
    public func column(named name: Identifier) -> Column? {
        columns.first { $0.name.matches(name) }
    }

    /// The table and its columns without their identities.
    public var withoutIDs: Table {
        var copy = self
        copy.id = nil
        copy.columns = columns.map(\.withoutID)
        return copy
    }

    /// Every foreign key, with its child columns filled in, in order of appearance.
    public var foreignKeys: [ForeignKey] {
        var keys: [ForeignKey] = []
        for column in columns {
            for reference in column.references {
                var key = reference.rule
                key.columns = [column.name]
                keys.append(key)
            }
        }
        for case .foreignKey(let key) in constraints.map(\.rule) { keys.append(key) }
        return keys
    }

    /// The column that is the rowid under another name; absent when there is none.
    ///
    /// The type must be exactly INTEGER, perhaps quoted, and the key that one column; `DESC` on the
    /// column itself prevents it, in a table constraint it does not (lang_createtable, "ROWIDs and the INTEGER
    /// PRIMARY KEY").
    public var rowIDAlias: Column? {
        guard !isWithoutRowID else { return nil }
        let isInteger = { (column: Column) in
            Token.unquote(column.declaredType).asciiUppercased == "INTEGER"
        }
        for column in columns {
            if let key = column.primaryKey {
                return isInteger(column) && !key.rule.isDescending ? column : nil
            }
        }
        for case .primaryKey(let terms, _, _) in constraints.map(\.rule) {
            guard terms.count == 1, case .column(let name) = terms[0].term,
                let column = column(named: name)
            else { return nil }
            return isInteger(column) ? column : nil
        }
        return nil
    }

    /// Whether the table has an AUTOINCREMENT key and so a row in `sqlite_sequence`.
    public var isAutoincrement: Bool {
        columns.contains { $0.primaryKey?.rule.isAutoincrement == true }
            || constraints.contains {
                if case .primaryKey(_, true, _) = $0.rule { true } else { false }
            }
    }
}
