/// One name in a tree.
package struct TreeEntry: Hashable, Sendable {
    package var name: String
    package var mode: FileMode
    package var id: ObjectID

    package init(name: String, mode: FileMode, id: ObjectID) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    // Strings are equal when canonically equivalent; names in trees only when their bytes are.
    package static func == (a: TreeEntry, b: TreeEntry) -> Bool {
        a.id == b.id && a.mode == b.mode && a.name.utf8.elementsEqual(b.name.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }

    /// Git's order: by bytes, a directory as if its name ended in '/'.
    static func precedes(_ a: TreeEntry, _ b: TreeEntry) -> Bool {
        compare(a.name.utf8, a.mode == .directory, b.name.utf8, b.mode == .directory) < 0
    }

    /// Negative, zero or positive as the first name sorts before, with or after the second.
    static func compare(
        _ a: some Collection<UInt8>, _ aIsDirectory: Bool, _ b: some Collection<UInt8>,
        _ bIsDirectory: Bool
    ) -> Int {
        var left = a.makeIterator()
        var right = b.makeIterator()
        var leftTail: UInt8? = aIsDirectory ? UInt8(ascii: "/") : nil
        var rightTail: UInt8? = bIsDirectory ? UInt8(ascii: "/") : nil
        while true {
            let x = left.next() ?? leftTail.take()
            let y = right.next() ?? rightTail.take()
            guard x == y else { return (x.map(Int.init) ?? -1) - (y.map(Int.init) ?? -1) }
            if x == nil { return 0 }
        }
    }

    /// Why git would refuse this name in a tree, `git fsck`'s words; nil if it would not.
    var refusal: String? {
        let bytes = Array(name.utf8)
        if bytes.isEmpty { return "is empty" }
        if bytes.contains(UInt8(ascii: "/")) { return "contains '/'" }
        if bytes.contains(0) { return "contains a NUL" }
        if name == "." || name == ".." { return "is '\(name)'" }
        if Self.isDotGit(name) { return "is, or on some file systems becomes, '.git'" }
        return nil
    }

    // NTFS drops trailing dots, spaces and ':stream' and has the short name GIT~1 (path.c,
    // is_ntfs_dotgit); HFS+ ignores some code points and folds case (utf8.c, is_hfs_dotgit).
    private static func isDotGit(_ name: String) -> Bool {
        // Without any of these a name can only become what it is.
        let isPlain = !name.utf8.contains { $0 >= 0x80 || $0 == 0x7E || $0 == 0x5C }
        if isPlain, name.utf8.first != UInt8(ascii: ".") { return false }
        let ignored: [ClosedRange<UInt32>] = [
            0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF...0xFEFF,
        ]
        let visible = name.unicodeScalars.filter { scalar in
            !ignored.contains { $0.contains(scalar.value) }
        }
        if lowered(visible.map(\.value)) == Array(".git".utf8).map(UInt32.init) { return true }
        // Every part after a backslash counts, since Windows takes it for a separator.
        return name.utf8.split(separator: UInt8(ascii: "\\")).contains { part in
            var end = part.prefix { $0 != UInt8(ascii: ":") }
            while let last = end.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
                end.removeLast()
            }
            let text = lowered(end.map(UInt32.init))
            return text == Array(".git".utf8).map(UInt32.init)
                || text == Array("git~1".utf8).map(UInt32.init)
        }
    }

    private static func lowered(_ scalars: [UInt32]) -> [UInt32] {
        scalars.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}
