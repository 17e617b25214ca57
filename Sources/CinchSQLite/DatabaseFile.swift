import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A database file read as bytes, under the lock a reading connection takes: for questions that
/// are asked of ten thousand files, where opening each with SQLite is what costs.
///
/// Invariants: why the bytes are one committed state of the database
///   F1  The file is opened, locked and closed by SQLite's own VFS. A descriptor of ours would,
///       when closed, drop every lock this process has on the file (howtocorrupt, section 2.2).
///   F2  The SHARED lock is held from before the first byte until after the last. Whoever writes
///       the file in a rollback mode, or removes a -wal, needs the EXCLUSIVE one.
///   F3  With the lock held there is no -journal with anything in it: no writer has begun, and
///       nothing waits to be rolled back.
///   F4  There is no -wal, of any length, before the first byte and after the last. In WAL mode
///       no one writes, nor copies into the file, without having made one, and by F2 it can't
///       have come and gone in between.
///
/// Where one of them can't be had there is no answer, and SQLite has to be asked.
package struct DatabaseFile {
    private let file: UnsafeMutablePointer<sqlite3_file>

    /// Calls `body` with the file; nil when the invariants do not hold, or `body` returns nil.
    ///
    /// It never waits, and writes nothing. What `body` reads must not be used when this is nil.
    package static func whileShared<Result>(
        _ path: String, _ body: (DatabaseFile) -> Result?
    ) -> Result? {
        guard !path.utf8.contains(0), sqlite3_initialize() == SQLITE_OK,
            let vfs = sqlite3_vfs_find(nil), let open = vfs.pointee.xOpen,
            // SQLite's VFS expects a name that parameters follow, as this one does.
            let name = sqlite3_create_filename(path, "", "", 0, nil)
        else { return nil }
        defer { sqlite3_free_filename(name) }
        let size = max(Int(vfs.pointee.szOsFile), MemoryLayout<sqlite3_file>.size)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let file = memory.assumingMemoryBound(to: sqlite3_file.self)
        let opened = open(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nil)  // F1
        guard let methods = file.pointee.pMethods else { return nil }
        defer { _ = methods.pointee.xClose?(file) }
        guard opened == SQLITE_OK,
            methods.pointee.xLock?(file, SQLITE_LOCK_SHARED) == SQLITE_OK  // F2
        else { return nil }
        defer { _ = methods.pointee.xUnlock?(file, SQLITE_LOCK_NONE) }
        guard !hasContent(path + "-journal"), !isThere(path + "-wal") else { return nil }  // F3, F4
        guard let result = body(DatabaseFile(file: file)) else { return nil }
        return isThere(path + "-wal") ? nil : result  // F4
    }

    /// Reads exactly `count` bytes; nil when the file ends before, or can't be read.
    package func read(_ count: Int, at offset: Int) -> [UInt8]? {
        guard let read = file.pointee.pMethods?.pointee.xRead, count > 0 else { return nil }
        var result = SQLITE_ERROR
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = read(file, buffer.baseAddress, Int32(count), Int64(offset))
            // A short read fills the rest with zeros; after another error there is nothing.
            initialized = result == SQLITE_OK ? count : 0
        }
        return result == SQLITE_OK ? bytes : nil
    }

    private static func isThere(_ path: String) -> Bool {
        // Whatever can't be looked at may be there.
        access(path, F_OK) == 0 || errno != ENOENT
    }

    private static func hasContent(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno != ENOENT }
        return status.st_size > 0
    }
}
