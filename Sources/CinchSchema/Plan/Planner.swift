extension Plan {
    /// Finds the steps from one schema to another.
    ///
    /// Names are changed first, by ALTER TABLE, which also rewrites what refers to them; then
    /// each table is altered where SQLite can and rebuilt once where it can't. Views and triggers
    /// step aside while names change, since a broken one anywhere makes SQLite refuse.
    ///
    /// - Parameter parked: What is parked in the tenant's file the plan is for, oldest first:
    ///   dropped tables and columns are parked then, and those that come back by their identity
    ///   get their rows and values again. Absent for plain SQL for any database, where what is
    ///   dropped is gone.
    public init(from: Schema, to: Schema, parked: [ParkedData]? = nil) {
        var stock = parked
        self.init(stretches: [Stretch(from: from, to: to, after: nil, &stock)])
    }

    /// Finds the steps from one schema to another by way of data steps, in the order of their
    /// names: before each, the tables it speaks of are brought into the form it was written for.
    ///
    /// - Parameter parked: As above. What is parked on the way is there for the rest of it.
    /// - Throws: ``DataStepObstacle`` where a step would lose what both schemas have.
    public init(
        from: Schema, to: Schema, dataSteps: [DataStep], parked: [ParkedData]? = nil
    ) throws(DataStepObstacle) {
        var stretches: [Stretch] = []
        var state = from
        var stock = parked
        var last: DataStep?
        for step in dataSteps.sorted(by: { $0.name < $1.name }) {
            let placed = try step.placement(in: state, before: to)
            stretches.append(Stretch(from: state, to: placed, after: last, &stock))
            state = try step.result(of: placed, before: to)
            last = step
        }
        stretches.append(Stretch(from: state, to: to, after: last, &stock))
        self.init(stretches: stretches)
        leaveOutWhatIsOnTheWay(from, to)
    }

    /// What a data step needs on the way and neither end has is nobody's loss, nor what goes twice.
    private mutating func leaveOutWhatIsOnTheWay(_ from: Schema, _ to: Schema) {
        guard stretches.count > 1 else { return }
        var going = Set(from.tables.flatMap(DataEffect.Subject.all))
        var coming = Set(to.tables.flatMap(DataEffect.Subject.all))
        for place in stretches.indices {
            stretches[place].effects.removeAll { effect in
                guard let subject = effect.identity else { return false }
                return effect.kind == .restored
                    ? coming.remove(subject) == nil : going.remove(subject) == nil
            }
        }
    }
}

extension Plan.Stretch {
    /// - Parameter stock: What is parked before, and then after; nil where nothing is.
    fileprivate init(
        from: Schema, to: Schema, after dataStep: DataStep?, _ stock: inout [ParkedData]?
    ) {
        let parking = Parking(from: from, to: to, parked: stock)
        var planner = Planner(from: from, to: to, parking: parking)
        planner.run()
        let steps = planner.steps
        let preflight = Preflight(from: from, to: to, steps: steps, parking: parking)
        self.init(
            after: dataStep, steps: steps, checks: preflight.checks,
            effects: parking.effects + preflight.restored)
        stock = stock.map { steps.reduce(into: $0, Self.settle) }
    }

    /// What a step makes of what is parked.
    private static func settle(_ stock: inout [ParkedData], _ step: Step) {
        switch step {
        case .park(let copy): stock.append(copy.data)
        case .unpark(let data): stock.removeAll { $0.storage == data.storage }
        case .outdate(let data) where data.isKeyedByRowID:
            for place in stock.indices where stock[place].storage == data.storage {
                stock[place].parts = []
            }
        default: break
        }
    }
}

private struct Planner {
    let from: Schema
    let to: Schema
    let parking: Parking
    /// Every name a table or column gets, those of columns that make room included.
    let renaming: Renaming
    let tables: Matching<Table>
    let virtualTables: Matching<VirtualTable>
    var steps: [Step] = []
    /// Target names of tables whose indexes and triggers vanish with a rebuild.
    var rebuilt: Set<String> = []

    init(from: Schema, to: Schema, parking: Parking) {
        self.from = from
        self.to = to
        self.parking = parking
        tables = Matching(from, to)
        var renaming = Renaming(from: from, to: to)
        for (old, new) in tables.pairs {
            for change in Self.makingRoom(old, new) {
                renaming.columns[old.name.key, default: [:]][change.from.key] = change.to
            }
        }
        self.renaming = renaming
        virtualTables = Matching(from, to)
    }

