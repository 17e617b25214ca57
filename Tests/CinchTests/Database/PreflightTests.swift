import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Synchronization
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);"

/// Rows that don't fit stop the deploy branch before it moves.
@Suite struct PreflightTests {
    @Test func rowsThatDoNotFitStopEverythingAndNothingMoves() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute("INSERT INTO users(name) VALUES ('a'), ('b')", on: "acme")
        let error = try project.refused {
            try project.run("ALTER TABLE users ADD COLUMN age INT NOT NULL")
        }
        #expect(error?.code == .stopped)
        #expect(
            error?.message == "1 of 3 tenants has rows that don't fit this schema, 'acme' first:"
                + " users.age: 2 rows would be NULL, and there is no default")
        let stop = try #require(error?.cause as? PreflightStop)
        #expect(stop.findings.map(\.tenant) == ["acme"])
        #expect(stop.findings.map(\.check.rule) == [.noDefault])
        #expect(stop.findings.map(\.count) == [2])
        #expect(try project.database.tenants().catalog.rollouts(limit: 9).count == 1)
        // Looking leaves nothing beside a tenant's file.
        let tenants = try project.files().filter { $0.hasPrefix("tenants/") }
        #expect(tenants.filter { !$0.hasSuffix(".db") } == ["tenants/tenants.lock"])
        // Once its rows fit, all go.
        try project.execute("DELETE FROM users", on: "acme")
        #expect(
            try project.run("ALTER TABLE users ADD COLUMN age INT NOT NULL").rollout?.applied == 3)
        try project.expect(["acme", "globex", "main"])
    }

    /// Demands no question is exactly right about are tried on the rows, and taken back.
    @Test(arguments: [
        (
            "CREATE TABLE t(a BLOB);", "INSERT INTO t VALUES (x'00')",
            "CREATE TABLE t(a VARCHAR(10) CHECK (typeof(a) <> 'blob'));",
            "DELETE FROM t", PreflightCheck.Rule.trial
        ),
        (
            "CREATE TABLE t(a);", "INSERT INTO t VALUES (1), (2)",
            "CREATE TABLE t(a, m TEXT NOT NULL DEFAULT 'q' UNIQUE);",
            "DELETE FROM t WHERE a = 2", .unique
        ),
        (
            "CREATE TABLE t(a);", "INSERT INTO t VALUES (1), (1)",
            "CREATE TABLE t(a, m TEXT NOT NULL DEFAULT 'q', UNIQUE (a, m));",
            "DELETE FROM t WHERE rowid = 2", .trial
        ),
    ])
    func whatOnlyTryingTellsStopsEverythingToo(
        _ before: String, _ rows: String, _ after: String, _ mend: String,
        _ rule: PreflightCheck.Rule
    ) throws {
        let project = try TemporaryProject(before, tenants: ["acme"])
        try project.execute(rows, on: "acme")
        let state = try project.rows("SELECT rowid, * FROM t", in: "acme")
        let apply = { try project.database.apply([("schema.sql", after)]) }
        let tip = try project.database.commit("main")
        let stop = try #require(failure(apply)?.cause as? PreflightStop)
        #expect(stop.findings.map(\.tenant) == ["acme"])
        #expect(stop.findings.map(\.check.rule) == [rule])
        #expect(try project.database.commit("main") == tip)
        #expect(try project.rows("SELECT rowid, * FROM t", in: "acme") == state)
        try project.execute(mend, on: "acme")
        #expect(try apply()?.rollout?.applied == 2)
    }

    /// A column that is NULL in every row is unique, and nothing needs trying.
    @Test func aNewColumnWithoutAValueIsNotTried() throws {
        let project = try TemporaryProject("CREATE TABLE t(a);")
        _ = try project.database.apply([
            ("schema.sql", "CREATE TABLE t(a, b UNIQUE, c, UNIQUE (a, c));")
        ])
        let plan = try project.database.plan(from: "main~1", to: "main")
        #expect(plan.checks == [])
    }

    @Test func everyTenantAndRuleIsListedInOrder() throws {
        let project = try TemporaryProject(users, tenants: ["a", "b", "c"])
        try project.execute("INSERT INTO users(name) VALUES (NULL), (NULL)", on: "c")
        try project.execute("INSERT INTO users(name, email) VALUES ('x', 'y'), ('z', 'y')", on: "b")
        try project.execute("INSERT INTO users(email) VALUES ('y'), ('y')", on: "a")
        let schema = try project.database.schema(at: "main")
        var table = try #require(schema.tables["users"])
        table.columns[1].notNull = Constraint(Column.Demand())
        table.columns[2].uniques = [Constraint(Column.Demand())]
        let error = try project.refused {
            try project.database.edit { interpreter in
                try interpreter.replace(table, in: schema)
                return []
            }
        }
        let stop = try #require(error?.cause as? PreflightStop)
        #expect(
            stop.findings.map(\.summary) == [
                "a: users.email: 2 rows are not unique", "a: users.name: 2 rows are NULL",
                "b: users.email: 2 rows are not unique", "c: users.name: 2 rows are NULL",
            ])
    }

    @Test func aMergeIsStoppedToo() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.diverge(
            ours: "CREATE TABLE t(x)",
            theirs: "ALTER TABLE users RENAME TO people; CREATE UNIQUE INDEX i ON people(name)")
        try project.execute("INSERT INTO users(name) VALUES ('a'), ('a')", on: "acme")
        let error = try project.refused { try project.database.merge("feature") }
        #expect(error?.message.contains("'acme' first: people.name: 2 rows are not unique") == true)
        try project.expect(["acme", "main"])
    }

    @Test func onABranchThatIsNotDeployedNoRowIsLookedAt() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN age INT NOT NULL", on: "feature")
        #expect(try project.database.tenantStatus().map(\.status) == [.current, .current])
    }

    @Test func tenantsThatCannotBeReadDoNotStopTheOthers() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute(
            "INSERT INTO users(name) VALUES ('a'); CREATE TABLE mine(x)", on: "acme")
        try overwrite(project.path("globex"), with: "no database")
        let report = try #require(
            try project.run("ALTER TABLE users ADD COLUMN age INT NOT NULL").rollout)
        #expect(report.failures.map(\.name) == ["acme", "globex"])
        try project.expect(["main"])
    }

    /// The rollout copes with rows that come to be in the way after they were looked at.
    @Test func aTenantWhoseRowsBecomeBadMeanwhileStaysAsItWasAndTheOthersGoOn() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        let old = try project.database.commit("main").hex
        let path = try project.path("globex")
        let isDone = Atomic<Bool>(false)
        let publication = try #require(
            try project.database.run(
                ddl: "ALTER TABLE users ADD COLUMN age INT NOT NULL",
                settings: RolloutSettings(
                    jobs: 1,
                    progress: { progress in
                        // The first tenant is done: preflight is over.
                        guard progress.done == 1, !isDone.exchange(true, ordering: .relaxed),
                            let connection = try? Connection(path: path, access: .readWrite)
                        else { return }
                        try? connection.execute("INSERT INTO users(name) VALUES ('g')")
                    })))
        let report = try #require(publication.rollout)
        #expect(report.names { $0 == .applied } == ["acme", "main"])
        #expect(report.failures.map(\.name) == ["globex"])
        guard case .failed(let reason) = report.failures.first?.outcome else {
            Issue.record("no reason")
            return
        }
        #expect(reason.contains("NOT NULL"))
        #expect(try project.database.commit("main") == publication.commit)
        try project.expect(["acme", "main"])
        #expect(try project.database.tenant("globex").commit == old)
        #expect(try project.database.tenant("globex").status == .failed)
        #expect(try project.rows("SELECT name FROM users", in: "globex") == [[.text("g")]])
        let catalog = try project.database.tenants().catalog
        let rollout = try #require(try catalog.rollouts(limit: 1).first)
        #expect(rollout.state == .failed)
        let outcomes = try catalog.outcomes(of: rollout.id)
        #expect(outcomes.filter { $0.state == .failed }.map(\.tenant) == ["globex"])
        // A dry run says why; once its rows fit, it comes along.
        #expect(
            try project.database.materialize(isDryRun: true).findings.map(\.summary)
                == ["globex: users.age: 1 row would be NULL, and there is no default"])
        try project.execute("DELETE FROM users", on: "globex")
        #expect(try project.database.materialize().names { $0 == .applied } == ["globex"])
        try project.expect(["acme", "globex", "main"])
    }

    @Test func interruptingStopsBeforeAnythingMoves() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let error = try project.refused {
            try project.database.run(
                ddl: "CREATE TABLE t(x)", settings: RolloutSettings(isCancelled: { true }))
        }
        #expect(error?.code == .interrupted)
    }
}
