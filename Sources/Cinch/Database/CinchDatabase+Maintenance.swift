package import CinchGit
import CinchMaterializer
import CinchRepository

extension CinchDatabase {
    /// How old unreachable objects are when they go, unless it is said: git's own choice.
    package static let pruneAge = "2.weeks.ago"

    /// Packs what is reachable and removes what has long been unreachable.
    ///
    /// Besides what git keeps, commits that a tenant's stamp, a preview's, the catalog, an
    /// unfinished merge or the operation log names are kept with their history. As long as a stamp
    /// can't be read, nothing unreachable goes.
    ///
    /// - Parameter prune: In git's words, `now`, `never`, `2.weeks.ago`.
    /// - Throws: `.busy` while another collection is under way, `.corrupt` or `.notFound` for an
    ///   object that can't be read; nothing was removed then.
    package func collectGarbage(
        prune: String = pruneAge, progress: (@Sendable (String, Int, Int) -> Void)? = nil
    ) throws -> GarbageCollectionReport {
        let now = context.now()
        var options = GarbageCollectionOptions(
            pruneBefore: try GarbageCollectionOptions.limit(
                prune, now: now.seconds, offsetMinutes: now.offsetMinutes),
            progress: progress)
        let fleet = try FleetNames(of: self)
        options.roots = try fleet.objects + ownNames()
        var because: String?
        if let file = fleet.unreadable, options.pruneBefore != nil {
            options.pruneBefore = nil
            because = "the stamp of \(file.label) can't be read: \(file.reason)"
        }
        var report = try history.git.collectGarbage(options, now: now.seconds)
        report.keptBecause = because ?? report.keptBecause
        return report
    }

    /// How many objects there are and what they take.
    package func countObjects() throws -> ObjectCount { try history.git.countObjects() }

    /// What the repository's own files of ours name: unfinished work and what can be undone.
    private func ownNames() throws -> [ObjectID] {
        let window = 64 << 20
        var names: Set<ObjectID> = []
        var waiting = ["\(layout.repository)/cinch"]
        while let path = waiting.popLast() {
            let children = FolderNames.names(in: path)
            waiting += children.map { "\(path)/\($0)" }
            guard children.isEmpty, let bytes = try DurableFile(path: path).read() else { continue }
            names.formUnion(ObjectNames.all(in: Array(bytes.suffix(window)), git.format))
        }
        return names.sorted()
    }
}
