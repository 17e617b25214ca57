extension GitRepository {
    /// Packs every reachable object of this repository, moves references to `packed-refs`, and
    /// removes what is unreachable and old enough. Readers and writers, git's too, may go on.
    ///
    /// A crash at any step leaves every reachable object in place.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Throws: `.locked` while another collection is under way, git's or ours; `.notFound`,
    ///   `.corrupt` for a reachable object that can't be read, with nothing removed.
    package func collectGarbage(
        _ options: GarbageCollectionOptions, now: Int64
    ) throws -> GarbageCollectionReport {
        var collection = try GarbageCollection(self, options)
        return try collection.run(now: now)
    }

    /// How many objects there are and what they take; changes nothing.
    package func countObjects() throws -> ObjectCount { try ObjectCount(self) }
}
