import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

/// A change that loses something by the plainest statements for it, and must not lose it here.
struct LossRegression: Sendable, CustomTestStringConvertible {
    /// The rule that prevents it.
    var rule: String
    /// The schema before, rows included.
    var before: String
    var rows: String
    /// The schema after.
    var after: String
    /// What somebody would write who doesn't know the rule.
    var naive: String
    /// What is asked afterwards.
    var question: String
    /// The answer when nothing is lost.
    var intact: [[Value]]
    /// The answer after the naive statements.
    var lost: [[Value]]
    /// Whether the tenant is left as it was instead, and reported.
    var isRefused = false

    var testDescription: String { rule }
}

/// Each rule of changing a tenant, shown first without it on plain SQLite, then with it.
@Suite struct LossRegressionTests {
    private static let family = """
        CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE child(p INTEGER REFERENCES parent(id) ON DELETE CASCADE);
        """
    private static let strictFamily = family.replacing("name TEXT", with: "name TEXT NOT NULL")
    private static let members = """
        INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1), (2);
        """

    /// `t` made anew by its new definition, without anything else.
    private static func rebuilt(_ columns: String, _ copy: String) -> String {
        """
        CREATE TABLE n(\(columns)); INSERT INTO n \(copy) FROM t;
        DROP TABLE t; ALTER TABLE n RENAME TO t;
        """
    }

