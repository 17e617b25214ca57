import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder a site is written into.
///
/// Its file `.cinch-site` names every file that was ever put there; a file is named before it is
/// written, and no other is ever removed. Each file is complete or not there: it is written beside its
/// place and renamed.
struct SiteFolder: ~Copyable {
    private static let marker = ".cinch-site"
    private static let header = "Written by 'cinch site', which removes the files named here.\n"

    let path: String
    private let descriptor: Int32
    private var known: Set<String>
    private var written: Set<String> = []
    /// How many files are different from what they were.
    private(set) var changed = 0

    /// Takes the folder, which is made if it isn't there.
    ///
    /// - Throws: `.refused` for a folder with something else in it, unless `force`; `.busy` while
    ///   another process writes there.
    init(_ path: String, force: Bool) throws {
        self.path = path
        try Self.make(path)
        let file = "\(path)/\(Self.marker)"
        let isOurs = access(file, F_OK) == 0
        if !isOurs, !force, try !Self.isEmpty(path) {
            throw CinchError(
                code: .refused, message: "'\(path)' has files in it that are no site of cinch",
                hint: "Name another folder, or write among them with --force.")
        }
        let marker = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard marker >= 0 else { throw Self.failure("written", file) }
        do {
            known = try Self.take(marker, file, of: path)
        } catch {
            close(marker)
            throw error
        }
        descriptor = marker
    }

    /// Locks the list, and reads which files are named in it.
    private static func take(
        _ marker: Int32, _ file: String, of path: String
    ) throws -> Set<String> {
        guard flock(marker, LOCK_EX | LOCK_NB) == 0 else {
            throw CinchError(
                code: .busy, message: "Another process is writing a site into '\(path)'",
                hint: "Wait for it to finish and try again.")
        }
        let text = try read(file) ?? []
        if text.isEmpty { try write(Array(header.utf8), to: marker, file) }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        return Set(lines.dropFirst().map(String.init).filter(isOurs))
    }

    deinit { close(descriptor) }

    /// Writes a page; one that is the same already is left alone.
    ///
    /// - Parameter name: Relative, one of ours: see ``isOurs(_:)``.
    mutating func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        if known.insert(name).inserted { try append(name + "\n") }
        guard written.insert(name).inserted else { return }
        let bytes = Array(text.utf8)
        if try Self.read(file) == bytes { return }
        if let slash = name.lastIndex(of: "/") { try Self.make("\(path)/\(name[..<slash])") }
        let temporary = "\(file).new"
        let output = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard output >= 0 else { throw Self.failure("written", temporary) }
        do {
            try Self.write(bytes, to: output, temporary)
        } catch {
            close(output)
            unlink(temporary)
            throw error
        }
        guard close(output) == 0, rename(temporary, file) == 0 else {
            let failure = Self.failure("written", file)
            unlink(temporary)
            throw failure
        }
        changed += 1
    }

    /// Removes pages of an earlier time that were not written now.
    mutating func finish() throws {
        for name in known.subtracting(written).sorted() {
            unlink("\(path)/\(name)")
        }
        // What a crash has left half written.
        for name in known.union(written) { unlink("\(path)/\(name).new") }
        known = written
        let names = written.sorted().map { $0 + "\n" }.joined()
        guard ftruncate(descriptor, 0) == 0 else {
            throw Self.failure("written", "\(path)/\(Self.marker)")
        }
        try append(Self.header + names)
    }

    /// Whether a name is one that pages have: a list that somebody has changed names nothing else.
    private static func isOurs(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard let file = parts.last, parts.count < 3 else { return false }
        let folders = ["commits", "diagrams", "tables"]
        guard parts.count == 1 || folders.contains(String(parts[0])) else { return false }
        return (file.hasSuffix(".html") || file == "style.css") && !file.hasPrefix(".")
    }

    // MARK: Files

    private func append(_ text: String) throws {
        try Self.write(Array(text.utf8), to: descriptor, "\(path)/\(Self.marker)")
    }

    private static func make(_ path: String) throws {
        var isMade = mkdir(path, 0o777) == 0
        if !isMade, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            // Once: there are folders, such as /proc, in which none is ever found.
            isMade = mkdir(path, 0o777) == 0
        }
        if isMade { return }
        var status = stat()
        guard errno == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            if errno == EEXIST || errno == 0 { errno = ENOTDIR }
            throw failure("made", path)
        }
    }

    private static func isEmpty(_ path: String) throws -> Bool {
        guard let folder = opendir(path) else { throw failure("read", path) }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { return false }
        }
        return true
    }

    /// A file's bytes; absent when there is none.
    private static func read(_ path: String) throws -> [UInt8]? {
        let input = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else {
            // A link is replaced, whatever it leads to.
            if errno == ENOENT || errno == ELOOP { return nil }
            throw failure("read", path)
        }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0 else { throw failure("read", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(input, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    private static func write(_ bytes: [UInt8], to output: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(output, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", path) }
            done += count
        }
    }

    private static func failure(_ verb: String, _ path: String) -> CinchError {
        CinchError(
            code: .failed,
            message: "'\(path)' can't be \(verb): \(String(cString: strerror(errno)))",
            hint: "Check the path, and that you may write there.")
    }
}
