import CinchSQLite
import CinchSchema
import Testing

/// The rules of a rebuild (`TableRebuild`, R1–R6): what is lost without each, then that a plan
/// loses nothing.
@Suite struct RebuildRuleTests {
    private func database(_ script: String) throws -> Connection {
        let connection = try Connection()
        try connection.execute(script)
        return connection
    }

    /// Runs the plan to the schema with `table` written anew, in one transaction.
    private func change(_ connection: Connection, _ table: String) throws -> Plan {
        let from = try Schema(of: connection).numbered()
        let plan = Plan(from: from, to: try from.edited(by: ["DEFINE " + table]))
        try connection.transaction {
            for statement in plan.statements { try connection.execute(statement) }
        }
        #expect(plan.rebuilds.count == 1)
        return plan
    }

    private func sql(_ name: String, in connection: Connection) throws -> String? {
        try connection.scalar("SELECT sql FROM sqlite_schema WHERE name = ?", [.text(name)])?.text
    }

    static let family = """
        CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);
        INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1), (2), (2);
        """

    /// SQLite compiles an added column at once: what it names has to be there already.
    @Test func aColumnThatNamesALaterOneIsNotAdded() throws {
        let connection = try database("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        _ = try change(connection, "t (a, b AS (c || 'x'), c DEFAULT 'y')")
        #expect(try connection.rows("SELECT * FROM t") == [[1, "yx", "y"]])
    }

    @Test func r1ChildrenKeepReferringToTheirParent() throws {
        let naive = try database(Self.family)
        try naive.execute(
            """
            ALTER TABLE p RENAME TO old_p; CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
            INSERT INTO p SELECT * FROM old_p; DROP TABLE old_p
            """)
        #expect(try sql("c", in: naive)?.contains("old_p") == true)

        let connection = try database(Self.family)
        _ = try change(connection, "p (id INTEGER PRIMARY KEY, a TEXT NOT NULL)")
        #expect(try sql("c", in: connection)?.contains("REFERENCES p ON") == true)
        #expect(try connection.scalar("SELECT count(*) FROM c") == 3)
        #expect(try connection.rows("PRAGMA foreign_key_check").isEmpty)
    }

    @Test func r1WithForeignKeysOnTheRowsOfChildrenWouldGo() throws {
        let naive = try database("PRAGMA foreign_keys = ON;" + Self.family)
        let from = try Schema(of: naive).numbered()
        let to = try from.edited(by: ["DEFINE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL)"])
        try naive.transaction {
            // A no-op inside a transaction, which is why the caller has to do it before.
            try naive.execute("PRAGMA foreign_keys = OFF")
            for statement in Plan(from: from, to: to).statements { try naive.execute(statement) }
        }
        #expect(try naive.scalar("SELECT count(*) FROM c") == 0)
    }

    static let generated = """
        CREATE TABLE t (a INT, g AS (a * 2) STORED, b INT);
        INSERT INTO t (a, b) VALUES (1, 10), (2, 20);
        """

    @Test func r2ColumnsAreListedAndGeneratedOnesComputed() throws {
        let naive = try database(
            Self.generated + "CREATE TABLE n (b INT NOT NULL, a INT, g AS (a * 2) STORED);")
        try naive.execute("INSERT INTO n SELECT a, b FROM t")
        #expect(try naive.rows("SELECT a, g, b FROM n").first == [10, 20, 1])

        let connection = try database(Self.generated)
        _ = try change(connection, "t (b INT NOT NULL, a INT, g AS (a * 2) STORED)")
        #expect(try connection.rows("SELECT a, g, b FROM t") == [[1, 2, 10], [2, 4, 20]])
    }

    static let gaps = """
        CREATE TABLE t (a TEXT); INSERT INTO t (rowid, a) VALUES (7, 'x'), (3, 'y'), (90, 'z');
        """

    @Test func r3RowsKeepTheirRowid() throws {
        let naive = try database(Self.gaps + "CREATE TABLE n (a TEXT NOT NULL);")
        try naive.execute("INSERT INTO n (a) SELECT a FROM t")
        #expect(try naive.rows("SELECT rowid FROM n") == [[1], [2], [3]])

        let connection = try database(Self.gaps)
        _ = try change(connection, "t (a TEXT NOT NULL)")
        #expect(
            try connection.rows("SELECT rowid, a FROM t") == [[3, "y"], [7, "x"], [90, "z"]])
    }

