package import CinchGit
package import CinchSchema

/// How a merge is made.
package struct MergeOptions: Sendable {
    /// Whether the branch may just move where it has nothing of its own.
    package enum FastForward: Sendable {
        case allowed, never, only
    }

    /// The message of the commit; absent for one made from the branch's name.
    package var message: String?
    /// Whether the branch may just move.
    package var fastForward: FastForward
    /// Which side is right where both can't be; absent to have a person decide.
    package var strategy: MergeSide?
    /// Makes an ordinary commit of what was merged: the other branch is no parent of it.
    package var isSquash: Bool
    /// Takes the empty schema for a base where there is no common ancestor.
    package var allowsUnrelated: Bool
    /// The branch to be on afterwards; absent to stay.
    package var switchesTo: String?

    /// Makes options, those of a plain `merge` unless told otherwise.
    package init(
        message: String? = nil, fastForward: FastForward = .allowed, strategy: MergeSide? = nil,
        isSquash: Bool = false, allowsUnrelated: Bool = false, switchesTo: String? = nil
    ) {
        self.message = message
        self.fastForward = fastForward
        self.strategy = strategy
        self.isSquash = isSquash
        self.allowsUnrelated = allowsUnrelated
        self.switchesTo = switchesTo
    }
}

/// What came of merging a branch.
package enum MergeResult: Sendable {
    /// Everything was there already.
    case upToDate(ObjectID)
    /// The branch moved to the other's commit.
    case fastForward(Publication)
    /// A commit was made.
    case merged(Publication)
    /// Nothing has moved; what is open is kept.
    case conflicts([OpenConflict])
}

/// A conflict and the commits it comes from.
package struct OpenConflict: Hashable, Sendable {
    /// What both sides can't have.
    package var conflict: Conflict
    /// The newest commit on our side that changed it; absent when none did.
    package var ours: ObjectID?
    /// The newest commit on their side that changed it; absent when none did.
    package var theirs: ObjectID?
}

/// What merging two commits would do.
package struct MergePreview: Sendable {
    /// How it went, in one word: `clean`, `notes`, `warnings` or `conflicts`.
    package var verdict: String {
        if !conflicts.isEmpty { return "conflicts" }
        if !warnings.isEmpty { return "warnings" }
        return notes.isEmpty ? "clean" : "notes"
    }

    /// What would change on our side.
    package var changes: [SchemaChange]
    /// The tree that would be committed; absent while there are conflicts.
    package var tree: ObjectID?
    /// What both sides can't have.
    package var conflicts: [OpenConflict]
    /// What is settled and worth knowing.
    package var notes: [String]
    /// What is clean and may surprise.
    package var warnings: [MergeWarning]
    /// What the merge cost.
    package var cost: Cost

    /// What a merge cost.
    package struct Cost: Hashable, Sendable {
        /// Objects read from the repository.
        package var objectsRead: Int
        /// Statements SQLite compiled to see that the result works.
        package var statementsCompiled: Int
        /// How long that took.
        package var checkMicroseconds: Int
    }
}
