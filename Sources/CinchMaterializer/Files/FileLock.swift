#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Locks between processes (and within one) on files that stay where they are.
///
/// The kernel drops such a lock with the process, so a crash leaves nothing to repair. The file
/// holds the owner's process id for the message others get; its presence means nothing.
enum FileLock {
    /// Runs `body` while holding the lock, which is waited for at most `milliseconds`.
    ///
    /// - Parameter purpose: What the holder is doing, as in "Materializing is".
    /// - Throws: `.busy` with the holder's process id, `.io`, and what `body` throws.
    static func hold<Result>(
        _ path: String, purpose: String, waitingFor milliseconds: Int = 0,
        _ body: () throws -> Result
    ) throws -> Result {
        try Files.makeDirectory(Files.parent(path))
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw Files.failure("open the lock", path) }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw Files.failure("lock", path) }
            guard ContinuousClock.now < deadline else {
                let process = holder(descriptor).map { "\($0)" } ?? "unknown"
                throw MaterializerError(
                    .busy, "\(purpose) already going on in process \(process)",
                    hint: "Wait for it to finish and try again.")
            }
            usleep(2000)
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.utf8.count, 0)
        return try body()
    }

    /// The process that took a lock last; nil when nobody ever did.
    static func holder(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return holder(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
