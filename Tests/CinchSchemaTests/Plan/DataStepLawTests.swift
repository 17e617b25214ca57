import CinchSQLite
import CinchSchema
import Testing

/// What a plan by way of a data step must do, whatever schema the step was written for.
@Suite struct DataStepLawTests {
    /// A step that writes every value of a column as it is, and one that changes it.
    private func step(_ schema: Schema, _ seed: Int, value: String) -> (DataStep, Column)? {
        var random = SeededGenerator(seed: seed)
        let choices = schema.tables.flatMap { table in
            table.columns.filter { $0.generated == nil && $0.primaryKey == nil && $0.uniques == [] }
                .map { (table, $0) }
        }
        guard let (table, column) = random.pick(choices) else { return nil }
        let name = column.name.quoted
        let step = DataStep(
            name: DataStep.Name(number: 1, id: StableID(7)),
            script:
                "UPDATE \(table.name.quoted) SET \(name) = \(value.replacing("?", with: name));",
            before: schema.part(named: [table.name.key]).withoutTriggersAndViews)
        return (step, column)
    }

    private func mutated(_ schema: Schema, _ seed: Int) -> Schema {
        var mutator = SchemaMutator(schema, seed: seed)
        return mutator.mutated(1 + seed % 5)
    }

    /// The step comes from a branch of its own: whatever that had done to the tables, what both
    /// ends of the way have keeps its values.
    @Test(arguments: 1...120)
    func whatBothEndsHaveIsKept(_ seed: Int) throws {
        var generator = SchemaGenerator(seed: seed)
        let base = generator.schema()
        let from = mutated(base, seed)
        let to = mutated(from, seed + 5000)
        guard let (step, _) = step(mutated(base, seed + 9000), seed, value: "?") else { return }
        let database = try FilledDatabase(from)
        let after = FilledDatabase(database.connection, to)
        let kept = PlanLawTests.kept(from, to)
        let expected = try kept.map { old, new in
            try database.rows(
                of: old, columns: PlanLawTests.columns(old, new).map(\.0), withRowID: false)
        }
        let plan = try Plan(from: from, to: to, dataSteps: [step])
        guard try run(plan, in: database) else { return }
        let script = plan.statements.joined(separator: "\n")
        #expect(try Schema(of: database.connection).withoutIDs == to.withoutIDs, "\(script)")
        for ((old, new), rows) in zip(kept, expected) {
            let columns = PlanLawTests.columns(old, new).map(\.1)
            #expect(
                try after.rows(of: new, columns: columns, withRowID: false) == rows,
                "\(new.name)\n\(from.ddl(ids: true))\n=>\n\(to.ddl(ids: true))\n\(script)")
        }
    }

    /// A tenant that skips the step's commit has what one has that stopped there.
    @Test(arguments: 1...120)
    func theStepDoesWhatItDoesOnTheWay(_ seed: Int) throws {
        var generator = SchemaGenerator(seed: seed)
        let from = generator.schema()
        let middle = mutated(from, seed)
        let to = mutated(middle, seed + 5000)
        guard let (step, column) = step(middle, seed, value: "quote(?) || 'x'") else { return }
        guard
            let table = to.tables.first(where: { table in
                table.columns.contains { $0.id == column.id && $0.generated == nil }
            }), let target = table.columns.first(where: { $0.id == column.id })
        else { return }
        let direct = try FilledDatabase(from)
        let stopping = try FilledDatabase(from)
        guard try run(try Plan(from: from, to: to, dataSteps: [step]), in: direct),
            try run(Plan(from: from, to: middle), in: stopping)
        else { return }
        try stopping.connection.execute("PRAGMA foreign_keys = OFF")
        // Triggers have stepped aside where the step runs.
        let bare = Plan(from: middle, to: middle.withoutTriggersAndViews)
        for statement in bare.statements { try stopping.connection.execute(statement) }
        guard (try? stopping.connection.execute(step.script)) != nil,
            try run(Plan(from: middle.withoutTriggersAndViews, to: to), in: stopping)
        else { return }
        let rows = try [direct, stopping].map {
            try $0.rows(of: table, columns: [target.name], withRowID: false)
        }
        #expect(rows[0] == rows[1], "\(step.script)")
    }

    /// The branch of the step had made numbers of texts; neither end of the way has.
    @Test func aValueIsNotConvertedThereAndBack() throws {
        let connection = try Connection()
        try connection.execute("CREATE TABLE t (k, a TEXT); INSERT INTO t VALUES (1, '007')")
        let from = try Schema(of: connection).numbered()
        var middle = from
        middle.tables["t"]?.columns[1].declaredType = "INTEGER"
        middle.tables["t"]?.columns[1].notNull = Constraint(Column.Demand())
        let step = DataStep(
            name: DataStep.Name(number: 1, id: StableID(7)), script: "UPDATE t SET k = 2;",
            before: middle)
        try connection.execute("INSERT INTO t VALUES (3, NULL)")
        for statement in try Plan(from: from, to: from, dataSteps: [step]).statements {
            try connection.execute(statement)
        }
        #expect(try connection.rows("SELECT * FROM t") == [[2, "007"], [2, .null]])
    }

    /// Whether it ran; rows that a constraint stops are no fault of the plan's.
    private func run(_ plan: Plan, in database: FilledDatabase) throws -> Bool {
        do {
            try database.run(plan)
            return true
        } catch let error as SQLiteError {
            let isTold =
                error.code == .constraint || error.message.hasPrefix("Cannot add a NOT NULL")
                || error.message.hasPrefix("datatype mismatch")
            #expect(isTold, "\(error)\n\(plan.statements.joined(separator: "\n"))")
            return false
        }
    }
}

extension Schema {
    fileprivate var withoutTriggersAndViews: Schema {
        var copy = self
        copy.triggers = NameSorted()
        copy.views = NameSorted()
        return copy
    }
}
