/// A delta: how to make an object out of another. gitformat-pack(5), "Deltified representation".
struct Delta: Sendable {
    /// The length of the object it starts from.
    let baseSize: Int
    /// The length of the object it makes.
    let resultSize: Int
    private let bytes: [UInt8]
    private let start: Int

    /// Reads the two sizes, which may be all of the delta there is.
    init(_ bytes: [UInt8]) throws(ObjectFormatError) {
        var offset = 0
        baseSize = try Self.size(in: bytes, at: &offset)
        resultSize = try Self.size(in: bytes, at: &offset)
        self.bytes = bytes
        start = offset
    }

    /// Makes the object; the caller has held `resultSize` against its limit.
    func apply(to base: [UInt8]) throws(ObjectFormatError) -> [UInt8] {
        guard base.count == baseSize else {
            throw .wrongLength("a delta is for a base of \(baseSize) bytes, not \(base.count)")
        }
        var result: [UInt8] = []
        result.reserveCapacity(resultSize)
        var offset = start
        while offset < bytes.count {
            let at = offset
            let instruction = bytes[offset]
            offset += 1
            let piece: ArraySlice<UInt8>
            if instruction & 0x80 != 0 {
                let from = try operand(instruction, [1, 2, 4, 8], at: &offset)
                let size = try operand(instruction, [0x10, 0x20, 0x40], at: &offset)
                let length = size == 0 ? 0x10000 : size
                guard from <= base.count, length <= base.count - from else {
                    throw .expected("a copy from inside the delta's base", at: at)
                }
                piece = base[from..<(from + length)]
            } else {
                let length = Int(instruction)
                guard length > 0, length <= bytes.count - offset else {
                    throw .expected("a delta instruction", at: at)
                }
                piece = bytes[offset..<(offset + length)]
                offset += length
            }
            guard piece.count <= resultSize - result.count else {
                throw .wrongLength("a delta makes more than the \(resultSize) bytes it says")
            }
            result += piece
        }
        guard result.count == resultSize else {
            throw .wrongLength("a delta makes \(result.count) bytes instead of \(resultSize)")
        }
        return result
    }

    // Little-endian, a byte present for each bit that is set.
    private func operand(
        _ instruction: UInt8, _ bits: [UInt8], at offset: inout Int
    ) throws(ObjectFormatError) -> Int {
        var value = 0
        for (index, bit) in bits.enumerated() where instruction & bit != 0 {
            guard offset < bytes.count else {
                throw .expected("a delta instruction", at: offset)
            }
            value |= Int(bytes[offset]) << (index * 8)
            offset += 1
        }
        return value
    }

    private static func size(
        in bytes: [UInt8], at offset: inout Int
    ) throws(ObjectFormatError) -> Int {
        var value = 0
        var shift = 0
        while true {
            guard offset < bytes.count, shift < 56 else {
                throw .expected("a delta's sizes", at: offset)
            }
            let byte = bytes[offset]
            offset += 1
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }
}
