/// One value as the three sides of a merge have it; absent where a side doesn't have it.
public struct ThreeWay<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value in the merge base.
    public var base: Value?
    /// The value on the branch that is merged into.
    public var ours: Value?
    /// The value on the branch that is merged.
    public var theirs: Value?

    /// Puts the three sides together.
    public init(base: Value?, ours: Value?, theirs: Value?) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
    }

    /// The same three sides with the labels of ours and theirs exchanged.
    public var swapped: ThreeWay { ThreeWay(base: base, ours: theirs, theirs: ours) }

    func map<Result>(_ change: (Value) -> Result) -> ThreeWay<Result> {
        ThreeWay<Result>(
            base: base.map(change), ours: ours.map(change), theirs: theirs.map(change))
    }
}

/// Something two sides of a merge can't both have.
public struct Conflict: Hashable, Sendable {
    /// Why it can't be merged.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Both sides changed the same thing differently.
        case bothModified = "both-modified"
        /// One side changed what the other dropped.
        case modifyDelete = "modify-delete"
        /// Both sides added different things under one name.
        case bothAdded = "both-added"
        /// Both sides renamed the same thing differently.
        case renameRename = "rename-rename"
        /// Two different things end up with one name.
        case nameCollision = "name-collision"
        /// One side needs what the other dropped or changed.
        case dependency
        /// The merged schema can be built, but SQLite can't run a statement on it.
        case semantic
    }

    /// Why it can't be merged.
    public var kind: Kind
    /// The entity: `users`, `users.email`.
    public var entity: String
    /// Which attribute of it: `type`, `default`, `name`; absent when it is the whole entity.
    public var attribute: String?
    /// What each side has, as SQL text.
    public var sides: ThreeWay<String>

    /// Makes a conflict.
    public init(
        _ kind: Kind, entity: String, attribute: String? = nil, sides: ThreeWay<String>
    ) {
        self.kind = kind
        self.entity = entity
        self.attribute = attribute
        self.sides = sides
    }

    /// The conflict with what temporary names stand for in their place.
    func naming(_ standIns: [(name: Identifier, original: Identifier)]) -> Conflict {
        guard !standIns.isEmpty else { return self }
        let original = { (text: String) in
            standIns.reversed().reduce(text) { text, standIn in
                text.replacing(standIn.name.text, with: standIn.original.text)
            }
        }
        return Conflict(
            kind, entity: original(entity), attribute: attribute.map(original),
            sides: sides.map(original))
    }

    /// One line for people.
    public var summary: String {
        let what = attribute.map { "\(entity) (\($0))" } ?? entity
        let side = { (text: String?) in text?.split(separator: "\n").joined(separator: " ") ?? "-" }
        return "\(kind.rawValue): \(what): base \(side(sides.base)); ours \(side(sides.ours)); "
            + "theirs \(side(sides.theirs))"
    }
}

/// What came of a merge: conflicts are a result, not an error.
public struct MergeOutcome: Hashable, Sendable {
    /// Every change that did not conflict is in here.
    public var schema: Schema
    /// All conflicts, found in one pass, tables first; empty means clean.
    public var conflicts: [Conflict]
    /// What people should know about a clean merge: unified additions, a settled order.
    public var notes: [String]

    /// Makes an outcome.
    public init(schema: Schema, conflicts: [Conflict] = [], notes: [String] = []) {
        self.schema = schema
        self.conflicts = conflicts
        self.notes = notes
    }
}
