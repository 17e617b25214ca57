import CinchGit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a search is kept.
struct BisectFile {
    private let file: DurableFile

    init(repository: String, context: Context) {
        let own = "\(repository)/cinch"
        let isWritable = access(own, W_OK) == 0 || errno == ENOENT && access(repository, W_OK) == 0
        guard !isWritable else {
            file = DurableFile(path: "\(own)/bisect.json")
            return
        }
        let state =
            context.variable("XDG_STATE_HOME")
            ?? context.variable("HOME").map { "\($0)/.local/state" } ?? "/tmp"
        // A folder of the repository's own, named so that no two have the same.
        let name = StoredName(databaseFor: ProjectLayout.split(repository).name)
        let digest = ObjectFormat.sha256.objectID(of: .blob, Array(repository.utf8))
        file = DurableFile(
            path: "\(state)/cinch/\(name)-\(digest.abbreviated(12))/bisect.json")
    }

    /// The search that is under way; absent when there is none.
    ///
    /// - Throws: `CinchError` with `.corrupt`.
    func read() throws -> BisectState? { try state(in: file.read()) }

    /// Changes the search; what two processes say at once is kept, one after the other.
    func update<Result>(_ change: (BisectState?) throws -> (BisectState, Result)) throws -> Result {
        // The user may have had no state folder until now.
        try Project.makeFolders(ProjectLayout.split(file.path).parent)
        var result: Result?
        try file.update { bytes in
            let (state, value) = try change(state(in: bytes))
            result = value
            return Array((state.json.text(pretty: true) + "\n").utf8)
        }
        guard let result else { preconditionFailure("an update that returns has changed") }
        return result
    }

    /// Forgets the search, one that can't be read as well.
    func remove() throws {
        if access(file.path, F_OK) != 0, errno == ENOENT { return }
        try file.update { _ in nil }
    }

    private func state(in bytes: [UInt8]?) throws -> BisectState? {
        guard let bytes else { return nil }
        do {
            return try BisectState(JSONValue(parsing: String(decoding: bytes, as: UTF8.self)))
        } catch {
            throw CinchError(
                code: .corrupt, message: "'\(file.path)' does not say what is searched for",
                hint: "Run 'cinch bisect reset' and begin again.", cause: error)
        }
    }
}
