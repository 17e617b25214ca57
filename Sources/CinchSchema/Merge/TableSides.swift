/// One table as the three sides have it.
typealias TableSides = ThreeWay<Table>

/// One column as the three sides have it.
typealias ColumnSides = ThreeWay<Column>

extension ThreeWay where Value == Table {
    /// Puts together what is the same table on each side, in name order.
    static func all(base: Schema, ours: Schema, theirs: Schema) -> [TableSides] {
        all(base.tables, Matching(base, ours), Matching(base, theirs)) { $0.id }
            .sorted { $0.anyName < $1.anyName }
    }
}

extension ThreeWay where Value == VirtualTable {
    /// Puts together what is the same virtual table on each side, in name order.
    static func all(base: Schema, ours: Schema, theirs: Schema) -> [ThreeWay] {
        all(base.virtualTables, Matching(base, ours), Matching(base, theirs)) { $0.id }
            .sorted { $0.anyName < $1.anyName }
    }
}

extension ThreeWay where Value == Column {
    /// Puts together what is the same column on each side: base order, then what was added.
    static func all(base: Table, ours: Table, theirs: Table) -> [ColumnSides] {
        all(base.columns, Matching(base, ours), Matching(base, theirs)) { $0.id }
    }
}

extension ThreeWay where Value: Named {
    /// What both sides added is the same by id, and if it has none in common, by name.
    fileprivate static func all(
        _ base: some Sequence<Value>, _ toOurs: Matching<Value>, _ toTheirs: Matching<Value>,
        id: (Value) -> StableID?
    ) -> [ThreeWay] {
        let inOurs = Dictionary(
            toOurs.pairs.map { ($0.from.name.key, $0.to) }, uniquingKeysWith: { first, _ in first })
        let inTheirs = Dictionary(
            toTheirs.pairs.map { ($0.from.name.key, $0.to) },
            uniquingKeysWith: { first, _ in first })
        var all = base.map { value in
            ThreeWay(base: value, ours: inOurs[value.name.key], theirs: inTheirs[value.name.key])
        }
        var added = toTheirs.created
        var pending: [Value] = []
        for value in toOurs.created {
            if let place = added.firstIndex(where: { id($0) != nil && id($0) == id(value) }) {
                all.append(ThreeWay(base: nil, ours: value, theirs: added.remove(at: place)))
            } else {
                pending.append(value)
            }
        }
        for value in pending {
            let place = added.firstIndex { $0.name.matches(value.name) }
            all.append(
                ThreeWay(base: nil, ours: value, theirs: place.map { added.remove(at: $0) }))
        }
        return all + added.map { ThreeWay(base: nil, ours: nil, theirs: $0) }
    }

    fileprivate var anyName: Identifier { (ours ?? theirs ?? base)?.name ?? "" }
}
