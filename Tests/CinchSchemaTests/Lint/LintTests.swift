import CinchSQLite
import CinchSchema
import Testing

/// What each rule finds in a change, and what it leaves alone.
@Suite struct LintTests {
    /// A change, and the findings of a rule it brings.
    struct Row: CustomTestStringConvertible, Sendable {
        var code: String
        var edits: [String]
        var found: [String]

        init(_ code: String, _ edits: String..., finds found: [String] = []) {
            self.code = code
            self.edits = edits
            self.found = found
        }

        var testDescription: String { "\(code): \(edits.joined(separator: "; "))" }
    }

    static let base = """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT);
        CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT, t_id INT REFERENCES t (id));
        CREATE TABLE big (id INTEGER PRIMARY KEY, k TEXT);
        CREATE INDEX idx_u_t ON u (t_id);
        CREATE INDEX idx_t_a ON t (a, b);
        CREATE VIEW everything AS SELECT * FROM t;
        CREATE VIEW some AS SELECT id, x FROM u;
        CREATE TRIGGER touch AFTER INSERT ON t BEGIN UPDATE u SET x = 1; END;
        """

    static let rows: [Row] = [
        Row("drop-table", "DROP TABLE big", finds: ["big"]),
        Row("drop-table", "ALTER TABLE big RENAME TO huge"),
        Row("drop-table", "CREATE TABLE n (id INTEGER PRIMARY KEY)"),
        Row("drop-table", "DROP TABLE big", "CREATE TABLE big (id INTEGER)", finds: ["big"]),

        Row("drop-column", "ALTER TABLE t DROP c", finds: ["t.c"]),
        Row("drop-column", "ALTER TABLE t RENAME c TO d"),
        Row("drop-column", "DROP TABLE big"),
        Row("drop-column", "ALTER TABLE t DROP c", "ALTER TABLE t ADD c TEXT", finds: ["t.c"]),

        Row("drop-other", "DROP INDEX idx_u_t", finds: ["idx_u_t"]),
        Row(
            "drop-other", "DROP VIEW some", "DROP TRIGGER touch", finds: ["some", "touch"]),
        // What goes with its table is not told again.
        Row(
            "drop-other", "DROP TRIGGER touch", "DROP TABLE u", "DROP VIEW some",
            finds: ["some", "touch"]),

        Row("drop-other", "ALTER TABLE u RENAME t_id TO task", "CREATE INDEX q ON t (c)"),

        Row(
            "data-dependent", "DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT, c TEXT)",
            finds: ["t.a"]),
        Row("data-dependent", "CREATE UNIQUE INDEX q ON t (b, c)", finds: ["t.b,c"]),
        Row(
            "data-dependent",
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT, CHECK (b > 0))", finds: ["t"]),
        Row(
            "data-dependent", "DEFINE t (id INTEGER PRIMARY KEY, a INT, b INT, c TEXT)",
            finds: ["t.a"]),
        Row(
            "data-dependent",
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT REFERENCES u (id), c TEXT)",
            finds: ["t.b"]),
        Row("data-dependent", "CREATE TABLE n (a TEXT NOT NULL UNIQUE CHECK (a > 1))"),
        Row("data-dependent", "ALTER TABLE t ADD d TEXT NOT NULL DEFAULT ''"),
        Row("data-dependent", "ALTER TABLE t ADD d INT REFERENCES u (id)"),
        Row("data-dependent", "CREATE INDEX q ON t (b)"),
        Row(
            "data-dependent", "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT DEFAULT 1, c TEXT)"),

