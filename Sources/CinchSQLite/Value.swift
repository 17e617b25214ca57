/// One value as SQLite stores it: the five storage classes.
package enum Value: Hashable, Sendable {
    /// NULL.
    case null
    /// A signed 64-bit integer.
    case integer(Int64)
    /// A 64-bit floating point number.
    case real(Double)
    /// Text; bytes that are not UTF-8 were repaired on reading.
    case text(String)
    /// Bytes, uninterpreted.
    case blob([UInt8])

    /// The integer, or nil for any other storage class.
    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The text, or nil for any other storage class.
    package var text: String? {
        if case .text(let string) = self { string } else { nil }
    }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    /// Makes an `.integer`.
    package init(integerLiteral value: Int64) { self = .integer(value) }

    /// Makes a `.text`.
    package init(stringLiteral value: String) { self = .text(value) }

    /// Makes a `.null`.
    package init(nilLiteral: ()) { self = .null }
}
