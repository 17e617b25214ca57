/// The merge of one table that both sides still have, once its names are agreed.
struct TableMerge {
    let base: Table
    let ours: Table
    let theirs: Table
    /// The base's names of columns that one side renamed and the other dropped, by path.
    let formerNames: [String: Identifier]
    var result: Table
    var ledger: MergeLedger

    init(
        base: Table, ours: Table, theirs: Table, formerNames: [String: Identifier],
        ledger: MergeLedger
    ) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.formerNames = formerNames
        self.ledger = ledger
        result = ours
    }

    mutating func run() {
        let name = ours.name.text
        let versions = [base, ours, theirs]
        result.isStrict = attribute(
            Table.attribute("strict", of: versions), of: name, base.isStrict, ours.isStrict,
            theirs.isStrict, nothing: false, text: { $0 ? "STRICT" : "not STRICT" },
            parse: { try Self.option($0, "STRICT") })
        result.isWithoutRowID = attribute(
            Table.attribute("without-rowid", of: versions), of: name, base.isWithoutRowID,
            ours.isWithoutRowID, theirs.isWithoutRowID, nothing: false,
            text: { $0 ? "WITHOUT ROWID" : "with rowid" },
            parse: { try Self.option($0, "WITHOUT ROWID") })
        var columns: [(column: Column, sides: ColumnSides)] = []
        for sides in ColumnSides.all(base: base, ours: ours, theirs: theirs) {
            if let column = merge(sides) { columns.append((column, sides)) }
        }
        result.columns = ordered(separated(columns))
        mergeConstraints()
        mergePrimaryKey()
        mergeForeignKeys()
        findNothingLeft()
    }

    /// Whether a text gives a table an option.
    private static func option(_ text: String, _ option: String) throws -> Bool {
        guard text.isEmpty || text.asciiUppercased == option else {
            throw SchemaError.syntax("expected '\(option)' or nothing", offset: 0)
        }
        return !text.isEmpty
    }

    /// One value of three, ours while nobody has decided between two.
    mutating func attribute<Value: Hashable>(
        _ attribute: String, of entity: String, _ base: Value, _ ours: Value, _ theirs: Value,
        nothing: Value, text: (Value) -> String, parse: (String) throws -> Value
    ) -> Value {
        let conflict = Conflict(
            .bothModified, entity: entity, attribute: attribute,
            sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs)))
        if let choice = ledger.choice(conflict.path),
            let value = ledger.value(
                choice, of: conflict.path, base: base, ours: ours, theirs: theirs,
                nothing: nothing, parse: parse)
        {
            return value
        }
        if ours == theirs || base == theirs { return ours }
        if base == ours { return theirs }
        return ledger.settle(
            conflict, base: base, ours: ours, theirs: theirs, nothing: nothing, parse: parse)
            ?? ours
    }

    /// What neither side took away, then what ours and what theirs added.
    func list<Value: Hashable>(_ base: [Value], _ ours: [Value], _ theirs: [Value]) -> [Value] {
        var result: [Value] = []
        for value in ours where base.contains(value) ? theirs.contains(value) : true {
            // Said twice by one side is once, from whichever side it comes.
            if base.contains(value) || !result.contains(value) { result.append(value) }
        }
        for value in theirs where !base.contains(value) && !result.contains(value) {
            result.append(value)
        }
        return result
    }

    // MARK: Order

    /// The order of the side that moved columns, ours where both did; what the other side added
    /// comes after the column it stands behind there.
    private mutating func ordered(_ columns: [Column]) -> [Column] {
        let moved = { [base] (table: Table) in
            let kept = table.columns.map(\.name.key).filter { key in
                base.columns.contains { $0.name.key == key }
            }
            return kept != base.columns.map(\.name.key).filter(kept.contains)
        }
        let (oursMoved, theirsMoved) = (moved(ours), moved(theirs))
        if oursMoved, theirsMoved, ours.columns.map(\.name) != theirs.columns.map(\.name) {
            ledger.notes.append("both sides moved columns of \(ours.name); the order is ours")
        }
        let lead = theirsMoved && !oursMoved ? theirs : ours
        defer { noteOrder(oursMoved, theirsMoved) }
        // By place, so that of two columns with one name neither is lost.
        let place = { (column: Column) in
            lead.columns.firstIndex { $0.id == column.id && $0.name.matches(column.name) }
                ?? lead.columns.firstIndex { $0.name.matches(column.name) } ?? lead.columns.count
        }
        return columns.enumerated().sorted {
            (place($0.element), $0.offset) < (place($1.element), $1.offset)
        }.map(\.element)
    }

    /// Tells of an order that neither side has.
    private mutating func noteOrder(_ oursMoved: Bool, _ theirsMoved: Bool) {
        let added = { [base] (table: Table, other: Table) in
            Matching<Column>(base, table).created.map(\.name)
                .filter { other.column(named: $0) == nil }
        }
        let (mine, others) = (added(ours, theirs), added(theirs, ours))
        let list = { (names: [Identifier]) in names.map(\.text).joined(separator: ", ") }
        if !mine.isEmpty, !others.isEmpty {
            ledger.notes.append(
                "both sides added columns to \(ours.name): ours come first, \(list(mine)),"
                    + " then \(list(others))")
        } else if oursMoved && !others.isEmpty || theirsMoved && !mine.isEmpty {
            ledger.notes.append(
                "one side moved columns of \(ours.name), the other added \(list(mine + others))")
        }
    }

    // MARK: Within the table

    /// Each side dropped the columns the other kept.
    private mutating func findNothingLeft() {
        guard !result.columns.contains(where: { $0.generated == nil }) else { return }
        let text = { (table: Table) in table.columns.map(\.name.text).joined(separator: ", ") }
        ledger.add(
            Conflict(
                .modifyDelete, entity: ours.name.text, attribute: "columns",
                sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs))))
        if result.columns.isEmpty { result.columns = ours.columns }
    }

    /// Of two columns with one name the one of the side that is chosen; both while that is open.
    private mutating func separated(_ columns: [(column: Column, sides: ColumnSides)]) -> [Column] {
        var places: [String: [Int]] = [:]
        for (place, item) in columns.enumerated() {
            places[item.column.name.key, default: []].append(place)
        }
        var gone: Set<Int> = []
        for key in places.keys.sorted() {
            guard let all = places[key], all.count > 1 else { continue }
            let has = { (side: KeyPath<ColumnSides, Column?>) in
                all.first { columns[$0].sides[keyPath: side]?.name.key == key }
            }
            let (mine, other) = (has(\.ours), has(\.theirs))
            let conflict = Conflict(
                .nameCollision, entity: "\(ours.name).\(columns[all[0]].column.name)",
                attribute: "name",
                sides: ThreeWay(
                    base: nil, ours: mine.map { columns[$0].column.ddl },
                    theirs: other.map { columns[$0].column.ddl }))
            let kept: Int?? = ledger.settle(
                conflict, base: has(\.base), ours: mine, theirs: other, nothing: nil,
                parse: { _ in throw SchemaError.syntax("expected a side", offset: 0) })
            if let kept { gone.formUnion(all.filter { $0 != kept }) }
        }
        return columns.indices.filter { !gone.contains($0) }.map { columns[$0].column }
    }
}
