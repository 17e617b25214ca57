/// Decides what every table and column is called after a merge.
///
/// Afterwards each side is given these names, so that one name means one thing on all three.
/// What is dropped and has a name that something else takes over steps aside under a temporary
/// one; two things that would both survive under one name are a conflict and keep their own.
struct NameMerge {
    private let baseSchema: Schema
    private let oursSchema: Schema
    private let theirsSchema: Schema
    private(set) var base = Renaming()
    private(set) var ours = Renaming()
    private(set) var theirs = Renaming()
    private(set) var conflicts: [Conflict] = []
    /// What the temporary names stand for.
    private(set) var standIns: [(name: Identifier, original: Identifier)] = []

    init(base: Schema, ours: Schema, theirs: Schema) {
        baseSchema = base
        oursSchema = ours
        theirsSchema = theirs
    }

    mutating func run() {
        let tables = TableSides.all(base: baseSchema, ours: oursSchema, theirs: theirsSchema)
        let virtualTables = ThreeWay<VirtualTable>.all(
            base: baseSchema, ours: oursSchema, theirs: theirsSchema)
        let sides = tables.map { $0.map(\.name) } + virtualTables.map { $0.map(\.name) }
        let others = [baseSchema, oursSchema, theirsSchema].flatMap {
            $0.views.map(\.name.key) + $0.indexes.map(\.name.key)
        }
        let names = settle(sides, taken: Set(others)) { $0.text }
        for (side, name) in zip(sides, names) {
            if let old = side.base, old != name { base.tables[old.key] = name }
            if let old = side.ours, old != name { ours.tables[old.key] = name }
            if let old = side.theirs, old != name { theirs.tables[old.key] = name }
        }
        for table in tables { mergeColumns(table) }
    }

    private mutating func mergeColumns(_ table: TableSides) {
        guard let baseTable = table.base else { return }
        guard let oursTable = table.ours, let theirsTable = table.theirs else {
            findRenamesInDropped(table)
            return
        }
        let columns = ColumnSides.all(base: baseTable, ours: oursTable, theirs: theirsTable)
        let sides = columns.map { $0.map(\.name) }
        let names = settle(sides, taken: []) { "\(oursTable.name).\($0)" }
        for (side, name) in zip(sides, names) {
            if let old = side.base, old != name {
                base.columns[baseTable.name.key, default: [:]][old.key] = name
            }
            if let old = side.ours, old != name {
                ours.columns[oursTable.name.key, default: [:]][old.key] = name
            }
            if let old = side.theirs, old != name {
                theirs.columns[theirsTable.name.key, default: [:]][old.key] = name
            }
        }
    }

    /// One side renamed a column of a table the other dropped.
    private mutating func findRenamesInDropped(_ table: TableSides) {
        guard let base = table.base, let kept = table.ours ?? table.theirs else { return }
        for (before, after) in Matching<Column>(base, kept).pairs where before.name != after.name {
            conflicts.append(
                Conflict(
                    .modifyDelete, entity: "\(kept.name).\(after.name)", attribute: "name",
                    sides: ThreeWay(
                        base: before.name.text, ours: table.ours == nil ? nil : after.name.text,
                        theirs: table.theirs == nil ? nil : after.name.text)))
        }
    }

    // MARK: One space of names

    /// The name of each thing after the merge.
    ///
    /// - Parameter taken: Keys of names that are in use by things which keep them.
    private mutating func settle(
        _ sides: [ThreeWay<Identifier>], taken: Set<String>, entity: (Identifier) -> String
    ) -> [Identifier] {
        var names = sides.map { merged($0, entity: entity) }
        separateSurvivors(sides, &names, taken: taken, entity: entity)
        // Within each side, what is on its way out must not hold a name another thing gets.
        for side in [\ThreeWay<Identifier>.base, \.ours, \.theirs] {
            var holder: [String: Int] = [:]
            for place in sides.indices where sides[place][keyPath: side] != nil {
                let key = names[place].key
                if let other = holder[key] {
                    let leaving = sides[place].isDropped ? place : other
                    let staying = leaving == place ? other : place
                    stepAside(leaving, sides, &names)
                    holder[key] = staying
                } else {
                    holder[key] = place
                }
            }
        }
        return names
    }

    private mutating func stepAside(
        _ place: Int, _ sides: [ThreeWay<Identifier>], _ names: inout [Identifier]
    ) {
        // Not '_cinch_…': such tables are ours, and left out when a schema is read back.
        let name = Identifier("cinch:merging:\(standIns.count)")
        standIns.append((name, names[place]))
        names[place] = name
    }

    private mutating func separateSurvivors(
        _ sides: [ThreeWay<Identifier>], _ names: inout [Identifier], taken: Set<String>,
        entity: (Identifier) -> String
    ) {
        var holders: [String: [Int]] = [:]
        for place in sides.indices where !sides[place].isDropped {
            holders[names[place].key, default: []].append(place)
        }
        for key in holders.keys.sorted() {
            guard let places = holders[key] else { continue }
            let isRenamed = { (place: Int) in sides[place].isRenamed }
            guard
                places.count > 1 || taken.contains(key) && places.contains(where: isRenamed)
            else { continue }
            let name = names[places[0]]
            let holder = { (side: KeyPath<ThreeWay<Identifier>, Identifier?>) in
                let old = places.filter { sides[$0][keyPath: side]?.matches(name) == true }
                return old.first.flatMap { sides[$0].base ?? sides[$0][keyPath: side] }?.text
            }
            conflicts.append(
                Conflict(
                    .nameCollision, entity: entity(name), attribute: "name",
                    sides: ThreeWay(base: nil, ours: holder(\.ours), theirs: holder(\.theirs))))
            for place in places where isRenamed(place) {
                let others = names.indices.filter { $0 != place }.map { names[$0].key }
                if let old = sides[place].base, !others.contains(old.key) {
                    names[place] = old
                } else {
                    stepAside(place, sides, &names)
                }
            }
        }
    }

    /// The one name of three, ours where both sides chose another.
    private mutating func merged(
        _ names: ThreeWay<Identifier>, entity: (Identifier) -> String
    ) -> Identifier {
        guard let ours = names.ours, let theirs = names.theirs else {
            guard let kept = names.ours ?? names.theirs else { return names.base ?? "" }
            if let before = names.base, before != kept {
                conflicts.append(
                    Conflict(
                        .modifyDelete, entity: entity(kept), attribute: "name",
                        sides: names.map(\.text)))
            }
            return kept
        }
        if names.base == nil || ours == theirs || theirs == names.base { return ours }
        if ours == names.base { return theirs }
        conflicts.append(
            Conflict(
                .renameRename, entity: entity(ours), attribute: "name",
                sides: names.map(\.text)))
        return ours
    }
}

extension ThreeWay where Value == Identifier {
    /// Whether a side dropped it.
    fileprivate var isDropped: Bool { base != nil && (ours == nil || theirs == nil) }

    /// Whether a side calls it other than the base does, or the sides differ.
    fileprivate var isRenamed: Bool {
        let names = [base, ours, theirs].compactMap { $0 }
        return names.contains { $0 != names[0] }
    }
}
