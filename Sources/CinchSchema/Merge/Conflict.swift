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
    /// The entity: `users`, `users.email`. For a dependency, what is needed and gone.
    public var entity: String
    /// Which attribute of it: `type`, `default`, `name`; absent when it is the whole entity.
    public var attribute: String?
    /// What each side has, as SQL text.
    public var sides: ThreeWay<String>
    /// What needs the entity, as paths: `idx_users_email`, `tasks.foreign key (owner)`.
    public var objects: [String]
    /// In what two additions of one name differ: `type`, `column email`.
    public var differences: [String]
    /// What SQLite says of it; absent where it was not asked.
    public var reason: String?

    /// Makes a conflict.
    public init(
        _ kind: Kind, entity: String, attribute: String? = nil, sides: ThreeWay<String>,
        objects: [String] = [], differences: [String] = [], reason: String? = nil
    ) {
        self.kind = kind
        self.entity = entity
        self.attribute = attribute
        self.sides = sides
        self.objects = objects
        self.differences = differences
        self.reason = reason
    }

    /// What a decision calls it by: `users.email.type`.
    public var path: String { attribute.map { "\(entity).\($0)" } ?? entity }

    /// The conflict with what temporary names stand for in their place.
    func naming(_ standIns: [(name: Identifier, original: Identifier)]) -> Conflict {
        guard !standIns.isEmpty else { return self }
        let original = { (text: String) in
            standIns.reversed().reduce(text) { text, standIn in
                text.replacing(standIn.name.quoted, with: standIn.original.quoted)
                    .replacing(standIn.name.text, with: standIn.original.text)
            }
        }
        return Conflict(
            kind, entity: original(entity), attribute: attribute.map(original),
            sides: sides.map(original), objects: objects.map(original),
            differences: differences.map(original), reason: reason.map(original))
    }

    /// One line for people.
    public var summary: String {
        let side = { (text: String?) in text?.split(separator: "\n").joined(separator: " ") ?? "-" }
        var text = "\(kind.rawValue): \(path)"
        if !objects.isEmpty { text += " is needed by \(objects.joined(separator: ", "))" }
        if let reason { text += ": \(reason)" }
        if !differences.isEmpty { text += " (differs in \(differences.joined(separator: ", ")))" }
        guard sides != ThreeWay(base: nil, ours: nil, theirs: nil) else { return text }
        return text + ": base \(side(sides.base)); ours \(side(sides.ours)); "
            + "theirs \(side(sides.theirs))"
    }
}
