/// What comes before an object's compressed data in a pack. gitformat-pack(5), "Pack entry".
struct PackEntry: Hashable, Sendable {
    /// How the data makes the object.
    enum Content: Hashable, Sendable {
        /// The object as it is.
        case whole(ObjectKind)
        /// A delta to the entry at this offset (OFS_DELTA).
        case delta(base: Int)
        /// A delta to the object of this name, in the same pack (REF_DELTA).
        case deltaByName(ObjectID)
    }

    let content: Content
    /// The length of the data once decompressed.
    let size: Int
    /// How many bytes the entry's header takes.
    let length: Int
    /// Enough bytes for any header.
    static let space = 64

    /// - Parameter offset: Where in the pack the entry starts.
    init(
        decoding bytes: [UInt8], at offset: Int, format: ObjectFormat
    ) throws(ObjectFormatError) {
        var index = 0
        func next() throws(ObjectFormatError) -> UInt8 {
            guard index < bytes.count else { throw .wrongLength("the pack is cut off") }
            defer { index += 1 }
            return bytes[index]
        }
        var byte = try next()
        let type = byte >> 4 & 7
        var size = Int(byte & 15)
        var shift = 4
        while byte & 0x80 != 0 {
            guard shift <= 53 else { throw .expected("a size below 2^60", at: offset) }
            byte = try next()
            size |= Int(byte & 0x7F) << shift
            shift += 7
        }
        self.size = size
        switch type {
        case 1: content = .whole(.commit)
        case 2: content = .whole(.tree)
        case 3: content = .whole(.blob)
        case 4: content = .whole(.tag)
        case 6:
            byte = try next()
            var distance = Int(byte & 0x7F)
            while byte & 0x80 != 0 {
                guard distance < 1 << 48 else { throw .expected("a base", at: offset) }
                byte = try next()
                distance = (distance + 1) << 7 | Int(byte & 0x7F)
            }
            guard distance > 0, distance < offset else {
                throw .expected("a base earlier in the pack", at: offset)
            }
            content = .delta(base: offset - distance)
        case 7:
            guard bytes.count - index >= format.byteCount else {
                throw .wrongLength("the pack is cut off")
            }
            let name = bytes[index..<(index + format.byteCount)]
            content = .deltaByName(ObjectID(format: format, bytes: name))
            index += format.byteCount
        default: throw .expected("an object type", at: offset)
        }
        length = index
    }
}
