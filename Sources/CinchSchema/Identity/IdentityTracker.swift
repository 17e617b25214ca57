/// Follows which table and column is which while statements change a schema.
///
/// Renames keep ids. A table that is created, takes over the rows of another and outlives it is
/// that other table: SQLite's rebuild idiom in any order of steps, by way of a temporary table or
/// not. The same holds for a column that is added, filled from another and outlives it. A table
/// that is dropped and created anew without its rows is a new one.
public struct IdentityTracker: Sendable {
    private struct Tracked {
        var id: StableID?
        /// Ids by column key.
        var columns: [String: StableID] = [:]
        /// The table whose rows it has taken over, if it was created on the way.
        var origin: Origin?
        var isCreated = false
        /// Of a column added on the way, the id of the column it was filled from.
        var copies: [String: StableID] = [:]
    }

    private struct Origin {
        var id: StableID
        var name: Identifier
        var columns: [String: StableID]
        /// Every column of the table the rows come from.
        var all: [String: StableID]
    }

    private var tables: [String: Tracked] = [:]
    private var names: [StableID: Identifier] = [:]

    /// Starts from a schema whose tables have ids.
    public init(_ schema: Schema) {
        for table in schema.tables {
            tables[table.name.key] = Tracked(
                id: table.id,
                columns: Dictionary(
                    table.columns.compactMap { column in column.id.map { (column.name.key, $0) } },
                    uniquingKeysWith: { first, _ in first }))
            if let id = table.id { names[id] = table.name }
        }
        for table in schema.virtualTables {
            tables[table.name.key] = Tracked(id: table.id)
            if let id = table.id { names[id] = table.name }
        }
    }

    /// Takes in what a statement did.
    ///
    /// - Parameter columns: The columns a table has after the statement, in order; asked only for
    ///   tables whose rows are copied with `*` or without a column list.
    public mutating func record(_ event: IdentityEvent, columns: (Identifier) -> [Identifier]) {
        switch event {
        case .renameTable(let from, let to):
            tables[to.key] = tables.removeValue(forKey: from.key)
        case .renameColumn(let from, let to, let table):
            let id = tables[table.key]?.columns.removeValue(forKey: from.key)
            tables[table.key]?.columns[to.key] = id
            let copy = tables[table.key]?.copies.removeValue(forKey: from.key)
            tables[table.key]?.copies[to.key] = copy
            let origin = tables[table.key]?.origin?.columns.removeValue(forKey: from.key)
            if let origin { tables[table.key]?.origin?.columns[to.key] = origin }
        case .dropColumn(let column, let table):
            drop(column, of: table)
            tables[table.key]?.origin?.columns[column.key] = nil
            tables[table.key]?.origin?.all[column.key] = nil
        case .dropTable(let name):
            tables[name.key] = nil
        case .createTable(let name, let copy):
            // IF NOT EXISTS on a table that is there creates nothing.
            guard tables[name.key] == nil else { return }
            tables[name.key] = Tracked(isCreated: true)
            if let copy { take(copy, into: name, columns: columns) }
        case .copyRows(let copy, let target):
            take(copy, into: target, columns: columns)
        case .copyColumns(let copies, let table):
            for copy in copies where tables[table.key]?.columns[copy.target.key] == nil {
                let sources = Set(copy.names.compactMap { tables[table.key]?.columns[$0.key] })
                guard sources.count == 1 else { continue }
                tables[table.key]?.copies[copy.target.key] = sources.first
            }
        }
    }

    /// The column goes; one that was filled from it takes its place.
    private mutating func drop(_ column: Identifier, of table: Identifier) {
        guard var tracked = tables[table.key] else { return }
        let id = tracked.columns.removeValue(forKey: column.key)
        tracked.copies[column.key] = nil
        if let id {
            let heirs = tracked.copies.filter { $0.value == id }.keys.sorted()
            if heirs.count == 1, let heir = heirs.first {
                tracked.columns[heir] = id
                tracked.copies[heir] = nil
            }
        }
        tables[table.key] = tracked
    }

