import CinchSchema
import Testing

/// What is read off a statement's text.
@Suite struct IdentityEventTests {
    static let events: [(sql: String, event: IdentityEvent?)] = [
        ("ALTER TABLE t RENAME TO x", .renameTable(from: "t", to: "x")),
        ("alter table main.[a b] rename to \"c d\";", .renameTable(from: "a b", to: "c d")),
        ("ALTER TABLE t RENAME COLUMN a TO b", .renameColumn(from: "a", to: "b", table: "t")),
        ("ALTER TABLE t RENAME a TO 'b'", .renameColumn(from: "a", to: "b", table: "t")),
        ("ALTER TABLE t RENAME \"to\" TO b", .renameColumn(from: "to", to: "b", table: "t")),
        ("ALTER TABLE t DROP COLUMN a", .dropColumn("a", table: "t")),
        ("ALTER TABLE t DROP a", .dropColumn("a", table: "t")),
        ("ALTER TABLE t ADD COLUMN a", nil),
        (";ALTER TABLE t RENAME TO x", .renameTable(from: "t", to: "x")),
        ("; -- y\n;\n; DROP TABLE t;", .dropTable("t")),
        (
            ";;INSERT INTO t SELECT * FROM s",
            .copyRows(.init(source: "s", targets: [], columns: nil, isWhole: true), into: "t")
        ),
        (";", nil), (";;", nil),
        ("DROP TABLE t", .dropTable("t")),
        ("/* x */ DROP TABLE IF EXISTS main.t -- y", .dropTable("t")),
        ("CREATE TABLE t (a)", .createTable("t", copying: nil)),
        ("CREATE TEMP TABLE IF NOT EXISTS t (a)", .createTable("t", copying: nil)),
        ("CREATE VIRTUAL TABLE t USING fts5 (a)", .createTable("t", copying: nil)),
        (
            "CREATE TABLE t AS SELECT * FROM s",
            .createTable("t", copying: .init(source: "s", targets: [], columns: nil, isWhole: true))
        ),
        (
            "INSERT INTO t SELECT * FROM s",
            .copyRows(.init(source: "s", targets: [], columns: nil, isWhole: true), into: "t")
        ),
        (
            "INSERT OR IGNORE INTO main.t (a, \"b\") SELECT x, s.y AS b FROM s WHERE 1",
            .copyRows(.init(source: "s", targets: ["a", "b"], columns: ["x", "y"]), into: "t")
        ),
        (
            "REPLACE INTO t (a, b) SELECT coalesce(a, 0), b FROM s",
            .copyRows(.init(source: "s", targets: ["a", "b"], columns: [nil, "b"]), into: "t")
        ),
        (
            "WITH c AS (SELECT 1) INSERT INTO t SELECT DISTINCT a FROM s",
            .copyRows(.init(source: "s", targets: [], columns: ["a"]), into: "t")
        ),
        ("INSERT INTO t VALUES (1)", nil), ("INSERT INTO t DEFAULT VALUES", nil),
        ("INSERT INTO t SELECT 1", nil), ("SELECT * FROM t", nil),
        ("UPDATE t SET a = b WHERE b > 2", nil), ("UPDATE t SET a = 1", nil),
        ("CREATE VIEW v AS SELECT 1", nil), ("CREATE INDEX i ON t (a)", nil), ("", nil),
        ("ALTER TABLE", nil), ("ALTER TABLE t RENAME", nil), ("DROP TABLE 'x", nil), ("\u{1}", nil),
    ]

    @Test(arguments: events.indices)
    func aStatementIsRead(_ row: Int) {
        #expect(IdentityEvent(Self.events[row].sql) == Self.events[row].event)
    }
}
