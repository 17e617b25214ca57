/// A tenant's name, checked before it becomes part of a path.
///
/// 1 to 63 of `a-z 0-9 _ . -`, a letter or digit first: never `..`, never hidden.
package struct TenantName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as given.
    package let rawValue: String

    /// Checks a name from outside.
    ///
    /// - Throws: `.invalidName`.
    package init(_ name: String) throws(MaterializerError) {
        let bytes = Array(name.utf8)
        let isAllowed =
            (1...63).contains(bytes.count)
            && bytes.allSatisfy { Self.isAlphanumeric($0) || [0x5F, 0x2E, 0x2D].contains($0) }
            && bytes.first.map(Self.isAlphanumeric) == true
        guard isAllowed else {
            throw MaterializerError(
                .invalidName, "'\(name)' is not a tenant name",
                hint: "Use 1 to 63 of a-z 0-9 _ . - and start with a letter or digit.")
        }
        rawValue = name
    }

    /// The name.
    package var description: String { rawValue }

    /// Byte order.
    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
