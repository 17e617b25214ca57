/// Objects in files of their own: `objects/ab/cdef…`, each `zlib("<kind> <size>\0<body>")`.
struct LooseObjectStore: Sendable {
    // Longer than any header can be, since a size has 19 digits at most.
    private static let headerSpace = 64
    let folder: String
    let format: ObjectFormat

    /// Where an object's file is, whether or not there is one.
    func path(of id: ObjectID) -> String {
        let hex = id.hexBytes
        let file = String(decoding: hex[2...], as: UTF8.self)
        return "\(directory(of: id))/\(file)"
    }

    /// The folder an object's file is in.
    func directory(of id: ObjectID) -> String {
        "\(folder)/\(String(decoding: id.hexBytes[..<2], as: UTF8.self))"
    }

    /// The object, checked against its name; nil when there is no file.
    func read(_ id: ObjectID, limit: SizeLimit) throws -> Object? {
        guard let file = try OpenFile.open(path(of: id)) else { return nil }
        var inflater = Inflater(at: 0)
        let start = try inflater.read(file, upTo: Self.headerSpace)
        let (header, length) = try ObjectHeader.decode(start)
        try limit.check(header.size, of: id)
        let body = try inflater.readToEnd(file, count: header.size, after: Array(start[length...]))
        guard inflater.endOffset == file.size else {
            throw ObjectFormatError.wrongLength("its file goes on after its end")
        }
        guard format.objectID(of: header.kind, body) == id else {
            throw ObjectFormatError.wrongLength("its content does not match its name")
        }
        return Object(kind: header.kind, body: body)
    }

    /// Kind and size, as the header has them; nil when there is no file.
    func header(of id: ObjectID) throws -> ObjectHeader? {
        guard let file = try OpenFile.open(path(of: id)) else { return nil }
        var inflater = Inflater(at: 0)
        return try ObjectHeader.decode(inflater.read(file, upTo: Self.headerSpace)).header
    }

    /// Puts a compressed object in place; its bytes are on disk on return, its name only when
    /// the folder is synced.
    ///
    /// - Returns: The folders to sync.
    func write(_ id: ObjectID, compressed: [UInt8]) throws -> [String] {
        let directory = directory(of: id)
        var unsynced = [directory]
        // git's name for it, so that `git prune` clears away what a crash leaves.
        var temporary = ""
        var isMade = false
        while !isMade {
            temporary = "\(directory)/tmp_obj_\(FileSystem.randomSuffix())"
            isMade = try FileSystem.insisting {
                if try FileSystem.kind(of: directory) == nil,
                    try FileSystem.makeDirectory(directory)
                {
                    unsynced.append(folder)
                }
                return try FileSystem.create(temporary, compressed, mode: 0o444)
            }
        }
        do {
            try FileSystem.rename(temporary, to: path(of: id))
        } catch {
            try FileSystem.removeFile(temporary)
            throw error
        }
        return unsynced
    }

    /// Every name that starts with these digits, unsorted.
    func ids(matching prefix: ObjectIDPrefix) throws -> [ObjectID] {
        try ids(besides: prefix.lowest).filter(prefix.matches)
    }

    /// Every name in the folder where `id` would be.
    func ids(besides id: ObjectID) throws -> [ObjectID] {
        let names = try FileSystem.names(in: directory(of: id)) ?? []
        let start = id.hexBytes[..<2]
        return names.compactMap { name in
            guard name.utf8.count == format.hexCount - 2 else { return nil }
            return ObjectID(hexBytes: start + Array(name.utf8))
        }
    }
}
