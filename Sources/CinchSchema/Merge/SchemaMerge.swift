/// The three-way merge of schemas: by identity, attribute by attribute.
public struct SchemaMerge: Sendable {
    let base: Schema
    let ours: Schema
    let theirs: Schema
    /// The base's names of what one side renamed and the other dropped, by path.
    let formerNames: [String: Identifier]
    var result = Schema()
    var ledger: MergeLedger
    /// The other side's renames, which each side was given.
    var renamings = (ours: Renaming(), theirs: Renaming())

    /// Merges three schemas.
    ///
    /// First every side gets the names the merge decides on, then what is under one name is
    /// merged. So an index that names a column which the other side renamed follows it.
    ///
    /// The schemas may be parts of larger ones, as long as each has everything in which the
    /// three differ and what that refers to.
    ///
    /// - Parameters:
    ///   - decisions: What to do where the sides can't both be right.
    ///   - rename: Gives a schema other names, rewriting views and triggers too, as SQLite's
    ///     ALTER TABLE does, and says what could not be rewritten; it is only called where there
    ///     is something to rename.
    /// - Returns: The merged schema and every conflict, found in one pass.
    public static func merge(
        base: Schema, ours: Schema, theirs: Schema,
        decisions: MergeDecisions = MergeDecisions(),
        renaming rename: (Schema, Renaming) throws -> RenamedSchema
    ) throws -> MergeOutcome {
        if decisions.choices.isEmpty {
            if ours == theirs || base == theirs { return MergeOutcome(schema: ours) }
            if base == ours { return MergeOutcome(schema: theirs) }
        }
        var decisions = decisions
        while true {
            let outcome = try once(base, ours, theirs, decisions, rename)
            // What a side is preferred for may come to light only once the rest is decided.
            guard decisions.decide(outcome.conflicts) else { return outcome }
        }
    }

    private static func once(
        _ base: Schema, _ ours: Schema, _ theirs: Schema, _ decisions: MergeDecisions,
        _ rename: (Schema, Renaming) throws -> RenamedSchema
    ) throws -> MergeOutcome {
        var names = NameMerge(
            base: base, ours: ours, theirs: theirs, ledger: MergeLedger(decisions))
        names.run()
        names.ledger.follow(names.aliases)
        func apply(_ schema: Schema, _ renaming: Renaming) throws -> RenamedSchema {
            renaming.isEmpty ? RenamedSchema(schema) : try rename(schema, renaming)
        }
        let (ours, theirs) = (try apply(ours, names.ours), try apply(theirs, names.theirs))
        var merge = SchemaMerge(
            base: try apply(base, names.base).schema, ours: ours.schema, theirs: theirs.schema,
            formerNames: names.formerNames, ledger: names.ledger)
        merge.renamings = (names.ours, names.theirs)
        merge.run(without: names.rejected)
        merge.findUnwritten(ours.refusals, of: .ours)
        merge.findUnwritten(theirs.refusals, of: .theirs)
        var outcome = MergeOutcome(
            schema: merge.result,
            conflicts: merge.ledger.conflicts.map { $0.naming(names.standIns) },
            notes: merge.ledger.notes)
        outcome.refused = merge.ledger.refused
        outcome.notes += merge.checkNotes()
        if outcome.conflicts.isEmpty { outcome.warnings = merge.warnings() }
        return outcome
    }

