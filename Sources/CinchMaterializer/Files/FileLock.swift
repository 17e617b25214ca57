#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A lock between processes (and within one) on a file that stays where it is.
///
/// The kernel drops it with the process, so a crash leaves nothing to repair. The file holds the
/// owner's process id for the message others get; its presence means nothing.
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock, waiting at most `milliseconds`.
    ///
    /// - Parameter purpose: What the holder is doing, as in "Materializing is".
    /// - Throws: `.busy` with the holder's process id, `.io`.
    package init(
        _ path: String, purpose: String, waitingFor milliseconds: Int = 0
    ) throws(MaterializerError) {
        try Files.makeDirectory(Files.parent(path))
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard opened >= 0 else { throw Files.failure("open the lock", path) }
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else {
                let error = Files.failure("lock", path)
                close(opened)
                throw error
            }
            guard ContinuousClock.now < deadline else {
                let holder = Self.holder(opened)
                close(opened)
                throw MaterializerError(
                    .busy, "\(purpose) already going on in process \(holder)",
                    hint: "Wait for it to finish and try again.")
            }
            usleep(2000)
        }
        descriptor = opened
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.utf8.count, 0)
    }

    deinit { close(descriptor) }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}
