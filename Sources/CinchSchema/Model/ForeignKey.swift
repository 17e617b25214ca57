/// What a foreign key refers to and how it behaves (lang foreignkeys).
public struct ForeignKey: Hashable, Sendable {
    /// What happens to children when the parent row goes or changes.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case setNull = "SET NULL"
        case setDefault = "SET DEFAULT"
        case cascade = "CASCADE"
        case restrict = "RESTRICT"
        case noAction = "NO ACTION"
    }

    /// When a deferrable key is checked.
    public enum Deferral: String, Hashable, Sendable, CaseIterable {
        case deferrable = "DEFERRABLE"
        case initiallyDeferred = "DEFERRABLE INITIALLY DEFERRED"
        case initiallyImmediate = "DEFERRABLE INITIALLY IMMEDIATE"
        case not = "NOT DEFERRABLE"
        case notInitiallyDeferred = "NOT DEFERRABLE INITIALLY DEFERRED"
        case notInitiallyImmediate = "NOT DEFERRABLE INITIALLY IMMEDIATE"
    }

    /// The child columns; empty when the key is written on its only column.
    public var columns: [Identifier]
    /// The parent table, which need not exist.
    public var parent: Identifier
    /// The parent's columns; empty means its primary key.
    public var parentColumns: [Identifier]
    /// ON DELETE; absent when not written.
    public var onDelete: Action?
    /// ON UPDATE; absent when not written.
    public var onUpdate: Action?
    /// The name after MATCH, which SQLite reads and ignores.
    public var match: Identifier?
    /// The DEFERRABLE clause; absent when not written.
    public var deferral: Deferral?

    /// Makes a foreign key without actions.
    public init(columns: [Identifier] = [], parent: Identifier, parentColumns: [Identifier] = []) {
        self.columns = columns
        self.parent = parent
        self.parentColumns = parentColumns
    }
}
