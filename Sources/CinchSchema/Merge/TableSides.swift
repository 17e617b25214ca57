/// One table as the three sides have it.
typealias TableSides = ThreeWay<Table>

extension ThreeWay where Value == Table {
    /// Puts together what is the same table on each side, in name order.
    static func all(base: Schema, ours: Schema, theirs: Schema) -> [TableSides] {
        let toOurs = Matching<Table>(base, ours)
        let toTheirs = Matching<Table>(base, theirs)
        let inOurs = Dictionary(
            toOurs.pairs.map { ($0.from.name.key, $0.to) }, uniquingKeysWith: { first, _ in first })
        let inTheirs = Dictionary(
            toTheirs.pairs.map { ($0.from.name.key, $0.to) },
            uniquingKeysWith: { first, _ in first })
        var all = base.tables.map { table in
            TableSides(
                base: table, ours: inOurs[table.name.key], theirs: inTheirs[table.name.key])
        }
        // What both sides added matches by id, and if it has none in common, by name.
        var added = toTheirs.created
        for table in toOurs.created {
            let place =
                added.firstIndex { $0.id != nil && $0.id == table.id }
                ?? added.firstIndex { $0.name.matches(table.name) }
            all.append(
                TableSides(base: nil, ours: table, theirs: place.map { added.remove(at: $0) }))
        }
        all += added.map { TableSides(base: nil, ours: nil, theirs: $0) }
        return all.sorted { $0.anyName < $1.anyName }
    }

    private var anyName: Identifier { (ours ?? theirs ?? base)?.name ?? "" }
}