    mutating func run() {
        let alterations = tables.pairs.map { pair in
            let renamed = renaming.apply(to: pair.from)
            return TableAlteration(
                from: renamed, to: pair.to, ids: pair.from,
                restored: parking.restored(pair.from, pair.to, from: renamed))
        }
        // By old names, and before anything is changed.
        for copy in parking.copies { steps.append(.park(copy)) }
        for case .rebuild(let rebuild) in alterations.map(\.means) {
            rebuilt.insert(rebuild.to.name.key)
        }
        // A broken view or trigger anywhere blocks these; a rebuild alone gets by without.
        let allStepAside =
            !renaming.isEmpty
            || alterations.contains { $0.dropsColumn || $0.rebuildNeedsQuiet }
        dropTriggersAndViews(all: allStepAside)
        dropIndexes()
        dropTables()
        renameTables()
        renameColumns()
        for table in tables.created {
            steps.append(.createTable(table))
            guard let restoration = parking.restoration(of: table) else { continue }
            for copy in parking.leftOver(restoration) { steps.append(.park(copy)) }
            steps.append(.restoreRows(restoration))
        }
        for alteration in alterations { steps += alteration.steps(alone: allStepAside) }
        unpark()
        for table in virtualTables.created { steps.append(.createVirtualTable(table)) }
        for (old, new) in virtualTables.pairs where !old.isSameModule(as: new) {
            steps.append(.createVirtualTable(new))
        }
        createIndexes()
        createViewsAndTriggers(all: allStepAside)
    }

    /// Storages go when all is back: one may be needed to find the key of another.
    private mutating func unpark() {
        var restored: [ParkedData] = []
        for step in steps {
            switch step {
            case .restoreRows(let restoration):
                restored.append(restoration.data)
                restored += restoration.values.compactMap(\.data)
            case .rebuildTable(let rebuild): restored += rebuild.restored.compactMap(\.data)
            default: break
            }
        }
        for data in restored { steps.append(.unpark(data)) }
        for data in parking.outdated where !restored.contains(data) {
            steps.append(.outdate(data))
        }
    }

    // MARK: Views and triggers

    private func staysPut(_ trigger: Trigger, all: Bool) -> Bool {
        guard !all, to.triggers[trigger.name] == trigger else { return false }
        if rebuilt.contains(trigger.table.key) { return false }
        if tables.dropped.contains(where: { $0.name.matches(trigger.table) }) { return false }
        if let view = from.views[trigger.table] { return staysPut(view, all: all) }
        return from.virtualTables[trigger.table] == nil
            || to.virtualTables[trigger.table] == from.virtualTables[trigger.table]
    }

    private func staysPut(_ view: View, all: Bool) -> Bool {
        !all && to.views[view.name] == view
    }

    private mutating func dropTriggersAndViews(all: Bool) {
        for trigger in from.triggers where !staysPut(trigger, all: all) {
            steps.append(.dropTrigger(trigger.name))
        }
        for view in from.views where !staysPut(view, all: all) {
            steps.append(.dropView(view.name))
        }
    }

    private mutating func createViewsAndTriggers(all: Bool) {
        for view in to.views {
            if let old = from.views[view.name], staysPut(old, all: all) { continue }
            steps.append(.createView(view))
        }
        for trigger in to.triggers {
            if let old = from.triggers[trigger.name], staysPut(old, all: all) { continue }
            steps.append(.createTrigger(trigger))
        }
    }

    // MARK: Indexes

    /// Whether the index is there, unchanged, after the tables have been dealt with.
    private func survives(_ index: Index) -> Bool {
        let renamed = renaming.apply(to: index)
        guard to.indexes[renamed.name] == renamed, !rebuilt.contains(renamed.table.key),
            let (old, new) = tables.pairs.first(where: { $0.from.name.matches(index.table) })
        else { return false }
        // A new column may have the name of the one it stands on.
        return !Matching<Column>(old, new).dropped.contains { index.mentions($0.name) }
    }

