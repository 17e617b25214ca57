#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The log of one reference, `logs/<name>`: every value it had, newest last in the file.
struct Reflog: Sendable {
    let name: ReferenceName
    let references: ReferenceDatabase

    private var path: String { references.logPath(of: name) }

    /// The entries, newest first; nil when the reference has no log.
    ///
    /// - Throws: `.corrupt` naming the line. A last line without an end is what a crash while
    ///   appending leaves; the reference had not moved yet, so it is left out.
    func entries() throws -> [ReflogEntry]? {
        guard let bytes = try FileSystem.readFile(path) else { return nil }
        var entries: [ReflogEntry] = []
        let complete = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
        for (number, line) in complete.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                entries.append(try ReflogEntry(decoding: line, format: references.format))
            } catch {
                throw GitError(
                    .corrupt, "Line \(number + 1) of '\(path)' can't be read: \(error.reason)",
                    hint: "Remove the line from the file.")
            }
        }
        return entries.reversed()
    }

    /// Adds a line, which is on disk on return; not so the name of a log that is new.
    ///
    /// The caller holds the reference's lock. What a crash left of an unfinished line is closed
    /// first, or two lines would become one.
    func append(_ entry: ReflogEntry) throws {
        DiskStep.observer?("append \(path)")
        let flags = O_RDWR | O_APPEND | O_CLOEXEC
        var descriptor = FileSystem.descriptor { open(path, flags) }
        if descriptor < 0 {
            descriptor = try FileSystem.insisting {
                try makeWay()
                let made = FileSystem.descriptor { open(path, flags | O_CREAT, 0o666) }
                guard made >= 0 else { throw FileSystem.failure("written", path, errno) }
                return made
            }
        }
        defer { close(descriptor) }
        try removeUnfinishedLine(of: descriptor)
        try FileSystem.writeAndSync(entry.encoded(), to: descriptor, path)
    }

    /// Removes the log and the folders that this leaves empty.
    func remove() throws {
        try FileSystem.removeFile(path)
        references.removeEmptyFolders(above: "logs/\(name)")
    }

    /// Puts a complete log in this one's place; on disk on return.
    func replace(with file: String) throws {
        var unsynced: [String] = []
        try FileSystem.insisting {
            unsynced += try makeWay()
            try FileSystem.rename(file, to: path)
        }
        for folder in unsynced { try FileSystem.syncDirectory(folder) }
    }

    private func removeUnfinishedLine(of descriptor: Int32) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileSystem.failure("read", path, errno)
        }
        var end = status.st_size
        var last: UInt8 = 0
        while end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
            end -= 1
        }
        guard end < status.st_size else { return }
        guard ftruncate(descriptor, end) == 0 else {
            throw FileSystem.failure("written", path, errno)
        }
    }

    // Makes the folders of the log and says which to sync once the log is there. What is in the
    // way belongs to references that are gone: a crash came between removing them and removing
    // their log.
    @discardableResult
    private func makeWay() throws -> [String] {
        var folder = references.folder
        var unsynced: [String] = []
        for part in ["logs"] + name.path.split(separator: "/").map(String.init).dropLast() {
            let parent = folder
            folder += "/\(part)"
            if try FileSystem.kind(of: folder) == .file { try FileSystem.removeFile(folder) }
            if try FileSystem.makeDirectory(folder) { unsynced.append(parent) }
        }
        if try FileSystem.kind(of: path) == .directory {
            references.removeEmptyFolders(below: "logs/\(name)")
        }
        return unsynced + [folder]
    }
}
