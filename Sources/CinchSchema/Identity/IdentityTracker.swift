/// Follows which table and column is which while statements change a schema.
///
/// Renames keep ids. A table that is created, takes over the rows of another and outlives it is
/// that other table: SQLite's rebuild idiom in any order of steps, by way of a temporary table or
/// not. The same holds for a column that is added, filled from another and outlives it. A table
/// that is dropped and created anew without its rows is a new one.
///
/// The steps may be spread over several commits: see ``goOn(from:)``. A copy that has been in a
/// commit may hold rows of its own by then, so it is the original only if it bears the name of it
/// when that one is gone, or is about to get it: other tables are filled from one another as well.
public struct IdentityTracker: Sendable {
    private struct Tracked {
        var id: StableID?
        /// Ids by column key.
        var columns: [String: StableID] = [:]
        /// The tables whose rows it has taken over, if it was created on the way: the one they
        /// were read from, then what that one was a copy of.
        var origins: [Origin] = []
        var isCreated = false
        /// Of a column added on the way, the id of the column it was filled from.
        var copies: [String: StableID] = [:]
        /// Columns added on the way that have been in a commit since.
        var added: Set<StableID> = []
        /// The names its columns have had in commits.
        var columnNames: [StableID: [Identifier]] = [:]
    }

    private struct Origin {
        var id: StableID
        /// By column key, the id of the original's column behind it.
        var columns: [String: StableID]
        /// Every column of the original.
        var all: [String: StableID]
    }

    private var tables: [String: Tracked] = [:]
    /// The names tables have had in commits.
    private var names: [StableID: [Identifier]] = [:]

    /// Starts from a schema whose tables have ids.
    public init(_ schema: Schema) {
        for table in schema.tables {
            var tracked = Tracked(id: table.id)
            for column in table.columns {
                guard let id = column.id else { continue }
                if tracked.columns[column.name.key] == nil { tracked.columns[column.name.key] = id }
                tracked.columnNames[id] = [column.name]
            }
            tables[table.name.key] = tracked
            if let id = table.id { names[id] = [table.name] }
        }
        for table in schema.virtualTables {
            tables[table.name.key] = Tracked(id: table.id)
            if let id = table.id { names[id] = [table.name] }
        }
    }

