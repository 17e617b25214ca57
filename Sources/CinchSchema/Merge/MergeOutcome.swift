/// What came of a merge: conflicts are a result, not an error.
public struct MergeOutcome: Hashable, Sendable {
    /// Every change that did not conflict is in here; ours where one did.
    public var schema: Schema
    /// All conflicts, found in one pass, names first; empty means clean.
    public var conflicts: [Conflict]
    /// What people should know about a clean merge: unified additions, a settled order.
    public var notes: [String]
    /// What is clean and may still surprise.
    public var warnings: [MergeWarning]
    /// Decisions whose SQL can't be taken, and why.
    public var refusals: [(path: String, reason: String)] {
        refused.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
    var refused: [String: String] = [:]

    /// Makes an outcome.
    public init(
        schema: Schema, conflicts: [Conflict] = [], notes: [String] = [],
        warnings: [MergeWarning] = []
    ) {
        self.schema = schema
        self.conflicts = conflicts
        self.notes = notes
        self.warnings = warnings
    }
}

/// A merge that is clean and whose effect one of the two sides may not expect.
public struct MergeWarning: Hashable, Sendable {
    /// What sort of surprise it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Two indexes of the same terms.
        case redundantIndex = "redundant-index"
        /// One side's UNIQUE index constrains rows the other side has an ordinary index on.
        case uniqueIndex = "unique-index"
        /// A type or collation changed under an index, key, CHECK or foreign key of the other side.
        case comparison
        /// Two triggers of one event, whose order SQLite leaves open.
        case triggerOrder = "trigger-order"
        /// Triggers of both sides that set each other off.
        case triggerCycle = "trigger-cycle"
        /// A trigger's INSERT leaves out a column that has become NOT NULL.
        case triggerInsert = "trigger-insert"
        /// Foreign keys of both sides that form a circle.
        case foreignKeyCycle = "foreign-key-cycle"
        /// A foreign key between columns of different affinity.
        case foreignKeyAffinity = "foreign-key-affinity"
        /// A view that selects `*` has other columns than on either side.
        case viewShape = "view-shape"
        /// A view or trigger that SQLite can't run, and couldn't on a side that has it.
        case broken
        /// A trigger's INSERT names no columns, and the table has others or in another order.
        case positionalInsert = "positional-insert"
        /// CHECKs of both sides that no value can pass but NULL.
        case contradiction
    }

    /// What sort of surprise it is.
    public var kind: Kind
    /// The entity it is about.
    public var entity: String
    /// One sentence for people, without a full stop.
    public var message: String

    /// Makes a warning.
    public init(_ kind: Kind, entity: String, _ message: String) {
        self.kind = kind
        self.entity = entity
        self.message = message
    }
}
