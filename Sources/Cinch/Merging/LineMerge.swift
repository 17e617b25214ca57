#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#elseif canImport(Darwin)
    @preconcurrency import Darwin
#endif

/// The merge by lines that git makes without a driver: `git merge-file`.
struct LineMerge: Sendable {
    /// Temporary files are made beside this one.
    private let place: String

    init(beside place: String) { self.place = place }

    /// Merges three files.
    ///
    /// - Returns: The text and git's status: 0 is clean, up to 127 is a number of conflicts, and
    ///   more is git's own failure.
    func run(base: String, ours: String, theirs: String) throws -> (text: [UInt8], status: Int32) {
        let (descriptor, output) = try TextReplacement.temporaryFile(beside: place)
        defer {
            close(descriptor)
            unlink(output)
        }
        let status = try Self.git(
            [
                "merge-file", "-p", "-q", "-L", "ours", "-L", "base", "-L", "theirs", "--", ours,
                base, theirs,
            ], output: descriptor)
        return (try TextReplacement.read(output), status)
    }

    /// Merges three texts; absent when they conflict.
    func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> [UInt8]? {
        var paths: [String] = []
        defer { for path in paths { unlink(path) } }
        for text in [base, ours, theirs] {
            let (descriptor, path) = try TextReplacement.temporaryFile(beside: place)
            paths.append(path)
            defer { close(descriptor) }
            try TextReplacement.write(text, to: descriptor, path)
        }
        let (text, status) = try run(base: paths[0], ours: paths[1], theirs: paths[2])
        return status == 0 ? text : nil
    }

    private static func git(_ arguments: [String], output: Int32) throws -> Int32 {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var process = pid_t()
        let code = posix_spawnp(&process, "git", &actions, nil, words, environ)
        guard code == 0 else {
            throw CinchError(
                code: .failed, message: "git can't be run: \(String(cString: strerror(code)))",
                hint: "Install git, or put it on the PATH.")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return 255 }
        }
        // wait(2): the low seven bits are the signal that ended it.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 255
    }
}
