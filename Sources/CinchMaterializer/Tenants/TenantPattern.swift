/// Which tenants are meant: a name, or a pattern as the shell and SQLite's GLOB have it.
///
/// `*` stands for any characters, `?` for one, `[a-f0-9]` for one of these, `[^a]` or `[!a]` for
/// one that is none of these. All of the name must match.
package struct TenantPattern: Hashable, Sendable, CustomStringConvertible {
    private enum Part: Hashable {
        case one(UInt8)
        case anyOne
        case any
        case of([ClosedRange<UInt8>], isNegated: Bool)

        func matches(_ byte: UInt8) -> Bool {
            switch self {
            case .one(let own): own == byte
            case .anyOne, .any: true
            case .of(let ranges, let isNegated):
                ranges.contains { $0.contains(byte) } != isNegated
            }
        }
    }

    /// The pattern as given.
    package let description: String
    private let parts: [Part]

    /// Reads a pattern.
    ///
    /// - Throws: `.invalidName` when it is empty, or a `[` has no `]`.
    package init(_ text: String) throws(MaterializerError) {
        description = text
        var rest = Array(text.utf8)[...]
        var parts: [Part] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if parts.last != .any { parts.append(.any) }
            case UInt8(ascii: "?"): parts.append(.anyOne)
            case UInt8(ascii: "["):
                guard let part = Self.set(&rest) else {
                    throw MaterializerError(.invalidName, "'\(text)' has a '[' without its ']'")
                }
                parts.append(part)
            default: parts.append(.one(byte))
            }
        }
        guard !parts.isEmpty else {
            throw MaterializerError(.invalidName, "An empty pattern matches no tenant")
        }
        self.parts = parts
    }

    /// Reads what stands after a `[`, the `]` included; nil when there is none.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Part? {
        let isNegated = rest.first == UInt8(ascii: "^") || rest.first == UInt8(ascii: "!")
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        // A ']' that comes first is one of the characters.
        while let low = rest.popFirst() {
            if low == UInt8(ascii: "]"), !ranges.isEmpty {
                return .of(ranges, isNegated: isNegated)
            }
            var high = low
            if rest.count > 1, rest.first == UInt8(ascii: "-"),
                rest[rest.startIndex + 1] != UInt8(ascii: "]")
            {
                high = rest[rest.startIndex + 1]
                rest.removeFirst(2)
            }
            // A range the wrong way round holds nothing but, as in SQLite, where it begins.
            ranges.append(low...max(low, high))
        }
        return nil
    }

    /// Whether all of a name matches.
    ///
    /// - Complexity: O(*n* · *m*) in the lengths of the name and the pattern.
    package func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (byte, part) = (0, 0)
        // Where to go on when what comes after the last `*` doesn't match.
        var retry: (byte: Int, part: Int)?
        while byte < name.count {
            if part < parts.count, parts[part] == .any {
                retry = (byte, part)
                part += 1
            } else if part < parts.count, parts[part].matches(name[byte]) {
                byte += 1
                part += 1
            } else if let last = retry {
                retry = (last.byte + 1, last.part)
                byte = last.byte + 1
                part = last.part + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .any }
    }
}
