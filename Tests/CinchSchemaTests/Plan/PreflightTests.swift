import CinchSQLite
import CinchSchema
import Testing

/// A change of the schema, rows that fit it and rows that don't.
struct PreflightCase: Sendable, CustomTestStringConvertible {
    var name: String
    var before: String
    var edits: [String]
    var fitting: String
    var breaking: String
    /// Findings once both are there; none when nothing is asked.
    var findings: [String]
    /// Whether the plan works all the same: it only loses something.
    var works = false

    var testDescription: String { name }

    static let all = nulls + unique + conditions + keys + types
}

extension PreflightCase {
    static let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)"

    static let nulls = [
        PreflightCase(
            name: "NOT NULL", before: users,
            edits: ["DEFINE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER)"],
            fitting: "INSERT INTO users VALUES (1, '', NULL)",
            breaking: "INSERT INTO users(name) VALUES (NULL), (NULL)",
            findings: ["users.name: 2 rows are NULL"]),
        PreflightCase(
            name: "NOT NULL under new names", before: users,
            edits: [
                "ALTER TABLE users RENAME TO people",
                "ALTER TABLE people RENAME COLUMN name TO title",
                "DEFINE people (id INTEGER PRIMARY KEY, title TEXT NOT NULL, age INTEGER)",
            ],
            fitting: "INSERT INTO users VALUES (1, '', NULL)",
            breaking: "INSERT INTO users(name) VALUES (NULL)",
            findings: ["people.title: 1 row is NULL"]),
        PreflightCase(
            name: "a new column without default", before: users,
            edits: ["ALTER TABLE users ADD COLUMN city TEXT NOT NULL"], fitting: "",
            breaking: "INSERT INTO users(name) VALUES ('a'), ('b')",
            findings: ["users.city: 2 rows would be NULL, and there is no default"]),
        PreflightCase(
            name: "a new column in the middle", before: users,
            edits: ["DEFINE users (id INTEGER PRIMARY KEY, name TEXT, city NOT NULL, age INTEGER)"],
            fitting: "", breaking: "INSERT INTO users(name) VALUES ('a')",
            findings: ["users.city: 1 row would be NULL, and there is no default"]),
        PreflightCase(
            name: "NULL in what becomes the rowid", before: "CREATE TABLE t (a INTEGER, b)",
            edits: ["DEFINE t (a INTEGER PRIMARY KEY, b)"],
            fitting: "INSERT INTO t VALUES (4, 1), (2, 1)",
            breaking: "INSERT INTO t VALUES (NULL, 1)", findings: ["t.a: 1 row is NULL"]),
        PreflightCase(
            name: "NULL in the key of WITHOUT ROWID", before: "CREATE TABLE t (a PRIMARY KEY)",
            edits: ["DEFINE t (a PRIMARY KEY) WITHOUT ROWID"],
            fitting: "INSERT INTO t VALUES (4)", breaking: "INSERT INTO t VALUES (NULL), (NULL)",
            findings: ["t.a: 2 rows are NULL"]),
        PreflightCase(
            name: "a clause that lets rows vanish is overruled", before: users,
            edits: [
                """
                DEFINE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL ON CONFLICT IGNORE,
                    age INTEGER CHECK (age > 0))
                """
            ],
            fitting: "", breaking: "INSERT INTO users VALUES (1, NULL, 1)",
            findings: ["users.name: 1 row is NULL"]),
    ]

    static let unique = [
        PreflightCase(
            name: "UNIQUE", before: users,
            edits: ["DEFINE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INTEGER)"],
            fitting: "INSERT INTO users(name) VALUES ('a'), ('A'), (NULL), (NULL)",
            breaking: "INSERT INTO users(name) VALUES ('a'), ('b'), ('b')",
            findings: ["users.name: 4 rows are not unique"]),
        PreflightCase(
            name: "a unique index under another collation", before: users,
            edits: ["CREATE UNIQUE INDEX i ON users (name COLLATE NOCASE, age)"],
            fitting: "INSERT INTO users(name, age) VALUES ('a', 1), ('A', 2), ('a', NULL)",
            breaking: "INSERT INTO users(name, age) VALUES ('A', 1), ('a', NULL)",
            findings: ["users (name, age): 2 rows are not unique"]),
        PreflightCase(
            name: "a column's collation", before: "CREATE TABLE t (a TEXT UNIQUE)",
            edits: ["DEFINE t (a TEXT COLLATE NOCASE UNIQUE)"],
            fitting: "INSERT INTO t VALUES ('a'), ('b')", breaking: "INSERT INTO t VALUES ('A')",
            findings: ["t.a: 2 rows are not unique"]),
        PreflightCase(
            name: "a partial unique index under new names", before: users,
            edits: [
                "ALTER TABLE users RENAME COLUMN name TO \"n\"",
                "ALTER TABLE users RENAME COLUMN age TO years",
                "CREATE UNIQUE INDEX i ON users (n) WHERE years > 17",
            ],
            fitting: "INSERT INTO users(name, age) VALUES ('a', 1), ('a', 2), ('a', 18)",
            breaking: "INSERT INTO users(name, age) VALUES ('a', 19)",
            findings: ["users.n: 2 rows are not unique"]),
        PreflightCase(
            name: "a unique index on an expression", before: users,
            edits: ["CREATE UNIQUE INDEX i ON users (lower(name))"],
            fitting: "INSERT INTO users(name) VALUES ('a'), ('b'), (NULL), (NULL)",
            breaking: "INSERT INTO users(name) VALUES ('A')",
            findings: ["users.name: 2 rows are not unique"]),
        PreflightCase(
            name: "values that become equal", before: "CREATE TABLE t (a TEXT UNIQUE)",
            edits: ["DEFINE t (a INTEGER UNIQUE)"],
            fitting: "INSERT INTO t VALUES ('1'), ('x')", breaking: "INSERT INTO t VALUES ('01')",
            findings: [
                "t.a: 2 rows are not unique", "t.a: 1 row has a value that INTEGER would change",
            ]),
        PreflightCase(
            name: "numbers that become equal", before: "CREATE TABLE t (a INTEGER UNIQUE)",
            edits: ["DEFINE t (a REAL UNIQUE)"],
            fitting: "INSERT INTO t VALUES (1), (9007199254740992)",
            breaking: "INSERT INTO t VALUES (9007199254740993)",
            findings: [
                "t.a: 2 rows are not unique", "t.a: 1 row has a value that REAL would change",
            ]),
        PreflightCase(
            name: "a new primary key", before: "CREATE TABLE t (a INTEGER, b INTEGER)",
            edits: ["DEFINE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))"],
            fitting: "INSERT INTO t VALUES (1, 1), (1, 2), (1, NULL), (1, NULL)",
            breaking: "INSERT INTO t VALUES (1, 2)",
            findings: ["t (a, b): 2 rows are not unique"]),
        PreflightCase(
            name: "fewer columns", before: "CREATE TABLE t (a, b, UNIQUE (a, b))",
            edits: ["DEFINE t (a, b, UNIQUE (a))"],
            fitting: "INSERT INTO t VALUES (1, 1), (2, 1)",
            breaking: "INSERT INTO t VALUES (1, 2)", findings: ["t.a: 2 rows are not unique"]),
    ]

    static let conditions = [
        PreflightCase(
            name: "CHECK", before: users,
            edits: [
                "DEFINE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER CHECK (age > 0))"
            ],
            fitting: "INSERT INTO users(age) VALUES (1), (NULL)",
            breaking: "INSERT INTO users(age) VALUES (0), (-1)",
            findings: ["users.age: 2 rows break CHECK (age > 0)"]),
        PreflightCase(
            name: "CHECK of a table under new names", before: "CREATE TABLE a (x, y)",
            edits: [
                "ALTER TABLE a RENAME TO b", "ALTER TABLE b RENAME COLUMN x TO z",
                "ALTER TABLE b RENAME COLUMN y TO x",
                "DEFINE b (z, x, CHECK (b.z <> \"no\" AND x < z))",
            ],
            fitting: "INSERT INTO a VALUES (2, 1)",
            breaking: "INSERT INTO a VALUES (1, 2), ('no', 1)",
            findings: ["b: 2 rows break CHECK (b.z <> 'no' AND x < z)"]),
        PreflightCase(
            name: "CHECK on a column that is converted is tried", before: users,
            edits: [
                "DEFINE users (id INTEGER PRIMARY KEY, name TEXT, age TEXT CHECK (age <> '0'))"
            ],
            fitting: "INSERT INTO users(age) VALUES (1)",
            breaking: "INSERT INTO users(age) VALUES (0)", findings: []),
        PreflightCase(
            name: "CHECK on a new column is tried", before: users,
            edits: [
                """
                DEFINE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, z DEFAULT 1,
                    CHECK (z < age))
                """
            ],
            fitting: "INSERT INTO users(age) VALUES (2)",
            breaking: "INSERT INTO users(age) VALUES (1)", findings: []),
    ]

    static let family = """
        CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE COLLATE NOCASE);
        CREATE TABLE c (x, y)
        """

    static let keys = [
        PreflightCase(
            name: "FOREIGN KEY", before: family, edits: ["DEFINE c (x REFERENCES p (id), y)"],
            fitting: """
                INSERT INTO p VALUES (7, 'a'); INSERT INTO c VALUES (7, 1), ('7', 1), (NULL, 1)
                """,
            breaking: "INSERT INTO c VALUES (8, 1), ('x', 1)",
            findings: ["c.x: 2 rows have no parent in p"]),
        PreflightCase(
            name: "FOREIGN KEY to text under new names", before: family,
            edits: [
                "ALTER TABLE p RENAME TO q", "ALTER TABLE q RENAME COLUMN code TO word",
                "ALTER TABLE c RENAME COLUMN x TO z",
                "DEFINE c (z, y, FOREIGN KEY (z) REFERENCES q (word))",
            ],
            fitting: """
                INSERT INTO p VALUES (1, 'a'), (2, '7');
                INSERT INTO c VALUES ('A', 1), (7, 1)
                """,
            breaking: "INSERT INTO c VALUES ('b', 1), ('07', 1)",
            findings: ["c.z: 2 rows have no parent in q"]),
        PreflightCase(
            name: "FOREIGN KEY to a new table", before: "CREATE TABLE c (x)",
            edits: ["DEFINE p (id INTEGER PRIMARY KEY)", "DEFINE c (x REFERENCES p)"],
            fitting: "INSERT INTO c VALUES (NULL)", breaking: "INSERT INTO c VALUES (1), (2)",
            findings: ["c.x: 2 rows have no parent in p"]),
        PreflightCase(
            name: "FOREIGN KEY to itself", before: "CREATE TABLE t (id INTEGER PRIMARY KEY, up)",
            edits: ["DEFINE t (id INTEGER PRIMARY KEY, up REFERENCES t)"],
            fitting: "INSERT INTO t VALUES (1, NULL), (2, 1), (3, 3)",
            breaking: "INSERT INTO t VALUES (4, 5)", findings: ["t.up: 1 row has no parent in t"]),
        PreflightCase(
            name: "a key that SQLite can't check is not asked about", before: family,
            edits: ["DEFINE c (x REFERENCES p (id), y REFERENCES c (x))"],
            fitting: "", breaking: "INSERT INTO c VALUES (8, 1)", findings: [], works: true),
    ]

    static let types = [
        PreflightCase(
            name: "text becomes a number", before: "CREATE TABLE t (a TEXT)",
            edits: ["DEFINE t (a INTEGER)"],
            fitting: "INSERT INTO t VALUES ('7'), ('-7'), ('x'), ('1.5'), (NULL), (x'00'), ('')",
            breaking: "INSERT INTO t VALUES ('007'), ('1e2'), (' 7'), ('12345678901234567890')",
            findings: ["t.a: 4 rows have a value that INTEGER would change"], works: true),
        PreflightCase(
            name: "text becomes REAL", before: "CREATE TABLE t (a TEXT)",
            edits: ["DEFINE t (a REAL)"],
            fitting: "INSERT INTO t VALUES ('7'), ('7.0'), ('0.25'), ('x'), (NULL)",
            breaking: "INSERT INTO t VALUES ('07'), ('9007199254740993')",
            findings: ["t.a: 2 rows have a value that REAL would change"], works: true),
        PreflightCase(
            name: "numbers become text", before: "CREATE TABLE t (a)",
            edits: ["DEFINE t (a TEXT)"],
            fitting: "INSERT INTO t VALUES (7), (0.1), (1e300), (9007199254740993), ('007')",
            breaking: "INSERT INTO t VALUES (0.1 + 0.2)",
            findings: ["t.a: 1 row has a value that TEXT would change"], works: true),
        PreflightCase(
            name: "integers become REAL", before: "CREATE TABLE t (a)",
            edits: ["DEFINE t (a REAL)"],
            fitting: "INSERT INTO t VALUES (7), (9007199254740992), ('x')",
            breaking: "INSERT INTO t VALUES (9007199254740993), (9223372036854775807)",
            findings: ["t.a: 2 rows have a value that REAL would change"], works: true),
        PreflightCase(
            name: "STRICT INTEGER", before: "CREATE TABLE t (a)",
            edits: ["DEFINE t (a INTEGER) STRICT"],
            fitting: "INSERT INTO t VALUES (7), ('8'), (9.0), (NULL)",
            breaking: "INSERT INTO t VALUES ('x'), (1.5), (x'31'), ('1.5')",
            findings: [
                "t.a: 4 rows have a value that is no INTEGER",
                "t.a: 0 rows have a value that INTEGER would change",
            ]),
        PreflightCase(
            name: "STRICT TEXT, REAL, BLOB and ANY", before: "CREATE TABLE t (a, b, c, d)",
            edits: ["DEFINE t (a TEXT, b REAL, c BLOB, d ANY) STRICT"],
            fitting: "INSERT INTO t VALUES (1, '2', x'', '007'), (NULL, 3, NULL, NULL)",
            breaking: "INSERT INTO t VALUES (x'', 'x', 1, 1), (x'01', x'02', '', 1)",
            findings: [
                "t.a: 2 rows have a value that is no TEXT",
                "t.b: 2 rows have a value that is no REAL",
                "t.c: 2 rows have a value that is no BLOB",
            ]),
        PreflightCase(
            name: "STRICT alone", before: "CREATE TABLE t (a INTEGER, b TEXT)",
            edits: ["DEFINE t (a INTEGER, b TEXT) STRICT"],
            fitting: "INSERT INTO t VALUES (1, 'a'), (2, 3)",
            breaking: "INSERT INTO t VALUES ('a', x'')",
            findings: [
                "t.a: 1 row has a value that is no INTEGER",
                "t.b: 1 row has a value that is no TEXT",
            ]),
        PreflightCase(
            name: "text becomes the rowid", before: "CREATE TABLE t (a TEXT NOT NULL)",
            edits: ["DEFINE t (a INTEGER PRIMARY KEY)"],
            fitting: "INSERT INTO t VALUES ('3'), ('1')", breaking: "INSERT INTO t VALUES ('x')",
            findings: ["t.a: 1 row has a value that is no INTEGER"]),
    ]
}

