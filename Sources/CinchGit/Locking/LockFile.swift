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
///
/// Invariants: which lock file belongs to a process that died
///   L1  Ours are made with the sticky bit, which means nothing on a file; git's have none.
///   L2  As long as one of ours is held, its holder has an flock(2) on it, which ends with the
///       process. Whoever makes one is its holder when it has the flock and the file still has
///       its name.
///   L3  One with the bit and without an flock is removed by whoever gets the flock, while the
///       name still leads to that very file. One of git's is never removed.
final class LockFile {
    /// The file that is locked.
    let path: String
    private var isHeld = true
    /// The lock file, with the flock on it.
    private var descriptor: Int32
    /// Open as long as what was written may not be on disk.
    private var unsynced: Int32?

    /// The lock file's own path.
    var lockPath: String { "\(path).lock" }

    /// Takes the lock, trying again for about a second while another process holds it. One that a
    /// process of ours left when it died is taken over.
    ///
    /// - Throws: `.locked` when it stays held; `.io`, also when the folder is missing.
    init(_ path: String, patience: Patience = .default) throws {
        self.path = path
        descriptor = -1
        let lock = "\(path).lock"
        var waited = 0
        var pause = 1
        while true {
            DiskStep.observer?("create \(lock)")
            let made = FileSystem.descriptor {
                open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666 | S_ISVTX)  // L1
            }
            if made >= 0 {
                if Self.isLocked(made), Self.links(made) > 0 {  // L2
                    descriptor = made
                    return
                }
                close(made)
                continue
            }
            let code = errno
            guard code == EEXIST else {
                isHeld = false
                throw FileSystem.failure("locked", path, code)
            }
            if Self.removeDead(lock) { continue }
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

    /// L3: whether there was a lock file whose holder is dead, and is none any more.
    private static func removeDead(_ lock: String) -> Bool {
        let found = FileSystem.descriptor {
            open(lock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard found >= 0 else { return false }
        defer { close(found) }
        var (file, name) = (stat(), stat())
        guard fstat(found, &file) == 0, file.st_mode & S_IFMT == S_IFREG,
            file.st_mode & S_ISVTX != 0, isLocked(found),
            lstat(lock, &name) == 0, name.st_ino == file.st_ino, name.st_dev == file.st_dev
        else { return false }
        return unlink(lock) == 0
    }

    private static func isLocked(_ descriptor: Int32) -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    private static func links(_ descriptor: Int32) -> Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_nlink) : 0
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
        // It is no lock file any more. A crash before leaves a bit that means nothing.
        var status = stat()
        if fstat(descriptor, &status) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
        closeDescriptor()
        try FileSystem.syncDirectory(FileSystem.parent(of: path))
    }

    /// Gives the lock up and leaves the file as it is.
    func release() {
        closeUnsynced()
        if isHeld { unlink(lockPath) }
        isHeld = false
        closeDescriptor()
    }

    private func closeDescriptor() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
