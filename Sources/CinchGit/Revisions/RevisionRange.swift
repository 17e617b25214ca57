/// One revision, or two with dots between them; a side left out is HEAD. gitrevisions(7).
package enum RevisionRange: Hashable, Sendable {
    /// No dots.
    case single(String)
    /// `a..b`: reachable from `b` and not from `a`.
    case range(from: String, to: String)
    /// `a...b`: reachable from either, but not from both.
    case symmetric(String, String)

    /// Never fails: what stands beside the dots is checked when it is resolved.
    package init(_ text: String) {
        let bytes = Array(text.utf8)
        let dot = UInt8(ascii: ".")
        var depth = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            // Dots behind a colon belong to a path.
            if byte == UInt8(ascii: ":"), depth == 0 { break }
            guard byte == dot, depth == 0, index + 1 < bytes.count, bytes[index + 1] == dot else {
                continue
            }
            let isSymmetric = index + 2 < bytes.count && bytes[index + 2] == dot
            let left = Self.side(bytes[..<index])
            let right = Self.side(bytes[(index + (isSymmetric ? 3 : 2))...])
            self = isSymmetric ? .symmetric(left, right) : .range(from: left, to: right)
            return
        }
        self = .single(text)
    }

    private static func side(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.isEmpty ? "HEAD" : String(decoding: bytes, as: UTF8.self)
    }
}