        Row(
            "not-null-without-default",
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT, d TEXT NOT NULL)",
            finds: ["t.d"]),
        Row("not-null-without-default", "ALTER TABLE t ADD d TEXT NOT NULL DEFAULT 'x'"),
        Row("not-null-without-default", "ALTER TABLE t ADD d TEXT"),
        Row("not-null-without-default", "CREATE TABLE n (id INTEGER PRIMARY KEY, d TEXT NOT NULL)"),

        Row(
            "rename-without-intent", "ALTER TABLE t DROP c", "ALTER TABLE t ADD d TEXT",
            finds: ["t.d"]),
        Row(
            "rename-without-intent", "ALTER TABLE t DROP c", "ALTER TABLE t ADD c INT",
            finds: ["t.c"]),
        Row("rename-without-intent", "ALTER TABLE t DROP c", "ALTER TABLE t ADD d REAL"),
        Row("rename-without-intent", "ALTER TABLE t RENAME c TO d"),
        Row(
            "rename-without-intent", "DROP TABLE big",
            "CREATE TABLE huge (id INTEGER PRIMARY KEY, k TEXT)", finds: ["huge"]),
        Row("rename-without-intent", "DROP TABLE big", "CREATE TABLE notes (body TEXT, at INT)"),

        Row("big-table-index", "CREATE INDEX q ON big (k)", finds: ["q"]),
        Row(
            "big-table-index", "DEFINE big (id INTEGER PRIMARY KEY, k TEXT UNIQUE)",
            finds: ["big.k"]),
        Row("big-table-index", "CREATE INDEX q ON t (b)"),
        Row("big-table-index", "CREATE TABLE big_too (k TEXT)", "CREATE INDEX q ON big_too (k)"),

        Row("fk-without-index", "CREATE TABLE n (t INT REFERENCES t (id))", finds: ["n.t"]),
        Row(
            "fk-without-index", "CREATE TABLE n (t INT REFERENCES t (id), a INT)",
            "CREATE INDEX q ON n (t, a)"),
        Row("fk-without-index", "CREATE TABLE n (t INT UNIQUE REFERENCES t (id))"),
        Row("fk-without-index", "CREATE TABLE n (t INTEGER PRIMARY KEY REFERENCES t (id))"),
        Row(
            "fk-without-index", "CREATE TABLE n (a INT, t INT REFERENCES t (id), UNIQUE (a, t))",
            finds: ["n.t"]),
        Row(
            "fk-without-index", "CREATE TABLE n (t INT REFERENCES t (id))",
            "CREATE INDEX q ON n (t) WHERE t IS NOT NULL"),
        Row(
            "fk-without-index", "CREATE TABLE n (t INT REFERENCES t (id))",
            "CREATE INDEX q ON n (t) WHERE t > 5", finds: ["n.t"]),
        Row("fk-without-index", "DROP INDEX idx_u_t", finds: ["u.t_id"]),
        Row("fk-without-index", "ALTER TABLE u ADD y TEXT"),

        Row("redundant-index", "CREATE INDEX q ON t (a)", finds: ["q"]),
        Row("redundant-index", "CREATE INDEX q ON t (a DESC)", finds: ["q"]),
        Row("redundant-index", "CREATE INDEX q ON t (id)", finds: ["q"]),
        Row("redundant-index", "CREATE INDEX q ON u (t_id, x)", finds: ["idx_u_t"]),
        Row("redundant-index", "CREATE INDEX q ON t (a, b)", finds: ["q"]),
        Row("redundant-index", "CREATE UNIQUE INDEX q ON t (a)"),
        Row("redundant-index", "CREATE UNIQUE INDEX q ON t (a, b)", finds: ["idx_t_a"]),
        Row("redundant-index", "CREATE INDEX q ON t (b)"),
        Row("redundant-index", "CREATE INDEX q ON t (a) WHERE b = 1"),
        Row("redundant-index", "CREATE INDEX q ON t (a COLLATE NOCASE)"),

        Row("select-star", "CREATE VIEW v AS SELECT * FROM u", finds: ["v"]),
        Row("select-star", "CREATE VIEW v AS SELECT u.*, 1 AS one FROM u", finds: ["v"]),
        Row("select-star", "CREATE VIEW v AS SELECT 2 * id AS d, count(*) AS n FROM u"),
        Row("select-star", "CREATE VIEW v AS SELECT id FROM u WHERE EXISTS (SELECT * FROM t)"),
        Row("select-star", "CREATE VIEW v (a, b, c) AS SELECT * FROM u"),
        Row("select-star", "ALTER TABLE t ADD d TEXT", finds: ["everything"]),
        Row("select-star", "ALTER TABLE u ADD d TEXT"),

        Row("type-affinity", "CREATE TABLE n (a STRING)", finds: ["n.a"]),
        Row("type-affinity", "CREATE TABLE n (a FLOATING POINT)", finds: ["n.a"]),
        Row("type-affinity", "CREATE TABLE n (a CHARINT)", finds: ["n.a"]),
        Row("type-affinity", "CREATE TABLE n (a DATETIME)", finds: ["n.a"]),
        Row(
            "type-affinity", "CREATE TABLE n (a DATETIME, b datetime)",
            "CREATE TABLE o (a DATETIME, b STRING, c STRING)", finds: ["n.a", "o.b", "o.c"]),
        Row("type-affinity", "CREATE TABLE n (id INT PRIMARY KEY)", finds: ["n.id"]),
        Row("type-affinity", "ALTER TABLE t ADD d UUID", finds: ["t.d"]),
        Row(
            "type-affinity",
            """
            CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b VARCHAR(20), c REAL, d DOUBLE PRECISION,
                e BLOB, f NUMERIC(10, 2), g BOOLEAN, h UNSIGNED BIG INT, i INT8, j BIGINT, k CLOB,
                l DECIMAL, m TINYINT(1), n INT UNSIGNED, o NVARCHAR(9), p FLOAT)
            """),
        Row("type-affinity", "CREATE TABLE n (id INT PRIMARY KEY) WITHOUT ROWID"),
        Row("type-affinity", "CREATE TABLE n (id INT PRIMARY KEY, a ANY) STRICT", finds: []),

        Row("not-strict", "CREATE TABLE n (a TEXT)", finds: ["n"]),
        Row("not-strict", "CREATE TABLE n (a TEXT) STRICT"),
        Row("not-strict", "ALTER TABLE t ADD d TEXT"),

        Row(
            "reserved-word", "CREATE TABLE \"order\" (\"group\" TEXT, id INT)",
            finds: ["order", "order.group"]),
        Row("reserved-word", "ALTER TABLE t RENAME c TO \"check\"", finds: ["t.check"]),
        Row("reserved-word", "CREATE INDEX \"index\" ON t (b)", finds: ["index"]),
        Row("reserved-word", "CREATE TABLE orders (\"key\" TEXT, action TEXT)"),

        Row(
            "naming", "CREATE TABLE UserProfiles (firstName TEXT)",
            finds: ["UserProfiles", "UserProfiles.firstName"]),
        Row("naming", "ALTER TABLE t ADD \"two words\" TEXT", finds: ["t.two words"]),
        Row("naming", "CREATE TABLE user_profiles (_first_name2 TEXT, straße TEXT)"),
        Row("naming", "CREATE INDEX IX_t ON t (b)"),
    ]

    static let settings = LintSettings(bigTables: [LintPattern("big*")])

    static func found(
        _ edits: [String], in base: String = base, filling: [RowSubject] = [],
        settings: LintSettings = settings
    ) throws -> [LintFinding] {
        let from = try Schema(script: base).numbered()
        let to = try from.edited(by: edits).numbered(from: 1000)
        return Lint.findings(from: from, to: to, filling: filling, settings: settings)
    }

    @Test(arguments: rows)
    func aChangeBringsTheFindingsOfItsRow(_ row: Row) throws {
        let found = try Self.found(row.edits).filter { $0.code == row.code }
        #expect(found.map(\.entity).sorted() == row.found.sorted())
        #expect(found.allSatisfy { !$0.message.isEmpty && $0.place != nil })
    }

    @Test func everyRuleHasRowsBothWays() {
        for rule in Lint.rules {
            let rows = Self.rows.filter { $0.code == rule.code }
            #expect(rows.contains { !$0.found.isEmpty }, "\(rule.code) is never found")
            #expect(rows.contains { $0.found.isEmpty }, "\(rule.code) is always found")
        }
        #expect(Set(Lint.rules.map(\.code)).count == Lint.rules.count)
    }

    @Test func whatWasSoBeforeIsNobodysFinding() throws {
        let bad = """
            CREATE TABLE "order" (id INT PRIMARY KEY, userName STRING REFERENCES t (id));
            CREATE TABLE t (id INTEGER PRIMARY KEY);
            CREATE INDEX i1 ON "order" (userName);
            CREATE INDEX i2 ON "order" (userName, id);
            CREATE VIEW v AS SELECT * FROM "order";
            """
        #expect(try Self.found([], in: bad).isEmpty)
        #expect(try Self.found(["CREATE INDEX i3 ON t (id DESC, id)"], in: bad).map(\.code) == [])
        #expect(
            try Self.found(["ALTER TABLE t RENAME TO z"], in: bad).isEmpty)
    }

    @Test func aColumnThatIsFilledNeedsNoDefault() throws {
        let edits = [
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT NOT NULL, d TEXT NOT NULL)"
        ]
        let codes = { (filling: [RowSubject]) in
            try Self.found(edits, filling: filling).map { "\($0.code) \($0.entity)" }
                .filter { $0.hasPrefix("data") || $0.hasPrefix("not-null") }
        }
        #expect(try codes([]) == ["data-dependent t.c", "not-null-without-default t.d"])
        #expect(
            try codes([
                RowSubject(table: "T", column: "C"), RowSubject(table: "t", column: "d"),
            ]) == [])
        #expect(try codes([RowSubject(table: "t")]) == [])
    }

    @Test func settingsGradeAndSilence() throws {
        var settings = Self.settings
        settings.levels = ["drop-column": .off, "select-star": .severity(.error)]
        let found = try Self.found(["ALTER TABLE t DROP c"], settings: settings)
        #expect(found.map(\.code) == ["select-star"])
        #expect(found.first?.severity == .error)
    }

    @Test func theStyleIsThatOfMostNames() throws {
        let camel =
            "CREATE TABLE userProfiles (firstName TEXT, lastName TEXT, zipCode TEXT, eMail TEXT);"
        let add = [
            "ALTER TABLE userProfiles ADD birthDay TEXT",
            "ALTER TABLE userProfiles ADD home_town TEXT",
        ]
        let naming = { (settings: LintSettings) in
            try Self.found(add, in: camel, settings: settings).filter { $0.code == "naming" }
                .map(\.entity)
        }
        #expect(try naming(LintSettings()) == ["userProfiles.home_town"])
        #expect(try naming(LintSettings(naming: .snake)) == ["userProfiles.birthDay"])
        #expect(
            try naming(LintSettings(naming: .pattern("[a-z]+"))) == [
                "userProfiles.birthDay", "userProfiles.home_town",
            ])
    }

    @Test func linesAreThoseOfTheCanonicalText() throws {
        let base = "CREATE TABLE t (a TEXT, b TEXT, c INT, d TEXT, CHECK (c > 0));"
        let to = "DEFINE t (a TEXT, b TEXT NOT NULL, c INT, CHECK (c > 0), CHECK (c > 1))"
        let from = try Schema(script: base).numbered()
        let after = try from.edited(by: [to])
        for finding in Lint.findings(from: from, to: after) {
            let place = try #require(finding.place)
            let schema = place.isBefore ? from : after
            let lines = try #require(schema.tables[place.name]).ddl(ids: true).split(
                separator: "\n")
            let line = lines[place.line - 1]
            switch (finding.code, finding.entity) {
            case ("drop-column", "t.d"): #expect(line.contains("    d TEXT"))
            case ("data-dependent", "t.b"): #expect(line.contains("    b TEXT NOT NULL"))
            case ("data-dependent", "t"): #expect(line.contains("CHECK (c > 1)"))
            default: Issue.record("\(finding)")
            }
        }
    }

    @Test(arguments: [
        ("users", "users", true), ("users", "Users", true), ("users", "users.a", false),
        ("users.*", "users.a", true), ("logs_*", "logs_", true), ("*_x*", "a_xb_y", true),
        ("a?c", "abc", true), ("a?c", "ac", false), ("", "", true), ("*", "anything", true),
        ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false),
    ])
    func aPatternMeansAllOfAName(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(LintPattern(pattern).matches(name) == matches)
    }
}
