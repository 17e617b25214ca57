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

    /// What becomes of them.
    public var kind: Kind
    /// The table, by the name it has in the schema that has it.
    public var table: Identifier
    /// The column; absent when it is the whole table.
    public var column: Identifier?
    /// One SELECT whose only value is how many rows have a value there; for a database before
    /// the plan.
    public var sql: String

    /// Makes an effect.
    public init(_ kind: Kind, table: Identifier, column: Identifier? = nil, sql: String) {
        self.kind = kind
        self.table = table
        self.column = column
        self.sql = sql
    }

    /// What it is about: `users.email`, `users`.
    public var subject: String { column.map { "\(table).\($0)" } ?? "\(table)" }
}