    @Test func r3ARowidHiddenByAColumnIsFoundUnderAnotherName() throws {
        let connection = try database(
            """
            CREATE TABLE t (rowid TEXT, oid TEXT);
            INSERT INTO t (_rowid_, rowid, oid) VALUES (9, 'r', 'o'), (4, 's', 'p');
            """)
        _ = try change(connection, "t (rowid TEXT NOT NULL, oid TEXT)")
        #expect(
            try connection.rows("SELECT _rowid_, rowid, oid FROM t")
                == [[4, "s", "p"], [9, "r", "o"]])
    }

    static let counter = """
        CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
        INSERT INTO t (a) VALUES ('x'), ('y'), ('z'); DELETE FROM t WHERE id = 3;
        """

    @Test func r4AutoincrementNeverGivesANumberTwice() throws {
        let naive = try database(
            Self.counter + "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL);")
        try naive.execute(
            "INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t")
        try naive.execute("INSERT INTO t (a) VALUES ('new')")
        #expect(try naive.scalar("SELECT max(id) FROM t") == 3)

        let connection = try database(Self.counter)
        _ = try change(connection, "t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL)")
        try connection.execute("INSERT INTO t (a) VALUES ('new')")
        #expect(try connection.scalar("SELECT max(id) FROM t") == 4)
        #expect(try connection.scalar("SELECT count(*) FROM sqlite_sequence") == 1)
    }

    @Test func r4CountsOnWhenEveryRowIsGone() throws {
        let connection = try database(Self.counter + "DELETE FROM t;")
        _ = try change(connection, "t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL)")
        try connection.execute("INSERT INTO t (a) VALUES ('new')")
        #expect(try connection.scalar("SELECT max(id) FROM t") == 4)
    }

    static let viewed = """
        CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x');
        CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
        CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = upper(a); END;
        CREATE TABLE other (b); CREATE TRIGGER h AFTER INSERT ON other BEGIN DELETE FROM t; END;
        """

    @Test func r5ViewsAndTriggersAreNoObstacleAndStay() throws {
        let naive = try database(Self.viewed + "CREATE TABLE n (a TEXT NOT NULL); DROP TABLE t;")
        #expect(throws: SQLiteError.self) { try naive.execute("ALTER TABLE n RENAME TO t") }

        let connection = try database(Self.viewed)
        let before = try Schema(of: connection)
        let plan = try change(connection, "t (a TEXT NOT NULL)")
        let after = try Schema(of: connection)
        #expect(after.views == before.views && after.triggers == before.triggers)
        #expect(!plan.steps.contains { if case .dropView = $0 { true } else { false } })
        try connection.execute("INSERT INTO t VALUES ('y')")
        #expect(try connection.rows("SELECT a FROM w") == [["X"], ["Y"]])
        #expect(try connection.scalar("PRAGMA legacy_alter_table") == 0)
    }

    static let keyless = """
        CREATE TABLE t (id INT PRIMARY KEY, a TEXT);
        INSERT INTO t VALUES (7, 'x'), (NULL, 'y'), (3, 'z'), (NULL, 'w');
        """

    static let keys = [
        "t (id INTEGER PRIMARY KEY, a TEXT)", "t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
        "t (id INTEGER PRIMARY KEY ON CONFLICT IGNORE, a TEXT)",
        "t (id INTEGER NOT NULL ON CONFLICT REPLACE DEFAULT 9, a TEXT, PRIMARY KEY (id))",
        "t (a TEXT, id \"INTEGER\" PRIMARY KEY)",
    ]

    @Test(arguments: keys)
    func r6NoKeyIsMadeUp(_ table: String) throws {
        let naive = try database(Self.keyless + "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);")
        try naive.execute("INSERT INTO n (id, a) SELECT id, a FROM t ORDER BY rowid")
        #expect(
            try naive.rows("SELECT * FROM n") == [[3, "z"], [7, "x"], [8, "y"], [9, "w"]],
            "numbers nobody gave")

        let connection = try database(Self.keyless)
        let before = try connection.rows("SELECT rowid, * FROM t")
        let error = #expect(throws: SQLiteError.self) { try change(connection, table) }
        #expect(error?.message == "datatype mismatch")
        #expect(try connection.rows("SELECT rowid, * FROM t") == before)
        #expect(try connection.schemaEntries().map(\.name) == ["t"])

        try connection.execute("UPDATE t SET id = rowid + 10 WHERE id IS NULL")
        _ = try change(connection, table)
        #expect(
            try connection.rows("SELECT id, a FROM t")
                == [[3, "z"], [7, "x"], [12, "y"], [14, "w"]])
    }

    @Test func r6ConcernsOnlyWhatMayBeNullAndBecomesTheKey() throws {
        for (old, new) in [
            ("id INTEGER PRIMARY KEY, a TEXT", "id INTEGER PRIMARY KEY, a TEXT NOT NULL"),
            (
                "id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT",
                "id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL"
            ),
            ("id INT NOT NULL, a TEXT", "id INTEGER PRIMARY KEY, a TEXT"),
            ("id INTEGER PRIMARY KEY, a TEXT", "id INT PRIMARY KEY, a TEXT"),
        ] {
            let from = try Schema(script: "CREATE TABLE t (\(old))").numbered()
            let plan = Plan(from: from, to: try from.edited(by: ["DEFINE t (\(new))"]))
            #expect(plan.rebuilds.count == 1)
            #expect(!plan.statements.contains { $0.contains("coalesce") }, "\(old) -> \(new)")
        }
    }

    @Test func aViewBrokenBeforeIsNoObstacleEither() throws {
        let connection = try database(Self.viewed + "CREATE VIEW broken AS SELECT z FROM nowhere;")
        _ = try change(connection, "t (a TEXT NOT NULL CHECK (t.a <> ''))")
        #expect(try Schema(of: connection).views.count == 3)
    }

    @Test func indexesComeBack() throws {
        let connection = try database(
            "CREATE TABLE t (a TEXT, b INT); CREATE UNIQUE INDEX i ON t (lower(a)) WHERE b > 1;")
        let before = try Schema(of: connection).indexes
        _ = try change(connection, "t (a TEXT NOT NULL, b INT)")
        #expect(try Schema(of: connection).indexes == before)
    }

    // MARK: Names that are taken over

    /// A column goes and another takes its name: what referred to the old must not follow it.
    @Test func aForeignKeyToANameThatIsTakenOverKeepsItsText() throws {
        let from = try Schema(
            script: """
                CREATE TABLE p (a INT UNIQUE, b INT UNIQUE); CREATE TABLE c (p REFERENCES p (a));
                CREATE INDEX i ON p (a);
                """
        ).numbered()
        var to = from
        guard var table = to.tables["p"] else { return }
        let gone = table.columns.remove(at: 0)
        table.columns[0].name = gone.name
        to.tables.insert(table)
        let database = try FilledDatabase(from)
        try database.run(Plan(from: from, to: to))
        #expect(try Schema(of: database.connection) == to.withoutIDs)
    }

    @Test func anIndexOnAColumnThatIsReplacedIsMadeAnew() throws {
        let from = try Schema(script: "CREATE TABLE t (a INT, b INT); CREATE INDEX i ON t (b);")
            .numbered()
        var to = from
        guard var table = to.tables["t"] else { return }
        table.columns[1].id = StableID(99)
        to.tables.insert(table)
        let database = try FilledDatabase(from)
        try database.run(Plan(from: from, to: to))
        #expect(try Schema(of: database.connection) == to.withoutIDs)
        #expect(try database.connection.scalar("SELECT count(b) FROM t") == 0)
    }

    @Test func rowsStayWhenEveryColumnIsReplaced() throws {
        let from = try Schema(
            script: "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID"
        ).numbered()
        var to = from
        to.tables.insert(
            Table(
                id: from.tables["t"]?.id, name: "t",
                columns: [Column(id: StableID(9), name: "c"), Column(id: StableID(10), name: "d")]))
        let database = try FilledDatabase(from)
        let plan = Plan(from: from, to: to)
        try database.run(plan)
        #expect(try database.connection.scalar("SELECT count(*) FROM t") == 4)
        #expect(plan.steps.compactMap(\.loss) == ["every value of t.a, t.b"])

        let empty = try FilledDatabase(from, rows: 0)
        try empty.run(plan)
        #expect(try empty.connection.scalar("SELECT count(*) FROM t") == 0)
    }

    @Test func aColumnThatBecomesGeneratedIsAnnouncedAsLost() throws {
        let from = try Schema(script: "CREATE TABLE t (a INT, b INT)").numbered()
        let to = try from.edited(by: ["DEFINE t (a INT, b AS (a + 1))"])
        #expect(Plan(from: from, to: to).steps.compactMap(\.loss) == ["every value of t.b"])
    }

    // MARK: Means

    static let alterations: [(String, [String])] = [
        ("t (a INT, b TEXT, c REAL)", ["ALTER TABLE t ADD COLUMN c REAL;"]),
        (
            "t (a INT, b TEXT, c NOT NULL DEFAULT 0)",
            ["ALTER TABLE t ADD COLUMN c NOT NULL DEFAULT 0;"]
        ),
        (
            "t (a INT, b TEXT, c AS (a))",
            ["ALTER TABLE t ADD COLUMN c GENERATED ALWAYS AS (a) VIRTUAL;"]
        ),
        ("t (a INT)", ["ALTER TABLE t DROP COLUMN b;"]),
    ]

    @Test(arguments: alterations.indices)
    func whatAlterTableCanDoIsNoRebuild(_ row: Int) throws {
        let (table, statements) = Self.alterations[row]
        let from = try Schema(script: "CREATE TABLE t (a INT, b TEXT)").numbered()
        let plan = Plan(from: from, to: try from.edited(by: ["DEFINE " + table]))
        #expect(plan.statements == statements)
    }

    static let rebuilt = [
        "t (b TEXT, a INT)", "t (a INT, c, b TEXT)", "t (a INTEGER, b TEXT)",
        "t (a INT NOT NULL, b TEXT)", "t (a INT DEFAULT 1, b TEXT)", "t (a INT, b TEXT UNIQUE)",
        "t (a INT, b TEXT, c DEFAULT CURRENT_TIMESTAMP)", "t (a INT, b TEXT, c DEFAULT (1 + 1))",
        "t (a INT, b TEXT, c UNIQUE)", "t (a INT, b TEXT, c AS (a) STORED)",
        "t (a INT, b TEXT, CHECK (a > 0))", "t (a INT, b TEXT REFERENCES t)",
        "t (a INT, b TEXT) STRICT", "t (a INT PRIMARY KEY, b TEXT)",
    ]

    @Test(arguments: rebuilt)
    func everythingElseIsOneRebuild(_ table: String) throws {
        let from = try Schema(script: "CREATE TABLE t (a INT, b TEXT)").numbered()
        let plan = Plan(from: from, to: try from.edited(by: ["DEFINE " + table]))
        #expect(plan.steps.count == 1 && plan.rebuilds.count == 1)
        #expect(plan.steps.map(\.cost) == [.rewrite])
    }
}
