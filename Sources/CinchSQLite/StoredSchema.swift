package import CinchSchema

extension DatabasePages {
    /// What `Connection.schemaEntries()` would say; nil when only SQLite can tell.
    package func schemaEntries() -> [SchemaEntry]? {
        var entries: [SchemaEntry] = []
        let isRead = readRows(root: Self.schemaRoot) { row in
            guard let fields = whole(row)?.fields(5), let type = fields[0].string,
                let kind = SchemaEntry.Kind(rawValue: type), let name = fields[1].string,
                let table = fields[2].string
            else { return nil }
            // Which tables belong to a virtual one, only its module knows.
            if kind == .table, !fields[3].isPage { return nil }
            guard !ReservedNames.isStray(name) else { return nil }
            guard fields[4] != .null, !ReservedNames.isInternal(name),
                !ReservedNames.isInternal(table)
            else { return true }
            guard let sql = fields[4].string else { return nil }
            entries.append(SchemaEntry(kind: kind, name: name, tableName: table, sql: sql))
            return true
        }
        return isRead ? entries : nil
    }

    /// Where a table is.
    package enum Place: Hashable, Sendable {
        /// There is none of this name.
        case absent
        /// Its root page.
        case at(Int)
        /// It was made by another statement, or can't be read.
        case unknown
    }

    /// Finds a table of our own by its name and the statement `sqlite_schema` has for it.
    package func find(_ name: String, madeBy sql: String) -> Place {
        var place = Place.absent
        let isRead = readRows(root: Self.schemaRoot) { row in
            // A name that goes over the page is longer than the one we look for.
            guard let fields = row.fields(2), fields[0].isText("table"), fields[1].isText(name)
            else { return true }
            guard let fields = whole(row)?.fields(5), fields[4].isText(sql),
                case .integer(let page) = fields[3], page > 1, page < 1 << 32
            else { return nil }
            place = .at(Int(page))
            return false
        }
        return isRead ? place : .unknown
    }
}

extension StoredRow.Field {
    /// Text that is UTF-8 and the same however it is read; nil for any other value.
    package var string: String? {
        guard case .text(let bytes) = self, !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    fileprivate func isText(_ wanted: String) -> Bool {
        if case .text(let bytes) = self { bytes.elementsEqual(wanted.utf8) } else { false }
    }

    fileprivate var isPage: Bool {
        if case .integer(let page) = self { page > 0 } else { false }
    }
}
