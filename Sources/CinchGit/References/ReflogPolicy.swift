/// Which references get a log, git's `core.logAllRefUpdates`.
enum ReflogPolicy: Hashable, Sendable {
    /// Only those that have one already.
    case existing
    /// Branches, remote branches, notes and HEAD.
    case branches
    /// Every reference.
    case all

    /// Adds the line if the reference is to have a log.
    func append(
        _ entry: ReflogEntry, to name: ReferenceName, in references: ReferenceDatabase
    ) throws {
        let prefixes = ["refs/heads/", "refs/remotes/", "refs/notes/"]
        let isWanted =
            switch self {
            case .existing: false
            case .branches: name == .head || prefixes.contains { name.path.hasPrefix($0) }
            case .all: true
            }
        guard try isWanted || FileSystem.kind(of: references.logPath(of: name)) == .file else {
            return
        }
        try Reflog(name: name, references: references).append(entry)
    }
}