    static let all: [LossRegression] = [
        LossRegression(
            rule: "foreign keys are off before the transaction begins",
            before: family, rows: members, after: strictFamily,
            naive: """
                PRAGMA foreign_keys = ON; BEGIN; PRAGMA foreign_keys = OFF;
                CREATE TABLE n(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                INSERT INTO n SELECT id, name FROM parent;
                DROP TABLE parent; ALTER TABLE n RENAME TO parent; COMMIT;
                """,
            question: "SELECT count(*) FROM child", intact: [[2]], lost: [[0]]),
        LossRegression(
            rule: "create, copy, drop, rename, in this order",
            before: family, rows: members, after: strictFamily,
            naive: """
                ALTER TABLE parent RENAME TO o;
                CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                INSERT INTO parent SELECT id, name FROM o; DROP TABLE o;
                """,
            question: "SELECT \"table\" FROM pragma_foreign_key_list('child')",
            intact: [["parent"]], lost: [["o"]]),
        LossRegression(
            rule: "columns are named on both sides of the copy",
            before: "CREATE TABLE t(a TEXT, b TEXT)", rows: "INSERT INTO t VALUES ('1', '2')",
            after: "CREATE TABLE t(b TEXT, a TEXT NOT NULL)",
            naive: rebuilt("b TEXT, a TEXT NOT NULL", "SELECT *"),
            question: "SELECT a, b FROM t", intact: [["1", "2"]], lost: [["2", "1"]]),
        LossRegression(
            rule: "rowids stay where no column has them",
            before: "CREATE TABLE t(a TEXT)",
            rows: "INSERT INTO t VALUES ('x'), ('y'), ('z'); DELETE FROM t WHERE a = 'y'",
            after: "CREATE TABLE t(a TEXT NOT NULL)",
            naive: rebuilt("a TEXT NOT NULL", "SELECT a"),
            question: "SELECT rowid, a FROM t", intact: [[1, "x"], [3, "z"]],
            lost: [[1, "x"], [2, "z"]]),
        LossRegression(
            rule: "AUTOINCREMENT goes on from where it was",
            before: "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
            rows: "INSERT INTO t(a) VALUES ('x'), ('y'), ('z'); DELETE FROM t WHERE a = 'z'",
            after: "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL)",
            naive: rebuilt(
                "id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL", "SELECT id, a"),
            question: "SELECT seq FROM sqlite_sequence WHERE name = 't'", intact: [[3]],
            lost: [[2]]),
        LossRegression(
            rule: "indexes come back",
            before: "CREATE TABLE t(a TEXT); CREATE UNIQUE INDEX i ON t(a);", rows: "",
            after: "CREATE TABLE t(a TEXT NOT NULL); CREATE UNIQUE INDEX i ON t(a);",
            naive: rebuilt("a TEXT NOT NULL", "SELECT a"),
            question: "SELECT name FROM sqlite_schema WHERE type = 'index'", intact: [["i"]],
            lost: []),
        LossRegression(
            rule: "triggers come back",
            before: """
                CREATE TABLE t(a TEXT);
                CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
                """, rows: "",
            after: """
                CREATE TABLE t(a TEXT NOT NULL);
                CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
                """,
            naive: rebuilt("a TEXT NOT NULL", "SELECT a"),
            question: "SELECT name FROM sqlite_schema WHERE type = 'trigger'", intact: [["g"]],
            lost: []),
        LossRegression(
            rule: "what ANALYZE learned stays",
            before: "CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a);",
            rows: "INSERT INTO t VALUES ('x'), ('y'); ANALYZE",
            after: "CREATE TABLE t(a TEXT NOT NULL); CREATE INDEX i ON t(a);",
            naive: rebuilt("a TEXT NOT NULL", "SELECT a") + "CREATE INDEX i ON t(a)",
            question: "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 't'", intact: [[1]],
            lost: [[0]]),
        LossRegression(
            rule: "a broken view elsewhere stops nothing half way",
            before: "CREATE TABLE t(a TEXT); CREATE VIEW v AS SELECT x FROM gone;",
            rows: "INSERT INTO t VALUES ('x')",
            after: "CREATE TABLE t(a TEXT NOT NULL); CREATE VIEW v AS SELECT x FROM gone;",
            naive: rebuilt("a TEXT NOT NULL", "SELECT a"),
            question: "SELECT count(*) FROM sqlite_schema WHERE name = 't'", intact: [[1]],
            lost: [[0]]),
        LossRegression(
            rule: "NULL does not become a number of SQLite's own",
            before: "CREATE TABLE t(k INT PRIMARY KEY, a TEXT)",
            rows: "INSERT INTO t VALUES (NULL, 'x')",
            after: "CREATE TABLE t(k INTEGER PRIMARY KEY, a TEXT)",
            naive: rebuilt("k INTEGER PRIMARY KEY, a TEXT", "SELECT k, a"),
            question: "SELECT typeof(k) FROM t", intact: [["null"]], lost: [["integer"]],
            isRefused: true),
        LossRegression(
            rule: "ON CONFLICT IGNORE does not swallow rows",
            before: "CREATE TABLE t(a TEXT)", rows: "INSERT INTO t VALUES ('x'), ('x')",
            after: "CREATE TABLE t(a TEXT UNIQUE ON CONFLICT IGNORE)",
            naive: rebuilt("a TEXT UNIQUE ON CONFLICT IGNORE", "SELECT a"),
            question: "SELECT count(*) FROM t", intact: [[2]], lost: [[1]], isRefused: true),
        LossRegression(
            rule: "ON CONFLICT REPLACE does not swallow rows",
            before: "CREATE TABLE t(k TEXT, a TEXT)",
            rows: "INSERT INTO t VALUES ('k', 'x'), ('k', 'y')",
            after: "CREATE TABLE t(k TEXT PRIMARY KEY ON CONFLICT REPLACE, a TEXT)",
            naive: rebuilt("k TEXT PRIMARY KEY ON CONFLICT REPLACE, a TEXT", "SELECT k, a"),
            question: "SELECT a FROM t", intact: [["x"], ["y"]], lost: [["y"]],
            isRefused: true),
        LossRegression(
            rule: "no row is left without its parent",
            before: """
                CREATE TABLE parent(k TEXT COLLATE NOCASE PRIMARY KEY);
                CREATE TABLE child(k TEXT REFERENCES parent(k));
                """,
            rows: "INSERT INTO parent VALUES ('A'); INSERT INTO child VALUES ('a')",
            after: """
                CREATE TABLE parent(k TEXT PRIMARY KEY);
                CREATE TABLE child(k TEXT REFERENCES parent(k));
                """,
            naive: """
                CREATE TABLE n(k TEXT PRIMARY KEY); INSERT INTO n SELECT k FROM parent;
                DROP TABLE parent; ALTER TABLE n RENAME TO parent;
                """,
            question: "SELECT count(*) FROM pragma_foreign_key_check", intact: [[0]],
            lost: [[1]], isRefused: true),
        LossRegression(
            rule: "a tenant somebody changed by hand is left alone",
            before: "CREATE TABLE t(a TEXT)",
            rows:
                "INSERT INTO t VALUES ('x'); ALTER TABLE t ADD COLUMN mine; UPDATE t SET mine = 1",
            after: "CREATE TABLE t(a TEXT NOT NULL)",
            naive: rebuilt("a TEXT NOT NULL", "SELECT a"),
            question: "SELECT count(*) FROM pragma_table_info('t') WHERE name = 'mine'",
            intact: [[1]], lost: [[0]], isRefused: true),
        LossRegression(
            rule: "nothing is left half done when a row is in the way",
            before: "CREATE TABLE t(a TEXT)", rows: "INSERT INTO t VALUES ('x'), (NULL)",
            after: "CREATE TABLE t(a TEXT NOT NULL)",
            naive: """
                CREATE TABLE n(a TEXT NOT NULL); INSERT OR IGNORE INTO n SELECT a FROM t;
                DROP TABLE t; ALTER TABLE n RENAME TO t;
                """,
            question: "SELECT a FROM t", intact: [["x"], [nil]], lost: [["x"]], isRefused: true),
    ]

    @Test(arguments: all)
    func isLostWithoutTheRuleAndKeptWithIt(_ loss: LossRegression) throws {
        let plain = try Connection()
        try plain.set(.foreignKeys, to: false)
        try plain.execute(loss.before + ";" + loss.rows)
        // Some stop with an error, half way.
        try? plain.execute(loss.naive)
        #expect(try plain.rows(loss.question) == loss.lost, "without the rule")

        let one = try Version("aa01", loss.before)
        let two = try Version("aa02", loss.after)
        let fleet = try TestFleet([one, two])
        try fleet.create(["t"], at: one)
        let file = try fleet.open("t")
        try file.set(.foreignKeys, to: false)
        try file.execute(loss.rows)
        withExtendedLifetime(file) {}
        let outcome = try #require(try fleet.outcomes(to: two).first)
        #expect(outcome.isAtTarget != loss.isRefused, "\(outcome)")
        #expect(try fleet.open("t").rows(loss.question) == loss.intact, "with the rule")
        print(
            "loss prevented: \(loss.rule)"
                + (loss.isRefused ? " (left as it was: \(outcome))" : ""))
    }
}
