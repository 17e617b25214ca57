/// How one conflict is decided.
public enum MergeChoice: Hashable, Sendable {
    /// What a side has, nothing where it has nothing.
    case base, ours, theirs
    /// Nothing at all: the entity or attribute goes.
    case drop
    /// A text of one's own: a CREATE statement, a column's definition, an attribute, a name.
    case sql(String)
}

/// What was decided about things two sides can't both have, by their paths.
///
/// A decision may be about anything, in conflict or not: deciding `users.email` for the side that
/// still has it brings back a column which the other dropped.
public struct MergeDecisions: Hashable, Sendable {
    /// The decisions, in the order they were made; of two about one path the later counts.
    public var choices: [(path: String, choice: MergeChoice)] {
        order.compactMap { path in byKey[Self.key(path)].map { (path, $0) } }
    }
    /// Which side is right where nothing was decided; absent to leave that open.
    public var preferred: MergeSide?
    private var order: [String] = []
    private var byKey: [String: MergeChoice] = [:]

    /// Makes decisions, none unless they are given.
    public init(
        _ choices: [(path: String, choice: MergeChoice)] = [], preferring side: MergeSide? = nil
    ) {
        preferred = side
        for item in choices { decide(item.path, item.choice) }
    }

    /// Whether nothing was decided.
    public var isEmpty: Bool { order.isEmpty && preferred == nil }

    /// What was decided about a path; absent when nothing was.
    public subscript(path: String) -> MergeChoice? { byKey[Self.key(path)] }

    /// Decides, or decides anew.
    public mutating func decide(_ path: String, _ choice: MergeChoice) {
        let key = Self.key(path)
        order.removeAll { Self.key($0) == key }
        order.append(path)
        byKey[key] = choice
    }

    /// Paths are found as SQLite finds names.
    private static func key(_ path: String) -> String { Identifier(path).key }
}

/// One of the two sides that are merged.
public enum MergeSide: String, Hashable, Sendable, CaseIterable {
    case ours, theirs

    /// The choice that takes this side.
    public var choice: MergeChoice {
        switch self {
        case .ours: .ours
        case .theirs: .theirs
        }
    }

    /// The one that isn't this.
    public var other: MergeSide { self == .ours ? .theirs : .ours }
}

extension MergeDecisions {
    /// Decides conflicts for the side that is preferred; false when there is none, or nothing was
    /// left to decide.
    package mutating func decide(_ conflicts: [Conflict]) -> Bool {
        guard let side = preferred else { return false }
        var isChanged = false
        func decide(_ path: String, _ choice: MergeChoice) {
            guard self[path] == nil else { return }
            self.decide(path, choice)
            isChanged = true
        }
        for conflict in conflicts {
            let has = side == .ours ? conflict.sides.ours : conflict.sides.theirs
            if conflict.kind == .dependency, has == nil {
                // The side that dropped it is right: what needs it is as it was there, or goes.
                for object in conflict.objects { decide(object, side.choice) }
            } else {
                decide(conflict.path, side.choice)
            }
        }
        return isChanged
    }
}

extension SchemaMerge {
    /// Whether a path names an entity, a column, a constraint or an attribute in one of several
    /// schemas.
    package static func names(_ path: String, in schemas: [Schema]) -> Bool {
        let wanted = Identifier(path)
        return schemas.contains { schema in
            schema.tables.contains { $0.has(wanted) }
                || schema.virtualTables[wanted] != nil || schema.indexes[wanted] != nil
                || schema.views[wanted] != nil
                || schema.triggers.contains {
                    Identifier(schemas.pathOfTrigger($0.name)).matches(wanted)
                }
        }
    }
}

extension Table {
    private static let columnAttributes = [
        "type", "primary-key", "nullability", "default", "collation", "generated", "unique",
        "check", "references", "name",
    ]
    private static let tableAttributes = ["strict", "without-rowid", "primary-key", "name"]

    fileprivate func has(_ path: Identifier) -> Bool {
        guard path.key == name.key || path.key.hasPrefix(name.key + ".") else { return false }
        var paths = [name.text]
        paths += Self.tableAttributes.flatMap { ["\(name).\($0)", "\(name).(\($0))"] }
        paths += constraints.map { "\(name).\($0.key)" }
        paths += foreignKeys.map { "\(name).\($0.pathKey)" }
        for column in columns {
            paths.append("\(name).\(column.name)")
            paths += Self.columnAttributes.map { "\(name).\(column.name).\($0)" }
        }
        return paths.contains { Identifier($0).matches(path) }
    }
}