@Suite struct PreflightTests {
    @Test(arguments: PreflightCase.all)
    func rowsThatFitPassAndOthersAreCounted(_ row: PreflightCase) throws {
        let from = try Schema(script: row.before).numbered()
        let plan = Plan(from: from, to: try from.edited(by: row.edits).numbered(from: 1000))
        let good = try filled(row.before, row.fitting)
        #expect(try good.findings(of: plan) == [])
        #expect(try good.failure(of: plan) == nil)
        let bad = try filled(row.before, row.fitting + ";" + row.breaking)
        #expect(plan.checks.contains { $0.rule == .trial } == row.name.hasSuffix("is tried"))
        let wanted = row.findings.filter { !$0.contains(": 0 rows") }
        #expect(try bad.findings(of: plan) == wanted)
        #expect(try (bad.failure(of: plan) == nil) == row.works)
    }

    private func filled(_ schema: String, _ rows: String) throws -> Connection {
        let connection = try Connection()
        try connection.execute(schema)
        try connection.execute(rows)
        return connection
    }

    @Test(arguments: [
        ("CREATE TABLE t (a UNIQUE, b)", "DEFINE t (a UNIQUE, b, c DEFAULT (1 + 1))"),
        ("CREATE TABLE t (a NOT NULL, b CHECK (b > 0))", "DEFINE t (b CHECK (b > 0), a NOT NULL)"),
        ("CREATE TABLE t (a PRIMARY KEY, b)", "DEFINE t (a, b, UNIQUE (b, a), PRIMARY KEY (a))"),
        ("CREATE TABLE t (a INT)", "DEFINE t (a BIGINT)"),
        ("CREATE TABLE t (a INT)", "ALTER TABLE t ADD COLUMN b NOT NULL DEFAULT 0"),
        ("CREATE TABLE t (a REFERENCES t (a))", "DEFINE t (a REFERENCES t (a) ON DELETE CASCADE)"),
        (
            "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (lower(a)) WHERE a > 1",
            "DEFINE t (a, b NOT NULL DEFAULT 1)"
        ),
        ("CREATE TABLE t (a)", "ALTER TABLE t ADD COLUMN b CHECK (b > 0)"),
        ("CREATE TABLE t (a TEXT)", "DEFINE t (a)"),
    ])
    func nothingIsAskedThatIsKnown(_ before: String, _ edit: String) throws {
        let from = try Schema(script: before).numbered()
        let to = try from.edited(by: [edit]).numbered(from: 1000)
        #expect(Plan(from: from, to: to).checks == [])
    }

