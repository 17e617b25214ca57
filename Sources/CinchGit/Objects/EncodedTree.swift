#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A tree as the bytes of its object: compared and edited without decoding the entries that
/// nobody asks about.
package struct EncodedTree: Sendable {
    /// The body of the object.
    package let bytes: [UInt8]
    let format: ObjectFormat

    /// A tree without entries.
    package init(format: ObjectFormat) {
        bytes = []
        self.format = format
    }

    init(bytes: [UInt8], format: ObjectFormat) {
        self.bytes = bytes
        self.format = format
    }

    /// Whether there is no entry.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Every entry, decoded and checked.
    package func entries() throws -> [TreeEntry] {
        try Tree(decoding: bytes, format: format).entries
    }
}

extension EncodedTree {
    /// The entry of that name; nil when there is none. The others are not decoded.
    ///
    /// - Complexity: O(bytes).
    /// - Throws: `ObjectFormatError` for a tree that isn't one, or is out of order.
    package func entry(named name: String) throws -> TreeEntry? {
        let wanted = Array(name.utf8)
        return try Self.withCursors([self], []) { cursors in
            var cursor = cursors[0]
            while let entry = try cursor.entry() {
                if entry.name.elementsEqual(wanted) { return try entry.decoded(format: format) }
                try cursor.advance(past: entry)
            }
            return nil
        }
    }
}

/// One name, and what each of several trees has under it; absent where one has nothing.
package struct TreeDifference: Hashable, Sendable {
    package var name: String
    package var entries: [TreeEntry?]
}

extension EncodedTree {
    /// The names under which not all trees have the same entry, in git's order.
    ///
    /// - Complexity: O(bytes); only what differs is decoded.
    /// - Throws: `ObjectFormatError` for a tree that isn't one, or is out of order.
    package static func differences(among trees: [EncodedTree]) throws -> [TreeDifference] {
        guard let first = trees.first, trees.contains(where: { $0.bytes != first.bytes }) else {
            return []
        }
        return try withCursors(trees[...], []) { cursors in
            var cursors = cursors
            var differences: [TreeDifference] = []
            while true {
                try skipShared(&cursors)
                let entries = try cursors.map { try $0.entry() }
                guard let lowest = entries.compactMap(\.self).min(by: RawEntry.precedes) else {
                    break
                }
                var found: [TreeEntry?] = []
                for place in cursors.indices {
                    guard let entry = entries[place], entry.order(with: lowest) == 0 else {
                        found.append(nil)
                        continue
                    }
                    found.append(try entry.decoded(format: first.format))
                    try cursors[place].advance(past: entry)
                }
                guard let name = found.compactMap({ $0?.name }).first else { break }
                if found.contains(where: { $0 != found[0] }) {
                    differences.append(TreeDifference(name: name, entries: found))
                }
            }
            return differences
        }
    }

    /// The tree with entries put in, replaced, or, where the new one is absent, taken out.
    ///
    /// - Throws: `GitError` with `.invalidName` for a name git refuses.
    package func editing(_ edits: [String: TreeEntry?]) throws -> EncodedTree {
        guard !edits.isEmpty else { return self }
        // Checked for names git refuses.
        _ = try Tree(edits.values.compactMap(\.self))
        // What goes may be a file or a folder, and the two have different places in the order.
        let places = edits.flatMap { name, entry in
            [false, true].map { isDirectory in
                Edit(
                    name: Array(name.utf8), isDirectory: isDirectory,
                    new: entry.flatMap { ($0.mode == .directory) == isDirectory ? $0 : nil })
            }
        }.sorted(by: Edit.precedes)
        return try Self.withCursors([self], []) { cursors in
            var cursor = cursors[0]
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count + 64 * edits.count)
            // What stays is copied in pieces as long as possible.
            var copied = 0
            for edit in places {
                var end = cursor.offset
                while let entry = try cursor.entry() {
                    let order = entry.order(with: edit)
                    if order > 0 { break }
                    try cursor.advance(past: entry)
                    if order == 0 { break }
                    end = cursor.offset
                }
                result += bytes[copied..<end]
                copied = cursor.offset
                if let new = edit.new { result += new.encoded }
            }
            while let entry = try cursor.entry() { try cursor.advance(past: entry) }
            result += bytes[copied...]
            return EncodedTree(bytes: result, format: format)
        }
    }

    private static func withCursors<Result>(
        _ trees: ArraySlice<EncodedTree>, _ cursors: [Cursor],
        _ body: ([Cursor]) throws -> Result
    ) throws -> Result {
        guard let tree = trees.first else { return try body(cursors) }
        return try tree.bytes.withUnsafeBufferPointer { buffer in
            let cursor = Cursor(buffer: buffer, hashSize: tree.format.byteCount)
            return try withCursors(trees.dropFirst(), cursors + [cursor], body)
        }
    }

    /// Steps over the entries that all trees have from here on.
    private static func skipShared(_ cursors: inout [Cursor]) throws {
        // Only the first tree's entries are looked at; the others have the same bytes.
        var first = cursors[0]
        let start = first.offset
        scan: while let entry = try first.entry() {
            for place in cursors.indices.dropFirst()
            where !cursors[place].has(entry.bytes, after: first.offset - start) {
                break scan
            }
            try first.advance(past: entry)
        }
        guard first.offset > start else { return }
        for place in cursors.indices {
            try cursors[place].skip(first.offset - start, to: first)
        }
    }
}

