/// An object name: the hash of the object's kind, size and body.
///
/// Ordered as its hexadecimal text is ordered.
package struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The hash this name was made with; names of different formats are never equal.
    package let format: ObjectFormat
    // Big-endian words, so that comparing words compares text. SHA-1 leaves the tail zero.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// Reads a full object name; nil unless it is exactly 40 (SHA-1) or 64 (SHA-256) digits.
    ///
    /// Upper case digits are accepted, as git accepts them.
    package init?(hex: some StringProtocol) {
        self.init(hexBytes: Array(hex.utf8))
    }

    init?(hexBytes: some Collection<UInt8>) {
        guard let format = ObjectFormat.allCases.first(where: { $0.hexCount == hexBytes.count })
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(format.byteCount)
        var high: UInt8?
        for character in hexBytes {
            guard let digit = hexDigit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        self.init(format: format, bytes: bytes)
    }

    /// - Precondition: `bytes` holds exactly as many bytes as the format's names have.
    init(format: ObjectFormat, bytes: some Collection<UInt8>) {
        precondition(bytes.count == format.byteCount, "an object name has its format's length")
        self.format = format
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.words = (
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1),
            UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
        )
    }

    /// The name that stands for "no object" in reflogs and reference updates: all zeros.
    package static func zero(_ format: ObjectFormat) -> ObjectID {
        ObjectID(format: format, bytes: [UInt8](repeating: 0, count: format.byteCount))
    }

    /// Whether this is the name that stands for "no object".
    package var isZero: Bool { words == (0, 0, 0, 0) }

    /// The bytes of the hash, as trees and pack indexes hold them.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        bytes.removeLast(32 - format.byteCount)
        return bytes
    }

    /// The full name in lower case hexadecimal.
    package var hex: String {
        String(decoding: hexBytes, as: UTF8.self)
    }

    /// The full name in lower case hexadecimal, as ASCII.
    var hexBytes: [UInt8] {
        let digits: StaticString = "0123456789abcdef"
        var text: [UInt8] = []
        text.reserveCapacity(format.hexCount)
        for byte in bytes {
            text.append(digits.utf8Start[Int(byte >> 4)])
            text.append(digits.utf8Start[Int(byte & 15)])
        }
        return text
    }

    /// The first `length` digits; not checked for being unique.
    package func abbreviated(_ length: Int = 7) -> String {
        String(decoding: hexBytes.prefix(max(0, length)), as: UTF8.self)
    }

    package var description: String { hex }

    /// The first byte, which names the folder of a loose object and the slot of a fanout table.
    var firstByte: UInt8 { UInt8(truncatingIfNeeded: words.0 >> 56) }

    /// The first eight bytes as a number, in the same order as names.
    var start: UInt64 { words.0 }

    /// How many leading hexadecimal digits both names share.
    func commonPrefix(with other: ObjectID) -> Int {
        zip(hexBytes, other.hexBytes).prefix { $0 == $1 }.count
    }

    package static func == (a: ObjectID, b: ObjectID) -> Bool {
        a.words == b.words && a.format == b.format
    }

    package static func < (a: ObjectID, b: ObjectID) -> Bool { a.words < b.words }

    package func hash(into hasher: inout Hasher) {
        // A hash of a hash: the first words are as good as all four.
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

/// The value of one hexadecimal digit in ASCII; nil for anything else.
func hexDigit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
}
