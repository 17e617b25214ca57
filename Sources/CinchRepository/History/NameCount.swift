package import CinchGit
import CinchSchema

/// How often a name is spelled in the texts of a schema, for `log -S`.
package struct NameCount {
    private let git: GitRepository
    private let name: [UInt8]
    private let isWord: Bool
    private var counts: [ObjectID: Found] = [:]

    private struct Found {
        var count = 0
        /// The id of the entity itself, the first in its text; absent for one without.
        var id: String?
    }

    /// - Parameter name: Compared as SQLite compares names. One that isn't a single word is
    ///   sought as it is.
    package init(_ git: GitRepository, _ name: String) {
        self.git = git
        self.name = Array(Identifier(name).key.utf8)
        isWord = !name.isEmpty && name.utf8.allSatisfy(\.isIdentifierByte)
    }

    /// Whether any text has the name more or less often than in the parent; never for a merge, as
    /// in git.
    package mutating func isChanged(in commit: Commit, parents: [ObjectID]) throws -> Bool {
        guard parents.count < 2 else { return false }
        let before = try parents.first.map { try git.readEncodedTree(git.readCommit($0).tree) }
        let roots = [
            before ?? EncodedTree(format: git.format), try git.readEncodedTree(commit.tree),
        ]
        for difference in try EncodedTree.differences(among: roots)
        where EntityFolder(rawValue: difference.name) != nil {
            let folders = try difference.entries.map { entry in
                try entry.map { try git.readEncodedTree($0.id) } ?? EncodedTree(format: git.format)
            }
            // Under its id a renamed table is compared with itself.
            var sides: [[String: Int]] = [[:], [:]]
            for file in try EncodedTree.differences(among: folders) {
                for (side, entry) in file.entries.enumerated() {
                    guard let entry, entry.isEntity else { continue }
                    let found = try count(in: entry.id)
                    sides[side][found.id ?? entry.name, default: 0] += found.count
                }
            }
            let keys = Set(sides[0].keys).union(sides[1].keys)
            if keys.contains(where: { sides[0][$0] ?? 0 != sides[1][$0] ?? 0 }) { return true }
        }
        return false
    }

    private mutating func count(in blob: ObjectID) throws -> Found {
        if let known = counts[blob] { return known }
        let text = Identifier(String(decoding: try git.readBlob(blob), as: UTF8.self)).key
        var found = Found()
        for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
            let whole = Array(line)
            let line = Self.withoutID(whole)
            if number == 0, line.count < whole.count {
                found.id = String(decoding: whole[line.count...], as: UTF8.self)
            }
            found.count +=
                isWord
                ? line.split { !$0.isIdentifierByte }.count { $0.elementsEqual(name) }
                : occurrences(in: line)
        }
        counts[blob] = found
        return found
    }

    /// The line without the `-- id 1f2e3d4c` behind it: ids are nobody's names.
    private static func withoutID(_ line: [UInt8]) -> ArraySlice<UInt8> {
        let comment = Array("-- id ".utf8)
        let start = line.count - comment.count - 8
        return start >= 0 && line[start...].starts(with: comment) ? line[..<start] : line[...]
    }

    private func occurrences(in line: ArraySlice<UInt8>) -> Int {
        guard !name.isEmpty else { return 0 }
        var (count, rest) = (0, line)
        while rest.count >= name.count {
            if rest.starts(with: name) {
                count += 1
                rest = rest.dropFirst(name.count)
            } else {
                rest = rest.dropFirst()
            }
        }
        return count
    }
}
