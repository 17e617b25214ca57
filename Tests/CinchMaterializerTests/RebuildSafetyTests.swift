import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

/// Each rule of a safe rebuild, and what is lost without it.
@Suite struct RebuildSafetyTests {
    private static let before = """
        CREATE TABLE parent(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
        CREATE TABLE child(id INTEGER PRIMARY KEY, p REFERENCES parent(id) ON DELETE CASCADE);
        CREATE TABLE plain(a TEXT);
        CREATE INDEX parent_name ON parent(name);
        CREATE INDEX plain_a ON plain(a);
        CREATE TRIGGER parent_touch AFTER INSERT ON parent BEGIN SELECT 1; END;
        CREATE VIEW names AS SELECT name FROM parent;
        """
    private static let rows = """
        INSERT INTO parent(name) VALUES ('a'), ('b'), ('c');
        DELETE FROM parent WHERE name = 'c';
        INSERT INTO child(p) VALUES (1), (2);
        INSERT INTO plain VALUES ('x'), ('y'), ('z');
        DELETE FROM plain WHERE a = 'y';
        ANALYZE;
        """

    let one: Version
    let two: Version
    let fleet: TestFleet

    init() throws {
        one = try Version("aa01", Self.before)
        two = try Version(
            "aa02",
            Self.before
                .replacing("name TEXT)", with: "name TEXT NOT NULL)")
                .replacing("plain(a TEXT)", with: "plain(a TEXT NOT NULL)"))
        fleet = try TestFleet([one, two])
        try fleet.create(["t"], at: one, filledBy: Self.rows)
    }

    @Test func withForeignKeysOnTheSameStatementsLoseTheChildren() throws {
        let connection = try fleet.open("t")
        try connection.set(.foreignKeys, to: true)
        let script = ChangeScript(.init(from: one.schema, to: two.schema))
        try connection.transaction {
            try connection.execute("PRAGMA foreign_keys = OFF")  // too late: it does nothing
            for statement in script.statements { try connection.execute(statement) }
        }
        #expect(try connection.scalar("SELECT count(*) FROM child") == 0)
    }

    @Test func childrenSurviveTheRebuildOfTheirParent() throws {
        #expect(try fleet.outcomes(to: two) == [.applied])
        let connection = try fleet.open("t")
        #expect(try connection.rows("SELECT id, p FROM child") == [[1, 1], [2, 2]])
        #expect(try connection.rows("PRAGMA foreign_key_check").isEmpty)
        #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
    }

    @Test func rowsKeepTheirRowIDs() throws {
        #expect(try fleet.outcomes(to: two) == [.applied])
        let rows = try fleet.open("t").rows("SELECT rowid, a FROM plain ORDER BY rowid")
        #expect(rows == [[1, "x"], [3, "z"]])
    }

    @Test func indexesTriggersAndViewsAreBack() throws {
        let names = try fleet.open("t").schemaEntries().map(\.name).sorted()
        #expect(try fleet.outcomes(to: two) == [.applied])
        let connection = try fleet.open("t")
        #expect(try connection.schemaEntries().map(\.name).sorted() == names)
        #expect(try connection.rows("SELECT name FROM names") == [["a"], ["b"]])
    }

    @Test func anAutoincrementNumberIsNotGivenOutTwice() throws {
        #expect(try fleet.outcomes(to: two) == [.applied])
        let connection = try fleet.open("t")
        try connection.execute("INSERT INTO parent(name) VALUES ('d')")
        #expect(try connection.scalar("SELECT max(id) FROM parent") == 4)
    }

    @Test func whatAnalyzeLearnedIsKept() throws {
        let sql = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx"
        let statistics = try fleet.open("t").rows(sql)
        #expect(statistics.contains { $0[0] == "plain" && $0[1] == "plain_a" })
        #expect(try fleet.outcomes(to: two) == [.applied])
        #expect(try fleet.open("t").rows(sql) == statistics)
    }

    @Test func withoutTheRuleDroppingATableForgetsItsStatistics() throws {
        let connection = try fleet.open("t")
        for statement in ChangeScript(.init(from: one.schema, to: two.schema)).statements {
            try connection.execute(statement)
        }
        let count = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'plain'"
        #expect(try connection.scalar(count) == 0)
    }

    @Test func theUsersNumbersAreKept() throws {
        try fleet.open("t").execute("PRAGMA user_version = 42; PRAGMA application_id = 7")
        #expect(try fleet.outcomes(to: two) == [.applied])
        let connection = try fleet.open("t")
        #expect(try connection.scalar("PRAGMA user_version") == 42)
        #expect(try connection.scalar("PRAGMA application_id") == 7)
    }

    @Test func rowsThatBreakTheNewRuleLeaveTheTenantAsItWas() throws {
        try fleet.open("t").execute("INSERT INTO plain VALUES (NULL)")
        let outcome = try #require(fleet.outcomes(to: two).first)
        guard case .failed(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("NOT NULL constraint failed"))
        let connection = try fleet.open("t")
        #expect(try connection.tenantStamp()?.tree == "aa01")
        #expect(try connection.scalar("SELECT count(*) FROM plain") == 3)
    }
}

/// Foreign keys that point nowhere, before a change or because of it.
@Suite struct ForeignKeyCheckTests {
    private static let before = """
        CREATE TABLE parent(id INTEGER PRIMARY KEY, n INTEGER);
        CREATE TABLE child(id INTEGER PRIMARY KEY, p REFERENCES parent(id));
        """

    @Test func aChangeThatOrphansRowsIsRolledBack() throws {
        let one = try Version("aa01", Self.before)
        let two = try Version("aa02", Self.before + "CREATE TABLE mark(x);")
        let fleet = try TestFleet(
            [one, two],
            script: ChangeScript(
                statements: ["CREATE TABLE mark(x)", "DELETE FROM parent WHERE id = 1"],
                changedTables: ["mark", "parent"]))
        try fleet.create(
            ["t"], at: one,
            filledBy: "INSERT INTO parent VALUES (1, 1); INSERT INTO child VALUES (7, 1)")
        let outcome = try #require(fleet.outcomes(to: two).first)
        guard case .failed(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("1 row of table 'child' with a broken foreign key"))
        #expect(try fleet.open("t").scalar("SELECT count(*) FROM parent") == 1)
    }

    @Test func orphansThatWereThereBeforeDoNotStopAChange() throws {
        let one = try Version("aa01", Self.before)
        let two = try Version("aa02", Self.before.replacing("n INTEGER", with: "n TEXT"))
        let fleet = try TestFleet([one, two])
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO child VALUES (7, 99)")
        #expect(try fleet.outcomes(to: two) == [.applied])
        #expect(try fleet.open("t").rows("SELECT p FROM child") == [[99]])
    }

    @Test func orphansFollowARenamedTable() throws {
        let one = try Version("aa01", Self.before)
        let two = try Version(
            "aa02",
            """
            CREATE TABLE parent(id INTEGER PRIMARY KEY, n INTEGER);
            CREATE TABLE kid(id INTEGER PRIMARY KEY, p REFERENCES parent(id));
            """)
        let fleet = try TestFleet(
            [one, two],
            script: ChangeScript(
                statements: ["ALTER TABLE child RENAME TO kid"], changedTables: ["kid"]))
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO child VALUES (7, 99)")
        #expect(try fleet.outcomes(to: two) == [.applied])
    }
}
