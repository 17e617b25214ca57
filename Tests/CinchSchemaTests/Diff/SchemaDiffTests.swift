import CinchSchema
import Testing

/// What differs between two schemas, in words.
@Suite struct SchemaDiffTests {
    static let rows: [(edits: [String], summaries: [String])] = [
        (["CREATE TABLE n (a)"], ["create table n"]), (["DROP TABLE u"], ["drop table u"]),
        (["ALTER TABLE t RENAME TO z"], ["rename table t to z"]),
        (["ALTER TABLE t RENAME a TO z"], ["rename column t.a to z"]),
        (["ALTER TABLE t ADD c INT"], ["add column t.c INT"]),
        (["ALTER TABLE t DROP a"], ["drop column t.a"]),
        (
            ["ALTER TABLE t DROP a", "ALTER TABLE t ADD a TEXT"],
            ["drop column t.a", "add column t.a TEXT"]
        ),
        (
            ["DROP TABLE u", "CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT)"],
            ["drop table u", "create table u"]
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)"],
            ["alter column t.a: a TEXT -> a TEXT NOT NULL"]
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (b > 1))"],
            ["add constraint on t: CHECK (b > 1)"]
        ),
        (["DEFINE t (a TEXT, id INTEGER PRIMARY KEY, b INT)"], ["alter table t"]),
        (
            ["CREATE INDEX i ON t (a)", "CREATE VIEW v AS SELECT 1"],
            ["create index i", "create view v"]
        ),
        (
            ["ALTER TABLE t RENAME TO z", "ALTER TABLE z RENAME a TO q", "ALTER TABLE z ADD c"],
            ["rename table t to z", "rename column z.a to q", "add column z.c"]
        ),
    ]

    @Test(arguments: rows.indices)
    func eachChangeIsNamedOnce(_ row: Int) throws {
        let from = try Schema(script: MergeCase.base).numbered()
        let to = try from.edited(by: Self.rows[row].edits).numbered(from: 1000)
        let changes = SchemaDiff(from: from, to: to).changes
        #expect(changes.map(\.summary) == Self.rows[row].summaries)
    }

    @Test func anIndexThatFollowsARenameIsNoChange() throws {
        let from = try Schema(
            script: MergeCase.base + "CREATE INDEX i ON t (lower(a)) WHERE a > 1;"
        )
        .numbered()
        let to = try from.edited(by: ["ALTER TABLE t RENAME a TO z", "ALTER TABLE t RENAME TO q"])
        #expect(
            SchemaDiff(from: from, to: to).changes.map(\.summary)
                == ["rename table t to q", "rename column q.a to z"])
    }
}
