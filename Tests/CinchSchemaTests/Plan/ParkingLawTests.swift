import CinchSQLite
import CinchSchema
import Testing

/// A way there and back brings every value back, whatever was dropped on the way.
@Suite struct ParkingLawTests {
    /// A schema, and what it becomes by one to eight changes.
    private func pair(_ seed: Int) -> (from: Schema, to: Schema) {
        var generator = SchemaGenerator(seed: seed)
        let from = generator.schema()
        var mutator = SchemaMutator(from, seed: seed &* 31 &+ 7)
        return (from, mutator.mutated(1 + seed % 8))
    }

    @Test(arguments: 1...300)
    func thereAndBackKeepsEveryValue(_ seed: Int) throws {
        let (from, to) = pair(seed)
        let database = try FilledDatabase(from)
        let before = try Contents(database)
        let there = try database.follow(from, to)
        let back = try database.follow(to, from)
        let story =
            "\(from.ddl(ids: true))\n=>\n\(to.ddl(ids: true))\n"
            + (there.statements + ["-- and back"] + back.statements).joined(separator: "\n")
        #expect(try Schema(of: database.connection).withoutIDs == from.withoutIDs, "\(story)")
        let after = try Contents(database)
        for (id, table) in before.tables {
            let loss = Loss(from, to, there, back, id)
            #expect(
                after.tables[id]?.without(loss.columns) == table.without(loss.columns), "\(story)")
            if loss.keepsRowIDs {
                #expect(after.tables[id]?.rowIDs == table.rowIDs, "\(story)")
                if loss.keepsCounter {
                    #expect(after.tables[id]?.counter == table.counter, "\(story)")
                }
            }
        }
        #expect(try database.complaints() == [], "\(story)")
        // What is back is parked no more; what the way there had made, is now.
        let parked = try database.parked()
        let columns = Set(from.tables.flatMap { $0.columns.compactMap(\.id) })
        let tables = Set(from.tables.compactMap(\.id))
        #expect(
            !parked.contains { data in
                data.column.map(columns.contains) ?? tables.contains(data.table)
                    && !data.parts.isEmpty && !there.outdates
            }, "\(story)")
        let storages = try database.connection.rows(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                + " AND name LIKE '\\_cinch\\_parked\\_%' ESCAPE '\\'")
        #expect(storages == [[.integer(Int64(parked.count))]], "\(story)")
    }

    /// What goes at one stop comes back at another, perhaps in part, and the rest at the end.
    @Test(arguments: 1...200)
    func aDetourKeepsEveryValue(_ seed: Int) throws {
        let (from, first) = pair(seed)
        var mutator = SchemaMutator(from, seed: seed &* 57 &+ 11)
        let second = mutator.mutated(1 + seed % 5)
        let database = try FilledDatabase(from)
        let before = try Contents(database)
        let stops = [from, first, second, from]
        var plans: [Plan] = []
        for (one, other) in zip(stops, stops.dropFirst()) {
            plans.append(try database.follow(one, other))
        }
        let story = zip(stops.dropFirst(), plans).map { stop, plan in
            "\(plan.statements.joined(separator: "\n"))\n=>\n\(stop.ddl(ids: true))"
        }.joined(separator: "\n")
        let after = try Contents(database)
        for (id, table) in before.tables {
            var columns: Set<StableID> = []
            for (place, stop) in stops.enumerated().dropLast() {
                columns.formUnion(Loss(from, stop, plans[place], plans[place], id).columns)
                columns.formUnion(plans[place].losses(from: stop, of: id))
            }
            columns.formUnion(plans.flatMap { $0.outdated(of: id) })
            #expect(
                after.tables[id]?.without(columns) == table.without(columns),
                "\(from.ddl(ids: true))\n\(story)")
        }
        #expect(try database.complaints() == [], "\(story)")
    }

    @Test(arguments: 1...120)
    func rowsThatCameAndWentMeanwhileMixNothing(_ seed: Int) throws {
        let (from, to) = pair(seed)
        let database = try FilledDatabase(from)
        let before = try Contents(database)
        let there = try database.follow(from, to)
        // One row goes from each table that is still there.
        try database.connection.execute("PRAGMA recursive_triggers = OFF")
        for table in to.tables where from.tables.contains(where: { $0.id == table.id }) {
            let trigger = to.triggers.contains { $0.table.matches(table.name) }
            guard !trigger, let rowID = table.freeRowIDName else { continue }
            let name = table.name.quoted
            try database.connection.execute(
                "DELETE FROM \(name) WHERE \(rowID) = (SELECT min(\(rowID)) FROM \(name))")
        }
        let back = try database.follow(to, from)
        let after = try Contents(database)
        for (id, table) in before.tables {
            let loss = Loss(from, to, there, back, id)
            let rows = try #require(after.tables[id]?.without(loss.columns))
            let all = table.without(loss.columns)
            let story = there.statements + ["-- and back"] + back.statements
            #expect(rows.allSatisfy(all.contains), "\(story.joined(separator: "\n"))")
            #expect(rows.count >= all.count - 1, "\(story.joined(separator: "\n"))")
        }
    }
}