    init(
        base: Schema, ours: Schema, theirs: Schema, formerNames: [String: Identifier],
        ledger: MergeLedger
    ) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.formerNames = formerNames
        self.ledger = ledger
    }

    private mutating func run(without rejected: Set<String>) {
        mergeTables()
        remove(rejected)
        result.virtualTables = mergeNamed(
            base.virtualTables, ours.virtualTables, theirs.virtualTables,
            same: { $0.withoutID == $1.withoutID }, text: { $0.ddl(ids: false) },
            formerNames: formerNames,
            parse: { if case .virtualTable(let table) = $0 { table } else { nil } }
        ).mapValues { table in
            guard base.virtualTables[table.name] == nil else { return table }
            var table = table
            let added = [ours.virtualTables[table.name], theirs.virtualTables[table.name]]
            table.id = added.compactMap { $0?.id }.min()
            return table
        }
        result.indexes = mergeNamed(
            base.indexes, ours.indexes, theirs.indexes, same: ==, text: \.ddl,
            table: { $0.table },
            parse: { if case .index(let index) = $0 { index } else { nil } })
        result.views = mergeNamed(
            base.views, ours.views, theirs.views, same: ==, text: \.ddl,
            parse: { if case .view(let view) = $0 { view } else { nil } })
        let sides = [base, ours, theirs]
        result.triggers = mergeNamed(
            base.triggers, ours.triggers, theirs.triggers, same: ==, text: \.ddl,
            path: { sides.pathOfTrigger($0) }, table: { $0.table },
            parse: { if case .trigger(let trigger) = $0 { trigger } else { nil } })
        findCollisions()
        findDependencies()
    }

    /// Takes out what lost its name to another thing by decision.
    private mutating func remove(_ rejected: Set<String>) {
        guard !rejected.isEmpty else { return }
        result.tables = NameSorted(result.tables.filter { !rejected.contains($0.name.key) })
        result.tables = result.tables.mapValues { table in
            var table = table
            table.columns.removeAll { rejected.contains($0.name.key) }
            return table
        }
    }

    // MARK: Whole entities

    /// Merges entities whose definition is one attribute: indexes, views, triggers.
    ///
    /// - Parameters:
    ///   - path: What decisions call an entity of a name.
    ///   - table: What an entity stands on and goes with.
    ///   - formerNames: What the base called those that one side renamed and the other dropped.
    private mutating func mergeNamed<Value: Named>(
        _ base: NameSorted<Value>, _ ours: NameSorted<Value>, _ theirs: NameSorted<Value>,
        same: (Value, Value) -> Bool, text: (Value) -> String,
        path: (Identifier) -> String = { $0.text }, table: ((Value) -> Identifier)? = nil,
        formerNames: [String: Identifier] = [:],
        parse: (Statement) -> Value?
    ) -> NameSorted<Value> {
        var merged: [Value] = []
        let names = Set((base.map(\.name) + ours.map(\.name) + theirs.map(\.name)).map(\.key))
        for key in names.sorted() {
            let name = Identifier(key)
            let sides = ThreeWay(base: base[name], ours: ours[name], theirs: theirs[name])
            let spelled = path((sides.ours ?? sides.theirs ?? sides.base)?.name ?? name)
            let isRenamed = formerNames[spelled] != nil
            func isSame(_ left: Value?, _ right: Value?) -> Bool {
                switch (left, right) {
                case (let left?, let right?): same(left, right)
                case (nil, nil): true
                default: false
                }
            }
            let read = { (sql: String) throws -> Value? in
                let statement = try Statement(parsing: sql, tables: result.tables)
                guard let value = parse(statement), value.name.matches(name) else {
                    throw SchemaError.syntax("expected a CREATE statement for it", offset: 0)
                }
                return value
            }
            if let choice = ledger.choice(spelled),
                let decided = ledger.value(
                    choice, of: spelled, base: sides.base, ours: sides.ours,
                    theirs: sides.theirs, nothing: nil, parse: read)
            {
                if let decided { merged.append(decided) }
            } else if isSame(sides.ours, sides.theirs)
                || isSame(sides.base, sides.theirs) && !isRenamed
            {
                if let value = sides.ours { merged.append(value) }
            } else if isSame(sides.base, sides.ours), !isRenamed {
                if let value = sides.theirs { merged.append(value) }
            } else if let table, let kept = sides.ours ?? sides.theirs,
                sides.ours == nil || sides.theirs == nil, isDecidedAgainst(table(kept))
            {
                continue
            } else {
                let conflict = Conflict(
                    Self.kind(of: sides), entity: spelled, sides: sides.map(text))
                let decided = ledger.settle(
                    conflict, base: sides.base, ours: sides.ours, theirs: sides.theirs,
                    nothing: nil, parse: read)
                if let value = decided ?? sides.ours ?? sides.theirs { merged.append(value) }
            }
        }
        return NameSorted(merged)
    }

    /// Whether a table went by decision, with all that stood on it.
    private func isDecidedAgainst(_ table: Identifier) -> Bool {
        result.tables[table] == nil
            && (ledger.choice(table.text) ?? ledger.decisions.preferred?.choice) != nil
    }

    static func kind<Value>(of sides: ThreeWay<Value>) -> Conflict.Kind {
        if sides.base == nil { return .bothAdded }
        return sides.ours == nil || sides.theirs == nil ? .modifyDelete : .bothModified
    }

    // MARK: Tables

    private mutating func mergeTables() {
        var merged: [(table: Table, sides: TableSides)] = []
        for sides in TableSides.all(base: base, ours: ours, theirs: theirs) {
            if let table = merge(sides) { merged.append((table, sides)) }
        }
        result.tables = NameSorted(separated(merged).map { ledger.applyingParts(to: $0, of: $1) })
    }

    /// Of two tables with one name the one of the side that is chosen; ours while that is open.
    private mutating func separated(_ tables: [(table: Table, sides: TableSides)])
        -> [(Table, TableSides)]
    {
        var kept: [(Table, TableSides)] = []
        let byName = Dictionary(grouping: tables) { $0.table.name.key }
        for key in byName.keys.sorted() {
            guard let all = byName[key], all.count > 1 else {
                kept += byName[key] ?? []
                continue
            }
            let has = { (side: KeyPath<TableSides, Table?>) in
                all.first { $0.sides[keyPath: side]?.name.key == key }
            }
            let (mine, other) = (has(\.ours), has(\.theirs))
            let conflict = Conflict(
                .nameCollision, entity: all[0].table.name.text,
                attribute: Table.attribute("name", of: all.map(\.table)),
                sides: ThreeWay(
                    base: nil, ours: mine?.table.ddl(ids: false),
                    theirs: other?.table.ddl(ids: false)))
            let decided: (table: Table, sides: TableSides)?? = ledger.settle(
                conflict, base: has(\.base), ours: mine, theirs: other, nothing: nil,
                parse: { _ in throw SchemaError.syntax("expected a side", offset: 0) })
            if let one = decided ?? (mine ?? other) { kept.append(one) }
        }
        return kept
    }

    private mutating func merge(_ sides: TableSides) -> Table? {
        let path = (sides.ours ?? sides.theirs ?? sides.base)?.name.text ?? ""
        let read = { (sql: String) throws -> Table? in
            guard case .table(let table) = try Statement(parsing: sql),
                table.name.matches(Identifier(path))
            else { throw SchemaError.syntax("expected CREATE TABLE \(path)", offset: 0) }
            return table.identified(like: sides)
        }
        if let choice = ledger.choice(path),
            let decided = ledger.value(
                choice, of: path, base: sides.base, ours: sides.ours, theirs: sides.theirs,
                nothing: nil, parse: read)
        {
            return decided
        }
        func settle(_ conflict: Conflict) -> Table?? {
            ledger.settle(
                conflict, base: sides.base, ours: sides.ours, theirs: sides.theirs, nothing: nil,
                parse: read)
        }
        switch (sides.base, sides.ours, sides.theirs) {
        case (let base?, let ours?, let theirs?):
            // Nothing to weigh up, not even the order of constraints.
            guard needsWeighing(path) || base != ours && base != theirs else {
                return base == ours ? theirs : ours
            }
            var merge = TableMerge(
                base: base, ours: ours, theirs: theirs, formerNames: formerNames, ledger: ledger)
            merge.run()
            ledger = merge.ledger
            return merge.result
        case (nil, let ours?, let theirs?):
            guard ours.spelledPlainly != theirs.spelledPlainly else {
                ledger.notes.append("table \(ours.name) was added the same way on both sides")
                return ours.unified(with: theirs)
            }
            return settle(
                Conflict(
                    .bothAdded, entity: path, sides: sides.map { $0.ddl(ids: false) },
                    differences: ours.differences(from: theirs))) ?? ours
        case (nil, let added?, nil), (nil, nil, let added?):
            return added
        case (let base?, let kept?, nil), (let base?, nil, let kept?):
            let former = formerNames[path]
            guard base.withoutIDs != kept.withoutIDs || former != nil else { return nil }
            var before = base
            before.name = former ?? base.name
            return settle(
                Conflict(
                    .modifyDelete, entity: path,
                    sides: ThreeWay(
                        base: before.ddl(ids: false), ours: sides.ours?.ddl(ids: false),
                        theirs: sides.theirs?.ddl(ids: false)))) ?? kept
        case (_, nil, nil): return nil
        }
    }

    /// Whether something within a table was decided, or renamed by one side and dropped by the
    /// other.
    private func needsWeighing(_ path: String) -> Bool {
        let prefix = Identifier(path + ".").key
        return ledger.decisions.choices.contains { Identifier($0.path).key.hasPrefix(prefix) }
            || formerNames.keys.contains { Identifier($0).key.hasPrefix(prefix) }
    }

    // MARK: Names

    /// Tables, views and indexes share one space of names.
    private mutating func findCollisions() {
        var owner: [String: Statement] = [:]
        let entities =
            result.tables.map { Statement.table($0) }
            + result.virtualTables.map { .virtualTable($0) }
            + result.views.map { .view($0) } + result.indexes.map { .index($0) }
        for entity in entities {
            let name = entity.name
            guard let holder = owner.updateValue(entity, forKey: name.key) else { continue }
            let (other, text) = (holder.withoutIDs, entity.withoutIDs)
            let conflict = Conflict(
                .nameCollision, entity: name.text, attribute: "name",
                sides: ThreeWay(
                    base: base.text(of: name), ours: ours.text(of: name) ?? other,
                    theirs: theirs.text(of: name) ?? text))
            let kept = ledger.settle(
                conflict, base: base, ours: ours, theirs: theirs, nothing: Schema(),
                parse: { _ in
                    throw SchemaError.syntax("expected --ours, --theirs or --drop", offset: 0)
                })
            if let kept { takeAll(named: name, from: kept) }
        }
    }

    private mutating func takeAll(named name: Identifier, from side: Schema) {
        result.tables[name] = side.tables[name] == nil ? nil : result.tables[name]
        result.virtualTables[name] =
            side.virtualTables[name] == nil ? nil : result.virtualTables[name]
        result.views[name] = side.views[name] == nil ? nil : result.views[name]
        result.indexes[name] = side.indexes[name] == nil ? nil : result.indexes[name]
    }
}

