/// A revision as people write it, taken apart: `main~2`, `HEAD@{1}^{tree}`, `v1:tables/users.sql`.
///
/// gitrevisions(7). What names several commits (`^@`, `^!`), searches messages (`:/text`) or needs
/// an index or an upstream (`:0:path`, `@{u}`) is refused.
package struct Revision: Hashable, Sendable {
    /// Where it starts.
    enum Base: Hashable, Sendable {
        /// A reference's name, long or short, or an object's name, whole or abbreviated.
        case name(String)
        /// `name@{n}`; an empty name is the current branch.
        case logged(String, Int)
        /// `name@{date}`, seconds since 1970; an empty name is the current branch.
        case dated(String, Int64)
        /// `@{-n}`: the branch HEAD was on before its n-th last switch.
        case previous(Int)
    }

    /// One suffix.
    enum Step: Hashable, Sendable {
        /// `~n`: n times the first parent.
        case ancestor(Int)
        /// `^n`: the n-th parent; `^0` is the commit itself.
        case parent(Int)
        /// `^{}` (nil) or `^{kind}`: tags followed until something else, or that kind, is found.
        case peel(ObjectKind?)
        /// `^{object}`: it must exist.
        case exists
    }

    /// The text as written.
    package let text: String
    let base: Base
    let steps: [Step]
    /// What follows the colon, if there is one.
    let path: String?

    /// - Parameters:
    ///   - now: Seconds since 1970, what relative dates count from.
    ///   - offsetMinutes: Minutes east of UTC, for dates without a zone.
    /// - Throws: `.invalidName`, `.unsupported`.
    package init(_ text: String, now: Int64, offsetMinutes: Int = 0) throws {
        var scanner = RevisionScanner(text)
        let name = scanner.base()
        base = try Self.base(name, text, now: now, offsetMinutes: offsetMinutes)
        var steps: [Step] = []
        var path: String?
        while let mark = scanner.next() {
            switch mark {
            case UInt8(ascii: "~"): steps.append(.ancestor(try scanner.number() ?? 1))
            case UInt8(ascii: "^"):
                if let word = scanner.braces() {
                    steps.append(try Self.peel(word, text))
                } else {
                    steps.append(.parent(try scanner.number() ?? 1))
                }
            case UInt8(ascii: ":"): path = scanner.rest()
            default: throw scanner.malformed
            }
        }
        if let path, path.hasPrefix("./") || path.hasPrefix("../") || path.hasPrefix("/") {
            throw Self.unsupported(text, "a path that doesn't start at the root of the tree")
        }
        self.text = text
        self.steps = steps
        self.path = path
    }

    private static func base(
        _ name: String, _ text: String, now: Int64, offsetMinutes: Int
    ) throws -> Base {
        guard let at = name.range(ofBytes: "@{") else {
            guard !name.isEmpty else {
                if text.hasPrefix(":") { throw unsupported(text, "the index or a search") }
                throw RevisionScanner(text).malformed
            }
            return .name(name == "@" ? "HEAD" : name)
        }
        let word = String(name[at.upperBound...].dropLast())
        guard name.hasSuffix("}"), !word.contains("}"), word.range(ofBytes: "@{") == nil else {
            throw RevisionScanner(text).malformed
        }
        let reference = name[..<at.lowerBound] == "@" ? "HEAD" : String(name[..<at.lowerBound])
        if ["u", "upstream", "push"].contains(word.lowercased()) {
            throw unsupported(text, "an upstream branch")
        }
        if word.hasPrefix("-"), reference.isEmpty, let count = Int(word.dropFirst()), count > 0 {
            return .previous(count)
        }
        if !word.isEmpty, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let number = Int64(word) else { throw RevisionScanner(text).malformed }
            // As git does: so large a number is a time.
            return number < 100_000_000
                ? .logged(reference, Int(number)) : .dated(reference, number)
        }
        guard let date = RevisionDate(word, now: now, offsetMinutes: offsetMinutes) else {
            throw GitError(
                .invalidName, "'\(word)' in '\(text)' is neither a number nor a date",
                hint: "Write a date as 'YYYY-MM-DD', 'YYYY-MM-DD HH:MM:SS' or '3 days ago'.")
        }
        return .dated(reference, date.seconds)
    }

    private static func peel(_ word: String, _ text: String) throws -> Step {
        if word.isEmpty { return .peel(nil) }
        if word == "object" { return .exists }
        if word.hasPrefix("/") { throw unsupported(text, "a search") }
        guard let kind = ObjectKind(rawValue: word) else { throw RevisionScanner(text).malformed }
        return .peel(kind)
    }

    private static func unsupported(_ text: String, _ what: String) -> GitError {
        GitError(
            .unsupported, "The revision '\(text)' asks for \(what), which is not supported here",
            hint: "Name the commit by a branch, a tag, or its object name.")
    }
}

/// Walks over a revision's text byte by byte.
private struct RevisionScanner {
    let text: String
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    var malformed: GitError {
        GitError(
            .invalidName, "'\(text)' is not a valid revision",
            hint: "Write a branch, tag or commit, then '~n', '^n', '@{n}' or ':path'.")
    }

    /// Everything before the first suffix; `@{…}` belongs to it, whatever it holds.
    mutating func base() -> String {
        var depth = 0
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "{"), index > 0, bytes[index - 1] == UInt8(ascii: "@") {
                depth += 1
            } else if byte == UInt8(ascii: "}"), depth > 0 {
                depth -= 1
            } else if depth == 0, [0x7E, 0x5E, 0x3A].contains(byte) {
                break
            }
            index += 1
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    mutating func next() -> UInt8? {
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    /// The digits from here on; nil when there are none.
    mutating func number() throws -> Int? {
        let digits = bytes[index...].prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        guard let number = Int32(String(decoding: digits, as: UTF8.self)) else { throw malformed }
        index += digits.count
        return Int(number)
    }

    /// What stands between the braces that open here; nil when none do.
    mutating func braces() -> String? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "{"),
            let end = bytes[index...].firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        defer { index = end + 1 }
        return String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
    }

    mutating func rest() -> String {
        defer { index = bytes.count }
        return String(decoding: bytes[index...], as: UTF8.self)
    }
}

extension StringProtocol {
    /// The first place where these bytes stand.
    func range(ofBytes pattern: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].utf8.starts(with: pattern.utf8) {
                return start..<utf8.index(start, offsetBy: pattern.utf8.count)
            }
            utf8.formIndex(after: &start)
        }
        return nil
    }
}
