#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file that is read whole and replaced whole, the way git treats its own config.
///
/// - C1  A writer holds `<path>.lock`, made with O_EXCL, from before it reads until after it has
///       replaced the file. So no change of another process is lost.
/// - C2  The lock file is the new content. It is synced before it is renamed over the old one.
/// - C3  The folder is synced before the call returns: what was acknowledged survives a power cut.
/// - C4  A reader takes no lock and sees the old file or the new one.
struct DurableFile: Sendable {
    let path: String
    private let patience: Int
    private let makesFolder: Bool

    /// The file at a path, which may not exist yet.
    ///
    /// - Parameters:
    ///   - patience: Milliseconds to wait for another writer at most.
    ///   - makesFolder: Whether the folder it is in is made when it is missing.
    init(path: String, patience: Int = 2000, makesFolder: Bool = false) {
        self.path = path
        self.patience = patience
        self.makesFolder = makesFolder
    }

    /// The content; absent when there is no file.
    func read() throws -> [UInt8]? { try contents() }

    /// Changes the content; on disk for good when it returns, unchanged when it throws.
    ///
    /// - Parameter change: Takes what the file holds, absent when there is none, and gives what
    ///   it shall hold, absent for no file.
    /// - Throws: What `change` throws, `.busy` if another process keeps the lock, `.failed` if
    ///   the disk refuses.
    func update(_ change: ([UInt8]?) throws -> [UInt8]?) throws {
        let lock = path + ".lock"
        var descriptor = try takeLock(lock)
        do {
            guard let bytes = try change(contents()) else {
                close(descriptor)
                descriptor = -1
                guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove") }
                try syncFolder()
                unlink(lock)
                return
            }
            try write(bytes, to: descriptor)
            let closed = close(descriptor)
            descriptor = -1
            // C2
            guard closed == 0, rename(lock, path) == 0 else { throw failure("write") }
            try syncFolder()
        } catch {
            if descriptor >= 0 { close(descriptor) }
            unlink(lock)
            throw error
        }
    }

    /// Adds a line in one write; it isn't synced, a power cut may lose it.
    func append(_ line: String) throws {
        let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
        var descriptor = open(path, flags, 0o666)
        if descriptor < 0, errno == ENOENT, makeFolder() {
            descriptor = open(path, flags, 0o666)
        }
        guard descriptor >= 0 else { throw failure("write") }
        defer { close(descriptor) }
        // What a crash has cut off must not swallow this line too.
        let end = lseek(descriptor, 0, SEEK_END)
        var last = UInt8(ascii: "\n")
        if end > 0 { _ = pread(descriptor, &last, 1, end - 1) }
        let bytes = Array(((last == UInt8(ascii: "\n") ? "" : "\n") + line + "\n").utf8)
        let count = bytes.withUnsafeBytes { buffer in
            #if canImport(Darwin)
                Darwin.write(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                Musl.write(descriptor, buffer.baseAddress, buffer.count)
            #else
                Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            #endif
        }
        guard count == bytes.count else { throw failure("write") }
    }

    private func makeFolder() -> Bool {
        makesFolder && mkdir(ProjectLayout.split(path).parent, 0o777) == 0
    }

    private func takeLock(_ lock: String) throws -> Int32 {
        var waited = 0
        while true {
            let descriptor = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return descriptor }
            if errno == EINTR { continue }
            if errno == ENOENT, makeFolder() { continue }
            guard errno == EEXIST else { throw failure("write") }
            guard waited < patience else {
                throw CinchError(
                    code: .busy, message: "Another process is changing '\(path)'",
                    hint: "Try again; if none is running, delete '\(lock)'.")
            }
            usleep(10_000)
            waited += 10
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var status = stat()
        if stat(path, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    Darwin.write(
                        descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                #elseif canImport(Musl)
                    Musl.write(
                        descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                #else
                    Glibc.write(
                        descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            offset += count
        }
        guard fsync(descriptor) == 0 else { throw failure("write") }
    }

    private func syncFolder() throws {
        let folder = open(ProjectLayout.split(path).parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("write") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("write") }
    }

    private func contents() throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                #if canImport(Darwin)
                    Darwin.read(descriptor, $0.baseAddress, $0.count)
                #elseif canImport(Musl)
                    Musl.read(descriptor, $0.baseAddress, $0.count)
                #else
                    Glibc.read(descriptor, $0.baseAddress, $0.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func failure(_ verb: String) -> CinchError {
        CinchError(
            code: .failed, message: "Can't \(verb) '\(path)': \(String(cString: strerror(errno)))",
            hint: "Check the file's folder and its permissions.")
    }
}
