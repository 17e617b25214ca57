/// An index of a pack, version 2: which object is where in it. gitformat-pack(5), "pack-*.idx".
///
/// Kept in memory whole. Its own checksum isn't looked at: every object read is checked against
/// its name, so a damaged index can hide objects but not swap them.
struct PackIndex: Sendable {
    let count: Int
    /// The checksum of the pack this index belongs to, which is also the pack's last bytes.
    let packChecksum: ObjectID
    private let bytes: [UInt8]
    private let format: ObjectFormat
    private static let tables = 8 + 256 * 4

    init(_ bytes: [UInt8], format: ObjectFormat) throws(ObjectFormatError) {
        self.bytes = bytes
        self.format = format
        let hash = format.byteCount
        guard bytes.count >= Self.tables + 2 * hash else {
            throw .wrongLength("the index is cut off")
        }
        guard bytes.starts(with: [0xFF, 0x74, 0x4F, 0x63]), bytes.bigEndian32(at: 4) == 2 else {
            throw .expected("the mark of a version 2 index", at: 0)
        }
        var last = 0
        for slot in 0..<256 {
            let next = bytes.bigEndian32(at: 8 + slot * 4)
            guard next >= last else { throw .expected("a growing fanout table", at: 8 + slot * 4) }
            last = next
        }
        count = last
        // Name, checksum and offset for each object, then up to one 64-bit offset for each but
        // one, then the two trailers. 32-bit counts can't overflow an Int here.
        let smallest = Self.tables + count * (hash + 8) + 2 * hash
        let largest = smallest + max(0, count - 1) * 8
        guard (smallest...largest).contains(bytes.count), (bytes.count - smallest) % 8 == 0 else {
            throw .wrongLength("the index has not the length its object count asks for")
        }
        let trailer = bytes.count - 2 * hash
        packChecksum = ObjectID(format: format, bytes: bytes[trailer..<(trailer + hash)])
    }

    /// The name at a position in name order.
    func id(at position: Int) -> ObjectID {
        let start = Self.tables + position * format.byteCount
        return ObjectID(format: format, bytes: bytes[start..<(start + format.byteCount)])
    }

    /// The position of the first name that is not below `id`.
    ///
    /// - Complexity: O(log *n*).
    func position(of id: ObjectID) -> Int {
        let slot = Int(id.firstByte)
        var low = slot == 0 ? 0 : bytes.bigEndian32(at: 8 + (slot - 1) * 4)
        var high = bytes.bigEndian32(at: 8 + slot * 4)
        while low < high {
            let middle = low + (high - low) / 2
            if self.id(at: middle) < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the object's entry starts in the pack; nil when it isn't in it.
    func offset(of id: ObjectID) throws(ObjectFormatError) -> Int? {
        let position = position(of: id)
        guard position < count, self.id(at: position) == id else { return nil }
        let offsets = Self.tables + count * (format.byteCount + 4)
        let short = bytes.bigEndian32(at: offsets + position * 4)
        guard short & 0x8000_0000 != 0 else { return short }
        let long = offsets + count * 4 + (short & 0x7FFF_FFFF) * 8
        guard long + 8 <= bytes.count - 2 * format.byteCount else {
            throw .expected("an offset inside the index", at: offsets + position * 4)
        }
        let high = bytes.bigEndian32(at: long)
        guard high < 0x8000_0000 else { throw .expected("an offset below 2^63", at: long) }
        return high << 32 | bytes.bigEndian32(at: long + 4)
    }

    /// Every name that starts with these digits, in order.
    func ids(matching prefix: ObjectIDPrefix) -> [ObjectID] {
        var ids: [ObjectID] = []
        for position in position(of: prefix.lowest)..<max(count, position(of: prefix.lowest)) {
            let id = id(at: position)
            guard prefix.matches(id) else { break }
            ids.append(id)
        }
        return ids
    }

    /// The names next to `id`, itself left out: the ones that share most digits with it.
    func neighbours(of id: ObjectID) -> [ObjectID] {
        let position = position(of: id)
        return [position - 1, position, position + 1]
            .filter { (0..<count).contains($0) }
            .map { self.id(at: $0) }
            .filter { $0 != id }
    }
}

extension [UInt8] {
    /// Four bytes in network order.
    func bigEndian32(at offset: Int) -> Int {
        Int(self[offset]) << 24 | Int(self[offset + 1]) << 16 | Int(self[offset + 2]) << 8
            | Int(self[offset + 3])
    }
}
