/// A place where others' programs have a say, as in git.
package enum Hook: String, Hashable, Sendable, CaseIterable {
    /// Before a branch moves to a commit that was made by an editing command.
    case preCommit = "pre-commit"
    /// Before a branch moves by a merge.
    case preMerge = "pre-merge"
    /// After it has.
    case postMerge = "post-merge"
    /// Before tenants are brought to the deploy branch.
    case preMaterialize = "pre-materialize"
    /// After they were.
    case postMaterialize = "post-materialize"
    /// Before git takes what is pushed to a server; git runs it, cinch doesn't.
    case preReceive = "pre-receive"

    /// Whether it can stop what is about to happen.
    package var isGate: Bool { rawValue.hasPrefix("pre-") }

    /// Whether `--no-verify` leaves it out.
    var isLeftOutUnverified: Bool { self == .preCommit || self == .preMerge }
}
