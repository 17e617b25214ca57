/// Gives a branch another name, its log included. At no point is neither name on disk.
///
/// `a` and `a/b` can't both be files, so in that case the new name is made in `packed-refs`,
/// where both can be.
struct BranchRename {
    let references: ReferenceDatabase
    let policy: ReflogPolicy
    let signature: Signature
    // git's name for a log on its way.
    private var travellingLog: String { "\(references.folder)/logs/refs/.tmp-renamed-log" }

    /// Returns when everything is on disk; HEAD follows if it was on the branch.
    ///
    /// - Throws: `.notFound` for `old`, `.conflict` when `new` is taken, `.locked`.
    func run(from old: ReferenceName, to new: ReferenceName) throws {
        guard old != new else { throw taken(new) }
        let isNested = old.conflicts(with: new)
        let head = try references.find(.head)
        let movesHead = head == .symbolic(old)
        // The lock of 'a/b' has no folder to be in while 'a' is a file.
        let lockable = new.path.utf8.starts(with: "\(old)/".utf8) ? [old] : [old, new]
        var locks: [ReferenceName: LockFile] = [:]
        defer {
            // After a failure, the folders that only a lock was in go with it.
            locks = [:]
            references.removeEmptyFolders(above: new.path)
        }
        for name in ((movesHead ? [.head] : []) + lockable).sorted() {
            locks[name] = try references.lock(name)
        }
        let id = try verify(old, new, head)
        let message = "Branch: renamed \(old) to \(new)"
        let entry = ReflogEntry(old: id, new: id, signature: signature, message: message)
        let carriesLog = try prepareLog(of: old, entry)
        let packedLock = try references.lockPacked()
        defer { packedLock.release() }
        if isNested {
            var packed = try references.packed()
            packed.set(.init(name: new, id: id))
            try references.replacePacked(by: packed)
        } else {
            try locks[new]?.write(Array("\(id)\n".utf8))
            if carriesLog { try installLog(of: new) }
            try references.clearPlace(of: new)
            try locks.removeValue(forKey: new)?.commit()
        }
        if movesHead {
            try locks[.head]?.write(Array("ref: \(new)\n".utf8))
            try policy.append(entry, to: .head, in: references)
            try locks.removeValue(forKey: .head)?.commit()
        }
        try references.delete([old], &locks)
        if isNested, carriesLog { try installLog(of: new) }
    }

    private func verify(
        _ old: ReferenceName, _ new: ReferenceName, _ head: Reference?
    ) throws -> ObjectID {
        guard case .direct(let id) = try references.find(old) else {
            throw GitError(
                .notFound, "There is no branch '\(old.shortName)'",
                hint: "See 'cinch branch list'.")
        }
        guard try references.find(new) == nil else {
            throw taken(new)
        }
        if let obstacle = try references.obstacle(to: new, ignoring: [old]) {
            throw ReferenceDatabase.nameTaken(new, by: obstacle.path)
        }
        guard try references.find(.head) == head else {
            throw GitError(.conflict, "'HEAD' moved meanwhile", hint: "Try again.")
        }
        return id
    }

    private func taken(_ name: ReferenceName) -> GitError {
        GitError(
            .alreadyExists, "Branch '\(name.shortName)' already exists",
            hint: "Choose another name, or delete it first.")
    }

    private func prepareLog(of old: ReferenceName, _ entry: ReflogEntry) throws -> Bool {
        guard let bytes = try FileSystem.readFile(references.logPath(of: old)) else { return false }
        try FileSystem.removeFile(travellingLog)
        // Another rename at this moment is the only one that can have made it again.
        guard try FileSystem.create(travellingLog, bytes + entry.encoded()) else {
            throw GitError(
                .locked, "'\(travellingLog)' is in use by another rename",
                hint: "Try again when it has finished.")
        }
        return true
    }

    private func installLog(of new: ReferenceName) throws {
        try Reflog(name: new, references: references).replace(with: travellingLog)
    }
}