    private mutating func take(
        _ copy: IdentityEvent.RowCopy, into target: Identifier,
        columns: (Identifier) -> [Identifier]
    ) {
        guard let tracked = tables[target.key], tracked.isCreated, tracked.origin == nil,
            let source = tables[copy.source.key], target.key != copy.source.key
        else { return }
        let origin: Origin
        if let id = source.id {
            origin = Origin(
                id: id, name: names[id] ?? copy.source, columns: source.columns,
                all: source.columns)
        } else if let through = source.origin {
            origin = through
        } else {
            return
        }
        let targets = copy.targets.isEmpty ? columns(target) : copy.targets
        let sources = copy.columns ?? columns(copy.source)
        // A column that is copied from itself is itself; one that takes the values of a column
        // which is not, is that column under another name; and a column computed from others is
        // still the column of its name.
        var ids: [String: StableID] = [:]
        let pairs = zip(targets, sources).compactMap { target, source in
            source.map { (target: target.key, source: $0.key) }
        }
        for (target, source) in pairs where target == source {
            ids[target] = origin.columns[source]
        }
        var claimed = Set(ids.values)
        let byName = targets.map { (target: $0.key, source: $0.key) }
        for (target, source) in pairs + byName where ids[target] == nil {
            guard let id = origin.columns[source], claimed.insert(id).inserted else { continue }
            ids[target] = id
        }
        tables[target.key]?.origin = Origin(
            id: origin.id, name: origin.name, columns: ids, all: origin.all)
    }

    /// Writes the ids onto what the schema has become; new entities are left without one.
    public func assign(to schema: Schema) -> Schema {
        let surviving = Set(
            (schema.tables.map(\.name) + schema.virtualTables.map(\.name))
                .compactMap { tables[$0.key]?.id })
        // One heir for each table that is gone: the one with its name, otherwise the only one.
        var heirs: [StableID: [Identifier]] = [:]
        for table in schema.tables {
            guard let tracked = tables[table.name.key], tracked.id == nil,
                let origin = tracked.origin, !surviving.contains(origin.id)
            else { continue }
            heirs[origin.id, default: []].append(table.name)
        }
        var copy = schema
        copy.tables = schema.tables.mapValues { table in
            var table = table
            guard let tracked = tables[table.name.key] else { return table.withoutIDs }
            var columns = tracked.columns
            table.id = tracked.id
            if tracked.id == nil, let origin = tracked.origin, let all = heirs[origin.id],
                all.count == 1 || table.name.matches(origin.name)
            {
                table.id = origin.id
                columns = origin.columns
                // What was not copied is still the column of its name: its values may not go
                // because a later statement of the migration fills it.
                let claimed = Set(columns.values)
                for column in table.columns where columns[column.name.key] == nil {
                    guard let known = origin.all[column.name.key], !claimed.contains(known)
                    else { continue }
                    columns[column.name.key] = known
                }
            }
            for place in table.columns.indices {
                table.columns[place].id = columns[table.columns[place].name.key]
            }
            return table
        }
        copy.virtualTables = schema.virtualTables.mapValues { table in
            var table = table
            table.id = tables[table.name.key]?.id
            return table
        }
        return copy
    }
}

extension Schema {
    /// The schema with ids taken from another where names agree, or where the text carries an
    /// id the other knows: how a schema that was written down as a whole keeps identities.
    public func identified(by known: Schema) -> Schema {
        var copy = self
        let byID = Dictionary(
            known.tables.compactMap { table in table.id.map { ($0, table) } },
            uniquingKeysWith: { first, _ in first })
        var taken: Set<StableID> = []
        for table in tables where known.tables[table.name]?.id != nil {
            if table.id == nil || table.id == known.tables[table.name]?.id {
                taken.formUnion([known.tables[table.name]?.id].compactMap { $0 })
            }
        }
        copy.tables = tables.mapValues { table in
            var table = table
            var origin = known.tables[table.name]
            if let id = table.id, let named = byID[id], origin?.id != id, !taken.contains(id) {
                origin = named
                taken.insert(id)
            }
            table.id = origin?.id
            table.columns = table.identifiedColumns(by: origin)
            return table
        }
        copy.virtualTables = virtualTables.mapValues { table in
            var table = table
            table.id = known.virtualTables[table.name]?.id
            return table
        }
        return copy
    }
}

extension Table {
    fileprivate func identifiedColumns(by origin: Table?) -> [Column] {
        guard let origin else { return columns.map(\.withoutID) }
        let known = Set(origin.columns.compactMap(\.id))
        // An id that is written on two columns belongs to neither: their names decide.
        let counts = Dictionary(
            columns.compactMap(\.id).filter(known.contains).map { ($0, 1) }, uniquingKeysWith: +)
        let isClaimed = { (id: StableID) in counts[id] == 1 }
        return columns.map { column in
            var column = column
            if let id = column.id, isClaimed(id) { return column }
            let named = origin.column(named: column.name)?.id
            column.id = named.flatMap { isClaimed($0) ? nil : $0 }
            return column
        }
    }
}