/// What a way there and back may change of one table.
private struct Loss {
    /// Columns whose values may be others: converted on the way, or announced as lost.
    var columns: Set<StableID> = []
    var keepsRowIDs = true
    var keepsCounter = true

    init(_ from: Schema, _ to: Schema, _ there: Plan, _ back: Plan, _ table: StableID) {
        guard let old = from.tables.first(where: { $0.id == table }),
            let new = to.tables.first(where: { $0.id == table })
        else { return }
        for column in old.columns {
            guard let id = column.id else { continue }
            let other = new.columns.first { $0.id == id }
            let isConverted = other.map { $0.declaredType != column.declaredType } ?? false
            let isLost = there.effects.contains {
                $0.kind == .lost && $0.table == old.name && $0.column == column.name
            }
            if isConverted || isLost || old.isStrict != new.isStrict { columns.insert(id) }
        }
        keepsCounter = new.isAutoincrement
        keepsRowIDs =
            old.freeRowIDName != nil && new.freeRowIDName != nil
            && old.rowIDAlias?.id == new.rowIDAlias?.id
    }
}

/// Every row of every table, value by value with its storage class.
private struct Contents {
    struct Rows {
        var columns: [StableID?]
        var rows: [[String]]
        var rowIDs: [Value]
        var counter: Value?

        func without(_ ids: Set<StableID>) -> [[String]] {
            rows.map { row in
                zip(columns, row).filter { id, _ in id.map { !ids.contains($0) } ?? true }
                    .map { $0.1 }
            }.sorted { "\($0)" < "\($1)" }
        }
    }

    var tables: [StableID: Rows] = [:]

    init(_ database: FilledDatabase) throws {
        for table in database.schema.tables {
            guard let id = table.id else { continue }
            let columns = table.columns.filter { $0.generated == nil }
            let list = columns.map {
                "typeof(\($0.name.quoted)) || ' ' || quote(\($0.name.quoted))"
            }
            let name = table.name.quoted
            let rows = try database.connection.rows(
                "SELECT \(list.joined(separator: ", ")) FROM \(name)")
            let rowIDs = try table.freeRowIDName.map {
                try database.connection.rows("SELECT \($0) FROM \(name) ORDER BY 1").map { $0[0] }
            }
            tables[id] = Rows(
                columns: columns.map(\.id), rows: rows.map { $0.map { $0.text ?? "" } },
                rowIDs: rowIDs ?? [], counter: try database.counter(of: table))
        }
    }
}

extension Plan {
    /// Columns of a table whose values it announces as lost.
    fileprivate func losses(from schema: Schema, of table: StableID) -> [StableID] {
        guard let table = schema.tables.first(where: { $0.id == table }) else { return [] }
        return effects.filter { $0.kind == .lost && $0.table == table.name }
            .compactMap { effect in
                effect.column.flatMap { table.column(named: $0)?.id }
            }
    }

    /// Columns of a table whose values can't be told to their rows any more.
    fileprivate func outdated(of table: StableID) -> [StableID] {
        steps.compactMap { step in
            guard case .outdate(let data) = step, data.table == table else { return nil }
            return data.column
        }
    }

    fileprivate var outdates: Bool {
        steps.contains { if case .outdate = $0 { true } else { false } }
    }
}

extension FilledDatabase {
    /// What the registry says is parked.
    func parked() throws -> [ParkedData] {
        try connection.rows(
            "SELECT storage, table_id, column_id, shape FROM _cinch_parked ORDER BY id"
        ).map { row in
            ParkedData(
                storage: Identifier(row[0].text ?? ""),
                table: StableID(row[1].text ?? "") ?? StableID(0),
                column: StableID(row[2].text ?? ""),
                parts: ParkedData.parts(shape: row[3].text ?? ""))
        }
    }

    /// Runs the plan for what is parked.
    fileprivate func follow(_ from: Schema, _ to: Schema) throws -> Plan {
        try connection.execute(ParkedRegistry.ddl)
        let plan = Plan(from: from, to: to, parked: try parked())
        do {
            try run(plan)
        } catch {
            Issue.record(
                """
                \(error)
                \(from.ddl(ids: true))
                =>
                \(to.ddl(ids: true))
                \(plan.statements.joined(separator: "\n"))
                """)
            throw error
        }
        return plan
    }
}
