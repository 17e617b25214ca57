/// A reference's full name: `refs/heads/main`, `HEAD`.
///
/// Follows git-check-ref-format(1) to the letter. Outside `refs/` only names in capitals are
/// allowed (`HEAD`, `ORIG_HEAD`), since any other could be one of the repository's own files.
/// Equality and order are by bytes.
package struct ReferenceName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name, which is also its path in the repository.
    package let path: String

    package static let head = ReferenceName(unchecked: "HEAD")

    /// - Throws: `.invalidName` with the rule that is broken.
    package init(_ path: String) throws {
        if let refusal = Self.refusal(of: path) {
            throw GitError(
                .invalidName, "'\(path)' is not a valid reference name: it \(refusal)",
                hint: "Choose a name that 'git check-ref-format' accepts.")
        }
        self.path = path
    }

    /// The branch of that name: `refs/heads/<name>`.
    ///
    /// - Throws: `.invalidName`; also for a leading `-` and for `HEAD`, as `git branch` refuses.
    package static func branch(_ name: String) throws -> ReferenceName {
        try short(name, in: "refs/heads/", "branch")
    }

    /// The tag of that name: `refs/tags/<name>`.
    ///
    /// - Throws: `.invalidName`; also for a leading `-`, as `git tag` refuses.
    package static func tag(_ name: String) throws -> ReferenceName {
        try short(name, in: "refs/tags/", "tag")
    }

    private init(unchecked path: String) { self.path = path }

    /// Whether this is a branch.
    package var isBranch: Bool { path.hasPrefix("refs/heads/") }

    /// Whether this is a tag.
    package var isTag: Bool { path.hasPrefix("refs/tags/") }

    /// The name without `refs/heads/`, `refs/tags/`, `refs/remotes/` or else `refs/`.
    package var shortName: String {
        for prefix in ["refs/heads/", "refs/tags/", "refs/remotes/", "refs/"]
        where path.hasPrefix(prefix) {
            return String(path.dropFirst(prefix.count))
        }
        return path
    }

    package var description: String { path }

    /// Whether one name is a folder on the other's path, so that not both can be files.
    func conflicts(with other: ReferenceName) -> Bool {
        path.utf8.starts(with: "\(other.path)/".utf8)
            || other.path.utf8.starts(with: "\(path)/".utf8)
    }

    /// The names that are folders on this one's path, nearest first; those under `refs/` only.
    var ancestors: [ReferenceName] {
        var names: [ReferenceName] = []
        var parent = FileSystem.parent(of: path)
        while parent.hasPrefix("refs/") {
            names.append(ReferenceName(unchecked: parent))
            parent = FileSystem.parent(of: parent)
        }
        return names
    }

    package static func == (a: ReferenceName, b: ReferenceName) -> Bool {
        a.path.utf8.elementsEqual(b.path.utf8)
    }

    package static func < (a: ReferenceName, b: ReferenceName) -> Bool {
        a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(path)
    }

    private static func short(
        _ name: String, in folder: String, _ noun: String
    ) throws -> ReferenceName {
        let refusal =
            name.hasPrefix("-")
            ? "starts with '-'"
            : name == "HEAD" && noun == "branch"
                ? "is what the current branch is called" : Self.refusal(of: folder + name)
        if let refusal {
            throw GitError(
                .invalidName, "'\(name)' is not a valid \(noun) name: it \(refusal)",
                hint: "Choose another name, such as letters, digits, '-', '_' and '/'.")
        }
        return ReferenceName(unchecked: folder + name)
    }

    /// The rule a name breaks, as the end of a sentence; nil for a good name.
    private static func refusal(of path: String) -> String? {
        let bytes = Array(path.utf8)
        if !path.hasPrefix("refs/") {
            let isCapital = { (byte: UInt8) in
                (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
            }
            return !bytes.isEmpty && bytes.allSatisfy(isCapital)
                ? nil : "is neither under 'refs/' nor in capitals"
        }
        if bytes.last == UInt8(ascii: ".") { return "ends with '.'" }
        var start = 0
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case UInt8(ascii: "/"):
                if let refusal = refusal(ofPart: bytes[start..<index]) { return refusal }
                start = index + 1
            case 0...0x1F, 0x7F: return "holds a control character"
            case UInt8(ascii: " "): return "holds a space"
            case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":"), UInt8(ascii: "?"),
                UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "\\"):
                return "holds '\(Character(Unicode.Scalar(byte)))'"
            case UInt8(ascii: ".") where next == UInt8(ascii: "."): return "holds '..'"
            case UInt8(ascii: "@") where next == UInt8(ascii: "{"): return "holds '@{'"
            default: break
            }
        }
        return refusal(ofPart: bytes[start...])
    }

    private static func refusal(ofPart part: ArraySlice<UInt8>) -> String? {
        if part.isEmpty { return "has an empty part between slashes" }
        if part.first == UInt8(ascii: ".") { return "has a part that starts with '.'" }
        return part.suffix(5).elementsEqual(".lock".utf8)
            ? "has a part that ends in '.lock'" : nil
    }
}
