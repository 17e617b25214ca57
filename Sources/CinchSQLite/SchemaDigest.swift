package import CinchSchema

/// A 128-bit digest of the raw text of a schema: FNV-1a, each field with its length.
///
/// It answers "have I seen exactly this text before?" among files we trust. It is no defence
/// against somebody who makes two texts collide on purpose, and no object id.
package struct SchemaDigest: Hashable, Sendable, CustomStringConvertible {
    private var state: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

    /// Digests the entries by kind and name, so the order in `sqlite_schema` doesn't matter.
    package init(_ entries: [SchemaEntry]) {
        // By bytes: String's own order calls two spellings of one accented name equal.
        let sorted = entries.sorted {
            $0.kind == $1.kind
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                : $0.kind.rawValue < $1.kind.rawValue
        }
        for entry in sorted {
            for field in [entry.kind.rawValue, entry.name, entry.tableName, entry.sql] {
                add(field)
            }
        }
    }

    private mutating func add(_ field: String) {
        var field = field
        field.withUTF8 { bytes in
            var count = UInt64(bytes.count)
            for _ in 0..<8 {
                add(UInt8(truncatingIfNeeded: count))
                count >>= 8
            }
            for byte in bytes { add(byte) }
        }
    }

    private mutating func add(_ byte: UInt8) {
        // Times the FNV prime 2^88 + 0x13B.
        let mixed = state ^ UInt128(byte)
        state = (mixed << 88) &+ (mixed &* 0x13B)
    }

    /// 32 hexadecimal digits.
    package var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
