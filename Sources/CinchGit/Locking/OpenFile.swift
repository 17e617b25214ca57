#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file open for reading at any offset.
///
/// Files are read, not mapped: a map of a file that somebody cuts short kills the process.
struct OpenFile: ~Copyable, Sendable {
    let path: String
    /// The size when it was opened.
    let size: Int
    private let descriptor: Int32

    private init(path: String, size: Int, descriptor: Int32) {
        self.path = path
        self.size = size
        self.descriptor = descriptor
    }

    /// Nil when there is no such file, or it is a directory.
    static func open(_ path: String) throws -> OpenFile? {
        let descriptor = FileSystem.descriptor { openForReading(path) }
        guard descriptor >= 0 else {
            if FileSystem.isAbsence(errno) { return nil }
            throw FileSystem.failure("read", path, errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileSystem.failure("read", path, code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return OpenFile(path: path, size: Int(status.st_size), descriptor: descriptor)
    }

    deinit { close(descriptor) }

    /// Fills the buffer from `offset` on; less only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileSystem.failure("read", path, errno) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// The bytes from `offset` on; fewer than `count` only at the end of the file.
    func read(count: Int, at offset: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }
}

private func openForReading(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
