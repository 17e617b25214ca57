import CinchSchema
import Testing

/// The cases of a three-way merge and the answer each must get, run both ways round.
@Suite struct MergeTableTests {
    static let attributes: [MergeCase] = [
        MergeCase(
            "changed on one side",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)",
            theirs: ["CREATE TABLE n (a)"],
            merged: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)", "CREATE TABLE n (a)",
            ]),
        MergeCase(
            "changed alike", ours: "DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)", "DROP TABLE u"],
            merged: ["DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)", "DROP TABLE u"]),
        MergeCase(
            "type to different types", ours: "DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a REAL, b INT)"],
            conflicts: ["both-modified t.a"]),
        MergeCase(
            "different attributes of a column",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x', b INT)"],
            merged: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b INT)"]),
        MergeCase(
            "a type spelled differently", ours: "ALTER TABLE u ADD COLUMN n varchar (10)",
            theirs: ["ALTER TABLE u ADD COLUMN n VARCHAR(10)", "DROP TABLE t"],
            merged: ["ALTER TABLE u ADD COLUMN n VARCHAR(10)", "DROP TABLE t"]),
        MergeCase(
            "a type changed, and spelled differently",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a text, b INT)"],
            merged: ["DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)"]),
        MergeCase(
            "default and default", ours: "DEFINE t (id INTEGER PRIMARY KEY, a DEFAULT 1, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a DEFAULT 2, b INT)", "DROP TABLE u"],
            conflicts: ["both-modified t.a"]),
        MergeCase(
            "collation and collation",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT COLLATE RTRIM, b INT)"],
            conflicts: ["both-modified t.a"]),
        MergeCase(
            "STRICT and a column", ours: "DEFINE u (id INTEGER PRIMARY KEY, x TEXT) STRICT",
            theirs: ["ALTER TABLE u ADD COLUMN y TEXT"],
            merged: ["DEFINE u (id INTEGER PRIMARY KEY, x TEXT, y TEXT) STRICT"]),
        MergeCase(
            "one primary key, on the column and on the table", base: "CREATE TABLE t (a INT, b)",
            ours: "DEFINE t (a INT PRIMARY KEY, b)",
            theirs: ["DEFINE t (a INT, b, PRIMARY KEY (a))"],
            merged: ["DEFINE t (a INT PRIMARY KEY, b)"]),
        MergeCase(
            "primary key and primary key",
            ours: "DEFINE t (id INTEGER, a TEXT PRIMARY KEY, b INT)",
            theirs: ["DEFINE t (id INTEGER, a TEXT, b INT PRIMARY KEY)"],
            conflicts: ["both-modified t"]),
    ]

    static let tables: [MergeCase] = [
        MergeCase(
            "add alike", ours: "CREATE TABLE n (a, b)",
            theirs: ["CREATE TABLE n (a,b)", "DROP TABLE u"],
            merged: ["CREATE TABLE n (a, b)", "DROP TABLE u"]),
        MergeCase(
            "add different", ours: "CREATE TABLE n (a, b)", theirs: ["CREATE TABLE n (a, c)"],
            conflicts: ["both-added n"]),
        MergeCase(
            "drop and drop", ours: "DROP TABLE t", theirs: ["DROP TABLE t", "DROP TABLE u"],
            merged: ["DROP TABLE t", "DROP TABLE u"]),
        MergeCase(
            "drop and edit", ours: "DROP TABLE t", theirs: ["ALTER TABLE t ADD COLUMN c"],
            conflicts: ["modify-delete t"]),
        MergeCase(
            "drop and a foreign key to it", ours: "DROP TABLE t",
            theirs: ["CREATE TABLE n (a REFERENCES t)"],
            conflicts: ["dependency t <- n.foreign key (a)"]),
        MergeCase(
            "drop and an index on it", ours: "DROP TABLE t", theirs: ["CREATE INDEX i ON t (a)"],
            conflicts: ["dependency t <- i"]),
        MergeCase(
            "drop and a trigger on it", ours: "DROP TABLE t",
            theirs: ["CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM u; END"],
            conflicts: ["dependency t <- g"]),
        MergeCase(
            "rename and edit", ours: "ALTER TABLE t RENAME TO people",
            theirs: ["ALTER TABLE t ADD COLUMN c"],
            merged: ["ALTER TABLE t ADD COLUMN c", "ALTER TABLE t RENAME TO people"]),
        MergeCase(
            "rename alike", ours: "ALTER TABLE t RENAME TO x",
            theirs: ["ALTER TABLE t RENAME TO x", "DROP TABLE u"],
            merged: ["ALTER TABLE t RENAME TO x", "DROP TABLE u"]),
        MergeCase(
            "rename to different names", ours: "ALTER TABLE t RENAME TO x",
            theirs: ["ALTER TABLE t RENAME TO y"], conflicts: ["rename-rename x"]),
        MergeCase(
            "two tables to one name", ours: "ALTER TABLE t RENAME TO x",
            theirs: ["ALTER TABLE u RENAME TO x"], conflicts: ["name-collision x"]),
        MergeCase(
            "rename and add of that name", ours: "ALTER TABLE t RENAME TO x",
            theirs: ["CREATE TABLE x (a)"], conflicts: ["name-collision x"]),
        MergeCase(
            "rename and a view of that name", ours: "ALTER TABLE t RENAME TO x",
            theirs: ["CREATE VIEW x AS SELECT 1"], conflicts: ["name-collision x"]),
        MergeCase(
            "table and view of one name", ours: "CREATE TABLE x (a)",
            theirs: ["CREATE VIEW x AS SELECT 1"], conflicts: ["name-collision x"]),
        MergeCase(
            "table and index of one name", ours: "CREATE TABLE x (a)",
            theirs: ["CREATE INDEX x ON t (a)"], conflicts: ["name-collision x"]),
        MergeCase(
            "rename and drop", ours: "ALTER TABLE t RENAME TO x", theirs: ["DROP TABLE t"],
            conflicts: ["modify-delete x"]),
        MergeCase(
            "swapped names and an edit",
            ours: "ALTER TABLE t RENAME TO tmp", "ALTER TABLE u RENAME TO t",
            "ALTER TABLE tmp RENAME TO u", theirs: ["ALTER TABLE t ADD COLUMN c"],
            merged: [
                "ALTER TABLE t ADD COLUMN c", "ALTER TABLE t RENAME TO tmp",
                "ALTER TABLE u RENAME TO t", "ALTER TABLE tmp RENAME TO u",
            ]),
        MergeCase(
            "a dropped table's name taken over, and an edit of the one that took it",
            ours: "DROP TABLE t", "ALTER TABLE u RENAME TO t",
            theirs: ["ALTER TABLE u ADD COLUMN c"],
            merged: ["DROP TABLE t", "ALTER TABLE u ADD COLUMN c", "ALTER TABLE u RENAME TO t"]),
        MergeCase(
            "a dropped table's name taken over, and an edit of the dropped",
            ours: "DROP TABLE t", "ALTER TABLE u RENAME TO t",
            theirs: ["ALTER TABLE t ADD COLUMN c"], conflicts: ["modify-delete t"]),
        MergeCase(
            "drop and create again, and an edit", ours: "DROP TABLE t", "CREATE TABLE t (z)",
            theirs: ["ALTER TABLE t ADD COLUMN c"],
            conflicts: ["modify-delete t", "name-collision t"]),
        MergeCase(
            "drop and create again, and an index on the old",
            ours: "DROP TABLE t", "CREATE TABLE t (a)", theirs: ["CREATE INDEX i ON t (a)"],
            conflicts: ["dependency t <- i"]),
        MergeCase(
            "drop and create again, and a view on the old",
            ours: "DROP TABLE t", "CREATE TABLE t (a)",
            theirs: ["CREATE VIEW v AS SELECT a FROM t"], conflicts: ["dependency t <- v"]),
        MergeCase(
            "drop and create again, and a foreign key to the old",
            ours: "DROP TABLE t", "CREATE TABLE t (a)",
            theirs: ["CREATE TABLE n (a REFERENCES t)"],
            conflicts: ["dependency t <- n.foreign key (a)"]),
        MergeCase(
            "virtual table renamed differently",
            base: "CREATE VIRTUAL TABLE v USING fts5 (a); CREATE TABLE t (a)",
            ours: "ALTER TABLE v RENAME TO x", theirs: ["ALTER TABLE v RENAME TO y"],
            conflicts: ["rename-rename x"]),
        MergeCase(
            "virtual table renamed and dropped",
            base: "CREATE VIRTUAL TABLE v USING fts5 (a); CREATE TABLE t (a)",
            ours: "ALTER TABLE v RENAME TO x", theirs: ["DROP TABLE v"],
            conflicts: ["modify-delete x"]),
        MergeCase(
            "virtual table renamed beside an edit",
            base: "CREATE VIRTUAL TABLE v USING fts5 (a); CREATE TABLE t (a)",
            ours: "ALTER TABLE v RENAME TO x", theirs: ["ALTER TABLE t ADD COLUMN b"],
            merged: ["ALTER TABLE v RENAME TO x", "ALTER TABLE t ADD COLUMN b"]),
    ]

    static let columns: [MergeCase] = [
        MergeCase(
            "add different ones", ours: "ALTER TABLE t ADD COLUMN c INT",
            theirs: ["ALTER TABLE t ADD COLUMN d INT"],
            merged: ["ALTER TABLE t ADD COLUMN c INT", "ALTER TABLE t ADD COLUMN d INT"]),
        MergeCase(
            "add alike", ours: "ALTER TABLE t ADD COLUMN c INT",
            theirs: ["ALTER TABLE t ADD COLUMN c INT", "DROP TABLE u"],
            merged: ["ALTER TABLE t ADD COLUMN c INT", "DROP TABLE u"]),
        MergeCase(
            "add one name differently", ours: "ALTER TABLE t ADD COLUMN c INT",
            theirs: ["ALTER TABLE t ADD COLUMN c TEXT"], conflicts: ["both-added t.c"]),
        MergeCase(
            "drop and drop", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["ALTER TABLE t DROP COLUMN a", "DROP TABLE u"],
            merged: ["ALTER TABLE t DROP COLUMN a", "DROP TABLE u"]),
        MergeCase(
            "drop and edit", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a BLOB, b INT)"],
            conflicts: ["modify-delete t.a"]),
        MergeCase(
            "drop and rename", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["ALTER TABLE t RENAME a TO z"], conflicts: ["modify-delete t.z"]),
        MergeCase(
            "drop and an index on it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["CREATE INDEX i ON t (a)"], conflicts: ["dependency t.a <- i"]),
        MergeCase(
            "drop and an index that computes from it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["CREATE INDEX i ON t (b) WHERE a > 1"], conflicts: ["dependency t.a <- i"]),
        MergeCase(
            "drop and a CHECK on it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (a > b))"],
            conflicts: ["dependency t.a <- t.check (a > b)"]),
        MergeCase(
            "drop and UNIQUE on it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, UNIQUE (a, b))"],
            conflicts: ["dependency t.a <- t.unique (a, b)"]),
        MergeCase(
            "drop and a generated column from it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["ALTER TABLE t ADD COLUMN g AS (upper(a))"],
            conflicts: ["dependency t.a <- t.g"]),
        MergeCase(
            "drop and a foreign key to it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: ["CREATE TABLE n (q REFERENCES t (a))"],
            conflicts: ["dependency t.a <- n.foreign key (q)"]),
        MergeCase(
            "drop and a foreign key from it", ours: "ALTER TABLE t DROP COLUMN a",
            theirs: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, FOREIGN KEY (a) REFERENCES u)"
            ], conflicts: ["dependency t.a <- t.foreign key (a)"]),
        MergeCase(
            "rename and edit", ours: "ALTER TABLE t RENAME a TO z",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a BLOB NOT NULL, b INT)"],
            merged: [
                "DEFINE t (id INTEGER PRIMARY KEY, a BLOB NOT NULL, b INT)",
                "ALTER TABLE t RENAME a TO z",
            ]),
        MergeCase(
            "rename to different names", ours: "ALTER TABLE t RENAME a TO y",
            theirs: ["ALTER TABLE t RENAME a TO z"], conflicts: ["rename-rename t.y"]),
        MergeCase(
            "two columns to one name", ours: "ALTER TABLE t RENAME a TO z",
            theirs: ["ALTER TABLE t RENAME b TO z"], conflicts: ["name-collision t.z"]),
        MergeCase(
            "rename and add of that name", ours: "ALTER TABLE t RENAME a TO z",
            theirs: ["ALTER TABLE t ADD COLUMN z"], conflicts: ["name-collision t.z"]),
        MergeCase(
            "rename of two", ours: "ALTER TABLE t RENAME a TO y",
            theirs: ["ALTER TABLE t RENAME b TO z"],
            merged: ["ALTER TABLE t RENAME a TO y", "ALTER TABLE t RENAME b TO z"]),
        MergeCase(
            "swapped names and an edit",
            ours: "ALTER TABLE t RENAME a TO c", "ALTER TABLE t RENAME b TO a",
            "ALTER TABLE t RENAME c TO b",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)"],
            merged: ["DEFINE t (id INTEGER PRIMARY KEY, b TEXT NOT NULL, a INT)"]),
        MergeCase(
            "rename, and what names the old", ours: "ALTER TABLE t RENAME a TO z",
            theirs: [
                "CREATE INDEX i ON t (lower(a)) WHERE a > ''",
                "CREATE VIEW v AS SELECT a, t.b FROM t WHERE t.a = 'a'",
                "CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN UPDATE u SET x = new.a; END",
                "CREATE UNIQUE INDEX j ON t (a)", "CREATE TABLE n (q REFERENCES t (a))",
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (a <> 'a'))",
            ],
            merged: [
                "CREATE INDEX i ON t (lower(a)) WHERE a > ''",
                "CREATE VIEW v AS SELECT a, t.b FROM t WHERE t.a = 'a'",
                "CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN UPDATE u SET x = new.a; END",
                "CREATE UNIQUE INDEX j ON t (a)", "CREATE TABLE n (q REFERENCES t (a))",
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (a <> 'a'))",
                "ALTER TABLE t RENAME a TO z",
            ]),
        MergeCase(
            "expand and contract: a dropped column's name taken over, and an addition",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME b TO a",
            theirs: ["ALTER TABLE t ADD COLUMN c"],
            merged: [
                "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME b TO a",
                "ALTER TABLE t ADD COLUMN c",
            ]),
        MergeCase(
            "a dropped column's name taken over, and an edit of the one that took it",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME b TO a",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b REAL)"],
            merged: ["DEFINE t (id INTEGER PRIMARY KEY, a REAL)"]),
        MergeCase(
            "a dropped column's name taken over, and a CHECK on the dropped",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME b TO a",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (a > 1))"],
            conflicts: ["dependency t.a <- t.check (a > 1)"]),
        MergeCase(
            "drop and add again, and an edit",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a REAL",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)"],
            conflicts: ["modify-delete t.a", "name-collision t.a"]),
        MergeCase(
            "drop and add again, nothing else",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a REAL",
            theirs: ["DROP TABLE u"],
            merged: [
                "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a REAL", "DROP TABLE u",
            ]),
        MergeCase(
            "drop and add again, and an index on the old",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a REAL",
            theirs: ["CREATE INDEX i ON t (a)"], conflicts: ["dependency t.a <- i"]),
        MergeCase(
            "drop and add again, and a view of the old",
            ours: "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a REAL",
            theirs: ["CREATE VIEW v AS SELECT a FROM t"], conflicts: ["dependency t.a <- v"]),
        MergeCase(
            "each drops what the other keeps", base: "CREATE TABLE t (a, b); CREATE TABLE u (x)",
            ours: "ALTER TABLE t DROP COLUMN a", theirs: ["ALTER TABLE t DROP COLUMN b"],
            conflicts: ["modify-delete t"]),
        MergeCase(
            "a new order and an addition", ours: "DEFINE t (b INT, a TEXT, id INTEGER PRIMARY KEY)",
            theirs: ["ALTER TABLE t ADD COLUMN c"],
            merged: ["DEFINE t (b INT, a TEXT, id INTEGER PRIMARY KEY, c)"]),
        MergeCase(
            "generated differently", base: "CREATE TABLE t (a, g AS (a))",
            ours: "DEFINE t (a, g AS (a + 1))", theirs: ["DEFINE t (a, g AS (a + 2))"],
            conflicts: ["both-modified t.g"]),
    ]

    static let entities: [MergeCase] = [
        MergeCase(
            "indexes alike", ours: "CREATE INDEX i ON t (a)",
            theirs: ["create index \"i\" on t(\"a\")", "DROP TABLE u"],
            merged: ["CREATE INDEX i ON t (a)", "DROP TABLE u"]),
        MergeCase(
            "indexes of one name", ours: "CREATE INDEX i ON t (a)",
            theirs: ["CREATE INDEX i ON t (b)"], conflicts: ["both-added i"]),
        MergeCase(
            "index of one name on different tables", ours: "CREATE INDEX i ON t (a)",
            theirs: ["CREATE INDEX i ON u (x)"], conflicts: ["both-added i"]),
        MergeCase(
            "indexes on the same columns", ours: "CREATE INDEX i ON t (a)",
            theirs: ["CREATE INDEX j ON t (a)"],
            merged: ["CREATE INDEX i ON t (a)", "CREATE INDEX j ON t (a)"]),
        MergeCase(
            "index dropped and edited", base: base(adding: "CREATE INDEX i ON t (a)"),
            ours: "DROP INDEX i", theirs: ["DROP INDEX i", "CREATE INDEX i ON t (b)"],
            conflicts: ["modify-delete i"]),
        MergeCase(
            "index dropped with its table", base: base(adding: "CREATE INDEX i ON t (a)"),
            ours: "DROP TABLE t", theirs: ["ALTER TABLE u ADD COLUMN c"],
            merged: ["DROP TABLE t", "ALTER TABLE u ADD COLUMN c"]),
        MergeCase(
            "views differently", ours: "CREATE VIEW v AS SELECT a FROM t",
            theirs: ["CREATE VIEW v AS SELECT b FROM t"], conflicts: ["both-added v"]),
        MergeCase(
            "view edited and dropped", base: base(adding: "CREATE VIEW v AS SELECT a FROM t"),
            ours: "DROP VIEW v", theirs: ["DROP VIEW v", "CREATE VIEW v AS SELECT b FROM t"],
            conflicts: ["modify-delete v"]),
        MergeCase(
            "view edited beside a rename of what it reads",
            base: base(adding: "CREATE VIEW v AS SELECT a FROM t"),
            ours: "ALTER TABLE t RENAME a TO z", "ALTER TABLE t RENAME TO people",
            theirs: ["DROP VIEW v", "CREATE VIEW v AS SELECT a, b FROM t"],
            merged: [
                "DROP VIEW v", "CREATE VIEW v AS SELECT a, b FROM t", "ALTER TABLE t RENAME a TO z",
                "ALTER TABLE t RENAME TO people",
            ]),
        MergeCase(
            "triggers edited differently",
            base: base(adding: "CREATE TRIGGER g DELETE ON t BEGIN SELECT 1; END"),
            ours: "DROP TRIGGER g", "CREATE TRIGGER g DELETE ON t BEGIN SELECT 2; END",
            theirs: ["DROP TRIGGER g", "CREATE TRIGGER g DELETE ON t BEGIN SELECT 3; END"],
            conflicts: ["both-modified g"]),
        MergeCase(
            "view dropped and an INSTEAD OF trigger on it",
            base: base(adding: "CREATE VIEW v AS SELECT a FROM t"), ours: "DROP VIEW v",
            theirs: ["CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END"],
            conflicts: ["dependency v <- g"]),
    ]

    static let constraints: [MergeCase] = [
        MergeCase(
            "foreign keys alike",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, FOREIGN KEY (b) REFERENCES u)",
            theirs: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, FOREIGN KEY (b) REFERENCES u)",
                "ALTER TABLE u ADD COLUMN c",
            ],
            merged: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, FOREIGN KEY (b) REFERENCES u)",
                "ALTER TABLE u ADD COLUMN c",
            ]),
        MergeCase(
            "foreign keys with different actions",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT,"
                + " FOREIGN KEY (b) REFERENCES u ON DELETE CASCADE)",
            theirs: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT,"
                    + " FOREIGN KEY (b) REFERENCES u ON DELETE SET NULL)"
            ], conflicts: ["both-added t"]),
        MergeCase(
            "foreign keys in another order with different actions",
            base: "CREATE TABLE p (x, y, UNIQUE (x, y)); CREATE TABLE t (a, b)",
            ours: "DEFINE t (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y))",
            theirs: ["DEFINE t (a, b, FOREIGN KEY (b, a) REFERENCES p (y, x) ON DELETE CASCADE)"],
            conflicts: ["both-added t"]),
        MergeCase(
            "a foreign key on the column and one on the table",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT REFERENCES u ON DELETE CASCADE)",
            theirs: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT,"
                    + " FOREIGN KEY (b) REFERENCES u ON DELETE SET NULL)"
            ], conflicts: ["both-added t"]),
        MergeCase(
            "references on the column",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT REFERENCES u ON DELETE CASCADE)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT REFERENCES u (x))"],
            conflicts: ["both-modified t.b"]),
        MergeCase(
            "checks that both added",
            ours: "DEFINE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a > 'a'), b INT)",
            theirs: ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a < 'z'), b INT)"],
            merged: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a > 'a') CHECK (a < 'z'), b INT)"
            ]),
        MergeCase(
            "a column's check edited differently",
            base: "CREATE TABLE t (a CHECK (a > 1))", ours: "DEFINE t (a CHECK (a > 2))",
            theirs: ["DEFINE t (a CHECK (a > 3))"], conflicts: ["both-modified t.a"]),
        MergeCase(
            "a column's check edited and dropped",
            base: "CREATE TABLE t (a CHECK (a > 1))", ours: "DEFINE t (a CHECK (a > 2))",
            theirs: ["DEFINE t (a)"], conflicts: ["both-modified t.a"]),
        MergeCase(
            "a table's check edited differently",
            base: "CREATE TABLE t (a, CHECK (a > 1))", ours: "DEFINE t (a, CHECK (a > 2))",
            theirs: ["DEFINE t (a, CHECK (a > 3))"], conflicts: ["both-modified t"]),
        MergeCase(
            "a table's check edited and dropped",
            base: "CREATE TABLE t (a, CHECK (a > 1))", ours: "DEFINE t (a, CHECK (a > 2))",
            theirs: ["DEFINE t (a)"], conflicts: ["modify-delete t"]),
        MergeCase(
            "a named check edited and dropped",
            base: "CREATE TABLE t (a, CONSTRAINT c CHECK (a > 1))",
            ours: "DEFINE t (a, CONSTRAINT c CHECK (a > 2))", theirs: ["DEFINE t (a)"],
            conflicts: ["modify-delete t"]),
        MergeCase(
            "named checks of one name",
            ours: "DEFINE u (id INTEGER PRIMARY KEY, x TEXT, CONSTRAINT c CHECK (x > 1))",
            theirs: ["DEFINE u (id INTEGER PRIMARY KEY, x TEXT, CONSTRAINT c CHECK (x > 2))"],
            conflicts: ["both-added u"]),
        MergeCase(
            "constraints in another order", base: "CREATE TABLE t (a, UNIQUE (a), CHECK (a > 1))",
            ours: "DEFINE t (a, CHECK (a > 1), UNIQUE (a))", theirs: ["CREATE TABLE n (a)"],
            merged: ["DEFINE t (a, CHECK (a > 1), UNIQUE (a))", "CREATE TABLE n (a)"]),
        MergeCase(
            "unique with different conflict clauses", base: "CREATE TABLE t (a)",
            ours: "DEFINE t (a UNIQUE ON CONFLICT IGNORE)",
            theirs: ["DEFINE t (a UNIQUE ON CONFLICT REPLACE)"], conflicts: ["both-modified t.a"]),
    ]

    private static func base(adding sql: String) -> String { MergeCase.base + sql }

    @Test(arguments: attributes + tables + columns + entities + constraints)
    func bothWaysRound(_ row: MergeCase) throws {
        let (base, ours, theirs, merged) = try row.schemas()
        let forth = try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) {
            try $0.renamed($1)
        }
        let back = try SchemaMerge.merge(base: base, ours: theirs, theirs: ours) {
            try $0.renamed($1)
        }
        expectSound(forth, base: base, ours: ours, theirs: theirs)
        let said = forth.conflicts.map(\.summary).joined(separator: "\n")
        if let merged {
            #expect(forth.conflicts.isEmpty && back.conflicts.isEmpty, "\(said)")
            #expect(forth.schema.withoutIDs.ddl(ids: false) == merged.ddl(ids: false))
            #expect(forth.schema.unordered == merged.unordered)
            #expect(back.schema.unordered == merged.unordered)
            #expect(forth.schema.refusal() == nil)
        } else {
            let kinds = forth.conflicts.map(\.label)
            #expect(Set(kinds) == Set(row.conflicts), "\(said)")
            // A thing that has two names is called by our side's.
            #expect(
                Set(back.conflicts.map(\.kind)) == Set(forth.conflicts.map(\.kind)), "\(said)")
        }
    }
}

extension Schema {
    /// Without ids, and with columns and constraints in an order that depends on neither side.
    var unordered: Schema {
        var copy = withoutIDs
        copy.tables = copy.tables.mapValues { table in
            var table = table
            table.columns.sort { $0.name < $1.name }
            for place in table.columns.indices {
                table.columns[place].checks.sort { $0.rule.sql < $1.rule.sql }
            }
            table.constraints.sort { $0.ddl < $1.ddl }
            return table
        }
        return copy
    }
}
