extension ReferenceDatabase {
    /// Takes a reference's lock, making the folders it needs.
    ///
    /// - Throws: `.locked`; `.conflict` when a folder can't be made because a reference has its
    ///   name; `.invalidName` when the file system can't hold the name.
    func lock(_ name: ReferenceName) throws -> LockFile {
        try FileSystem.insisting {
            do {
                return try LockFile(path(of: name))
            } catch let error as GitError where error.code == .io {
                try makeFolders(for: name)
                return try LockFile(path(of: name))
            }
        }
    }

    /// Takes the lock of `packed-refs`.
    func lockPacked() throws -> LockFile { try LockFile(packedPath) }

    /// Replaces `packed-refs`, whose lock the caller holds and goes on holding: as git does, the
    /// new file has a name of its own. On disk on return.
    func replacePacked(by packed: PackedReferences) throws {
        let new = "\(packedPath).new"
        // Left by a crash: only the holder of the lock makes it.
        try FileSystem.removeFile(new)
        guard try FileSystem.create(new, packed.encoded()) else {
            throw GitError(
                .locked, "'\(new)' was made by another process",
                hint: "Wait for it to finish, then try again.")
        }
        try FileSystem.rename(new, to: packedPath)
        try FileSystem.syncDirectory(folder)
    }

    /// Deletes references whose locks, and that of `packed-refs`, the caller holds.
    func delete(_ names: [ReferenceName], _ locks: inout [ReferenceName: LockFile]) throws {
        // I5
        var packed = try self.packed()
        let count = packed.entries.count
        for name in names { packed.remove(name) }
        if packed.entries.count < count { try replacePacked(by: packed) }
        for name in names {
            if try FileSystem.removeFile(path(of: name)) {
                try FileSystem.syncDirectory(FileSystem.parent(of: path(of: name)))
            }
            try Reflog(name: name, references: self).remove()
            locks.removeValue(forKey: name)?.release()
            removeEmptyFolders(above: name.path)
        }
    }

    /// Makes a reference's place free of folders that hold nothing.
    func clearPlace(of name: ReferenceName) throws {
        if try FileSystem.kind(of: path(of: name)) == .directory {
            removeEmptyFolders(below: name.path)
        }
    }

    /// Removes the folders on a path that are left empty; never `refs/heads` and its like.
    func removeEmptyFolders(above path: String) {
        var parts = path.split(separator: "/")
        let kept = parts.first == "logs" ? 3 : 2
        parts.removeLast()
        while parts.count > kept,
            FileSystem.removeEmptyDirectory("\(folder)/\(parts.joined(separator: "/"))")
        {
            parts.removeLast()
        }
    }

    /// Removes a folder if there is nothing in it but empty folders.
    func removeEmptyFolders(below path: String) {
        // Deepest first; a folder that isn't empty simply stays.
        var folders = [path]
        var index = 0
        while index < folders.count {
            let names = (try? FileSystem.names(in: "\(folder)/\(folders[index])")) ?? []
            folders += names.map { "\(folders[index])/\($0)" }
            index += 1
        }
        for path in folders.reversed() { FileSystem.removeEmptyDirectory("\(folder)/\(path)") }
    }

    private func makeFolders(for name: ReferenceName) throws {
        var path = folder
        var reference = ""
        for part in name.path.split(separator: "/").dropLast() {
            reference += reference.isEmpty ? "\(part)" : "/\(part)"
            let parent = path
            path += "/\(part)"
            if try FileSystem.makeDirectory(path) {
                try FileSystem.syncDirectory(parent)
            } else if try FileSystem.kind(of: path) == .file {
                throw Self.nameTaken(name, by: reference)
            }
        }
    }

    /// `a` and `a/b` can't both be references.
    static func nameTaken(_ name: ReferenceName, by other: String) -> GitError {
        GitError(
            .alreadyExists, "Reference '\(name)' can't be made because '\(other)' exists",
            hint: "Choose another name, or rename '\(other)' first.")
    }
}
