/// The identity of a table or column: given once when it is created, kept through every rename.
///
/// Written as a trailing comment `-- id 1f2e3d4c` on the entity's line, eight lower-case
/// hexadecimal digits, so that the text stays ordinary SQL.
public struct StableID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Eight lower-case hexadecimal digits.
    public var text: String

    /// Makes an id from its text; absent when that is not eight lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == 8, bytes.allSatisfy({ $0.isHexDigit && !($0 >= 0x41 && $0 <= 0x46) })
        else { return nil }
        self.text = String(text)
    }

    /// Makes an id from a 32-bit number.
    public init(_ number: UInt32) {
        let digits = String(number, radix: 16)
        text = String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The id's digits.
    public var description: String { text }

    /// Orders by digits.
    public static func < (left: StableID, right: StableID) -> Bool { left.text < right.text }

    /// Reads the id out of a `--` comment's text; absent when the comment is something else.
    ///
    /// Another comment may stand behind it.
    init?(comment: some StringProtocol) {
        let words = comment.dropFirst(2).split(whereSeparator: { $0 == " " || $0 == "\r" })
        guard comment.hasPrefix("--"), words.count >= 2, words[0] == "id",
            words.count == 2 || words[2].hasPrefix("--")
        else { return nil }
        self.init(words[1])
    }
}