    @Test func aNewTableIsEmptyAndAskedNothing() throws {
        let to = try Schema(
            script: "CREATE TABLE t (a NOT NULL UNIQUE CHECK (a > 0) REFERENCES t (a))")
        #expect(Plan(from: Schema(), to: to).checks == [])
    }
}

extension Connection {
    /// What a plan's checks find, for people.
    func findings(of plan: Plan) throws -> [String] {
        try plan.checks.filter { $0.rule != .trial }.compactMap { check in
            let count = Int(try scalar(check.sql)?.integer ?? 0)
            return count > 0 ? check.summary(count: count) : nil
        }
    }

    /// Why a plan fails on this database, which is as it was afterwards; nil when it works. Rows
    /// that come to be without a parent fail it.
    func failure(of plan: Plan) throws -> String? {
        try execute("PRAGMA foreign_keys = OFF; BEGIN")
        defer { rollback() }
        let before = orphans(in: plan.changedTables)
        do {
            for statement in plan.statements { try execute(statement) }
        } catch {
            return "\(error)"
        }
        let after = orphans(in: plan.changedTables)
        let new = after.first { $0.value > before[$0.key] ?? 0 }
        return new.map { "rows of \($0.key) without a parent" }
    }

    /// How many rows have no parent, by table and parent; tables SQLite can't check have none.
    private func orphans(in tables: [String]) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for table in tables {
            let sql = """
                SELECT "table" || ' to ' || parent, count(*) FROM pragma_foreign_key_check(?)
                GROUP BY 1
                """
            for row in (try? rows(sql, [.text(table)])) ?? [] {
                counts[row[0].text ?? ""] = row[1].integer
            }
        }
        return counts
    }
}