    private mutating func dropIndexes() {
        for index in from.indexes where !survives(index) {
            let goesWithTable = tables.dropped.contains { $0.name.matches(index.table) }
            if !goesWithTable { steps.append(.dropIndex(index.name)) }
        }
    }

    private mutating func createIndexes() {
        for index in to.indexes {
            if let old = from.indexes[index.name], survives(old) { continue }
            steps.append(.createIndex(index))
        }
    }

    // MARK: Tables

    private mutating func dropTables() {
        for (old, new) in virtualTables.pairs where !old.isSameModule(as: new) {
            steps.append(.dropVirtualTable(old))
        }
        for table in virtualTables.dropped { steps.append(.dropVirtualTable(table)) }
        for table in tables.dropped { steps.append(.dropTable(table)) }
    }

    private mutating func renameTables() {
        var pending: [NameChange] = tables.pairs.filter { $0.from.name != $0.to.name }
            .map { NameChange(from: $0.from.name, to: $0.to.name) }
        pending += virtualTables.pairs
            .filter { $0.from.name != $0.to.name && $0.from.isSameModule(as: $0.to) }
            .map { NameChange(from: $0.from.name, to: $0.to.name) }
        for change in NameChange.ordered(pending, temporary: "_cinch_renamed") {
            steps.append(.renameTable(from: change.from, to: change.to))
        }
    }

    private mutating func renameColumns() {
        for (old, new) in tables.pairs {
            let changes =
                Self.makingRoom(old, new)
                + NameChange.ordered(Self.renamed(old, new), temporary: "_cinch_renamed")
            for change in changes {
                steps.append(.renameColumn(from: change.from, to: change.to, table: new.name))
            }
        }
    }

    private static func renamed(_ old: Table, _ new: Table) -> [NameChange] {
        Matching<Column>(old, new).pairs.filter { $0.from.name != $0.to.name }
            .map { NameChange(from: $0.from.name, to: $0.to.name) }
    }

    /// A name may still be held by a column that is dropped later on: it gets another until then.
    private static func makingRoom(_ old: Table, _ new: Table) -> [NameChange] {
        let wanted = renamed(old, new).map(\.to)
        guard !wanted.isEmpty else { return [] }
        return Matching<Column>(old, new).dropped
            .filter { column in wanted.contains { $0.matches(column.name) } }
            .enumerated().map { place, column in
                NameChange(from: column.name, to: Identifier("_cinch_dropped_\(place)"))
            }
    }
}

extension VirtualTable {
    func isSameModule(as other: VirtualTable) -> Bool {
        module.matches(other.module) && arguments == other.arguments
    }
}

/// A name that becomes another.
struct NameChange: Hashable {
    var from: Identifier
    var to: Identifier

    /// The changes in an order in which no name is taken twice; swaps and cycles, and changes of
    /// case only, go by way of a temporary name.
    static func ordered(_ changes: [NameChange], temporary: String) -> [NameChange] {
        var pending = changes
        var result: [NameChange] = []
        var spare = 0
        while !pending.isEmpty {
            if let free = pending.firstIndex(where: { change in
                !pending.contains { $0.from.matches(change.to) }
            }) {
                result.append(pending.remove(at: free))
            } else {
                let name = Identifier("\(temporary)_\(spare)")
                spare += 1
                result.append(NameChange(from: pending[0].from, to: name))
                pending[0].from = name
            }
        }
        return result
    }
}

extension Renaming {
    /// The ALTER TABLE statements that give a schema these names, in an order in which no name
    /// is taken twice.
    package func statements(for schema: Schema) -> [String] {
        let pending = (schema.tables.map(\.name) + schema.virtualTables.map(\.name))
            .compactMap { name in tables[name.key].map { NameChange(from: name, to: $0) } }
        var steps = NameChange.ordered(pending, temporary: "_cinch_renamed")
            .map { Step.renameTable(from: $0.from, to: $0.to) }
        for table in schema.tables {
            let pending = table.columns.compactMap { column in
                columns[table.name.key]?[column.name.key].map {
                    NameChange(from: column.name, to: $0)
                }
            }
            steps += NameChange.ordered(pending, temporary: "_cinch_renamed").map {
                .renameColumn(from: $0.from, to: $0.to, table: self.table(table.name))
            }
        }
        return steps.flatMap(\.statements)
    }
}
