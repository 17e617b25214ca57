/// Decides what every table and column is called after a merge.
///
/// Afterwards each side is given these names, so that one name means one thing on all three.
/// What is dropped and has a name that something else takes over steps aside under a temporary
/// one; two things that would both survive under one name are a conflict and keep their own.
package struct NameMerge {
    /// Not '_cinch_…': such tables are ours, and left out when a schema is read back.
    private static let temporary = "cinch:merging:"

    /// Whether a name is one that something has until a conflict about it is decided.
    package static func isTemporary(_ name: Identifier) -> Bool { name.text.hasPrefix(temporary) }

    /// Whether a text speaks of such a name.
    static func mentionsTemporary(_ text: String) -> Bool { text.contains(temporary) }

    private let baseSchema: Schema
    private let oursSchema: Schema
    private let theirsSchema: Schema
    private(set) var base = Renaming()
    private(set) var ours = Renaming()
    private(set) var theirs = Renaming()
    var ledger: MergeLedger
    /// What the temporary names stand for.
    private(set) var standIns: [(name: Identifier, original: Identifier)] = []
    /// Keys of temporary names whose things were decided against.
    private(set) var rejected: Set<String> = []
    /// The base's names of what one side renamed and the other dropped, by the path of the new.
    private(set) var formerNames: [String: Identifier] = [:]
    /// What each old name of a table or column has become, whichever side had it.
    private(set) var aliases = Renaming()

    init(base: Schema, ours: Schema, theirs: Schema, ledger: MergeLedger) {
        baseSchema = base
        oursSchema = ours
        theirsSchema = theirs
        self.ledger = ledger
    }

    mutating func run() {
        let tables = TableSides.all(base: baseSchema, ours: oursSchema, theirs: theirsSchema)
        let virtualTables = ThreeWay<VirtualTable>.all(
            base: baseSchema, ours: oursSchema, theirs: theirsSchema)
        let sides = tables.map { NameSides($0) } + virtualTables.map { NameSides($0) }
        let others = [baseSchema, oursSchema, theirsSchema].flatMap {
            $0.views.map(\.name.key) + $0.indexes.map(\.name.key)
        }
        let names = settle(sides, taken: Set(others)) { $0.text }
        let kept = Set(names.map(\.key))
        for (side, name) in zip(sides.map(\.names), names) {
            if let old = side.base, old != name { base.tables[old.key] = name }
            if let old = side.ours, old != name { ours.tables[old.key] = name }
            if let old = side.theirs, old != name { theirs.tables[old.key] = name }
            for old in [side.base, side.ours, side.theirs].compactMap(\.self)
            where !kept.contains(old.key) {
                aliases.tables[old.key] = name
            }
        }
        for (table, name) in zip(tables, names) { mergeColumns(table, named: name) }
    }

    private mutating func mergeColumns(_ table: TableSides, named name: Identifier) {
        guard let baseTable = table.base, let oursTable = table.ours,
            let theirsTable = table.theirs
        else { return }
        guard oursTable.renames(columnsOf: baseTable) || theirsTable.renames(columnsOf: baseTable)
        else { return }
        let columns = ColumnSides.all(base: baseTable, ours: oursTable, theirs: theirsTable)
        let sides = columns.map { NameSides($0) }
        let table = name
        let names = settle(sides, taken: []) { "\(table).\($0)" }
        let kept = Set(names.map(\.key))
        for (side, name) in zip(sides.map(\.names), names) {
            for old in [side.base, side.ours, side.theirs].compactMap(\.self)
            where !kept.contains(old.key) {
                aliases.columns[table.key, default: [:]][old.key] = name
            }
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

    // MARK: One space of names

    /// The name of each thing after the merge.
    ///
    /// - Parameter taken: Keys of names that are in use by things which keep them.
    private mutating func settle(
        _ all: [NameSides], taken: Set<String>, entity: (Identifier) -> String
    ) -> [Identifier] {
        var names = all.map { merged($0, entity: entity) }
        // What is kept by decision is not on its way out, though a side dropped it.
        let sides = all.map(\.names)
        let isLeaving = sides.indices.map { place in
            sides[place].isDropped && !isKept(all[place], path: entity(names[place]))
        }
        separateSurvivors(all, &names, isLeaving, taken: taken, entity: entity)
        // Within each side, what is on its way out must not hold a name another thing gets.
        for side in [\ThreeWay<Identifier>.base, \.ours, \.theirs] {
            var holder: [String: Int] = [:]
            for place in sides.indices where sides[place][keyPath: side] != nil {
                let key = names[place].key
                if let other = holder[key] {
                    let leaving = isLeaving[place] ? place : other
                    let staying = leaving == place ? other : place
                    stepAside(leaving, &names)
                    holder[key] = staying
                } else {
                    holder[key] = place
                }
            }
        }
        for (side, name) in zip(sides, names) {
            guard side.isDropped, let old = side.base, let kept = side.ours ?? side.theirs,
                old != kept
            else { continue }
            formerNames[entity(name)] = old
        }
        return names
    }

    private mutating func stepAside(_ place: Int, _ names: inout [Identifier]) {
        let name = Identifier("\(Self.temporary)\(standIns.count)")
        standIns.append((name, names[place]))
        names[place] = name
    }

    /// Whether what one side dropped stays all the same, because somebody says so.
    private func isKept(_ side: NameSides, path: String) -> Bool {
        let choice =
            ledger.choice(path) ?? (side.isChanged ? ledger.decisions.preferred?.choice : nil)
        return switch choice {
        case .base: side.names.base != nil
        case .ours: side.names.ours != nil
        case .theirs: side.names.theirs != nil
        case .sql: true
        case .drop, nil: false
        }
    }

    private mutating func separateSurvivors(
        _ all: [NameSides], _ names: inout [Identifier], _ isLeaving: [Bool],
        taken: Set<String>, entity: (Identifier) -> String
    ) {
        let sides = all.map(\.names)
        var holders: [String: [Int]] = [:]
        for place in sides.indices where !isLeaving[place] {
            holders[names[place].key, default: []].append(place)
        }
        for key in holders.keys.sorted() {
            guard let places = holders[key] else { continue }
            guard
                places.count > 1
                    || taken.contains(key) && places.contains(where: { sides[$0].isRenamed })
            else { continue }
            let name = names[places[0]]
            let holder = { (side: KeyPath<ThreeWay<Identifier>, Identifier?>) in
                let old = places.filter { sides[$0][keyPath: side]?.matches(name) == true }
                return old.first.flatMap { sides[$0].base ?? sides[$0][keyPath: side] }?.text
            }
            let attribute = places.map { all[$0].attribute }.first { $0 != "name" } ?? "name"
            let conflict = Conflict(
                .nameCollision, entity: entity(name), attribute: attribute,
                sides: ThreeWay(base: nil, ours: holder(\.ours), theirs: holder(\.theirs)))
            guard
                let choice = ledger.choice(conflict.path)
                    ?? ledger.decisions.preferred?.choice
            else {
                ledger.add(conflict)
                for place in places where sides[place].isRenamed {
                    if !goBack(place, sides, &names) { stepAside(place, &names) }
                }
                continue
            }
            decide(choice, of: name, among: places, sides, &names)
        }
    }

    /// Gives a thing the name it had in the base; false when there is none or it is taken.
    private func goBack(
        _ place: Int, _ sides: [ThreeWay<Identifier>], _ names: inout [Identifier]
    ) -> Bool {
        let others = names.indices.filter { $0 != place }.map { names[$0].key }
        guard let old = sides[place].base, !others.contains(old.key) else { return false }
        names[place] = old
        return true
    }

    /// The side that was chosen keeps the name; what else wants it goes back to its own or goes.
    private mutating func decide(
        _ choice: MergeChoice, of name: Identifier, among places: [Int],
        _ sides: [ThreeWay<Identifier>], _ names: inout [Identifier]
    ) {
        let isHeld = { (place: Int) in
            switch choice {
            case .ours: sides[place].ours?.matches(name) == true
            case .theirs: sides[place].theirs?.matches(name) == true
            case .base: sides[place].base?.matches(name) == true
            case .drop: false
            case .sql: sides[place].ours?.matches(name) == true
            }
        }
        let keeper = places.first(where: isHeld)
        for place in places where place != keeper {
            if case .sql(let text) = choice, let new = try? Identifier(parsing: text),
                !names.contains(where: new.matches)
            {
                names[place] = new
            } else if !goBack(place, sides, &names) {
                stepAside(place, &names)
                rejected.insert(names[place].key)
            }
        }
    }

    /// The one name of three, ours where both sides chose another.
    private mutating func merged(
        _ side: NameSides, entity: (Identifier) -> String
    ) -> Identifier {
        let names = side.names
        guard let ours = names.ours, let theirs = names.theirs else {
            return names.ours ?? names.theirs ?? names.base ?? ""
        }
        if ours == theirs || theirs == names.base { return ours }
        if ours == names.base { return theirs }
        let conflict = Conflict(
            names.base == nil ? .bothAdded : .renameRename, entity: entity(ours),
            attribute: side.attribute, sides: names.map(\.text))
        return ledger.settle(
            conflict, base: names.base ?? ours, ours: ours, theirs: theirs,
            nothing: names.base ?? ours, parse: { try Identifier(parsing: $0) }) ?? ours
    }
}

/// What three sides call a thing.
private struct NameSides {
    var names: ThreeWay<Identifier>
    /// What a path calls the name: a table's column `name` is not the table's name.
    var attribute = "name"
    /// Whether one side changed what the other dropped.
    var isChanged: Bool

    init(_ table: TableSides) {
        names = table.map(\.name)
        let all = [table.base, table.ours, table.theirs].compactMap(\.self)
        attribute = Table.attribute("name", of: all)
        isChanged = (table.ours ?? table.theirs)?.withoutIDs != table.base?.withoutIDs
    }

    init(_ table: ThreeWay<VirtualTable>) {
        names = table.map(\.name)
        isChanged = (table.ours ?? table.theirs)?.withoutID != table.base?.withoutID
    }

    init(_ column: ColumnSides) {
        names = column.map(\.name)
        isChanged = (column.ours ?? column.theirs)?.withoutID != column.base?.withoutID
    }
}

extension Table {
    /// What a path calls an attribute of a table: in parentheses where a column has its name.
    static func attribute(_ name: String, of versions: [Table]) -> String {
        versions.contains { $0.column(named: Identifier(name)) != nil } ? "(\(name))" : name
    }

    /// Whether a column has another name than the one with its id in an earlier state.
    fileprivate func renames(columnsOf base: Table) -> Bool {
        base.columns.enumerated().contains { place, column in
            guard let id = column.id else { return false }
            let isSamePlace = place < columns.count && columns[place].id == id
            let own = isSamePlace ? columns[place] : columns.first { $0.id == id }
            return own.map { $0.name != column.name } ?? false
        }
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
