package import CinchSchema

/// A 128-bit digest of the raw text of a schema: the sum of the entries' own digests, each FNV-1a
/// over its fields with their lengths.
///
/// It answers "have I seen exactly this text before?" among files we trust. It is no defence
/// against somebody who makes two texts collide on purpose, and no object id.
package struct SchemaDigest: Hashable, Sendable, CustomStringConvertible {
    private var state: UInt128 = 0

    /// Digests the entries; their order in `sqlite_schema` doesn't matter.
    package init(_ entries: [SchemaEntry]) {
        for entry in entries { state &+= Self.digest(entry) }
    }

    private static func digest(_ entry: SchemaEntry) -> UInt128 {
        var digest: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for var field in [entry.kind.rawValue, entry.name, entry.tableName, entry.sql] {
            field.withUTF8 { bytes in
                var count = UInt64(bytes.count)
                for _ in 0..<8 {
                    add(UInt8(truncatingIfNeeded: count), to: &digest)
                    count >>= 8
                }
                for byte in bytes { add(byte, to: &digest) }
            }
        }
        return digest
    }

    private static func add(_ byte: UInt8, to digest: inout UInt128) {
        // Times the FNV prime 2^88 + 0x13B.
        let mixed = digest ^ UInt128(byte)
        digest = (mixed << 88) &+ (mixed &* 0x13B)
    }

    /// 32 hexadecimal digits.
    package var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
