/// One column as the shorthand of the command line describes it, ready to be written as SQL.
///
/// ```
/// name:TYPE[?][:attribute]…
///
/// email:TEXT:unique                      NOT NULL and UNIQUE
/// bio:str?                               nullable
/// status:TEXT:default=active             DEFAULT 'active'
/// starts:TEXT:default='10:30'            a colon stands in quotes or parentheses
/// price:DECIMAL(10,2):check=price>=0
/// owner_id:TEXT?:fk=users:set_null       REFERENCES users(id) ON DELETE SET NULL
/// ```
///
/// A column is NOT NULL unless it has `?` or `:nullable`.
package struct ColumnSpecification: Hashable, Sendable {
    /// What happens to a row when the row it refers to is deleted.
    package enum DeleteAction: String, Hashable, Sendable, CaseIterable {
        /// It is deleted too.
        case cascade = "CASCADE"
        /// Its reference becomes NULL.
        case setNull = "SET NULL"
        /// The other row can't be deleted, not even for a moment.
        case restrict = "RESTRICT"
        /// Its reference becomes the column's default.
        case setDefault = "SET DEFAULT"
        /// The other row can't be deleted, unless the reference is gone by the end.
        case noAction = "NO ACTION"
    }

    /// A reference to a row of another table.
    package struct ForeignKey: Hashable, Sendable {
        /// The table referred to.
        package var table: String
        /// The column referred to; `id` unless the shorthand names one.
        package var column: String
        /// `nil` writes no ON DELETE, which to SQLite is NO ACTION.
        package var onDelete: DeleteAction?

        /// Makes a reference.
        package init(table: String, column: String = "id", onDelete: DeleteAction? = nil) {
            self.table = table
            self.column = column
            self.onDelete = onDelete
        }
    }

    /// The name, without quotes.
    package var name: String
    /// The type as it is declared, such as `TEXT` or `DECIMAL(10,2)`.
    package var declaredType: String
    /// Whether NULL is allowed.
    package var isNullable: Bool
    /// Whether the column is the primary key.
    package var isPrimaryKey: Bool
    /// Whether no two rows may have the same value.
    package var isUnique: Bool
    /// The default as SQL: a literal, a CURRENT_ keyword, or an expression in parentheses.
    package var defaultValue: String?
    /// The expression of a CHECK, without parentheses of its own.
    package var check: String?
    /// The collating sequence, `NOCASE`, `RTRIM` or `BINARY`; `nil` for SQLite's default.
    package var collation: String?
    /// The reference to another table.
    package var foreignKey: ForeignKey?

    /// Makes a column. Nothing is checked: names and expressions are the caller's to vouch for.
    package init(
        name: String, declaredType: String, isNullable: Bool = false, isPrimaryKey: Bool = false,
        isUnique: Bool = false, defaultValue: String? = nil, check: String? = nil,
        collation: String? = nil, foreignKey: ForeignKey? = nil
    ) {
        self.name = name
        self.declaredType = declaredType
        self.isNullable = isNullable
        self.isPrimaryKey = isPrimaryKey
        self.isUnique = isUnique
        self.defaultValue = defaultValue
        self.check = check
        self.collation = collation
        self.foreignKey = foreignKey
    }

    /// The column definition, as it stands in CREATE TABLE and after ADD COLUMN.
    package var definition: String {
        var parts = [SQLText.quoted(name), declaredType]
        if isPrimaryKey { parts.append("PRIMARY KEY") }
        if !isNullable { parts.append("NOT NULL") }
        if isUnique { parts.append("UNIQUE") }
        if let defaultValue { parts.append("DEFAULT \(defaultValue)") }
        if let check { parts.append("CHECK (\(check))") }
        if let collation { parts.append("COLLATE \(collation)") }
        if let foreignKey {
            let column = SQLText.quoted(foreignKey.column)
            parts.append("REFERENCES \(SQLText.quoted(foreignKey.table)) (\(column))")
            if let action = foreignKey.onDelete { parts.append("ON DELETE \(action.rawValue)") }
        }
        return parts.joined(separator: " ")
    }
}
