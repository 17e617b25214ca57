import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);"

/// Values that commits bring to rows, wherever a tenant comes from.
@Suite struct DataStepTests {
    private func settings(_ fills: String...) throws -> RolloutSettings {
        var settings = RolloutSettings()
        settings.backfills = try fills.map { try Backfill(parsing: $0) }
        return settings
    }

    /// A project whose tenant `acme` has two rows, one without an email.
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute(
            "INSERT INTO users VALUES (1, 'Ann', NULL), (2, 'Bob', 'bob@x')", on: "acme")
        return project
    }

    private func demandEmail(_ table: Table) -> Table {
        var table = table
        table.columns[2].notNull = Constraint(Column.Demand())
        return table
    }

    private func demandEmail(
        in project: TemporaryProject, settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication? {
        let schema = try project.database.schema(at: "HEAD")
        let table = demandEmail(try #require(schema.tables["users"]))
        return try project.database.edit(settings: settings) { interpreter in
            try interpreter.replace(table, in: schema)
            return []
        }
    }

    // MARK: Backfills

    @Test func aFillLetsNotNullThroughAndTouchesNoOtherRow() throws {
        let project = try project()
        try project.run(
            """
            CREATE TRIGGER touched AFTER UPDATE ON users BEGIN
            UPDATE users SET name = 'touched' WHERE id = NEW.id; END
            """)
        let error = try project.refused { try demandEmail(in: project) }
        #expect(error?.hint?.contains("--fill 'users.email=EXPRESSION'") == true)
        let publication = try demandEmail(
            in: project, settings: settings("users.email=lower(name) || '@none'"))
        #expect(
            publication?.dataSteps.map(\.subjects) == [
                [RowSubject(table: "users", column: "email")]
            ])
        #expect(
            try project.rows("SELECT * FROM users ORDER BY id", in: "acme") == [
                [1, "Ann", "ann@none"], [2, "Bob", "bob@x"],
            ])
        try project.expect(["acme", "main"])
    }

    @Test func aNewColumnIsFilledInsteadOfItsDefault() throws {
        let project = try project()
        _ = try project.database.run(
            ddl: "ALTER TABLE users ADD COLUMN size INT NOT NULL DEFAULT 7",
            settings: settings("users.size=length(name) + id"))
        #expect(
            try project.rows("SELECT id, size FROM users ORDER BY id", in: "acme") == [
                [1, 4], [2, 5],
            ])
        try project.execute("INSERT INTO users(name) VALUES ('Cy')", on: "acme")
        #expect(try project.rows("SELECT size FROM users WHERE id = 3", in: "acme") == [[7]])
        try project.expect(["acme", "main"])
    }

    @Test(
        arguments: [
            "users.gone=1", "gone.email=1", "users.email=nonsense", "users.id=1",
            "users.email=(SELECT email FROM nowhere)",
        ])
    func whatCanNotBeFilledIsRefused(fill: String) throws {
        let project = try project()
        let error = try project.refused {
            try project.database.run(
                ddl: "ALTER TABLE users ADD COLUMN x", settings: settings(fill))
        }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: ["users.email", "users=1", "users.email=", "users.email=1) WHERE (1", "=1"])
    func whatIsNoBackfillIsNotRead(text: String) {
        #expect(throws: SchemaError.self) { try Backfill(parsing: text) }
    }

    @Test func aMergeTakesAFill() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        try project.database.switchBranch("feature")
        _ = try demandEmail(in: project)
        try project.database.switchBranch("main")
        _ = try project.refused { try project.database.merge("feature") }
        // It could move by fast-forward, but the values need a commit to be recorded in.
        guard
            case .merged(let publication) = try project.database.merge(
                "feature", settings: settings("users.email='?'"))
        else {
            Issue.record("not merged")
            return
        }
        #expect(publication.dataSteps.count == 1)
        #expect(try project.database.git.readCommit(publication.commit).parents.count == 2)
        #expect(try project.rows("SELECT email FROM users WHERE id = 1", in: "acme") == [["?"]])
        try project.expect(["acme", "main"])
    }

    // MARK: Data steps

    @Test func aStepRunsOnceInEveryTenantAndNotInNewOnes() throws {
        let project = try project()
        _ = try project.database.addDataStep(
            "UPDATE users SET name = name || '!'", on: [RowSubject(table: "users", column: "name")])
        try project.run("CREATE TABLE other(x)")
        _ = try project.database.materialize()
        #expect(
            try project.rows("SELECT name FROM users ORDER BY id", in: "acme") == [
                ["Ann!"], ["Bob!"],
            ])
        try project.database.createTenants(["late"])
        try project.execute("INSERT INTO users(name) VALUES ('Cy')", on: "late")
        _ = try project.database.materialize()
        #expect(try project.rows("SELECT name FROM users", in: "late") == [["Cy"]])
        try project.expect(["acme", "late", "main"])
    }

    @Test(
        arguments: [
            ("UPDATE users SET name = 1, email = 2", CinchError.Code.refused),
            ("DELETE FROM users", .refused), ("DROP TABLE users", .invalid),
            ("BEGIN; UPDATE users SET name = 1; COMMIT", .invalid), ("SELECT 1", .invalid),
            ("UPDATE gone SET x = 1", .invalid), ("PRAGMA foreign_keys = ON", .invalid),
            ("", .invalid),
        ])
    func onlyWhatIsNamedIsWritten(sql: String, code: CinchError.Code) throws {
        let project = try project()
        let error = try project.refused {
            try project.database.addDataStep(sql, on: [RowSubject(table: "users", column: "name")])
        }
        #expect(error?.code == code)
    }

    @Test func aStepThatFailsInOneTenantStopsBeforeTheBranchMoves() throws {
        let project = try project()
        try project.run("CREATE TABLE keys(k INTEGER PRIMARY KEY)")
        try project.execute("INSERT INTO keys VALUES (1)", on: "acme")
        let error = try project.refused {
            try project.database.addDataStep("INSERT INTO keys SELECT id FROM users")
        }
        let stop = try #require(error?.cause as? PreflightStop)
        #expect(stop.findings.map(\.tenant) == ["acme"])
        #expect(stop.findings.map(\.check.rule) == [.dataStep])
    }

    /// A tenant that skips many commits has the step run on the tables it was written for.
    @Test func aTenantFarBehindPassesEveryStep() throws {
        let project = try project()
        let behind = try project.reopened { $0.materializePolicy = .manual }
        _ = try behind.run(ddl: "ALTER TABLE users RENAME COLUMN name TO label")
        _ = try behind.run(ddl: "ALTER TABLE users ADD COLUMN size INT")
        _ = try behind.addDataStep(
            "UPDATE users SET size = length(label)",
            on: [RowSubject(table: "users", column: "size")])
        _ = try behind.run(ddl: "ALTER TABLE users RENAME TO people")
        _ = try behind.run(
            ddl: "ALTER TABLE people ADD COLUMN twice INT NOT NULL",
            settings: settings("people.twice=2 * size"))
        _ = try behind.run(ddl: "ALTER TABLE people DROP COLUMN size")
        #expect(try project.rows("SELECT name FROM users", in: "acme").count == 2)
        #expect(try behind.materialize().failures == [])
        #expect(
            try project.rows("SELECT id, label, twice FROM people ORDER BY id", in: "acme") == [
                [1, "Ann", 6], [2, "Bob", 6],
            ])
        try project.expect(["acme", "main"])
    }

    /// The branch merges main, and main then just moves to it: the step's own commit knows nothing
    /// of what main has added, and nothing of that may be dropped on the way.
    @Test func columnsTheStepDoesNotKnowKeepTheirValues() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN note TEXT")
        try project.run("ALTER TABLE users RENAME COLUMN name TO title")
        try project.run("CREATE TABLE extra(y)")
        try project.execute("UPDATE users SET note = 'keep ' || id", on: "acme")
        try project.execute("INSERT INTO extra VALUES (1)", on: "acme")
        try project.database.switchBranch("feature")
        _ = try project.database.addDataStep("UPDATE users SET email = name || '@step'")
        _ = try project.database.merge("main")
        try project.database.switchBranch("main")
        guard case .fastForward = try project.database.merge("feature") else {
            Issue.record("no fast-forward")
            return
        }
        #expect(
            try project.rows("SELECT id, title, email, note FROM users ORDER BY id", in: "acme")
                == [[1, "Ann", "Ann@step", "keep 1"], [2, "Bob", "Bob@step", "keep 2"]])
        #expect(try project.rows("SELECT * FROM extra", in: "acme") == [[1]])
        try project.expect(["acme", "main"])
    }

    @Test func stepsOfBothSidesOfAMergeAreKeptAndRunOnce() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        _ = try project.database.addDataStep("UPDATE users SET name = name || '1'")
        try project.database.switchBranch("feature")
        _ = try project.database.addDataStep("UPDATE users SET name = name || '2'")
        _ = try project.database.addDataStep("UPDATE users SET name = name || '3'")
        try project.database.switchBranch("main")
        // Which comes first matters, and neither side says so.
        guard case .conflicts(let conflicts) = try project.database.merge("feature") else {
            Issue.record("no conflict")
            return
        }
        #expect(conflicts.map(\.conflict.path) == ["users.name.data-steps"])
        #expect(conflicts[0].conflict.sides.theirs?.contains("|| '3'") == true)
        #expect(try conflicts[0].ours == project.database.commit("main"))
        #expect(try conflicts[0].theirs == project.database.commit("feature"))
        _ = try project.database.resolve("users.name.data-steps", .theirs)
        guard case .merged(let publication) = try project.database.continueMerge() else {
            Issue.record("not merged")
            return
        }
        #expect(publication.dataSteps.map(\.name.number) == [2, 3])
        #expect(
            try project.rows("SELECT name FROM users ORDER BY id", in: "acme") == [
                ["Ann123"], ["Bob123"],
            ])
        #expect(try project.database.materialize().applied == 0)
        try project.expect(["acme", "main"])
    }

    /// Steps on different columns have no order to be decided, whatever their table is called.
    @Test func stepsOnOtherColumnsMergeAndOneDecidedAgainstIsLeftOut() throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        _ = try project.database.createBranch("other")
        try project.run("ALTER TABLE users RENAME COLUMN name TO title")
        _ = try project.database.addDataStep("UPDATE users SET title = title || '1'")
        try project.database.switchBranch("other")
        _ = try project.database.addDataStep("UPDATE users SET email = 'e'")
        try project.database.switchBranch("feature")
        _ = try project.database.addDataStep("UPDATE users SET name = name || '2'")
        try project.database.switchBranch("main")
        guard case .merged = try project.database.merge("other") else {
            Issue.record("not merged")
            return
        }
        // The same column under another name.
        guard case .conflicts(let conflicts) = try project.database.merge("feature") else {
            Issue.record("no conflict")
            return
        }
        #expect(conflicts.map(\.conflict.path) == ["users.title.data-steps"])
        _ = try project.database.resolve("users.title.data-steps", .ours)
        _ = try project.database.continueMerge()
        #expect(
            try project.rows("SELECT title, email FROM users ORDER BY id", in: "acme") == [
                ["Ann1", "e"], ["Bob1", "e"],
            ])
        // It is not brought by merging again either.
        guard case .upToDate = try project.database.merge("feature") else {
            Issue.record("there was something to merge")
            return
        }
        try project.expect(["acme", "main"])
    }

    @Test func aStepIsNotTakenBackByRevert() throws {
        let project = try project()
        let commit = try project.database.addDataStep("UPDATE users SET name = name || '!'").commit
        guard case .upToDate = try project.database.revert(commit.hex) else {
            Issue.record("there was something to revert")
            return
        }
        #expect(try project.rows("SELECT name FROM users WHERE id = 1", in: "acme") == [["Ann!"]])
    }

    /// Names that would end a line, a string or a path stay names.
    @Test func oddNamesStayNames() throws {
        let table = Identifier("-- on a.b\n'x\"; DROP TABLE users; --")
        let column = Identifier("../c.d\n\u{e9}")
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.run("CREATE TABLE \(table.quoted) (\(column.quoted), \"b.c\")")
        try project.execute("INSERT INTO \(table.quoted) VALUES (1, 2)", on: "acme")
        _ = try project.database.addDataStep(
            "UPDATE \(table.quoted) SET \(column.quoted) = 5",
            on: [RowSubject(table: table, column: column)])
        var settings = RolloutSettings()
        settings.backfills = [try Backfill(parsing: "\(table.quoted).e=\"b.c\" || 'it''s'")]
        _ = try project.database.run(
            ddl: "ALTER TABLE \(table.quoted) ADD COLUMN e", settings: settings)
        let error = try project.refused {
            try project.database.addDataStep(
                "UPDATE \(table.quoted) SET \"b.c\" = 1",
                on: [RowSubject(table: table, column: column)])
        }
        #expect(error?.code == .refused)
        // What is read back from the repository is what was written.
        let reopened = try project.reopened()
        try reopened.createTenants(["late"])
        #expect(
            try project.rows("SELECT * FROM \(table.quoted)", in: "acme") == [[5, 2, "2it's"]])
        #expect(try project.rows("SELECT count(*) FROM users", in: "acme") == [[0]])
        try project.expect(["acme", "late", "main"])
        let plan = try reopened.plan(from: "main~3", to: "main")
        #expect(plan.dataSteps.map(\.script).allSatisfy { $0.hasPrefix("UPDATE \"-- on a.b") })
    }

    @Test func aStepThatBeginsWithACommentKeepsIt() throws {
        let project = try project()
        let script = "-- on users.email\nUPDATE users SET name = 'x';"
        _ = try project.database.addDataStep(script)
        let steps = try project.database.plan(from: "main~1", to: "main").dataSteps
        #expect(steps.map(\.script) == [script])
        #expect(steps.map(\.subjects) == [[RowSubject(table: "users", column: "name")]])
    }

    @Test func undoingAStepNeedsForce() throws {
        let project = try project()
        _ = try project.database.addDataStep("UPDATE users SET name = name || '!'")
        let error = try project.refused { try project.database.undo() }
        #expect(error?.code == .refused)
        _ = try project.database.undo(force: true)
        #expect(try project.rows("SELECT name FROM users WHERE id = 1", in: "acme") == [["Ann!"]])
    }

    @Test func aFillIsNeverPassedOver() throws {
        let project = try project()
        let settings = try settings("users.email='x'")
        for command in [
            { _ = try project.database.undo(settings: settings) },
            { _ = try project.database.addDataStep("DELETE FROM users", settings: settings) },
            { _ = try project.database.rebase(onto: "main", settings: settings) },
            {
                _ = try project.database.importMigrations(
                    [Migration(name: "1", sql: "CREATE TABLE x(y)")], settings: settings)
            },
        ] as [() throws -> Void] {
            #expect(try project.refused(body: command)?.code == .usage)
        }
    }

    /// Values can be given when a merge with conflicts begins, and when it is continued.
    @Test(arguments: [true, false])
    func aMergeThatWaitsKeepsItsFills(givenFirst: Bool) throws {
        let project = try project()
        _ = try project.database.createBranch("feature")
        try project.database.switchBranch("feature")
        _ = try demandEmail(in: project)
        try project.run("ALTER TABLE users RENAME COLUMN name TO title", on: "feature")
        try project.run("ALTER TABLE users RENAME COLUMN name TO label")
        let fills = try settings("users.email='?'")
        guard
            case .conflicts = try project.database.merge(
                "feature", settings: givenFirst ? fills : RolloutSettings())
        else {
            Issue.record("no conflict")
            return
        }
        _ = try project.database.resolve("users.label.name", .ours)
        _ = try project.database.continueMerge(
            settings: givenFirst ? RolloutSettings() : fills)
        #expect(try project.rows("SELECT email FROM users WHERE id = 1", in: "acme") == [["?"]])
        try project.expect(["acme", "main"])
    }

    // MARK: Import

    private let history = [
        Migration(
            name: "1", sql: "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE s(x);"),
        Migration(name: "2", sql: "ALTER TABLE t ADD COLUMN uid TEXT NOT NULL DEFAULT '';"),
        Migration(
            name: "3",
            sql: """
                BEGIN;
                UPDATE t SET uid = printf('%08x', id) WHERE uid = '';
                INSERT INTO s VALUES ('seed');
                COMMIT;
                """),
        Migration(name: "4", sql: "CREATE UNIQUE INDEX t_uid ON t(uid);"),
        Migration(name: "5", sql: "UPDATE t SET a = 'changed'; INSERT INTO s VALUES ('more');"),
        Migration(
            name: "6",
            sql: """
                CREATE TABLE n(id INTEGER PRIMARY KEY, a TEXT NOT NULL, uid TEXT NOT NULL DEFAULT '');
                INSERT INTO n SELECT id, coalesce(a, 'none'), uid FROM t;
                DROP TABLE t; ALTER TABLE n RENAME TO t;
                CREATE UNIQUE INDEX t_uid ON t(uid);
                """),
    ]

    @Test func importedValuesThatAConstraintReliesOnReachTenants() throws {
        let project = try TemporaryProject()
        _ = try project.database.importMigrations([history[0]])
        try project.database.createTenants(["acme"])
        try project.execute("INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, 'z')", on: "acme")
        let result = try project.database.importMigrations(Array(history.dropFirst()))
        #expect(
            try project.rows("SELECT * FROM t ORDER BY id", in: "acme") == [
                [1, "changed", "00000001"], [2, "changed", "00000002"], [3, "changed", "00000003"],
            ])
        #expect(
            result.publication.notes == ["5 data statements are recorded as data steps"])
        try project.expect(["acme", "main"])
        #expect(try fsck(project) == "")
    }

    /// What git finds wrong with the repository.
    private func fsck(_ project: TemporaryProject) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "git", "--git-dir", project.database.layout.repository, "fsck", "--strict",
            "--no-dangling",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    @Test func importedValuesThatNothingReliesOnStayOut() throws {
        let project = try TemporaryProject()
        let result = try project.database.importMigrations([
            Migration(name: "1", sql: "CREATE TABLE t(a, b);"),
            Migration(name: "2", sql: "UPDATE t SET a = 1; INSERT INTO t VALUES (1, 2);"),
            Migration(
                name: "3",
                sql: "CREATE TABLE n(a, b NOT NULL); INSERT INTO n(a, b) SELECT a, b FROM t;"
                    + " DROP TABLE t; ALTER TABLE n RENAME TO t;"),
        ])
        #expect(result.publication.notes == ["3 data statements ran but are not recorded"])
        #expect(try project.rows("SELECT * FROM t", in: "main").isEmpty)
    }
}
