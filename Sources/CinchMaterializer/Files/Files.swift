#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// File operations that say what they were asked to do when they fail, and are on disk when
/// their comment says so.
enum Files {
    /// Whether anything has that name; a dangling symbolic link counts.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The size in bytes; nil when there is no such file.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes a directory and those above it; each new name is synced in its parent.
    static func makeDirectory(_ path: String) throws(MaterializerError) {
        if mkdir(path, 0o777) == 0 {
            try syncDirectory(parent(path))
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT:
            try makeDirectory(parent(path))
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                throw failure("create the directory", path)
            }
            try syncDirectory(parent(path))
        default: throw failure("create the directory", path)
        }
    }

    /// Removes a file; false when there was none. The removal is not synced.
    @discardableResult
    static func remove(_ path: String) throws(MaterializerError) -> Bool {
        if unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw failure("remove", path) }
        return false
    }

    /// Removes a directory that has nothing in it any more.
    static func removeEmptyDirectory(_ path: String) throws(MaterializerError) {
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// Removes a directory of files with what is in it. Fine if there is none.
    static func removeFolder(_ path: String) throws(MaterializerError) {
        guard exists(path) else { return }
        for name in names(in: path) { try remove("\(path)/\(name)") }
        try removeEmptyDirectory(path)
    }

    /// Moves a file over another; synced only by `syncDirectory` on the directory.
    static func move(_ from: String, to: String) throws(MaterializerError) {
        guard rename(from, to) == 0 else { throw failure("move to '\(to)'", from) }
    }

    /// Writes what the system holds of a file to the disk.
    static func sync(_ path: String) throws(MaterializerError) {
        try withDescriptor(path, O_RDONLY) { descriptor throws(MaterializerError) in
            guard fsync(descriptor) == 0 else { throw failure("sync", path) }
        }
    }

    /// Writes a directory's names to the disk.
    static func syncDirectory(_ path: String) throws(MaterializerError) {
        try withDescriptor(path, O_RDONLY | O_DIRECTORY) { descriptor throws(MaterializerError) in
            guard fsync(descriptor) == 0 else { throw failure("sync the directory", path) }
        }
    }

    /// The directory a path is in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a directory, sorted; empty when there is no such directory.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func failure(_ doing: String, _ path: String) -> MaterializerError {
        let reason = String(cString: strerror(errno))
        return MaterializerError(.io, "Could not \(doing): '\(path)': \(reason)")
    }

    fileprivate static func withDescriptor(
        _ path: String, _ flags: Int32, _ body: (Int32) throws(MaterializerError) -> Void
    ) throws(MaterializerError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        try body(descriptor)
    }
}

// MARK: - Copying

extension Files {
    /// Copies a file to a new one and syncs its content; the new name is not synced.
    ///
    /// Shares the blocks where the file system can, else copies inside the kernel.
    static func copy(_ from: String, to: String) throws(MaterializerError) {
        try withDescriptor(from, O_RDONLY) { source throws(MaterializerError) in
            let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
            try withDescriptor(to, flags) { target throws(MaterializerError) in
                let shareBlocks: UInt = 0x4004_9409  // FICLONE
                if ioctl(target, shareBlocks, source) != 0 {
                    try copyBytes(from: source, to: target, name: to)
                }
                guard fsync(target) == 0 else { throw failure("sync", to) }
            }
        }
    }

    private static func copyBytes(
        from source: Int32, to target: Int32, name: String
    ) throws(MaterializerError) {
        var isInKernel = true
        while true {
            if isInKernel {
                // copy_file_range hides behind _GNU_SOURCE, which the importer doesn't define.
                let count = sendfile(target, source, nil, 1 << 30)
                if count > 0 { continue }
                if count == 0 { return }
                if errno == EINTR { continue }
                guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else {
                    throw failure("copy", name)
                }
                isInKernel = false
            }
            guard try copyBlock(from: source, to: target, name: name) else { return }
        }
    }

    /// Copies up to 64 KiB through this process; false at the end.
    private static func copyBlock(
        from source: Int32, to target: Int32, name: String
    ) throws(MaterializerError) -> Bool {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(source, &block, block.count)
        guard count >= 0 else {
            if errno == EINTR { return true }
            throw failure("copy", name)
        }
        var written = 0
        while written < count {
            let step = block[written..<count].withUnsafeBytes {
                write(target, $0.baseAddress, $0.count)
            }
            guard step >= 0 || errno == EINTR else { throw failure("copy", name) }
            written += max(0, step)
        }
        return count > 0
    }
}