extension [Schema] {
    /// What decisions call a trigger: triggers may have the name of a table.
    func pathOfTrigger(_ name: Identifier) -> String {
        contains { $0.text(of: name) != nil } ? "trigger \(name)" : name.text
    }
}

extension Schema {
    /// The text of the table, view or index of this name; absent when there is none.
    fileprivate func text(of name: Identifier) -> String? {
        tables[name]?.ddl(ids: false) ?? virtualTables[name]?.ddl(ids: false)
            ?? views[name]?.ddl ?? indexes[name]?.ddl
    }
}

extension Table {
    /// The same table added on both sides, with one identity: the smaller ids, so that either
    /// direction of the merge gives the same.
    fileprivate func unified(with other: Table) -> Table {
        var copy = self
        copy.id = [id, other.id].compactMap { $0 }.min()
        for place in columns.indices {
            guard let twin = other.column(named: columns[place].name) else { continue }
            copy.columns[place] = columns[place].unified(with: twin)
        }
        return copy
    }

    fileprivate var spelledPlainly: Table {
        var copy = withoutIDs
        copy.columns = columns.map(\.spelledPlainly)
        return copy
    }

    /// A table that was written for a decision, with the identities of what it stands for.
    fileprivate func identified(like sides: TableSides) -> Table {
        let known = [sides.base, sides.ours, sides.theirs].compactMap { $0 }
        var copy = self
        copy.id = known.first?.id
        for place in columns.indices {
            copy.columns[place].id =
                known.lazy.compactMap { $0.column(named: columns[place].name)?.id }.first
        }
        return copy
    }

    /// In which columns, constraints and options two definitions of a name differ.
    func differences(from other: Table) -> [String] {
        var differing: [String] = []
        for column in columns {
            guard let twin = other.column(named: column.name) else {
                differing.append("column \(column.name)")
                continue
            }
            let attributes = column.differences(from: twin)
            if !attributes.isEmpty {
                differing.append("column \(column.name) (\(attributes.joined(separator: ", ")))")
            }
        }
        differing += other.columns.filter { column(named: $0.name) == nil }
            .map { "column \($0.name)" }
        if differing.isEmpty, columns.map(\.name) != other.columns.map(\.name) {
            differing.append("order of columns")
        }
        let mine = constraints.filter { !other.constraints.contains($0) }
        let others = other.constraints.filter { !constraints.contains($0) }
        differing += (mine + others).map(\.key)
        if isStrict != other.isStrict { differing.append("strict") }
        if isWithoutRowID != other.isWithoutRowID { differing.append("without-rowid") }
        return differing
    }
}
