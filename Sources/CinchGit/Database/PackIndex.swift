import Synchronization

/// An index of a pack, version 2: which object is where in it. gitformat-pack(5), "pack-*.idx".
///
/// Names and offsets are read when they are first asked for, all that begin with the same byte at
/// once: of a hundred thousand commits one wants ten. Its own checksum isn't looked at: every object
/// read is checked against its name, so a damaged index can hide objects but not swap them.
final class PackIndex: Sendable {
    let count: Int
    /// The checksum of the pack this index belongs to, which is also the pack's last bytes.
    let packChecksum: ObjectID
    private let file: OpenFile
    private let format: ObjectFormat
    // How many names begin with a byte or a lower one.
    private let fanout: [Int]
    private let runs = Mutex([Run?](repeating: nil, count: 256))
    private static let tables = 8 + 256 * 4

    /// The names that begin with one byte, and where these objects are.
    private struct Run {
        var names: [UInt8]
        var offsets: [UInt8]
    }

    /// Nil when there is no such file.
    init?(path: String, format: ObjectFormat) throws {
        guard let file = try OpenFile.open(path) else { return nil }
        self.format = format
        let hash = format.byteCount
        guard file.size >= Self.tables + 2 * hash else {
            throw ObjectFormatError.wrongLength("the index is cut off")
        }
        let head = try file.read(count: Self.tables, at: 0)
        guard head.count == Self.tables, head.starts(with: [0xFF, 0x74, 0x4F, 0x63]),
            head.bigEndian32(at: 4) == 2
        else { throw ObjectFormatError.expected("the mark of a version 2 index", at: 0) }
        var fanout: [Int] = []
        for slot in 0..<256 {
            let next = head.bigEndian32(at: 8 + slot * 4)
            guard next >= fanout.last ?? 0 else {
                throw ObjectFormatError.expected("a growing fanout table", at: 8 + slot * 4)
            }
            fanout.append(next)
        }
        self.fanout = fanout
        count = fanout[255]
        // Name, checksum and offset for each object, then up to one 64-bit offset for each but
        // one, then the two trailers. 32-bit counts can't overflow an Int here.
        let smallest = Self.tables + count * (hash + 8) + 2 * hash
        let largest = smallest + max(0, count - 1) * 8
        guard (smallest...largest).contains(file.size), (file.size - smallest) % 8 == 0 else {
            throw ObjectFormatError.wrongLength(
                "the index has not the length its object count asks for")
        }
        let trailer = try Self.read(hash, at: file.size - 2 * hash, of: file)
        packChecksum = ObjectID(format: format, bytes: trailer)
        self.file = file
    }

    /// Where the object's entry starts in the pack; nil when it isn't in it.
    func offset(of id: ObjectID) throws -> Int? {
        let (short, isFound) = try within(Int(id.firstByte)) { run in
            let place = place(of: id, in: run)
            guard place < run.names.count / format.byteCount, self.id(at: place, in: run) == id
            else { return (0, false) }
            return (run.offsets.bigEndian32(at: place * 4), true)
        }
        guard isFound else { return nil }
        guard short & 0x8000_0000 != 0 else { return short }
        let long =
            Self.tables + count * (format.byteCount + 8) + (short & 0x7FFF_FFFF) * 8
        guard long + 8 <= file.size - 2 * format.byteCount else {
            throw ObjectFormatError.expected("an offset inside the index", at: long)
        }
        let bytes = try Self.read(8, at: long, of: file)
        let high = bytes.bigEndian32(at: 0)
        guard high < 0x8000_0000 else {
            throw ObjectFormatError.expected("an offset below 2^63", at: long)
        }
        return high << 32 | bytes.bigEndian32(at: 4)
    }

    /// Whether the object is in the pack.
    func contains(_ id: ObjectID) throws -> Bool {
        try within(Int(id.firstByte)) { run in
            let place = place(of: id, in: run)
            return place < run.names.count / format.byteCount && self.id(at: place, in: run) == id
        }
    }

    /// Every name, in order.
    func ids() throws -> [ObjectID] {
        try (0..<256).flatMap { slot in
            try within(slot) { run in
                (0..<run.names.count / format.byteCount).map { id(at: $0, in: run) }
            }
        }
    }

    /// Every name that starts with these digits, of which there are four at least, in order.
    func ids(matching prefix: ObjectIDPrefix) throws -> [ObjectID] {
        try within(Int(prefix.lowest.firstByte)) { run in
            var ids: [ObjectID] = []
            for place in place(of: prefix.lowest, in: run)..<(run.names.count / format.byteCount) {
                let id = id(at: place, in: run)
                guard prefix.matches(id) else { break }
                ids.append(id)
            }
            return ids
        }
    }

    /// The names next to `id`, itself left out: the ones that share most digits with it.
    func neighbours(of id: ObjectID) throws -> [ObjectID] {
        // Those of another run share one digit at most, and no abbreviation is so short.
        try within(Int(id.firstByte)) { run in
            let place = place(of: id, in: run)
            let count = run.names.count / format.byteCount
            return [place - 1, place, place + 1].filter { (0..<count).contains($0) }
                .map { self.id(at: $0, in: run) }.filter { $0 != id }
        }
    }

    private func within<Value>(_ slot: Int, _ body: (Run) throws -> Value) throws -> Value {
        let known = runs.withLock { $0[slot] }
        if let known { return try body(known) }
        let start = slot == 0 ? 0 : fanout[slot - 1]
        let length = fanout[slot] - start
        let hash = format.byteCount
        let run = Run(
            names: try Self.read(length * hash, at: Self.tables + start * hash, of: file),
            offsets: try Self.read(
                length * 4, at: Self.tables + count * (hash + 4) + start * 4, of: file))
        runs.withLock { $0[slot] = run }
        return try body(run)
    }

    /// The place in a run of the first name that is not below `id`.
    ///
    /// - Complexity: O(log *n*).
    private func place(of id: ObjectID, in run: Run) -> Int {
        let hash = format.byteCount
        return run.names.withUnsafeBytes { names in
            // Eight bytes nearly always decide, and cost nothing to compare.
            let wanted = id.start
            var low = 0
            var high = names.count / hash
            while low < high {
                let middle = low + (high - low) / 2
                let start = UInt64(
                    bigEndian: names.loadUnaligned(fromByteOffset: middle * hash, as: UInt64.self))
                let isBelow =
                    start != wanted ? start < wanted : self.id(at: middle, in: run) < id
                if isBelow { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private func id(at place: Int, in run: Run) -> ObjectID {
        let start = place * format.byteCount
        return ObjectID(format: format, bytes: run.names[start..<(start + format.byteCount)])
    }

    // A file that has become shorter since it was opened is cut off.
    private static func read(
        _ count: Int, at offset: Int, of file: borrowing OpenFile
    ) throws -> [UInt8] {
        let bytes = try file.read(count: count, at: offset)
        guard bytes.count == count else {
            throw ObjectFormatError.wrongLength("the index is cut off")
        }
        return bytes
    }
}

extension [UInt8] {
    /// Four bytes in network order.
    func bigEndian32(at offset: Int) -> Int {
        Int(self[offset]) << 24 | Int(self[offset + 1]) << 16 | Int(self[offset + 2]) << 8
            | Int(self[offset + 3])
    }
}
