import CZlib

/// Writes a pack, version 2, object after object, and then its index. gitformat-pack(5).
///
/// Nothing but a buffer is in memory. The files have temporary names, as git's have, until
/// `install()`, so that `git prune` clears away what a crash leaves.
struct PackWriter: ~Copyable {
    private static let bufferSize = 1 << 18
    private let folder: String
    private let format: ObjectFormat
    private let file: OutputFile
    private var buffer: [UInt8] = []
    private var written = 0
    private var checksum: RunningChecksum
    private var deflater = Deflater(level: .standard)
    /// What was written, in the order it was.
    private(set) var entries: [PackIndexEntry] = []

    /// Begins a pack of so many objects.
    ///
    /// - Parameter folder: `objects/pack`.
    init(folder: String, count: Int, format: ObjectFormat) throws {
        precondition(count <= UInt32.max, "a pack counts its objects with 32 bits")
        self.folder = folder
        self.format = format
        file = try OutputFile("\(folder)/tmp_pack_\(FileSystem.randomSuffix())")
        checksum = RunningChecksum(format)
        entries.reserveCapacity(count)
        buffer.reserveCapacity(Self.bufferSize + (1 << 16))
        buffer += Array("PACK".utf8)
        buffer.append(bigEndian32: 2)
        buffer.append(bigEndian32: count)
    }

    /// Where the next entry will start.
    private var offset: Int { written + buffer.count }

    /// Adds an object as it is; where its entry starts.
    mutating func append(_ id: ObjectID, _ object: Object) throws -> Int {
        let type: UInt8 =
            switch object.kind {
            case .commit: 1
            case .tree: 2
            case .blob: 3
            case .tag: 4
            }
        return try append(id, type: type, base: nil, data: object.body)
    }

    /// Adds an object as a delta to one that was added before; where its entry starts.
    ///
    /// - Parameter base: Where the entry of the other object starts.
    mutating func append(_ id: ObjectID, delta: [UInt8], base: Int) throws -> Int {
        try append(id, type: 6, base: base, data: delta)
    }

    private mutating func append(
        _ id: ObjectID, type: UInt8, base: Int?, data: [UInt8]
    ) throws -> Int {
        let start = offset
        let place = buffer.count
        var size = data.count
        var byte = type << 4 | UInt8(size & 15)
        size >>= 4
        while size > 0 {
            buffer.append(byte | 0x80)
            byte = UInt8(size & 0x7F)
            size >>= 7
        }
        buffer.append(byte)
        if let base { appendDistance(start - base) }
        buffer += deflater.compress(data)
        entries.append(
            PackIndexEntry(id: id, offset: start, crc: Self.crc(of: buffer, from: place)))
        if buffer.count >= Self.bufferSize { try flush() }
        return start
    }

    // Seven bits a byte, the highest first; each step up counts from where the last one ended.
    private mutating func appendDistance(_ distance: Int) {
        var bytes = [UInt8(distance & 0x7F)]
        var rest = distance >> 7
        while rest > 0 {
            rest -= 1
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        buffer += bytes.reversed()
    }

    private static func crc(of buffer: [UInt8], from place: Int) -> UInt32 {
        buffer.withUnsafeBufferPointer { bytes in
            let start = crc32(0, nil, 0)
            // An entry is shorter than 2^32: the object size limit is 2^30.
            let value = crc32(
                start, bytes.baseAddress?.advanced(by: place), UInt32(bytes.count - place))
            return UInt32(truncatingIfNeeded: value)
        }
    }

    private mutating func flush() throws {
        try file.write(buffer)
        checksum.update(buffer)
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Puts the pack in place and then its index; both are on disk on return, their names too.
    ///
    /// - Returns: The path without `.pack` and `.idx`.
    mutating func install() throws -> String {
        try flush()
        let name = checksum.value()
        try file.write(name.bytes)
        try file.sync()
        let path = "\(folder)/pack-\(name)"
        // The name says what is in it, so one that is there is the same.
        if try FileSystem.kind(of: "\(path).pack") == nil {
            try FileSystem.rename(file.path, to: "\(path).pack")
        } else {
            try FileSystem.removeFile(file.path)
            _ = FileSystem.touch("\(path).pack")
        }
        let index = PackIndexFile.encoded(entries, pack: name, format: format)
        let temporary = "\(folder)/tmp_idx_\(FileSystem.randomSuffix())"
        guard try FileSystem.create(temporary, index, mode: 0o444) else {
            throw GitError(
                .io, "'\(temporary)' exists already", hint: "Remove the file and try again.")
        }
        try FileSystem.rename(temporary, to: "\(path).idx")
        try FileSystem.syncDirectory(folder)
        return path
    }

    /// Removes the temporary file, once something has gone wrong.
    func abandon() { _ = try? FileSystem.removeFile(file.path) }
}

extension [UInt8] {
    /// Adds the low four bytes in network order.
    mutating func append(bigEndian32 value: Int) {
        append(UInt8(truncatingIfNeeded: value >> 24))
        append(UInt8(truncatingIfNeeded: value >> 16))
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }
}
