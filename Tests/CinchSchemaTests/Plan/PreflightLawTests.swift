import CinchSQLite
import CinchSchema
import Testing

/// What the checks of a plan must be, whatever the two schemas and the rows.
@Suite struct PreflightLawTests {
    @Test(arguments: 1...150)
    func aPlanThatWorksHasNoFindings(_ seed: Int) throws {
        var generator = SchemaGenerator(seed: seed)
        let from = generator.schema()
        var mutator = SchemaMutator(from, seed: seed)
        let plan = Plan(from: from, to: mutator.mutated(1 + seed % 6))
        let database = try FilledDatabase(from)
        #expect(try database.connection.findings(of: plan) == [])
    }

    /// Every rule but `loss`, which a plan gets by without.
    @Test(arguments: 1...300)
    func aFindingMeansThatThePlanFails(_ seed: Int) throws {
        let (plan, connection, script) = try Self.mess(seed)
        var stops: [String] = []
        for check in plan.checks where check.rule != .loss && check.rule != .trial {
            // An expression may fail on odd values, as it may in the plan.
            let count = (try? connection.scalar(check.sql))?.integer ?? 0
            _ = try connection.prepare(check.sql)
            if count > 0 { stops.append(check.summary(count: Int(count))) }
        }
        let failure = try connection.failure(of: plan)
        if failure == nil { #expect(stops == [], "\(script)") }
    }

    @Test(arguments: 1...60)
    func checksReadOnly(_ seed: Int) throws {
        let (plan, connection, _) = try Self.mess(seed)
        try connection.set(.queryOnly, to: true)
        // What is tried has no question of its own.
        let asked = plan.checks.filter { $0.rule != .trial }
        for check in asked { _ = try connection.prepare(check.sql) }
        #expect(Set(plan.checks).count == plan.checks.count)
        #expect(asked.allSatisfy { $0.sql.hasPrefix("SELECT ") && !$0.sql.contains(";") })
        #expect(plan.checks.allSatisfy { ($0.rule == .trial) == $0.sql.isEmpty })
    }

    /// A plan that demands much, a database of odd rows, and both as text.
    static func mess(_ seed: Int) throws -> (plan: Plan, connection: Connection, script: String) {
        var generator = SchemaGenerator(seed: seed)
        let from = generator.schema()
        var mutator = SchemaMutator(from, seed: seed)
        let to = mutator.demanding(1 + seed % 3, of: mutator.mutated(seed % 3))
        let plan = Plan(from: from, to: to)
        let database = try FilledDatabase(from, rows: 0)
        var random = SeededGenerator(seed: seed &+ 77)
        for table in from.tables {
            let columns = table.columns.filter { $0.generated == nil }
            let names = columns.map(\.name.quoted).joined(separator: ", ")
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let values = columns.map { _ in random.pick(Self.values) ?? "NULL" }
                // What the table refuses is left out.
                try? database.connection.execute(
                    "INSERT OR IGNORE INTO \(table.name.quoted) (\(names))"
                        + " VALUES (\(values.joined(separator: ", ")))")
            }
        }
        let script =
            ([from.ddl(ids: true), "=>", to.ddl(ids: true)] + plan.statements
            + plan.checks.map(\.sql)).joined(separator: "\n")
        return (plan, database.connection, script)
    }

    private static let values = [
        "NULL", "1", "2", "'1'", "'01'", "'1e0'", "'a'", "'A'", "'a '", "x'61'", "1.0", "1.5", "''",
        "9007199254740993", "9007199254740992", "0.1 + 0.2", "0.3", "' 1'",
        "'12345678901234567890'",
        "-1", "9223372036854775807", "1e300", "'x'", "x''",
    ]
}
