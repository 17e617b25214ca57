#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `<path>.lock`, git's way to let one writer at a time change a file.
///
/// Whoever creates the lock file holds it; the new content is written into it and renamed over
/// the file. Dropped without `commit()`, it is removed and the file stays as it was. A class,
/// since a transaction holds many at once and arrays hold only copyable values.
final class LockFile {
    /// The file that is locked.
    let path: String
    private var isHeld = true
    /// Open as long as what was written may not be on disk.
    private var unsynced: Int32?

    /// The lock file's own path.
    var lockPath: String { "\(path).lock" }

    /// Takes the lock, trying again for about a second while another process holds it.
    ///
    /// A lock left by a process that died is never broken: nothing here can tell the two apart.
    ///
    /// - Throws: `.locked` when it stays held; `.io`, also when the folder is missing.
    init(_ path: String, patience: Patience = .default) throws {
        self.path = path
        var waited = 0
        var pause = 1
        while true {
            let lock = "\(path).lock"
            DiskStep.observer?("create \(lock)")
            let descriptor = FileSystem.descriptor {
                open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            }
            if descriptor >= 0 {
                close(descriptor)
                return
            }
            let code = errno
            guard code == EEXIST else {
                isHeld = false
                throw FileSystem.failure("locked", path, code)
            }
            guard waited < patience.milliseconds else {
                isHeld = false
                throw GitError(
                    .locked, "'\(path)' is locked by another process: '\(lock)' exists",
                    hint: "Wait for it to finish; if it crashed, remove the lock file.")
            }
            // Longer and uneven pauses, so that two waiting processes don't stay in step.
            let next = Int.random(in: pause...(pause * 2))
            usleep(UInt32(next * 1000))
            waited += next
            pause = min(pause * 2, 50)
        }
    }

    /// How long to wait for a lock.
    struct Patience: Hashable, Sendable {
        var milliseconds: Int

        /// About a second, as git's `core.packedRefsTimeout`.
        static let `default` = Patience(milliseconds: 1000)
    }

    deinit { release() }

    /// Puts the bytes in the lock file; the locked file is unchanged. They are on their way to
    /// the disk, and there when `sync()` has returned.
    func write(_ bytes: [UInt8]) throws {
        DiskStep.observer?("write \(lockPath)")
        closeUnsynced()
        let descriptor = FileSystem.descriptor {
            open(lockPath, O_WRONLY | O_TRUNC | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw FileSystem.failure("written", lockPath, errno) }
        unsynced = descriptor
        try FileSystem.write(bytes, to: descriptor, lockPath)
        FileSystem.startSyncing(descriptor)
    }

    /// Returns when what was written is on disk.
    func sync() throws {
        guard let unsynced else { return }
        try FileSystem.sync(unsynced, lockPath)
        closeUnsynced()
    }

    private func closeUnsynced() {
        if let unsynced { close(unsynced) }
        unsynced = nil
    }

    /// Replaces the locked file by the lock file and gives the lock up; on disk on return.
    func commit() throws {
        try sync()
        try FileSystem.rename(lockPath, to: path)
        isHeld = false
        try FileSystem.syncDirectory(FileSystem.parent(of: path))
    }

    /// Gives the lock up and leaves the file as it is.
    func release() {
        closeUnsynced()
        guard isHeld else { return }
        unlink(lockPath)
        isHeld = false
    }
}
