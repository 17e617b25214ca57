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

    /// Looks at every object, reference and reflog, and whether everything they lead to is there.
    ///
    /// - Parameters:
    ///   - roots: Names that keep objects besides references and logs.
    ///   - findsDangling: Whether to look for objects that nothing leads to.
    package func checkIntegrity(
        roots: [ObjectID] = [], findsDangling: Bool = false,
        progress: ((String, Int, Int) -> Void)? = nil
    ) throws -> IntegrityReport {
        var check = IntegrityCheck(self, progress: progress)
        return try check.run(roots: roots, findsDangling: findsDangling)
    }

    /// How many objects there are and what they take; changes nothing.
    package func countObjects() throws -> ObjectCount { try ObjectCount(self) }
}

extension GarbageCollectionOptions {
    /// The moment before which unreachable objects go, in git's words: `now`, `never`, a date or
    /// `2.weeks.ago`; nil inside for never.
    ///
    /// - Throws: `.invalidName` for anything else.
    package static func limit(
        _ words: String, now: Int64, offsetMinutes: Int
    ) throws -> Int64? {
        switch words {
        case "never", "false": return nil
        // Also what was written in this very second.
        case "now", "all": return .max
        default:
            guard
                let date = RevisionDate(words, now: now, offsetMinutes: offsetMinutes)
            else {
                throw GitError(
                    .invalidName, "'\(words)' is no date",
                    hint: "Write 'now', 'never', '2.weeks.ago' or a day such as 2026-01-31.")
            }
            return date.seconds
        }
    }
}
