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

    /// Reads the id out of a `--` comment; absent when the comment is something else.
    ///
    /// - Parameter comment: Its UTF-8 with the two dashes.
    /// - Returns: The id, and the comment that stands behind it, empty where there is none.
    static func reading(_ comment: ArraySlice<UInt8>) -> (id: Self, rest: ArraySlice<UInt8>)? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0D }
        let word = comment.dropFirst(2).drop(while: isSpace)
        let digits = word.dropFirst(2).drop(while: isSpace)
        let end = digits.dropFirst(8)
        let rest = end.drop(while: isSpace)
        guard word.starts(with: "id".utf8), digits.startIndex > word.startIndex + 2,
            rest.isEmpty || rest.startIndex > end.startIndex && rest.starts(with: "--".utf8),
            let id = Self(String(decoding: digits.prefix(8), as: UTF8.self))
        else { return nil }
        return (id, rest)
    }
}