/// What becomes of one name in a tree.
private struct Edit {
    var name: [UInt8]
    var isDirectory: Bool
    /// What comes in its place; absent when it only goes.
    var new: TreeEntry?

    static func precedes(_ a: Edit, _ b: Edit) -> Bool {
        TreeEntry.compare(a.name, a.isDirectory, b.name, b.isDirectory) < 0
    }
}

/// A place in the bytes of a tree.
private struct Cursor {
    let buffer: UnsafeBufferPointer<UInt8>
    let hashSize: Int
    var offset = 0
    var last: RawEntry?

    init(buffer: UnsafeBufferPointer<UInt8>, hashSize: Int) {
        self.buffer = buffer
        self.hashSize = hashSize
    }

    var isAtEnd: Bool { offset == buffer.count }

    /// The entry here; nil at the end.
    func entry() throws -> RawEntry? {
        guard !isAtEnd, let start = buffer.baseAddress?.advanced(by: offset) else { return nil }
        let left = buffer.count - offset
        guard let space = memchr(start, 0x20, min(left, 7)),
            let end = memchr(space, 0, left - start.distance(to: space.asByte)),
            left - start.distance(to: end.asByte) - 1 >= hashSize
        else {
            throw ObjectFormatError.expected("a mode, a name, a NUL and an object name", at: offset)
        }
        let nameStart = start.distance(to: space.asByte) + 1
        let nameEnd = start.distance(to: end.asByte)
        return RawEntry(
            bytes: UnsafeBufferPointer(start: start, count: nameEnd + 1 + hashSize),
            nameStart: nameStart, nameEnd: nameEnd)
    }

    /// Whether these bytes stand so far behind this place.
    func has(_ bytes: UnsafeBufferPointer<UInt8>, after distance: Int) -> Bool {
        guard let mine = buffer.baseAddress, let other = bytes.baseAddress,
            buffer.count - offset - distance >= bytes.count
        else { return false }
        return memcmp(mine.advanced(by: offset + distance), other, bytes.count) == 0
    }

    /// Steps over entries in which another cursor found nothing out of order, the first of them
    /// held against what stands before it here.
    mutating func skip(_ distance: Int, to other: Cursor) throws {
        let end = offset + distance
        if let entry = try entry() { try advance(past: entry) }
        offset = end
        last = other.last
    }

    /// Lookups and comparisons go by order, so a tree that is out of it would hide entries.
    mutating func advance(past entry: RawEntry) throws {
        if let last, last.order(with: entry) >= 0 {
            throw ObjectFormatError.expected("an entry that sorts after the one before", at: offset)
        }
        last = entry
        offset += entry.bytes.count
    }
}

/// An entry where it stands in a tree's bytes.
private struct RawEntry {
    let bytes: UnsafeBufferPointer<UInt8>
    let nameStart: Int
    let nameEnd: Int

    var name: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: bytes.baseAddress?.advanced(by: nameStart), count: nameEnd - nameStart)
    }
    /// `40000 name`: only a directory's mode has five digits.
    var isDirectory: Bool { nameStart == 6 }

    static func precedes(_ a: RawEntry, _ b: RawEntry) -> Bool { a.order(with: b) < 0 }

    func order(with other: RawEntry) -> Int { order(with: other.name, other.isDirectory) }

    func order(with edit: Edit) -> Int {
        edit.name.withUnsafeBufferPointer { order(with: $0, edit.isDirectory) }
    }

    private func order(with other: UnsafeBufferPointer<UInt8>, _ otherIsDirectory: Bool) -> Int {
        let name = name
        let shared = min(name.count, other.count)
        if let mine = name.baseAddress, let others = other.baseAddress {
            let order = memcmp(mine, others, shared)
            if order != 0 { return Int(order) }
        }
        return TreeEntry.compare(
            name[shared...], isDirectory, other[shared...], otherIsDirectory)
    }

    func decoded(format: ObjectFormat) throws -> TreeEntry? {
        try Tree(decoding: Array(bytes), format: format).entries.first
    }
}

extension UnsafeMutableRawPointer {
    fileprivate var asByte: UnsafePointer<UInt8> {
        UnsafePointer(assumingMemoryBound(to: UInt8.self))
    }
}

extension TreeEntry {
    /// The entry as a tree's bytes have it.
    var encoded: [UInt8] { Array("\(mode.octal) \(name)\0".utf8) + id.bytes }
}
