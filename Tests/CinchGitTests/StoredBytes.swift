import CinchGit
import Foundation

/// Objects and packs put together by hand, to be wrong in ways git never writes them.
enum StoredBytes {
    /// A zlib stream that holds the bytes uncompressed, RFC 1950 and 1951 "stored".
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for value in [length, ~length] {
                stream += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
            }
            stream += block
        } while !rest.isEmpty
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bigEndian(b << 16 | a)
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// The start of a pack entry: type and size.
    static func entryHeader(type: UInt8, size: Int) -> [UInt8] {
        var bytes = [type << 4 | UInt8(size & 15)]
        var rest = size >> 4
        while rest > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(rest & 0x7F))
            rest >>= 7
        }
        return bytes
    }

    /// The distance to the base of an OFS_DELTA.
    static func distance(_ value: Int) -> [UInt8] {
        var bytes = [UInt8(value & 0x7F)]
        var rest = value >> 7
        while rest > 0 {
            rest -= 1
            bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }

    static func deltaSize(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    /// Puts a pack of these entries and its index in a SHA-256 repository.
    ///
    /// - Parameter entries: Names with what stands in the pack for them, header included; given
    ///   the offset the entry will be at.
    static func writePack(
        _ entries: [(id: ObjectID, bytes: (Int) -> [UInt8])], in repository: String
    ) throws {
        var pack = Array("PACK".utf8) + bigEndian(2) + bigEndian(UInt32(entries.count))
        var offsets: [(id: ObjectID, offset: Int)] = []
        for entry in entries {
            offsets.append((entry.id, pack.count))
            pack += entry.bytes(pack.count)
        }
        let trailer = [UInt8](repeating: 7, count: 32)
        pack += trailer
        offsets.sort { $0.id < $1.id }
        var index: [UInt8] = [0xFF, 0x74, 0x4F, 0x63] + bigEndian(2)
        for slot in 0..<256 {
            index += bigEndian(UInt32(offsets.count { Int($0.id.bytes[0]) <= slot }))
        }
        for entry in offsets { index += entry.id.bytes }
        index += [UInt8](repeating: 0, count: offsets.count * 4)
        for entry in offsets { index += bigEndian(UInt32(entry.offset)) }
        index += trailer + [UInt8](repeating: 0, count: 32)
        let name = "\(repository)/objects/pack/pack-\(String(repeating: "0", count: 64))"
        try Data(pack).write(to: URL(fileURLWithPath: "\(name).pack"))
        try Data(index).write(to: URL(fileURLWithPath: "\(name).idx"))
    }

    /// Puts a loose object's file in a repository, whatever is in it.
    static func writeLoose(_ id: ObjectID, _ file: [UInt8], in repository: String) throws {
        let folder = "\(repository)/objects/\(id.hex.prefix(2))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data(file).write(to: URL(fileURLWithPath: "\(folder)/\(id.hex.dropFirst(2))"))
    }
}
