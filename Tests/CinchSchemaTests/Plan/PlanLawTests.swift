import CinchSQLite
import CinchSchema
import Testing

/// What every diff and every plan must be and do, whatever the two schemas.
@Suite struct PlanLawTests {
    /// A schema and what it becomes by one to six changes.
    private func pair(_ seed: Int) -> (from: Schema, to: Schema) {
        var generator = SchemaGenerator(seed: seed)
        let from = generator.schema()
        var mutator = SchemaMutator(from, seed: seed)
        return (from, mutator.mutated(1 + seed % 6))
    }

    @Test(arguments: 1...40)
    func aSchemaAndItselfHaveNoDifference(_ seed: Int) {
        var generator = SchemaGenerator(seed: seed)
        let schema = generator.schema()
        #expect(schema == schema.normalized)
        #expect(SchemaDiff(from: schema, to: schema).isEmpty)
        #expect(Plan(from: schema, to: schema).isEmpty)
        #expect(SchemaDiff(from: schema, to: schema.withoutIDs).isEmpty)
        #expect(Plan(from: schema.withoutIDs, to: schema).isEmpty)
    }

    @Test(arguments: 1...100)
    func whatDiffersIsPlanned(_ seed: Int) {
        let (from, to) = pair(seed)
        let isSame = from.withoutIDs == to.withoutIDs
        let isOrderOnly = from.unordered == to.unordered
        if SchemaDiff(from: from, to: to).isEmpty { #expect(isOrderOnly) }
        if Plan(from: from, to: to).isEmpty { #expect(isSame) }
        if !isSame { #expect(!Plan(from: from, to: to).isEmpty) }
    }

    @Test(arguments: 1...150)
    func aPlanLeadsToTheTargetAndLosesNothingItDidNotAnnounce(_ seed: Int) throws {
        let (from, to) = pair(seed)
        try check(from, to)
    }

    @Test(arguments: 1...40)
    func aPlanBackWorksAsWell(_ seed: Int) throws {
        let (from, to) = pair(seed)
        try check(from, to)
        // Without rows: what was loosened on the way there may not fit back.
        let database = try FilledDatabase(to, rows: 0)
        try database.run(Plan(from: to, to: from))
        #expect(try Schema(of: database.connection).withoutIDs == from.withoutIDs)
    }

    private func check(_ from: Schema, _ to: Schema) throws {
        let database = try FilledDatabase(from)
        let after = FilledDatabase(database.connection, to)
        let hadOrphans = database.orphans() != 0
        var expected: [StableID: [String]] = [:]
        var counters: [StableID: Value] = [:]
        for (old, new) in Self.kept(from, to) {
            guard let id = old.id else { continue }
            let columns = Self.columns(old, new)
            expected[id] = try database.rows(
                of: old, columns: columns.map(\.0), withRowID: Self.keepsRowIDs(old, new))
            if new.isAutoincrement { counters[id] = try database.counter(of: old) }
        }
        let plan = Plan(from: from, to: to)
        let script =
            "\(from.ddl(ids: true))\n=>\n\(to.ddl(ids: true))\n"
            + plan.statements.joined(separator: "\n")
        do {
            try database.run(plan)
        } catch {
            Issue.record("\(error)\n\(script)")
            return
        }
        let result = try Schema(of: database.connection).withoutIDs
        #expect(result == to.withoutIDs, "\(script)")
        #expect(result.ddl(ids: false) == to.ddl(ids: false), "\(script)")
        for (old, new) in Self.kept(from, to) {
            guard let id = old.id else { continue }
            let columns = Self.columns(old, new)
            let rows = try after.rows(
                of: new, columns: columns.map(\.1), withRowID: Self.keepsRowIDs(old, new))
            #expect(rows == expected[id], "\(script)")
            if let counter = counters[id] {
                #expect(try after.counter(of: new) == counter, "\(script)")
            }
        }
        #expect(try after.complaints() == [], "\(script)")
        if !hadOrphans, Self.keepsParents(from, to) {
            #expect(after.orphans() == 0 || after.orphans() == nil, "\(script)")
        }
        let rebuilds = plan.rebuilds.map(\.to)
        #expect(rebuilds.count == Set(rebuilds).count, "\(script)")
    }

    /// Whether every foreign key of a column that was there before refers to what it did.
    private static func keepsParents(_ from: Schema, _ to: Schema) -> Bool {
        let before = Set(from.references)
        let columns = Set(from.tables.flatMap { $0.columns.compactMap(\.id) })
        return to.references.allSatisfy { reference in
            before.contains(reference) || reference.child.map(columns.contains) == false
        }
    }

    /// Tables that are the same by id.
    static func kept(_ from: Schema, _ to: Schema) -> [(Table, Table)] {
        from.tables.compactMap { old in
            to.tables.first { $0.id == old.id }.map { (old, $0) }
        }
    }

    /// The names, before and after, of columns whose values are kept.
    static func columns(_ old: Table, _ new: Table) -> [(Identifier, Identifier)] {
        old.columns.compactMap { column in
            guard let other = new.columns.first(where: { $0.id == column.id }),
                other.generated == nil, other.declaredType == column.declaredType,
                other.declaredType != "REAL" || !new.isStrict
            else { return nil }
            return (column.name, other.name)
        }
    }

    /// Whether every row has the rowid it had: no other column has become its name.
    static func keepsRowIDs(_ old: Table, _ new: Table) -> Bool {
        guard old.freeRowIDName != nil, new.freeRowIDName != nil else { return false }
        guard let alias = new.rowIDAlias else { return true }
        return alias.id == old.rowIDAlias?.id || !old.columns.contains { $0.id == alias.id }
    }
}

/// A foreign key by identity.
private struct Reference: Hashable {
    var child: StableID?
    var parent: StableID?
    var type: String?
    var collation: Identifier?
}

extension Schema {
    fileprivate var references: [Reference] {
        tables.flatMap { table in
            table.foreignKeys.map { key in
                let parent = tables[key.parent]
                let name = key.parentColumns.first ?? parent?.singleKey?.name
                let target = name.flatMap { parent?.column(named: $0) }
                return Reference(
                    child: key.columns.first.flatMap { table.column(named: $0)?.id },
                    parent: target?.id, type: target?.declaredType,
                    collation: target?.collation?.rule)
            }
        }
    }
}

extension FilledDatabase {
    /// The same database seen with another schema.
    init(_ connection: Connection, _ schema: Schema) {
        self.connection = connection
        self.schema = schema
    }
}
