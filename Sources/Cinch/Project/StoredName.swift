/// A name that becomes a file name: of a database or a tenant.
///
/// `^[a-z0-9][a-z0-9_.-]{0,62}$`: safe as a path component, in a URL and on disks that ignore
/// case. Making one is the check, so what takes a `StoredName` needs none of its own.
public struct StoredName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Checks a name.
    ///
    /// - Parameter kind: What is named, for the message: `database`, `tenant`.
    /// - Throws: `CinchError` with `.invalid`.
    public init(_ text: String, kind: String) throws {
        guard Self.isValid(text) else {
            let shown = TerminalText.escaped(
                String(text.unicodeScalars.prefix(80).map(Character.init)))
            let suggestion = Self.nearest(to: text).map { ", such as '\($0)'" } ?? ""
            throw CinchError(
                code: .invalid, message: "'\(shown)' can't be the name of a \(kind)",
                hint: "Use up to 63 of a-z, 0-9, '_', '.' and '-', beginning with a letter or"
                    + " digit\(suggestion).")
        }
        self.text = text
    }

    /// The name, or `nil` if it can't be one.
    init?(valid text: String) {
        guard Self.isValid(text) else { return nil }
        self.text = text
    }

    /// The name for a database in a folder called `folder`: what can't stay becomes `_`, and a name
    /// of which nothing is left `main`.
    public init(databaseFor folder: String) {
        text = Self.nearest(to: folder) ?? "main"
    }

    /// The name.
    public var description: String { text }

    /// By bytes, so that lists look the same everywhere.
    public static func < (first: StoredName, second: StoredName) -> Bool {
        first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
    }

    private static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= 63 else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    private static func nearest(to text: String) -> String? {
        let mapped = SQLText.folded(text).unicodeScalars.map { scalar -> Character in
            let isKept =
                scalar.isASCII
                && (isAlphanumeric(UInt8(ascii: scalar)) || "_.-".unicodeScalars.contains(scalar))
            return isKept ? Character(scalar) : "_"
        }
        let trimmed = mapped.drop { "_.-".contains($0) }.prefix(63)
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