    /// Goes on from the commit that was made of what ``assign(to:before:)`` gave.
    ///
    /// What is new takes over the ids the commit has given to it. Copies whose original is still
    /// there are remembered: a later commit may drop it.
    public mutating func goOn(from schema: Schema) {
        let next = IdentityTracker(schema)
        let present = Set(next.tables.values.compactMap(\.id))
        for (key, committed) in next.tables {
            guard var tracked = tables[key], tracked.id ?? committed.id == committed.id,
                !tracked.origins.contains(where: { $0.id == committed.id })
            else {
                // It has taken the place of its original.
                tables[key] = committed
                continue
            }
            let columns = Set(committed.columns.values)
            // Not those that came with the table.
            if tracked.id != nil {
                tracked.added.formUnion(columns.subtracting(tracked.columnNames.keys))
            }
            tracked.id = committed.id
            tracked.columns = committed.columns
            tracked.origins.removeAll { !present.contains($0.id) }
            tracked.copies = tracked.copies.filter { key, source in
                columns.contains(source) && committed.columns[key].map { $0 != source } ?? false
            }
            for (id, names) in committed.columnNames {
                tracked.columnNames[id, default: []].append(contentsOf: names)
            }
            tables[key] = tracked
        }
        for (id, committed) in next.names { names[id, default: []] += committed }
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
            guard var tracked = tables[table.key] else { return }
            tracked.columns[to.key] = tracked.columns.removeValue(forKey: from.key)
            tracked.copies[to.key] = tracked.copies.removeValue(forKey: from.key)
            for place in tracked.origins.indices {
                let id = tracked.origins[place].columns.removeValue(forKey: from.key)
                if let id { tracked.origins[place].columns[to.key] = id }
            }
            tables[table.key] = tracked
        case .dropColumn(let column, let table):
            drop(column, of: table)
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
            for copy in copies { take(copy, in: table) }
        }
    }

    /// The column goes; one that was added since the last commit and filled from it takes its
    /// place.
    private mutating func drop(_ column: Identifier, of table: Identifier) {
        guard var tracked = tables[table.key] else { return }
        let id = tracked.columns.removeValue(forKey: column.key)
        tracked.copies[column.key] = nil
        if let id {
            let heirs = tracked.copies.filter { key, source in
                source == id && tracked.columns[key] == nil
            }
            if heirs.count == 1, let heir = heirs.first?.key {
                tracked.columns[heir] = id
                tracked.copies[heir] = nil
            }
        }
        for place in tracked.origins.indices {
            tracked.origins[place].columns[column.key] = nil
            tracked.origins[place].all[column.key] = nil
        }
        tables[table.key] = tracked
    }

    private mutating func take(_ copy: IdentityEvent.ColumnCopy, in table: Identifier) {
        guard let tracked = tables[table.key] else { return }
        let own = tracked.columns[copy.target.key]
        // A column that was there has values of its own.
        if let own, !tracked.added.contains(own) { return }
        let sources = Set(copy.names.compactMap { tracked.columns[$0.key] }).filter { $0 != own }
        guard sources.count == 1 else { return }
        tables[table.key]?.copies[copy.target.key] = sources.first
    }

    private mutating func take(
        _ copy: IdentityEvent.RowCopy, into target: Identifier,
        columns: (Identifier) -> [Identifier]
    ) {
        // Into a new table the first copy counts.
        guard let tracked = tables[target.key], tracked.isCreated,
            tracked.id != nil || tracked.origins.isEmpty,
            let source = tables[copy.source.key], target.key != copy.source.key
        else { return }
        var origins = source.origins
        if let id = source.id {
            origins.insert(Origin(id: id, columns: source.columns, all: source.columns), at: 0)
        }
        let targets = copy.targets.isEmpty ? columns(target) : copy.targets
        let sources = copy.columns ?? columns(copy.source)
        for var origin in origins where !tracked.origins.contains(where: { $0.id == origin.id }) {
            origin.columns = Self.columns(targets, from: sources, of: origin)
            tables[target.key]?.origins.append(origin)
        }
    }

    /// Which columns of the original the targets are.
    ///
    /// A column that is copied from itself is itself; one that takes the values of a column which
    /// is not, is that column under another name; and a column computed from others is still the
    /// column of its name.
    private static func columns(
        _ targets: [Identifier], from sources: [Identifier?], of origin: Origin
    ) -> [String: StableID] {
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
        return ids
    }

    // MARK: What has become of it

    /// Writes the ids onto what the schema has become; new entities are left without one.
    ///
    /// - Parameter upcoming: What later commits will rename and drop, as far as it is known.
    public func assign(
        to schema: Schema, before upcoming: UpcomingStatements = UpcomingStatements()
    ) -> Schema {
        let heirs = heirs(in: schema, before: upcoming)
        var copy = schema
        copy.tables = schema.tables.mapValues { table in
            var table = table
            guard let tracked = tables[table.name.key] else { return table.withoutIDs }
            let columns: [String: StableID]
            if let origin = heirs[table.name.key] {
                table.id = origin.id
                columns = Self.columns(of: table, taking: origin)
            } else {
                table.id = tracked.id
                columns = Self.columns(of: table, tracked, before: upcoming)
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

    /// By the key of its name, the table that each one has become in place of one that is gone:
    /// there is one heir, the one with its name, otherwise the only one that is new.
    private func heirs(
        in schema: Schema, before upcoming: UpcomingStatements
    ) -> [String: Origin] {
        let present = Set(
            (schema.tables.map(\.name) + schema.virtualTables.map(\.name))
                .compactMap { tables[$0.key]?.id })
        var candidates: [StableID: [Identifier]] = [:]
        for table in schema.tables {
            for origin in tables[table.name.key]?.origins ?? [] where !present.contains(origin.id) {
                candidates[origin.id, default: []].append(table.name)
            }
        }
        var named: [StableID: [Identifier]] = [:]
        var only: [StableID: Identifier] = [:]
        for (id, tables) in candidates {
            let heirs = tables.filter { upcoming.table($0, isNamedOneOf: names[id] ?? []) }
            let new = tables.filter { self.tables[$0.key]?.id == nil }
            named[id] = heirs
            if heirs.isEmpty, new.count == 1 { only[id] = new[0] }
        }
        var result: [String: Origin] = [:]
        for table in schema.tables {
            let origins = (tables[table.name.key]?.origins ?? []).filter {
                candidates[$0.id] != nil
            }
            // Of a copy of a copy the first original has the rows.
            result[table.name.key] =
                origins.first { named[$0.id] == [table.name] }
                ?? origins.last { only[$0.id] == table.name }
        }
        return result
    }

    private static func columns(of table: Table, taking origin: Origin) -> [String: StableID] {
        var columns = origin.columns
        // What was not copied is still the column of its name: its values may not go because a
        // later statement of the migration fills it.
        let claimed = Set(columns.values)
        for column in table.columns where columns[column.name.key] == nil {
            guard let known = origin.all[column.name.key], !claimed.contains(known) else {
                continue
            }
            columns[column.name.key] = known
        }
        return columns
    }

    /// Columns that have been in a commit beside the one they were filled from take its place
    /// under its name.
    private static func columns(
        of table: Table, _ tracked: Tracked, before upcoming: UpcomingStatements
    ) -> [String: StableID] {
        var columns = tracked.columns
        let present = Set(columns.values)
        var heirs: [StableID: [String]] = [:]
        for column in table.columns {
            guard columns[column.name.key] != nil, let id = tracked.copies[column.name.key],
                !present.contains(id),
                upcoming.column(
                    column.name, of: table.name, isNamedOneOf: tracked.columnNames[id] ?? [])
            else { continue }
            heirs[id, default: []].append(column.name.key)
        }
        for (id, keys) in heirs where keys.count == 1 { columns[keys[0]] = id }
        return columns
    }
}
