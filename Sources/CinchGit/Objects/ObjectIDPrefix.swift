/// The first digits of an object name, as people type it: at least four, as git asks.
package struct ObjectIDPrefix: Hashable, Sendable {
    /// Lower case ASCII digits.
    let digits: [UInt8]
    let format: ObjectFormat

    /// Nil unless `text` is four or more hexadecimal digits and no longer than a full name.
    package init?(_ text: some StringProtocol, format: ObjectFormat) {
        let bytes = Array(text.utf8)
        guard (4...format.hexCount).contains(bytes.count),
            bytes.allSatisfy({ hexDigit($0) != nil })
        else { return nil }
        // Setting bit 5 lowers A-F and leaves digits alone.
        digits = bytes.map { $0 | 0x20 }
        self.format = format
    }

    /// The lowest name that starts with these digits.
    var lowest: ObjectID {
        let padding = [UInt8](repeating: UInt8(ascii: "0"), count: format.hexCount - digits.count)
        return ObjectID(hexBytes: digits + padding) ?? .zero(format)
    }

    /// Whether `id` starts with these digits.
    package func matches(_ id: ObjectID) -> Bool { id.hexBytes.starts(with: digits) }
}
