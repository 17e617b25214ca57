#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a folder says of a file: how large it is and when it was written.
struct FileFacts: Hashable, Sendable {
    /// Its length in bytes.
    var size: Int
    /// What it takes on disk, in bytes.
    var sizeOnDisk: Int
    /// Seconds since 1970.
    var modified: Int64
    /// The same moment as exactly as the file system knows it.
    var modifiedNanoseconds: Int64

    /// Nil when there is nothing at the path.
    init?(of path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if FileSystem.isAbsence(errno) { return nil }
            throw FileSystem.failure("looked at", path, errno)
        }
        self.init(status)
    }

    fileprivate init(_ status: stat) {
        size = Int(status.st_size)
        sizeOnDisk = Int(status.st_blocks) * 512
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = Int64(time.tv_sec)
        modifiedNanoseconds = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension FileSystem {
    /// Sets when a file was written, in seconds since 1970; false when it can't be done.
    @discardableResult
    static func setModified(_ path: String, _ seconds: Int64) -> Bool {
        let times = [
            timespec(tv_sec: Int(seconds), tv_nsec: 0), timespec(tv_sec: Int(seconds), tv_nsec: 0),
        ]
        return utimensat(AT_FDCWD, path, times, 0) == 0
    }

    /// Removes a file and gives what was known of it when it had no name any more; nil when there
    /// was none. Whoever touched it before it went has left his mark, whoever does later can't.
    static func removeFileSeen(_ path: String) throws -> FileFacts? {
        let descriptor = Self.descriptor { open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
        guard descriptor >= 0 else {
            if isAbsence(errno) { return nil }
            throw failure("removed", path, errno)
        }
        defer { close(descriptor) }
        guard try removeFile(path) else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("looked at", path, errno) }
        return FileFacts(status)
    }
}

/// A new file that is written from front to back.
struct OutputFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Makes the file, which must not exist.
    init(_ path: String, mode: mode_t = 0o444) throws {
        DiskStep.observer?("create \(path)")
        self.path = path
        descriptor = FileSystem.descriptor {
            open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        }
        guard descriptor >= 0 else { throw FileSystem.failure("written", path, errno) }
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end.
    func write(_ bytes: [UInt8]) throws { try FileSystem.write(bytes, to: descriptor, path) }

    /// Returns when everything written is on disk.
    func sync() throws { try FileSystem.sync(descriptor, path) }
}
