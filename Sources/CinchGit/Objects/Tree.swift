/// The entries of one folder, in git's order, each name once.
package struct Tree: Hashable, Sendable {
    package let entries: [TreeEntry]

    /// Sorts the entries.
    ///
    /// - Throws: `.invalidName` for a name git refuses in a tree or one that comes twice.
    package init(_ entries: [TreeEntry]) throws {
        let sorted = entries.sorted(by: TreeEntry.precedes)
        for entry in sorted {
            guard let refusal = entry.refusal else { continue }
            throw GitError(
                .invalidName, "The tree entry name '\(entry.name)' \(refusal)",
                hint: "Choose another name.")
        }
        self.entries = sorted
        if let name = duplicate {
            throw GitError(
                .invalidName, "The tree entry name '\(name)' comes twice",
                hint: "Give each entry of a tree its own name.")
        }
    }

    /// The entry of that name, compared byte by byte.
    ///
    /// - Complexity: O(log *n*).
    package subscript(name: String) -> TreeEntry? {
        find(name, isDirectory: false) ?? find(name, isDirectory: true)
    }

    /// Names that are not UTF-8 are refused: a `String` can't hold them and give them back.
    init(decoding bytes: [UInt8], format: ObjectFormat) throws(ObjectFormatError) {
        var entries: [TreeEntry] = []
        var offset = 0
        var last = 0..<0
        var lastIsDirectory = false
        while offset < bytes.count {
            let start = offset
            var octal: UInt32 = 0
            while offset < bytes.count, bytes[offset] != UInt8(ascii: " ") {
                guard case 0x30...0x37 = bytes[offset], offset - start < 6,
                    offset > start || bytes[offset] != 0x30
                else { throw .expected("an octal mode", at: offset) }
                octal = octal << 3 | UInt32(bytes[offset] & 7)
                offset += 1
            }
            guard let mode = FileMode(rawValue: octal) else {
                throw .expected("a mode git writes", at: start)
            }
            offset += 1
            guard offset < bytes.count, let end = bytes[offset...].firstIndex(of: 0) else {
                throw .expected("a name and a NUL", at: min(offset, bytes.count))
            }
            guard let name = String(validating: bytes[offset..<end], as: UTF8.self) else {
                throw .expected("a name in UTF-8", at: offset)
            }
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else {
                throw .expected("a name without '/'", at: offset)
            }
            guard bytes.count - end - 1 >= format.byteCount else {
                throw .wrongLength("its last entry is cut off")
            }
            let nameStart = offset
            offset = end + 1 + format.byteCount
            let id = ObjectID(format: format, bytes: bytes[(end + 1)..<offset])
            // Lookups search by halves, so a tree out of order would hide its entries.
            let isDirectory = mode == .directory
            guard
                entries.isEmpty
                    || TreeEntry.compare(
                        bytes[last], lastIsDirectory, bytes[nameStart..<end], isDirectory) < 0
            else { throw .expected("an entry that sorts after the one before", at: start) }
            (last, lastIsDirectory) = (nameStart..<end, isDirectory)
            entries.append(TreeEntry(name: name, mode: mode, id: id))
        }
        self.entries = entries
        if let name = nameOfBothSorts { throw .expected("'\(name)' once only", at: bytes.count) }
    }

    /// The body of the object.
    package func encoded() -> [UInt8] {
        entries.flatMap(\.encoded)
    }

    private func find(_ name: String, isDirectory: Bool) -> TreeEntry? {
        var range = 0..<entries.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let entry = entries[middle]
            let order = TreeEntry.compare(
                name.utf8, isDirectory, entry.name.utf8, entry.mode == .directory)
            if order == 0 { return entry }
            range = order < 0 ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return nil
    }

    // A name comes twice when one is a directory and the other isn't: 'a', 'a.b', 'a/'. Two of a
    // sort stand side by side.
    private var duplicate: String? {
        for (a, b) in zip(entries, entries.dropFirst()) where !TreeEntry.precedes(a, b) {
            return a.name
        }
        return nameOfBothSorts
    }

    private var nameOfBothSorts: String? {
        entries.first { $0.mode == .directory && find($0.name, isDirectory: false) != nil }?.name
    }
}
