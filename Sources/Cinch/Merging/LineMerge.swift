#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
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
        var process = ChildProcess(["git"] + arguments)
        process.output = output
        guard let ending = try process.run() else { throw GitProgram.missing }
        return if case .exited(let status) = ending { status } else { 255 }
    }
}
