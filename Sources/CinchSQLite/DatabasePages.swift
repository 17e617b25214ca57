/// The pages of a database file, as far as it takes to read the rows of a table (fileformat2).
///
/// It reads what SQLite 3 writes today, in UTF-8; anything else is "not known", never a guess.
package struct DatabasePages {
    private let file: DatabaseFile
    private let pageSize: Int
    /// Bytes of a page that are not reserved for extensions.
    private let usableSize: Int
    private let firstPage: [UInt8]

    /// The root page of `sqlite_schema` (fileformat2, section 2.6).
    package static let schemaRoot = 1

    /// Nil when the header is not that of a database this can read (fileformat2, section 1.3).
    package init?(_ file: DatabaseFile) {
        // Most files have pages of this size, and are never shorter than one.
        let usual = 4096
        let start = file.read(usual, at: 0)
        guard let header = start ?? file.read(512, at: 0),
            header.starts(with: Array("SQLite format 3\0".utf8))
        else { return nil }
        let size = Int(header[16]) << 8 | Int(header[17])
        pageSize = size == 1 ? 65_536 : size
        usableSize = pageSize - Int(header[20])
        guard pageSize >= 512, pageSize & (pageSize - 1) == 0, usableSize >= 480,
            (1...2).contains(header[18]), (1...2).contains(header[19]),
            header[21...23] == [64, 32, 32],
            header[44...46] == [0, 0, 0], (1...4).contains(header[47]),
            header[56...59] == [0, 0, 0, 1]  // UTF-8
        else { return nil }
        self.file = file
        if pageSize == usual, let start {
            firstPage = start
        } else {
            guard let page = file.read(pageSize, at: 0) else { return nil }
            firstPage = page
        }
    }

    /// Calls `body` for each row of a rowid table, in rowid order, until it returns false.
    ///
    /// - Returns: Whether all that was asked for could be read.
    package func readRows(root: Int, _ body: (StoredRow) -> Bool?) -> Bool {
        var left = 10_000
        return visit(root, depth: 0, &left, body) != nil
    }

    /// False when `body` wants no more; nil when a page is not as expected.
    private func visit(
        _ number: Int, depth: Int, _ left: inout Int, _ body: (StoredRow) -> Bool?
    ) -> Bool? {
        left -= 1
        guard depth < 20, left > 0, number > 0, let page = page(number) else { return nil }
        let start = number == 1 ? 100 : 0
        let count = Int(page[start + 3]) << 8 | Int(page[start + 4])
        switch page[start] {
        case 0x0D:
            guard start + 8 + 2 * count <= usableSize else { return nil }
            for index in 0..<count {
                let cell = Self.number(page, at: start + 8 + 2 * index, bytes: 2)
                guard let row = StoredRow(page, cell: cell, usableSize: usableSize),
                    let goesOn = body(row)
                else { return nil }
                guard goesOn else { return false }
            }
            return true
        case 0x05:
            guard start + 12 + 2 * count <= usableSize else { return nil }
            for index in 0...count {
                // The last child is in the page's header, the others are in its cells.
                let cell = Self.number(page, at: start + 12 + 2 * index, bytes: 2)
                let place = index == count ? start + 8 : cell
                guard place + 4 <= usableSize,
                    let goesOn = visit(
                        Self.number(page, at: place, bytes: 4), depth: depth + 1, &left, body)
                else { return nil }
                guard goesOn else { return false }
            }
            return true
        default: return nil
        }
    }

    private func page(_ number: Int) -> [UInt8]? {
        number == 1 ? firstPage : file.read(pageSize, at: (number - 1) * pageSize)
    }

    /// The row with all of its bytes, those on overflow pages too (fileformat2, section 1.6).
    package func whole(_ row: StoredRow) -> StoredRow? {
        guard var next = row.overflow else { return row }
        // The size is only what a page says.
        guard row.size <= 1 << 20 else { return nil }
        var bytes = Array(row.bytes)
        while bytes.count < row.size {
            guard next > 1, let page = page(next) else { return nil }
            next = Self.number(page, at: 0, bytes: 4)
            bytes += page[4..<usableSize].prefix(row.size - bytes.count)
        }
        return StoredRow(rowID: row.rowID, bytes: bytes)
    }

    private static func number(_ page: [UInt8], at place: Int, bytes: Int) -> Int {
        guard place + bytes <= page.count else { return .max / 2 }
        return page[place..<(place + bytes)].reduce(0) { $0 << 8 | Int($1) }
    }
}

