extension Schema {
    /// The schema with ids taken from another where names agree, or where the text carries an
    /// id the other knows: how a schema that was written down as a whole keeps identities.
    public func identified(by known: Schema) -> Schema {
        identified(by: known, OutstandingRenames())
    }

    /// The same, where marks say which names are new ones of old things.
    ///
    /// An id on the line decides before a mark, and a mark before the name. Nothing is renamed
    /// where there was nothing at all: a text with marks can begin a new database.
    ///
    /// - Parameter wasCalled: Whether the table with this id, or the column of it, had that name
    ///   before; asked only for renames in a circle.
    /// - Throws: ``RenameHints/Failure``, and what `wasCalled` throws.
    public func identified(
        by known: Schema, hints: RenameHints,
        wasCalled: (_ table: StableID, _ column: StableID?, _ old: Identifier) throws -> Bool
    ) throws -> Schema {
        guard !hints.marks.isEmpty, !known.isEmpty else { return identified(by: known) }
        var renames = OutstandingRenames()
        let ids = Set(known.tables.compactMap(\.id))
        let ofTables = hints.marks.filter { $0.column == nil }
        renames.tables = try RenameScope(
            marks: ofTables.filter { virtualTables[$0.table] == nil },
            known: known.tables.map { ($0.name, $0.id) },
            written: tables.map { ($0.name, $0.id.flatMap { ids.contains($0) ? $0 : nil }) }
        ).outstanding { try wasCalled($0, nil, $1) }
        renames.virtualTables = try RenameScope(
            marks: ofTables.filter { virtualTables[$0.table] != nil },
            known: known.virtualTables.map { ($0.name, $0.id) },
            written: virtualTables.map { ($0.name, nil) }
        ).outstanding { try wasCalled($0, nil, $1) }
        let origins = origins(in: known, renames)
        for table in tables {
            let marks = hints.marks.filter { $0.column != nil && $0.table.matches(table.name) }
            guard !marks.isEmpty else { continue }
            let origin = origins[table.name.key]
            let reliable = origin.map { table.reliableIDs(for: $0) } ?? []
            renames.columns[table.name.key] = try RenameScope(
                marks: marks, known: origin?.columns.map { ($0.name, $0.id) } ?? [],
                written: table.columns.map { column in
                    (column.name, column.id.flatMap { reliable.contains($0) ? $0 : nil })
                }
            ).outstanding { id, old in
                try origin?.id.map { try wasCalled($0, id, old) } ?? false
            }
        }
        return identified(by: known, renames)
    }

    private func identified(by known: Schema, _ renames: OutstandingRenames) -> Schema {
        var copy = self
        let origins = origins(in: known, renames)
        copy.tables = tables.mapValues { table in
            var table = table
            let origin = origins[table.name.key]
            table.id = origin?.id
            table.columns = table.identifiedColumns(
                by: origin, renames.columns[table.name.key] ?? [:])
            return table
        }
        let renamed = Set(renames.virtualTables.values.map(\.key))
        copy.virtualTables = virtualTables.mapValues { table in
            var table = table
            let old = renames.virtualTables[table.name.key]
            let isTaken = old == nil && renamed.contains(table.name.key)
            table.id = isTaken ? nil : known.virtualTables[old ?? table.name]?.id
            return table
        }
        return copy
    }

    /// Which known table each table is, by the key of its name.
    private func origins(in known: Schema, _ renames: OutstandingRenames) -> [String: Table] {
        let byID = Dictionary(
            known.tables.compactMap { table in table.id.map { ($0, table) } },
            uniquingKeysWith: { first, _ in first })
        let renamed = Set(renames.tables.values.compactMap { known.tables[$0]?.id })
        var taken = renamed
        for table in tables where renames.tables[table.name.key] == nil {
            guard let id = known.tables[table.name]?.id, table.id == nil || table.id == id else {
                continue
            }
            taken.insert(id)
        }
        var origins: [String: Table] = [:]
        for table in tables {
            if let old = renames.tables[table.name.key] {
                origins[table.name.key] = known.tables[old]
                continue
            }
            var origin = known.tables[table.name]
            if let id = origin?.id, renamed.contains(id) { origin = nil }
            if let id = table.id, let named = byID[id], origin?.id != id, !taken.contains(id) {
                origin = named
                taken.insert(id)
            }
            origins[table.name.key] = origin
        }
        return origins
    }
}

extension Table {
    /// The ids written on its columns that are a column's of the other table.
    ///
    /// An id that is written on two columns belongs to neither: their names decide.
    fileprivate func reliableIDs(for origin: Table) -> Set<StableID> {
        let known = Set(origin.columns.compactMap(\.id))
        let counts = Dictionary(
            columns.compactMap(\.id).filter(known.contains).map { ($0, 1) }, uniquingKeysWith: +)
        return Set(counts.filter { $0.value == 1 }.keys)
    }

    /// - Parameter renames: Old names by the key of the new one.
    fileprivate func identifiedColumns(by origin: Table?, _ renames: [String: Identifier])
        -> [Column]
    {
        guard let origin else { return columns.map(\.withoutID) }
        let reliable = reliableIDs(for: origin)
        let renamed = Set(renames.values.compactMap { origin.column(named: $0)?.id })
        return columns.map { column in
            var column = column
            if let old = renames[column.name.key] {
                column.id = origin.column(named: old)?.id
                return column
            }
            if let id = column.id, reliable.contains(id) { return column }
            let named = origin.column(named: column.name)?.id
            column.id = named.flatMap { reliable.contains($0) || renamed.contains($0) ? nil : $0 }
            return column
        }
    }
}
