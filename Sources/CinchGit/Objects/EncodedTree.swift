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
            while cursors.contains(where: { !$0.isAtEnd }) {
                if try skipShared(&cursors) { continue }
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
                if Set(found.map { $0?.id }).count > 1 || Set(found.map { $0?.mode }).count > 1 {
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
        // Checked, and put in git's order.
        let new = try Tree(edits.values.compactMap(\.self)).entries
        let names = Set(edits.keys.map { Array($0.utf8) })
        return try Self.withCursors([self], []) { cursors in
            var cursor = cursors[0]
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count + 64 * new.count)
            var next = new[...]
            while let entry = try cursor.entry() {
                while let first = next.first, entry.order(with: first) > 0 {
                    result += first.encoded
                    next = next.dropFirst()
                }
                if !names.contains(Array(entry.name)) { result += entry.bytes }
                try cursor.advance(past: entry)
            }
            for entry in next { result += entry.encoded }
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

    /// Steps over an entry all trees have; false when they differ here.
    private static func skipShared(_ cursors: inout [Cursor]) throws -> Bool {
        guard let entry = try cursors[0].entry() else { return false }
        for cursor in cursors.dropFirst() where !cursor.starts(with: entry.bytes) { return false }
        for place in cursors.indices { try cursors[place].advance(past: entry) }
        return true
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

    func starts(with bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let mine = buffer.baseAddress, let other = bytes.baseAddress,
            buffer.count - offset >= bytes.count
        else { return false }
        return memcmp(mine.advanced(by: offset), other, bytes.count) == 0
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
        UnsafeBufferPointer(rebasing: bytes[nameStart..<nameEnd])
    }
    /// `40000 name`: only a directory's mode has five digits.
    var isDirectory: Bool { nameStart == 6 }

    static func precedes(_ a: RawEntry, _ b: RawEntry) -> Bool { a.order(with: b) < 0 }

    func order(with other: RawEntry) -> Int {
        let shared = min(name.count, other.name.count)
        if let mine = name.baseAddress, let others = other.name.baseAddress {
            let order = memcmp(mine, others, shared)
            if order != 0 { return Int(order) }
        }
        return TreeEntry.compare(
            name[shared...], isDirectory, other.name[shared...], other.isDirectory)
    }

    func order(with other: TreeEntry) -> Int {
        TreeEntry.compare(name, isDirectory, other.name.utf8, other.mode == .directory)
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
