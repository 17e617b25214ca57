import CinchSQLite
package import CinchSchema

/// What decides on a tenant's way to another schema.
package struct TenantState: Hashable, Sendable {
    /// Where it says it is.
    package var stamp: TenantStamp
    /// The text of its schema.
    package var schema: [SchemaEntry]
    /// What is parked in it, oldest first.
    package var parked: [ParkedData]

    init(stamp: TenantStamp, schema: [SchemaEntry], parked: [ParkedData]) {
        self.stamp = stamp
        self.schema = schema
        self.parked = parked
    }

    /// What SQLite would say of a file at rest, from the bytes of its pages; nil when only SQLite
    /// can tell, whatever the reason.
    package static func stored(in path: String) -> TenantState? {
        DatabaseFile.whileShared(path) { file in
            guard let pages = DatabasePages(file), let stamp = TenantStamp.stored(in: pages),
                let schema = pages.schemaEntries(), let parked = parked(in: pages)
            else { return nil }
            return TenantState(stamp: stamp, schema: schema, parked: parked)
        }
    }

    private static func parked(in pages: DatabasePages) -> [ParkedData]? {
        let root: Int
        switch pages.find(ParkedRegistry.name, madeBy: ParkedRegistry.storedSQL) {
        case .absent: return []
        case .unknown: return nil
        case .at(let page): root = page
        }
        var parked: [ParkedData] = []
        let isRead = pages.readRows(root: root) { row in
            guard let fields = pages.whole(row)?.fields(7), let storage = fields[1].string,
                let table = fields[2].string, let shape = fields[6].string,
                let table = StableID(table)
            else { return nil }
            parked.append(
                ParkedData(
                    storage: Identifier(storage), table: table,
                    column: fields[3].string.flatMap { StableID($0) },
                    parts: ParkedData.parts(shape: shape)))
            return true
        }
        return isRead ? parked : nil
    }
}