/// A row of a rowid table as it lies on its page (fileformat2, sections 1.6 and 2.1).
package struct StoredRow {
    /// A value of a row.
    package enum Field: Hashable, Sendable {
        /// NULL, which also stands in the place of an INTEGER PRIMARY KEY.
        case null
        /// An integer.
        case integer(Int64)
        /// Text in UTF-8, not checked.
        case text(ArraySlice<UInt8>)
        /// A number that is none, or bytes.
        case other
    }

    /// The row's key.
    package let rowID: Int64
    /// The part of the row that is on this page; the rest overflows to others.
    fileprivate let bytes: ArraySlice<UInt8>
    /// How many bytes the whole row has.
    fileprivate let size: Int
    /// The page where it goes on; nil when all of it is here.
    fileprivate let overflow: Int?

    fileprivate init(rowID: Int64, bytes: [UInt8]) {
        self.rowID = rowID
        self.bytes = bytes[...]
        size = bytes.count
        overflow = nil
    }

    init?(_ page: [UInt8], cell: Int, usableSize: Int) {
        guard (8..<usableSize).contains(cell) else { return nil }
        var rest = page[cell..<usableSize]
        guard let size = Self.takeVarint(&rest), let key = Self.takeVarint(&rest), size >= 0,
            size < 1 << 31
        else { return nil }
        rowID = key
        self.size = Int(size)
        var count = self.size
        let most = usableSize - 35
        if count > most {
            let least = (usableSize - 12) * 32 / 255 - 23
            let kept = least + (count - least) % (usableSize - 4)
            count = kept <= most ? kept : least
        }
        guard count <= rest.count else { return nil }
        bytes = rest.prefix(count)
        guard count < self.size else {
            overflow = nil
            return
        }
        rest = rest.dropFirst(count)
        guard rest.count >= 4 else { return nil }
        overflow = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The first `count` values; nil when the row has fewer, or they are not all on this page.
    package func fields(_ count: Int) -> [Field]? {
        var header = bytes
        guard let headerSize = Self.takeVarint(&header), (0...Int64(bytes.count)) ~= headerSize
        else { return nil }
        // The header's size counts the bytes that say it.
        let rest = Int(headerSize) - (header.startIndex - bytes.startIndex)
        guard rest >= 0 else { return nil }
        header = header.prefix(rest)
        var body = bytes.dropFirst(Int(headerSize))
        var fields: [Field] = []
        while fields.count < count {
            guard let type = Self.takeVarint(&header), let size = Self.size(of: type),
                size <= body.count
            else { return nil }
            fields.append(Self.field(type, body.prefix(size)))
            body = body.dropFirst(size)
        }
        return fields
    }

    private static func field(_ type: Int64, _ bytes: ArraySlice<UInt8>) -> Field {
        switch type {
        case 0: .null
        case 1...6:
            .integer(
                bytes.dropFirst().reduce(Int64(Int8(bitPattern: bytes.first ?? 0))) {
                    $0 << 8 | Int64($1)
                })
        case 8: .integer(0)
        case 9: .integer(1)
        case 13...: type % 2 == 1 ? .text(bytes) : .other
        default: .other
        }
    }

    private static func size(of type: Int64) -> Int? {
        switch type {
        case 0, 8, 9: 0
        case 1...4: Int(type)
        case 5: 6
        case 6, 7: 8
        case 12...: Int((type - 12) / 2)
        default: nil
        }
    }

    private static func takeVarint(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard let byte = bytes.popFirst() else { return nil }
            if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return Int64(bitPattern: value) }
        }
        return nil
    }
}
