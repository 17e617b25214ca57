#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few operating system calls a repository needs, with errors that name the path.
enum FileSystem {
    /// What a path leads to.
    enum Kind: Hashable, Sendable {
        case file
        case directory
        case other
    }

    /// The error of a system call that failed with `code`.
    static func failure(_ verb: String, _ path: String, _ code: Int32) -> GitError {
        let reason = String(cString: strerror(code))
        let message = "'\(path)' can't be \(verb): \(reason)"
        if code == ENAMETOOLONG {
            return GitError(.invalidName, message, hint: "Choose a shorter name.")
        }
        return GitError(
            .io, message, hint: "Check permissions and free space of that folder, then try again.")
    }

    /// What `path` is, not following a symbolic link; nil when there is nothing.
    static func kind(of path: String) throws -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if isAbsence(errno) { return nil }
            throw failure("looked at", path, errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// The whole file; nil when there is none, or a directory.
    ///
    /// - Throws: `.tooLarge` above `limit` bytes, before anything is read.
    static func readFile(_ path: String, limit: Int = 256 << 20) throws -> [UInt8]? {
        guard let file = try OpenFile.open(path) else { return nil }
        guard file.size <= limit else {
            throw GitError(
                .tooLarge, "'\(path)' has \(file.size) bytes, more than the limit of \(limit)",
                hint: "Raise the limit if the file is meant to be that large.")
        }
        return try file.read(count: file.size, at: 0)
    }

    /// The names in a directory, unsorted; nil when it isn't there.
    static func names(in path: String) throws -> [String]? {
        guard let directory = opendir(path) else {
            if isAbsence(errno) { return nil }
            throw failure("listed", path, errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw failure("listed", path, errno) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    String(validatingCString: $0)
                }
            }
            guard let name else {
                throw GitError(
                    .unsupported, "'\(path)' holds a file whose name is not UTF-8",
                    hint: "Rename it with git.")
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// Makes one directory; false when something is there already.
    @discardableResult
    static func makeDirectory(_ path: String) throws -> Bool {
        if mkdir(path, 0o777) == 0 { return true }
        if errno == EEXIST { return false }
        throw failure("made", path, errno)
    }

    /// Removes a file; false when there is none.
    @discardableResult
    static func removeFile(_ path: String) throws -> Bool {
        DiskStep.observer?("remove \(path)")
        if unlink(path) == 0 { return true }
        if isAbsence(errno) { return false }
        throw failure("removed", path, errno)
    }

    /// Removes a directory if it is empty; whether it did.
    @discardableResult
    static func removeEmptyDirectory(_ path: String) -> Bool { rmdir(path) == 0 }

    /// Puts `source` in the place of `destination` in one step.
    static func rename(_ source: String, to destination: String) throws {
        DiskStep.observer?("rename \(destination)")
        guard renameat(AT_FDCWD, source, AT_FDCWD, destination) == 0 else {
            throw failure("written", destination, errno)
        }
    }

    /// Returns when the names in a directory are on disk.
    static func syncDirectory(_ path: String) throws {
        let descriptor = Self.descriptor { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw failure("synced", path, errno) }
        defer { close(descriptor) }
        try sync(descriptor, path)
    }

    /// Makes a new file with these bytes; it is on disk, but not yet its name, on return.
    ///
    /// - Returns: false when there is a file of that name already.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o666) throws -> Bool {
        DiskStep.observer?("create \(path)")
        let descriptor = Self.descriptor {
            open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        }
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw failure("written", path, errno)
        }
        defer { close(descriptor) }
        do {
            try writeAndSync(bytes, to: descriptor, path)
        } catch {
            unlink(path)
            throw error
        }
        return true
    }

    /// Writes everything and returns when it is on disk.
    static func writeAndSync(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        try write(bytes, to: descriptor, path)
        try sync(descriptor, path)
    }

    /// Writes everything; a crash of the system may still lose it.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                return systemWrite(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure("written", path, errno) }
            done += written
        }
    }

    /// Lets the system begin to write a file to disk, so that files which are synced one after
    /// another wait once. It promises nothing.
    static func startSyncing(_ descriptor: Int32) {
        #if os(Linux)
            // Linux begins to write what it is told will not be needed; sync_file_range, which
            // says so outright, can't be called from Swift.
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    /// Returns when what is in a file is on disk.
    static func sync(_ descriptor: Int32, _ path: String) throws {
        DiskStep.observer?("sync \(path)")
        guard fsync(descriptor) == 0 else { throw failure("synced", path, errno) }
    }

    /// Sets a file's times to now; false when it can't be done or there is no file.
    static func touch(_ path: String) -> Bool { utimensat(AT_FDCWD, path, nil, 0) == 0 }

    /// The folder a path is in.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    /// Repeats what may fail because other writers make folders and remove empty ones under it.
    static func insisting<Value>(_ body: () throws -> Value) throws -> Value {
        for _ in 0..<8 {
            do {
                return try body()
            } catch let error as GitError where error.code == .io {
                continue
            }
        }
        return try body()
    }

    /// Letters for a temporary file's name.
    static func randomSuffix() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<8).compactMap { _ in letters.randomElement() })
    }

    /// Whether an error code means that there is nothing at the path.
    static func isAbsence(_ code: Int32) -> Bool { code == ENOENT || code == ENOTDIR }

    /// Repeats an opening call that a signal interrupted.
    static func descriptor(_ call: () -> Int32) -> Int32 {
        while true {
            let descriptor = call()
            if descriptor >= 0 || errno != EINTR { return descriptor }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
