package import CinchGit

/// A search for the commit that made something bad, as far as it has come.
///
/// Kept beside the repository in `cinch/bisect.json`; for a repository that can't be written, in
/// the user's state folder, so that a read-only copy can be searched too.
package struct BisectState: Hashable, Sendable {
    /// The bad commit; absent until one is known.
    package var bad: ObjectID?
    /// The good commits.
    package var good: [ObjectID] = []
    /// The commits that can't be tested.
    package var skipped: [ObjectID] = []
    /// The commit that was given out to be tested; absent when nothing was.
    package var testing: ObjectID?
    /// What was said, as commands that say it again, oldest first.
    package var log: [String] = []

    /// Makes a search that knows nothing yet.
    package init() {}

    /// The document that is kept.
    var json: JSONValue {
        .object([
            .init("version", 1),
            .init("bad", bad.map { .string($0.hex) } ?? .null),
            .init("good", .array(good.map { .string($0.hex) })),
            .init("skipped", .array(skipped.map { .string($0.hex) })),
            .init("testing", testing.map { .string($0.hex) } ?? .null),
            .init("log", .array(log.map { .string($0) })),
        ])
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: For anything else.
    init(_ json: JSONValue) throws {
        let damaged = CinchError(
            code: .corrupt, message: "This is no search", hint: "Run 'cinch bisect reset'.")
        func ids(_ key: String) throws -> [ObjectID] {
            guard case .array(let items)? = json[key] else { throw damaged }
            return try items.map { item in
                guard case .string(let hex) = item, let id = ObjectID(hex: hex) else {
                    throw damaged
                }
                return id
            }
        }
        func id(_ key: String) throws -> ObjectID? {
            switch json[key] {
            case .string(let hex)?:
                guard let id = ObjectID(hex: hex) else { throw damaged }
                return id
            default: return nil
            }
        }
        bad = try id("bad")
        good = try ids("good")
        skipped = try ids("skipped")
        testing = try id("testing")
        guard case .array(let lines)? = json["log"] else { throw damaged }
        log = lines.compactMap { if case .string(let line) = $0 { line } else { nil } }
    }
}
