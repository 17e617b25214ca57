/// The `packed-refs` file: references that have no file of their own. gitrepository-layout(5).
struct PackedReferences: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var name: ReferenceName
        var id: ObjectID
        /// What an annotated tag points at in the end, if the file says so.
        var peeled: ObjectID?
    }

    /// In name order, each name once.
    private(set) var entries: [Entry] = []
    // What the file promises of its entries, kept as it was: a reader trusts 'fully-peeled'.
    private var header = "# pack-refs with: peeled fully-peeled sorted "

    init() {}

    init(decoding bytes: [UInt8], format: ObjectFormat) throws(ObjectFormatError) {
        var offset = 0
        if !bytes.isEmpty { header = "" }
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            defer { offset += line.count + 1 }
            if line.isEmpty, offset == bytes.count { break }
            if line.first == UInt8(ascii: "#") {
                if offset == 0 { header = String(decoding: line, as: UTF8.self) }
                continue
            }
            if line.first == UInt8(ascii: "^") {
                guard let last = entries.indices.last, entries[last].peeled == nil,
                    let id = ObjectID(hexBytes: line.dropFirst()), id.format == format
                else { throw .expected("a peeled object name", at: offset) }
                entries[last].peeled = id
                continue
            }
            let hex = line.prefix(format.hexCount)
            guard let id = ObjectID(hexBytes: hex), id.format == format,
                line.dropFirst(hex.count).first == UInt8(ascii: " "),
                let text = String(validating: line.dropFirst(hex.count + 1), as: UTF8.self)
            else { throw .expected("an object name and a reference name", at: offset) }
            do {
                entries.append(Entry(name: try ReferenceName(text), id: id))
            } catch {
                throw .expected("a valid reference name", at: offset)
            }
        }
        // A file cut short in the middle of a name would read as another name.
        guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
            throw .expected("a line feed", at: bytes.count)
        }
        // Files of old gits are unsorted.
        if !zip(entries, entries.dropFirst()).allSatisfy({ $0.name < $1.name }) {
            entries.sort { $0.name < $1.name }
            guard zip(entries, entries.dropFirst()).allSatisfy({ $0.name < $1.name }) else {
                throw .expected("each reference once", at: bytes.count)
            }
        }
    }

    /// The file's bytes.
    func encoded() -> [UInt8] {
        var text = header.isEmpty ? "" : "\(header)\n"
        for entry in entries {
            text += "\(entry.id) \(entry.name)\n"
            if let peeled = entry.peeled { text += "^\(peeled)\n" }
        }
        return Array(text.utf8)
    }

    subscript(name: ReferenceName) -> Entry? {
        let position = position(of: name)
        guard position < entries.count, entries[position].name == name else { return nil }
        return entries[position]
    }

    mutating func set(_ entry: Entry) {
        let position = position(of: entry.name)
        if position < entries.count, entries[position].name == entry.name {
            entries[position] = entry
        } else {
            entries.insert(entry, at: position)
        }
    }

    mutating func remove(_ name: ReferenceName) {
        let position = position(of: name)
        if position < entries.count, entries[position].name == name {
            entries.remove(at: position)
        }
    }

    /// The entries whose names start with these bytes, in order.
    func entries(startingWith prefix: String) -> ArraySlice<Entry> {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].name.path.utf8.lexicographicallyPrecedes(prefix.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return entries[low...].prefix { $0.name.path.utf8.starts(with: prefix.utf8) }
    }

    private func position(of name: ReferenceName) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
