import Synchronization

/// A pack, version 2, with its index: many objects in one file, most as deltas to others.
final class Pack: Sendable {
    /// The path without `.pack` or `.idx`.
    let path: String
    let index: PackIndex
    private let file: OpenFile
    private let format: ObjectFormat
    private let cache = Mutex(Cache())
    private let inflater = Mutex(Inflater(at: 0))

    /// Results that deltas are likely to build on, dropped all at once when they get too many.
    private struct Cache {
        var objects: [Int: Object] = [:]
        var size = 0
        var limit = 16 << 20
    }

    /// Nil when the pack or its index has gone, as after `git gc` in another process.
    init?(path: String, format: ObjectFormat) throws {
        guard let index = try PackIndex(path: "\(path).idx", format: format),
            let file = try OpenFile.open("\(path).pack")
        else { return nil }
        self.path = path
        self.format = format
        self.index = index
        let hash = format.byteCount
        let header = try file.read(count: 12, at: 0)
        guard header.count == 12, file.size >= 12 + hash else {
            throw ObjectFormatError.wrongLength("the pack is cut off")
        }
        guard header.starts(with: Array("PACK".utf8)), [2, 3].contains(header.bigEndian32(at: 4))
        else { throw ObjectFormatError.expected("the mark of a version 2 pack", at: 0) }
        guard header.bigEndian32(at: 8) == index.count else {
            throw ObjectFormatError.expected("as many objects as its index has", at: 8)
        }
        // Reading the pack whole to check it would cost too much; git looks at this much, too.
        let trailer = try file.read(count: hash, at: file.size - hash)
        guard trailer == index.packChecksum.bytes else {
            throw ObjectFormatError.expected("the checksum its index has", at: file.size - hash)
        }
        self.file = file
    }

    /// The object, checked against its name; nil when it isn't in this pack.
    func read(_ id: ObjectID, limit: SizeLimit) throws -> Object? {
        guard let offset = try index.offset(of: id) else { return nil }
        let object = try object(at: offset, id, limit)
        guard format.objectID(of: object.kind, object.body) == id else {
            throw ObjectFormatError.wrongLength("its content does not match its name")
        }
        return object
    }

    /// Kind and size; nil when the object isn't in this pack.
    func header(of id: ObjectID) throws -> ObjectHeader? {
        guard let offset = try index.offset(of: id) else { return nil }
        let (steps, base) = try chain(from: offset)
        guard let top = steps.first else { return ObjectHeader(kind: base.kind, size: base.size) }
        // A delta starts with its two sizes, of ten bytes at most each.
        var inflater = Inflater(at: top.data)
        let delta = try Delta(inflater.read(file, upTo: 20))
        return ObjectHeader(kind: base.kind, size: delta.resultSize)
    }

    /// Keeps a garbage collection from taking the pack for an old one; false when it has gone.
    func touch() -> Bool { FileSystem.touch("\(path).pack") }

    /// Keeps as much in memory as git does (`core.deltaBaseCacheLimit`), for reading every object.
    func prepareForAll() { cache.withLock { $0.limit = 96 << 20 } }

    // Where the data of a delta or a whole object starts, and its length once decompressed.
    private struct Step {
        var offset: Int
        var data: Int
        var size: Int
    }

    private struct Base {
        var kind: ObjectKind
        var offset: Int
        var data: Int
        var size: Int
        var cached: Object?
    }

    // From an entry down to the whole object it is built on; deltas top first. A loop, since a
    // chain may be longer than the stack is deep.
    private func chain(from start: Int) throws -> (steps: [Step], base: Base) {
        var steps: [Step] = []
        var offset = start
        while true {
            // A chain longer than the pack has been somewhere twice.
            guard steps.count <= index.count else {
                throw ObjectFormatError.expected("a delta that isn't its own base", at: offset)
            }
            if let object = cached(at: offset) {
                let base = Base(
                    kind: object.kind, offset: offset, data: offset, size: object.body.count,
                    cached: object)
                return (steps, base)
            }
            guard offset >= 12, offset < file.size - format.byteCount else {
                throw ObjectFormatError.expected("an entry inside the pack", at: offset)
            }
            let space = min(PackEntry.space, file.size - format.byteCount - offset)
            let bytes = try file.read(count: space, at: offset)
            let entry = try PackEntry(decoding: bytes, at: offset, format: format)
            let data = offset + entry.length
            switch entry.content {
            case .whole(let kind):
                return (steps, Base(kind: kind, offset: offset, data: data, size: entry.size))
            case .delta(let base):
                steps.append(Step(offset: offset, data: data, size: entry.size))
                offset = base
            case .deltaByName(let name):
                steps.append(Step(offset: offset, data: data, size: entry.size))
                guard let base = try index.offset(of: name) else {
                    throw ObjectFormatError.expected("the delta's base '\(name)'", at: offset)
                }
                offset = base
            }
        }
    }

    private func object(at offset: Int, _ id: ObjectID, _ limit: SizeLimit) throws -> Object {
        let (steps, base) = try chain(from: offset)
        var object: Object
        if let cached = base.cached {
            object = cached
        } else {
            let body = try inflate(at: base.data, base.size, id, limit)
            object = Object(kind: base.kind, body: body)
        }
        if !steps.isEmpty { remember(object, at: base.offset) }
        for step in steps.reversed() {
            let delta = try Delta(inflate(at: step.data, step.size, id, limit))
            try limit.check(delta.resultSize, of: id)
            object.body = try delta.apply(to: object.body)
            remember(object, at: step.offset)
        }
        return object
    }

    private func inflate(
        at offset: Int, _ size: Int, _ id: ObjectID, _ limit: SizeLimit
    ) throws -> [UInt8] {
        try limit.check(size, of: id)
        return try inflater.withLock { inflater in
            // What hardly gets smaller may get a little larger.
            inflater.restart(at: offset, expecting: size + 64)
            return try inflater.readToEnd(file, count: size)
        }
    }

    private func cached(at offset: Int) -> Object? {
        cache.withLock { $0.objects[offset] }
    }

    private func remember(_ object: Object, at offset: Int) {
        cache.withLock { cache in
            guard object.body.count < cache.limit / 4 else { return }
            if cache.size + object.body.count > cache.limit {
                cache = Cache(limit: cache.limit)
            }
            if cache.objects.updateValue(object, forKey: offset) == nil {
                cache.size += object.body.count
            }
        }
    }
}
