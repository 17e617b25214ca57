package import CinchGit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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

    init(_ json: JSONValue, path: String) throws {
        let damaged = CinchError(
            code: .corrupt, message: "'\(path)' does not say what is searched for",
            hint: "Run 'cinch bisect reset' and begin again.")
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

/// Where a search is kept.
struct BisectFile {
    let file: DurableFile

    init(repository: String, context: Context) {
        let own = "\(repository)/cinch"
        let isWritable = access(own, W_OK) == 0 || errno == ENOENT && access(repository, W_OK) == 0
        guard !isWritable else {
            file = DurableFile(path: "\(own)/bisect.json", makesFolder: true)
            return
        }
        let state =
            context.variable("XDG_STATE_HOME")
            ?? context.variable("HOME").map { "\($0)/.local/state" } ?? "/tmp"
        // A folder of the repository's own, named so that no two have the same.
        let name = StoredName(databaseFor: ProjectLayout.split(repository).name)
        let digest = ObjectFormat.sha256.objectID(of: .blob, Array(repository.utf8))
        file = DurableFile(
            path: "\(state)/cinch/\(name)-\(digest.abbreviated(12))/bisect.json", makesFolder: true)
    }

    func read() throws -> BisectState? {
        guard let bytes = try file.read() else { return nil }
        return try BisectState(
            JSONValue(parsing: String(decoding: bytes, as: UTF8.self)), path: file.path)
    }

    func write(_ state: BisectState?) throws {
        if state == nil, access(file.path, F_OK) != 0, errno == ENOENT { return }
        // The user may have had no state folder until now.
        if state != nil { try Project.makeFolders(ProjectLayout.split(file.path).parent) }
        try file.update { _ in state.map { Array(($0.json.text(pretty: true) + "\n").utf8) } }
    }
}
