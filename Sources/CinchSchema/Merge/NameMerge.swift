/// Decides what every table and column is called after a merge.
struct NameMerge {
    private let sides: [TableSides]
    private(set) var base = Renaming()
    private(set) var ours = Renaming()
    private(set) var theirs = Renaming()
    private(set) var conflicts: [Conflict] = []

    init(base: Schema, ours: Schema, theirs: Schema) {
        sides = TableSides.all(base: base, ours: ours, theirs: theirs)
    }

    mutating func run() {
        for table in sides {
            guard table.base != nil, let oursTable = table.ours, let theirsTable = table.theirs
            else {
                nameOneSided(table)
                continue
            }
            let names = table.map(\.name)
            let name = merged(names, entity: oursTable.name.text)
            rename(table, to: name)
            mergeColumns(table, oursTable, theirsTable)
        }
    }

    /// A rename on the one side that still has the table is no obstacle to comparing it with the
    /// base: the base takes the new names.
    private mutating func nameOneSided(_ table: TableSides) {
        guard let base = table.base, let kept = table.ours ?? table.theirs,
            table.ours == nil || table.theirs == nil
        else { return }
        if base.name != kept.name {
            conflicts.append(
                Conflict(
                    .modifyDelete, entity: kept.name.text, attribute: "name",
                    sides: table.map(\.name.text)))
            self.base.tables[base.name.key] = kept.name
        }
        for (before, after) in Matching<Column>(base, kept).pairs where before.name != after.name {
            conflicts.append(
                Conflict(
                    .modifyDelete, entity: "\(kept.name).\(after.name)", attribute: "name",
                    sides: ThreeWay(
                        base: before.name.text, ours: table.ours == nil ? nil : after.name.text,
                        theirs: table.theirs == nil ? nil : after.name.text)))
            self.base.columns[base.name.key, default: [:]][before.name.key] = after.name
        }
    }

    private mutating func mergeColumns(
        _ table: TableSides, _ oursTable: Table, _ theirsTable: Table
    ) {
        guard let baseTable = table.base else { return }
        for column in ColumnSides.all(base: baseTable, ours: oursTable, theirs: theirsTable) {
            guard let before = column.base else { continue }
            if column.ours == nil || column.theirs == nil {
                guard let kept = column.ours ?? column.theirs, kept.name != before.name else {
                    continue
                }
                conflicts.append(
                    Conflict(
                        .modifyDelete, entity: "\(oursTable.name).\(kept.name)",
                        attribute: "name", sides: column.map(\.name.text)))
                base.columns[baseTable.name.key, default: [:]][before.name.key] = kept.name
                continue
            }
            let name = merged(
                column.map(\.name), entity: "\(oursTable.name).\(column.ours?.name ?? "")")
            let set = { (renaming: inout Renaming, table: Identifier, old: Identifier?) in
                guard let old, old != name else { return }
                renaming.columns[table.key, default: [:]][old.key] = name
            }
            set(&base, baseTable.name, column.base?.name)
            set(&ours, oursTable.name, column.ours?.name)
            set(&theirs, theirsTable.name, column.theirs?.name)
        }
    }

    /// The one name of three, ours where both sides chose another.
    private mutating func merged(_ names: ThreeWay<Identifier>, entity: String) -> Identifier {
        guard let ours = names.ours, let theirs = names.theirs else {
            return names.ours ?? names.theirs ?? names.base ?? ""
        }
        if ours == theirs || theirs == names.base { return ours }
        if ours == names.base { return theirs }
        conflicts.append(
            Conflict(.renameRename, entity: entity, attribute: "name", sides: names.map(\.text)))
        return ours
    }

    private mutating func rename(_ table: TableSides, to name: Identifier) {
        if let old = table.base?.name, old != name { base.tables[old.key] = name }
        if let old = table.ours?.name, old != name { ours.tables[old.key] = name }
        if let old = table.theirs?.name, old != name { theirs.tables[old.key] = name }
    }
}

/// One column as the three sides have it.
typealias ColumnSides = ThreeWay<Column>

extension ThreeWay where Value == Column {
    /// Puts together what is the same column on each side: base order, then what was added.
    static func all(base: Table, ours: Table, theirs: Table) -> [ColumnSides] {
        let toOurs = Matching<Column>(base, ours)
        let toTheirs = Matching<Column>(base, theirs)
        let inOurs = Dictionary(
            toOurs.pairs.map { ($0.from.name.key, $0.to) }, uniquingKeysWith: { first, _ in first })
        let inTheirs = Dictionary(
            toTheirs.pairs.map { ($0.from.name.key, $0.to) },
            uniquingKeysWith: { first, _ in first })
        var all = base.columns.map { column in
            ColumnSides(
                base: column, ours: inOurs[column.name.key], theirs: inTheirs[column.name.key])
        }
        var added = toTheirs.created
        for column in toOurs.created {
            let place = added.firstIndex { $0.name.matches(column.name) }
            all.append(
                ColumnSides(base: nil, ours: column, theirs: place.map { added.remove(at: $0) }))
        }
        return all + added.map { ColumnSides(base: nil, ours: nil, theirs: $0) }
    }
}
