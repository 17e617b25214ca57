/// Where an object is in a pack, and the checksum of its entry's bytes.
struct PackIndexEntry: Hashable, Sendable {
    var id: ObjectID
    var offset: Int
    var crc: UInt32
}

/// The bytes of a pack's index, version 2. gitformat-pack(5), "Version 2 pack-*.idx".
enum PackIndexFile {
    /// - Parameter pack: The pack's checksum.
    static func encoded(
        _ entries: [PackIndexEntry], pack: ObjectID, format: ObjectFormat
    ) -> [UInt8] {
        let sorted = entries.sorted { $0.id < $1.id }
        var bytes: [UInt8] = [0xFF, 0x74, 0x4F, 0x63]
        bytes.reserveCapacity(1100 + sorted.count * (format.byteCount + 8))
        bytes.append(bigEndian32: 2)
        var counts = [Int](repeating: 0, count: 256)
        for entry in sorted { counts[Int(entry.id.firstByte)] += 1 }
        var total = 0
        for count in counts {
            total += count
            bytes.append(bigEndian32: total)
        }
        for entry in sorted { bytes += entry.id.bytes }
        for entry in sorted { bytes.append(bigEndian32: Int(entry.crc)) }
        // Offsets above 2^31 are in a table of their own, which the first table points into.
        var large: [Int] = []
        for entry in sorted {
            if entry.offset < 0x8000_0000 {
                bytes.append(bigEndian32: entry.offset)
            } else {
                bytes.append(bigEndian32: 0x8000_0000 | large.count)
                large.append(entry.offset)
            }
        }
        for offset in large {
            bytes.append(bigEndian32: offset >> 32)
            bytes.append(bigEndian32: offset)
        }
        bytes += pack.bytes
        bytes += format.checksum(bytes).bytes
        return bytes
    }
}
