/// An object that deltas start from, indexed so that they are found fast.
/// gitformat-pack(5), "Deltified representation".
///
/// Every block of 16 bytes that begins at a multiple of 16 is in a hash table. Where the same block
/// stands anywhere in a target, the two are compared as far as they agree, forwards and backwards.
package final class DeltaSource {
    private static let block = 16
    // How many places of one hash are looked at: a source may be one block again and again.
    private static let tries = 16
    // The longest copy one instruction makes.
    private static let longestCopy = 0x10000
    let body: [UInt8]
    // One more than the first block of a hash, and of each block the next one; 0 for none.
    private var heads: [UInt32]
    private var next: [UInt32]
    private let shift: UInt64

    /// Indexes an object's bytes.
    package init(_ body: [UInt8]) {
        self.body = body
        let count = body.count / Self.block
        let bits = max(4, Int.bitWidth - count.leadingZeroBitCount)
        shift = UInt64(64 - bits)
        heads = [UInt32](repeating: 0, count: 1 << bits)
        next = [UInt32](repeating: 0, count: count)
        body.withUnsafeBytes { bytes in
            // Backwards, so that of equal blocks the first comes first.
            for place in (0..<count).reversed() {
                let slot = Self.slot(bytes, place * Self.block, shift)
                next[place] = heads[slot]
                heads[slot] = UInt32(place + 1)
            }
        }
    }

    /// What makes `target` out of this object; nil when it would take more than `limit` bytes.
    package func delta(to target: [UInt8], limit: Int = .max) -> [UInt8]? {
        var writer = DeltaWriter(sizes: body.count, target.count, limit: limit)
        let isShort = body.withUnsafeBytes { source in
            target.withUnsafeBytes { target in
                heads.withUnsafeBufferPointer { heads in
                    next.withUnsafeBufferPointer { next in
                        search(source, target, heads, next, &writer)
                    }
                }
            }
        }
        return isShort ? writer.bytes : nil
    }

    // Unsafe buffers: this is where packing spends its time. Every offset is held against the
    // buffer's count before it is used.
    private func search(
        _ source: UnsafeRawBufferPointer, _ target: UnsafeRawBufferPointer,
        _ heads: UnsafeBufferPointer<UInt32>, _ next: UnsafeBufferPointer<UInt32>,
        _ writer: inout DeltaWriter
    ) -> Bool {
        var literal = 0
        var at = 0
        while at + Self.block <= target.count {
            var candidate = heads[Self.slot(target, at, shift)]
            var length = 0
            var from = 0
            var left = Self.tries
            while candidate != 0, left > 0 {
                let place = Int(candidate - 1)
                let start = place * Self.block
                let shared = Self.shared(source, start, target, at)
                if shared > length { (length, from) = (shared, start) }
                candidate = next[place]
                left -= 1
            }
            guard length >= Self.block else {
                at += 1
                // Less than a block of this may still be taken back.
                if writer.bytes.count + at - literal - Self.block > writer.limit { return false }
                continue
            }
            var back = 0
            while back < at - literal, back < from, source[from - back - 1] == target[at - back - 1]
            {
                back += 1
            }
            writer.insert(target, literal..<(at - back))
            writer.copy(from: from - back, count: length + back)
            at += length
            literal = at
            if writer.bytes.count > writer.limit { return false }
        }
        writer.insert(target, literal..<target.count)
        return writer.bytes.count <= writer.limit
    }

    private static func slot(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ shift: UInt64
    ) -> Int {
        let first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        let mixed = (first &* 0x9E37_79B9_7F4A_7C15) ^ (second &* 0xC2B2_AE3D_27D4_EB4F)
        return Int(truncatingIfNeeded: ((mixed ^ (mixed >> 29)) &* 0x1656_67B1_9E37_79F9) >> shift)
    }

    // How many bytes are the same from these places on.
    private static func shared(
        _ a: UnsafeRawBufferPointer, _ aStart: Int, _ b: UnsafeRawBufferPointer, _ bStart: Int
    ) -> Int {
        let most = min(a.count - aStart, b.count - bStart)
        var count = 0
        while count + 8 <= most {
            let left = a.loadUnaligned(fromByteOffset: aStart + count, as: UInt64.self)
            let right = b.loadUnaligned(fromByteOffset: bStart + count, as: UInt64.self)
            if left != right { break }
            count += 8
        }
        while count < most, a[aStart + count] == b[bStart + count] { count += 1 }
        return count
    }

    /// Puts the instructions together.
    private struct DeltaWriter {
        private(set) var bytes: [UInt8] = []
        let limit: Int

        init(sizes base: Int, _ result: Int, limit: Int) {
            self.limit = limit
            for size in [base, result] {
                var rest = size
                while rest >= 0x80 {
                    bytes.append(UInt8(rest & 0x7F) | 0x80)
                    rest >>= 7
                }
                bytes.append(UInt8(rest))
            }
        }

        mutating func insert(_ target: UnsafeRawBufferPointer, _ range: Range<Int>) {
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(0x7F, range.upperBound - start)
                bytes.append(UInt8(count))
                bytes.append(
                    contentsOf: UnsafeRawBufferPointer(rebasing: target[start..<start + count]))
                start += count
            }
        }

        mutating func copy(from: Int, count: Int) {
            var (from, count) = (from, count)
            while count > 0 {
                let piece = min(count, DeltaSource.longestCopy)
                let place = bytes.count
                var instruction: UInt8 = 0x80
                bytes.append(0)
                for index in 0..<4 {
                    let byte = UInt8(truncatingIfNeeded: from >> (index * 8))
                    if byte != 0 {
                        instruction |= 1 << UInt8(index)
                        bytes.append(byte)
                    }
                }
                // A size of 0x10000 is written as none at all.
                let size = piece == DeltaSource.longestCopy ? 0 : piece
                for index in 0..<3 {
                    let byte = UInt8(truncatingIfNeeded: size >> (index * 8))
                    if byte != 0 {
                        instruction |= 0x10 << UInt8(index)
                        bytes.append(byte)
                    }
                }
                bytes[place] = instruction
                from += piece
                count -= piece
            }
        }
    }
}
