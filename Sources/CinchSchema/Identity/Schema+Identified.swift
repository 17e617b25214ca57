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
