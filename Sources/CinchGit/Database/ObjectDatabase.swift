import Synchronization

/// Every object of a repository: loose, packed, and in the object folders it borrows from.
///
/// An object is checked against its name whenever it is read. If one copy is damaged, the others
/// are tried before that is an error.
final class ObjectDatabase: Sendable {
    let format: ObjectFormat
    let limit: SizeLimit
    private let reads = Atomic(0)
    private let folder: ObjectFolder
    /// Folders that are looked into besides those the repository itself borrows from.
    private let lent: [String]
    /// Whether what is written stays in memory and is gone with this value.
    private let isInMemory: Bool
    private let inMemory = Mutex<[ObjectID: Object]>([:])
    private let knownFolders = Mutex<[ObjectFolder]?>(nil)
    private let deflater = Mutex(Deflater())
    private let unsynced = Mutex<Set<String>>([])

    init(
        path: String, lent: [String], isInMemory: Bool, format: ObjectFormat, limit: SizeLimit
    ) {
        self.format = format
        self.isInMemory = isInMemory
        self.limit = limit
        self.lent = lent
        folder = ObjectFolder(path: path, format: format)
    }

    /// The repository's own objects, without those it borrows.
    var own: ObjectFolder { folder }

    /// How many object bodies were asked for.
    var readCount: Int { reads.load(ordering: .relaxed) }

    /// The object; nil when the repository doesn't have it.
    func read(_ id: ObjectID) throws -> Object? {
        reads.add(1, ordering: .relaxed)
        if let object = kept(id) { return object }
        return try find(
            id, loose: { try $0.read(id, limit: limit) },
            packed: { try $0.read(id, limit: limit) })
    }

    /// Kind and size; nil when the repository doesn't have the object.
    func header(of id: ObjectID) throws -> ObjectHeader? {
        if let object = kept(id) { return ObjectHeader(kind: object.kind, size: object.body.count) }
        return try find(id, loose: { try $0.header(of: id) }, packed: { try $0.header(of: id) })
    }

    /// Whether there is an object of that name, readable or not: no byte of it is looked at.
    func has(_ id: ObjectID) throws -> Bool {
        try find(
            id, loose: { try FileSystem.kind(of: $0.path(of: id)) == nil ? nil : true },
            packed: { try $0.index.contains(id) ? true : nil }) ?? false
    }

    /// Stores an object unless it is there already. Its bytes are on disk on return, its name
    /// when `sync()` has returned.
    func write(_ kind: ObjectKind, _ body: [UInt8]) throws -> ObjectID {
        let id = format.objectID(of: kind, body)
        try limit.check(body.count, of: id)
        if isInMemory {
            inMemory.withLock { $0[id] = Object(kind: kind, body: body) }
            return id
        }
        if try keep(id) { return id }
        try writeLoose(id, Object(kind: kind, body: body))
        return id
    }

    /// Stores an object in a file of its own, wherever else it is; see `write`.
    func writeLoose(_ id: ObjectID, _ object: Object) throws {
        let compressed = deflater.withLock {
            $0.compress(object.kind.header(size: object.body.count) + object.body)
        }
        let folders = try folder.loose.write(id, compressed: compressed)
        unsynced.withLock { $0.formUnion(folders) }
    }

    private func kept(_ id: ObjectID) -> Object? {
        isInMemory ? inMemory.withLock { $0[id] } : nil
    }

    /// Returns when everything written so far would outlive a power cut.
    func sync() throws {
        let folders = unsynced.withLock { $0 }
        for path in folders.sorted() {
            do {
                try FileSystem.syncDirectory(path)
            } catch {
                // `git gc` takes away a folder once its objects are in a pack.
                guard try FileSystem.kind(of: path) == nil else { throw error }
            }
        }
        unsynced.withLock { $0.subtract(folders) }
    }

    /// Every object whose name starts with these digits, in order, each once.
    func ids(matching prefix: ObjectIDPrefix) throws -> [ObjectID] {
        var ids: Set<ObjectID> = []
        for folder in try folders() {
            // Another process may just have packed what was loose.
            try folder.rescan()
            ids.formUnion(try folder.loose.ids(matching: prefix))
            for pack in try folder.packs() { ids.formUnion(try pack.index.ids(matching: prefix)) }
        }
        return ids.sorted()
    }

    /// How many digits tell `id` from every other object.
    func uniqueLength(of id: ObjectID) throws -> Int {
        var length = 4
        for folder in try folders() {
            let others =
                try folder.loose.ids(besides: id).filter { $0 != id }
                + folder.packs().flatMap { try $0.index.neighbours(of: id) }
            for other in others { length = max(length, id.commonPrefix(with: other) + 1) }
        }
        return min(length, format.hexCount)
    }

    // Whether the object is stored and sound; if so it is kept from the next `git gc`.
    private func keep(_ id: ObjectID) throws -> Bool {
        let store = folder.loose
        do {
            if try store.read(id, limit: limit) != nil, FileSystem.touch(store.path(of: id)) {
                // Whoever wrote it may not have synced its name yet.
                unsynced.withLock { _ = $0.insert(store.directory(of: id)) }
                return true
            }
        } catch is ObjectFormatError {
            return false
        }
        for folder in try folders() {
            for pack in try folder.packs() {
                do {
                    // A pack that was removed a moment ago can still be read, but not touched.
                    guard try pack.read(id, limit: limit) != nil, pack.touch() else { continue }
                    return true
                } catch is ObjectFormatError {
                    continue
                }
            }
        }
        return false
    }

    // Our own folder first, then the borrowed ones; once more with packs listed anew, since
    // another process may be moving objects from loose to packed and from pack to pack.
    private func find<Value>(
        _ id: ObjectID, loose: (LooseObjectStore) throws -> Value?, packed: (Pack) throws -> Value?
    ) throws -> Value? {
        guard id.format == format else { return nil }
        var damage: GitError?
        func attempt(_ place: @autoclosure () -> String, _ read: () throws -> Value?) throws
            -> Value?
        {
            do {
                return try read()
            } catch let error as ObjectFormatError {
                damage = damage ?? Self.corruption(of: id, in: place(), error)
                return nil
            }
        }
        func attempt(_ packs: [Pack]) throws -> Value? {
            for pack in packs {
                if let value = try attempt("\(pack.path).pack", { try packed(pack) }) {
                    return value
                }
            }
            return nil
        }
        for round in 1...2 {
            for folder in try folders() {
                if round == 2 { try folder.rescan() }
                // Looking into a pack that is open takes no system call, looking for a file does.
                let listed = folder.listedPacks()
                if let listed, let value = try attempt(listed) { return value }
                let file = folder.loose
                if let value = try attempt(file.path(of: id), { try loose(file) }) { return value }
                if listed == nil, let value = try attempt(folder.packs()) { return value }
            }
        }
        if let damage { throw damage }
        for folder in try folders() {
            if let failure = folder.failures().first { throw failure }
        }
        return nil
    }

    static func corruption(
        of id: ObjectID, in path: String, _ error: ObjectFormatError
    ) -> GitError {
        GitError(
            .corrupt, "Object '\(id)' in '\(path)' can't be read: \(error.reason)",
            hint: "Run 'git fsck --full' and restore the object from another copy.")
    }

    /// The repository's own objects first, then those it borrows.
    func folders() throws -> [ObjectFolder] {
        try knownFolders.withLock { known in
            if let known { return known }
            let borrowed = try (lent + Alternates.folders(from: folder.path))
                .map { ObjectFolder(path: $0, format: format) }
            let all = [folder] + borrowed
            known = all
            return all
        }
    }
}
