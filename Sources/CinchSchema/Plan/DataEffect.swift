/// What a plan does to rows and values that are there, beyond keeping them.
public struct DataEffect: Hashable, Sendable {
    /// What becomes of them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// They are set aside in the tenant's file and can come back.
        case parked
        /// They are gone for good.
        case lost
        /// A new type changes them for good: '007' to 7.
        case converted
        /// They were parked, and are back.
        case restored
    }

    /// A table, or a column of one, by identity.
    struct Subject: Hashable, Sendable {
        var table: StableID
        var column: StableID?

        /// A table and its columns, as far as they have ids.
        static func all(of table: Table) -> [Subject] {
            guard let id = table.id else { return [] }
            return [Subject(table: id)]
                + table.columns.compactMap(\.id).map { Subject(table: id, column: $0) }
        }
    }

    /// What becomes of them.
    public var kind: Kind
    /// The table, by the name it has in the schema that has it.
    public var table: Identifier
    /// The column; absent when it is the whole table.
    public var column: Identifier?
    /// One SELECT whose only value is how many rows have a value there; for a database before
    /// the plan.
    public var sql: String
    /// Which table or column it is; nil where that has no id.
    var identity: Subject?

    /// Makes an effect.
    public init(_ kind: Kind, table: Identifier, column: Identifier? = nil, sql: String) {
        self.kind = kind
        self.table = table
        self.column = column
        self.sql = sql
    }

    /// Makes an effect on a table or one of its columns.
    init(_ kind: Kind, _ table: Table, column: Column? = nil, sql: String) {
        self.init(kind, table: table.name, column: column?.name, sql: sql)
        guard let id = table.id, column == nil || column?.id != nil else { return }
        identity = Subject(table: id, column: column?.id)
    }

    /// What it is about: `users.email`, `users`.
    public var subject: String { column.map { "\(table).\($0)" } ?? "\(table)" }
}
