import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

private let users = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, legacy TEXT);
    CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT);
    """
private let rows = """
    INSERT INTO users(name, legacy) VALUES ('a', '007'), ('b', NULL), ('c', 'x');
    INSERT INTO notes(body) VALUES ('one'), ('two');
    """

/// What history takes away, history brings back.
@Suite struct ParkedDataTests {
    private func project(tenants: [String] = ["acme"]) throws -> TemporaryProject {
        let project = try TemporaryProject(users, tenants: tenants)
        for tenant in tenants { try project.execute(rows, on: tenant) }
        return project
    }

    private func legacy(_ project: TemporaryProject, _ tenant: String = "acme") throws -> [[Value]]
    {
        try project.rows("SELECT id, legacy FROM users ORDER BY id", in: tenant)
    }

    private let all: [[Value]] = [[1, "007"], [2, nil], [3, "x"]]

    @Test func revertBringsAColumnBack() throws {
        let project = try project()
        let gone = try project.run("ALTER TABLE users DROP COLUMN legacy")
        #expect(
            gone.rollout?.effects.map(\.summary) == ["parked: users.legacy: 2 rows in 1 tenant"])
        #expect(try project.database.parked().entries.map(\.name) == ["acme"])
        guard case .merged(let back) = try project.database.revert("HEAD") else {
            Issue.record("no commit")
            return
        }
        #expect(
            back.rollout?.effects.map(\.summary) == ["restored: users.legacy: 2 rows in 1 tenant"])
        #expect(try legacy(project) == all)
        #expect(try project.database.parked().entries.isEmpty)
        try project.expect(["acme", "main"])
    }

    @Test func revertBringsATableBackAlthoughItsSchemaWentOnMeanwhile() throws {
        let project = try project()
        let gone = try project.run("DROP TABLE notes; ALTER TABLE users DROP COLUMN legacy")
        try project.run("ALTER TABLE users RENAME TO people")
        try project.run("ALTER TABLE people ADD COLUMN age INTEGER DEFAULT 3")
        try project.run("ALTER TABLE people RENAME COLUMN id TO number")
        _ = try project.database.revert(gone.commit.hex)
        #expect(
            try project.rows("SELECT number, legacy, age FROM people", in: "acme")
                == [[1, "007", 3], [2, nil, 3], [3, "x", 3]])
        #expect(try project.rows("SELECT body FROM notes", in: "acme") == [["one"], ["two"]])
        try project.expect(["acme", "main"])
    }

    @Test func undoAndMergingBackDoTheSame() throws {
        let project = try project()
        _ = try project.database.createBranch("old")
        try project.run("ALTER TABLE users DROP COLUMN legacy")
        _ = try project.database.undo()
        #expect(try legacy(project) == all)
        // Undoing an addition drops it: its values are parked, and a merge has them again.
        try project.run("ALTER TABLE users ADD COLUMN age INTEGER")
        let added = try project.database.commit("main").hex
        try project.execute("UPDATE users SET age = id * 10", on: "acme")
        let refusal = try project.refused { try project.database.undo() }
        #expect(refusal?.code == .refused)
        #expect(refusal?.hint?.contains("stays parked") == true)
        _ = try project.database.undo(force: true)
        #expect(try project.database.parked().rows == 3)
        _ = try project.database.merge(added)
        #expect(
            try project.rows("SELECT age FROM users ORDER BY id", in: "acme")
                == [[10], [20], [30]])
    }

    /// A column that a data step copies and that goes afterwards is parked once, as it was.
    @Test func whatADataStepReadsAndThenGoesIsParkedOnce() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN handle TEXT", on: "feature")
        _ = try project.database.addDataStep("UPDATE users SET handle = upper(legacy)")
        let gone = try project.run("ALTER TABLE users DROP COLUMN legacy", on: "feature").commit
        try project.database.switchBranch("main")
        guard case .fastForward(let merge) = try project.database.merge("feature") else {
            Issue.record("no fast-forward")
            return
        }
        #expect(
            merge.rollout?.effects.map(\.summary) == ["parked: users.legacy: 2 rows in 1 tenant"])
        #expect(
            try project.rows("SELECT id, handle FROM users ORDER BY id", in: "acme")
                == [[1, "007"], [2, nil], [3, "X"]])
        _ = try project.database.revert(gone.hex)
        #expect(try legacy(project) == all)
        try project.expect(["acme", "main"])
    }

    /// A column that only a data step on the way needs is nobody's loss.
    @Test func whatOnlyAStepNeedsIsNotCounted() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN scratch TEXT", on: "feature")
        _ = try project.database.addDataStep("UPDATE users SET scratch = legacy || '!'")
        _ = try project.database.addDataStep("UPDATE users SET name = scratch")
        try project.run("ALTER TABLE users DROP COLUMN scratch", on: "feature")
        try project.database.switchBranch("main")
        guard case .fastForward(let merge) = try project.database.merge("feature") else {
            Issue.record("no fast-forward")
            return
        }
        #expect(merge.rollout?.effects == [])
        #expect(
            try project.rows("SELECT name, legacy FROM users ORDER BY id", in: "acme")
                == [["007!", "007"], [nil, nil], ["x!", "x"]])
        try project.expect(["acme", "main"])
    }

    @Test func aTenantThatIsCopiedOrRenamedTakesItAlong() throws {
        let project = try project()
        try project.run("ALTER TABLE users DROP COLUMN legacy")
        try project.database.copyTenant("acme", to: "copy")
        try project.database.renameTenant("acme", to: "renamed")
        try project.database.createTenants(["fresh"])
        #expect(try project.database.parked().entries.map(\.name) == ["copy", "renamed"])
        _ = try project.database.revert("HEAD")
        #expect(try legacy(project, "copy") == all)
        #expect(try legacy(project, "renamed") == all)
        #expect(try legacy(project, "fresh") == [])
    }

    @Test func aPreviewOfAnOlderBranchHasTheValues() throws {
        let project = try project()
        _ = try project.database.createBranch("old")
        try project.run("ALTER TABLE users DROP COLUMN legacy")
        let preview = try project.database.open(tenant: "acme", branch: "old")
        let result = try preview.query("SELECT count(legacy) AS n FROM users")
        #expect(result.rows.count == 1)
        #expect("\(result.rows[0])".contains("2"))
        // The tenant itself has lost nothing by it.
        #expect(try project.database.parked().rows == 2)
    }

    @Test func noCodeOfATenantReachesIt() throws {
        let project = try project()
        try project.run("ALTER TABLE users DROP COLUMN legacy")
        let tenant = try project.database.open(tenant: "acme")
        let names = try project.rows(
            "SELECT name FROM sqlite_schema WHERE name LIKE '\\_cinch\\_parked%' ESCAPE '\\'",
            in: "acme"
        ).compactMap { $0[0].text }
        #expect(names.count == 2)
        for name in names {
            for sql in [
                "SELECT * FROM \(name)", "DELETE FROM \(name)", "UPDATE \(name) SET rowid = 1",
            ] {
                #expect(throws: CinchError.self, "\(sql)") { try tenant.query(sql) }
            }
        }
    }

    @Test func purgedValuesAreGone() throws {
        let project = try project(tenants: ["acme", "globex"])
        try project.run("ALTER TABLE users DROP COLUMN legacy")
        #expect(try project.database.purge(olderThan: 86400).rows == 0)
        #expect(try project.database.purge(olderThan: nil, tenants: "ac*").rows == 2)
        #expect(throws: CinchError.self) {
            try project.database.purge(olderThan: nil, tenants: "nobody*")
        }
        _ = try project.database.revert("HEAD")
        #expect(try legacy(project) == [[1, nil], [2, nil], [3, nil]])
        #expect(try legacy(project, "globex") == all)
    }

    @Test func rowsThatCameMeanwhileAndHaveNoValueStopTheWayBack() throws {
        let project = try TemporaryProject(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, email TEXT NOT NULL)", tenants: ["acme"])
        try project.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b')", on: "acme")
        try project.run("ALTER TABLE t DROP COLUMN email")
        try project.execute("INSERT INTO t VALUES (3), (4)", on: "acme")
        let error = try project.refused { try project.database.revert("HEAD") }
        #expect(
            error?.message.contains("t.email: 2 rows would be NULL, and there is no default")
                == true)
        try project.execute("DELETE FROM t WHERE id > 2", on: "acme")
        _ = try project.database.revert("HEAD")
        #expect(
            try project.rows("SELECT * FROM t", in: "acme") == [[1, "a"], [2, "b"]])
    }
}

/// How much may be parked or lost at once.
@Suite struct LossBudgetTests {
    @Test func moreThanMayBeParkedStopsBeforeAnythingMoves() throws {
        let project = try TemporaryProject(users, tenants: ["a", "b"])
        for tenant in ["a", "b"] { try project.execute(rows, on: tenant) }
        let database = try project.reopened { $0.maximumParkedRows = 3 }
        let error = try project.refused {
            try database.run(ddl: "ALTER TABLE users DROP COLUMN legacy")
        }
        #expect(error?.code == .stopped)
        #expect(
            error?.message == "This would park 4 rows, and 'max_parked_rows' allows 3:"
                + " parked: users.legacy: 4 rows in 2 tenants")
        #expect(error?.hint?.contains("--allow-loss 4") == true)
        let report = try database.run(
            ddl: "ALTER TABLE users DROP COLUMN legacy",
            settings: RolloutSettings(allowedLoss: 4))
        #expect(report?.rollout?.applied == 3)
    }

    @Test func valuesThatChangeForGoodNeedLeave() throws {
        let project = try TemporaryProject(users, tenants: ["a", "b"])
        for tenant in ["a", "b"] { try project.execute(rows, on: tenant) }
        let schema = try project.database.schema(at: "main")
        var table = try #require(schema.tables["users"])
        table.columns[2].declaredType = "INTEGER"
        let edit = { (database: CinchDatabase, settings: RolloutSettings) in
            try database.edit(settings: settings) { interpreter in
                try interpreter.replace(table, in: schema)
                return []
            }
        }
        let error = try project.refused { try edit(project.database, RolloutSettings()) }
        #expect(error?.hint?.contains("--allow-loss 2") == true)
        #expect(
            try project.refused { try edit(project.database, RolloutSettings(allowedLoss: 1)) }
                != nil)
        _ = try edit(project.database, RolloutSettings(allowedLoss: 2))
        #expect(
            try project.rows("SELECT legacy FROM users ORDER BY id", in: "a")
                == [[7], [nil], ["x"]])
    }

    @Test func rowsThatCannotBeParkedNeedLeave() throws {
        let project = try TemporaryProject(
            "CREATE VIRTUAL TABLE docs USING fts5(body)", tenants: ["a"])
        try project.execute("INSERT INTO docs VALUES ('x'), ('y')", on: "a")
        let error = try project.refused { try project.run("DROP TABLE docs") }
        #expect(
            error?.message == "This would lose 2 rows, and 'max_lost_rows' allows 0:"
                + " lost: docs: 2 rows in 1 tenant")
        try project.execute("DELETE FROM docs", on: "a")
        try project.run("DROP TABLE docs")
    }
}
