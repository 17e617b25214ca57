import CinchSQLite
import CinchSchema
import Testing

/// Scripts with every construct SQLite 3.40 accepts, and the canonical text of each.
@Suite struct CanonicalTextTests {
    static let topics = [
        "columns", "comments", "constraints", "indexes", "quoting", "triggers", "views", "virtual",
    ]

    @Test(arguments: topics)
    func aScriptHasTheRecordedCanonicalText(_ topic: String) throws {
        let schema = try Schema(script: Fixtures.text("canonical/\(topic).sql"))
        try Fixtures.expect(schema.ddl(ids: false), toEqual: "canonical/expected/\(topic).sql")
    }

    @Test(arguments: topics)
    func sqliteSeesTheSameSchemaInTheCanonicalText(_ topic: String) throws {
        let original = try Connection()
        try original.execute(Fixtures.text("canonical/\(topic).sql"))
        let canonical = try Connection()
        for statement in try Schema(of: original).statements(ids: false) {
            try canonical.execute(statement)
        }
        #expect(try Introspected(canonical) == Introspected(original))
    }

    @Test(arguments: topics)
    func printingWhatWasPrintedChangesNothing(_ topic: String) throws {
        let schema = try Schema(script: Fixtures.text("canonical/\(topic).sql")).numbered()
        let entries = schema.tables.map {
            SchemaEntry(kind: .table, name: "", tableName: "", sql: $0.ddl(ids: true))
        }
        let virtualTables = schema.virtualTables.map {
            SchemaEntry(kind: .table, name: "", tableName: "", sql: $0.ddl(ids: true))
        }
        let indexes = schema.indexes.map {
            SchemaEntry(kind: .index, name: "", tableName: "", sql: $0.ddl)
        }
        let views = schema.views.map {
            SchemaEntry(kind: .view, name: "", tableName: "", sql: $0.ddl)
        }
        let triggers = schema.triggers.map {
            SchemaEntry(kind: .trigger, name: "", tableName: "", sql: $0.ddl)
        }
        let again = try Schema(entries: entries + virtualTables + indexes + views + triggers)
        #expect(again == schema)
        #expect(again.ddl(ids: true) == schema.ddl(ids: true))
    }

    @Test(arguments: topics)
    func theCanonicalTextWithIDsIsOrdinarySQL(_ topic: String) throws {
        let schema = try Schema(script: Fixtures.text("canonical/\(topic).sql")).numbered()
        let connection = try Connection()
        try connection.execute(schema.ddl(ids: true))
        #expect(try Schema(of: connection).withoutIDs == schema.withoutIDs)
    }

    static let types = [
        ("VARCHAR (64)", "VARCHAR (64)"), ("VARCHAR(64)", "VARCHAR(64)"),
        ("DECIMAL(10, 2)", "DECIMAL(10, 2)"), ("DECIMAL ( - 10 ,+2 )", "DECIMAL ( - 10 ,+2 )"),
        ("double\n\t precision", "double precision"), ("UNSIGNED  BIG INT", "UNSIGNED BIG INT"),
        ("VARCHAR /* of */(5 -- wide\n)", "VARCHAR (5 )"), ("long/**/(5)", "long (5)"),
        ("\"INTEGER\"", "\"INTEGER\""), ("int GENERATED", "int GENERATED"),
    ]

    @Test(arguments: types.indices)
    func aTypeIsKeptAsItWasWritten(_ row: Int) throws {
        let (written, kept) = Self.types[row]
        let schema = try Schema(script: "CREATE TABLE t (a \(written), b \(written) NOT NULL)")
        #expect(schema.tables["t"]?.columns.map(\.declaredType) == [kept, kept])
        let again = try Schema(script: schema.ddl(ids: false))
        #expect(again == schema)
        // What SQLite reports is the same but for the space.
        guard !written.contains("/*") else { return }
        let reported = try [written, kept].map { type in
            let connection = try Connection()
            try connection.execute("CREATE TABLE t (a \(type))")
            return try connection.scalar("SELECT type FROM pragma_table_info('t')")?.text?
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        #expect(reported[0] == reported[1])
    }

    /// A deferrable key that is written on a later column is still the earlier column's.
    @Test func aDeferralBindsToTheLastForeignKeyBeforeIt() throws {
        let script = "CREATE TABLE p(id INTEGER PRIMARY KEY);"
        let table =
            "CREATE TABLE c(a REFERENCES p, b DEFERRABLE INITIALLY DEFERRED, d REFERENCES p)"
        for sql in [table, try Statement(parsing: table).ddl] {
            let connection = try Connection()
            try connection.execute("PRAGMA foreign_keys = ON;" + script + sql)
            try connection.execute("BEGIN; INSERT INTO c (a) VALUES (7)")
            #expect(throws: SQLiteError.self) {
                try connection.execute("INSERT INTO c (d) VALUES (7)")
            }
        }
    }

    static let variants: [(String, [String])] = [
        (
            "CREATE TABLE t (a INT NOT NULL, \"b c\" TEXT DEFAULT 'x' CHECK (a > 1));",
            [
                "create table t(a INT not null,[b c] TEXT default 'x' check(a>1))",
                "CREATE TABLE `t`(\"a\" INT NOT NULL, 'b c' TEXT CHECK([a]>1) DEFAULT 'x')",
                "CREATE TABLE main.t(a INT/**/NOT NULL,--x\n`b c` TEXT DEFAULT 'x'CHECK(\n\"a\"\t> 1 ));",
                "CREATE TABLE IF NOT EXISTS t(a INT NOT NULL,\"b c\"TEXT DEFAULT 'x' CHECK (`a` >1))",
            ]
        ),
        (
            "CREATE TABLE t (key INT, \"order\" INT, CHECK (key > \"order\"))",
            [
                "CREATE TABLE t (\"key\" INT, [order] INT, CHECK (\"key\">[order]))",
                "CREATE TABLE t (`key` INT, `order` INT, check ([key] > `order`))",
            ]
        ),
        (
            "CREATE INDEX i ON t (lower(key), x DESC) WHERE key IS NOT NULL",
            [
                "create index \"i\" on [t](lower(\"key\"),\"x\" desc)where `key` is not null;",
                "CREATE INDEX IF NOT EXISTS i ON t (lower(key), x DESC) WHERE key IS NOT NULL",
            ]
        ),
        (
            "CREATE VIEW v AS SELECT a FROM t WHERE b IN (1, 2) ORDER BY a DESC",
            [
                "create view v as select a from t where b in(1,2)order by a desc",
                "CREATE VIEW [v] AS SELECT a FROM [t] WHERE b IN (1,2) ORDER BY a DESC -- x",
            ]
        ),
        (
            "CREATE TRIGGER g AFTER UPDATE OF a ON t FOR EACH ROW WHEN new.a > 1 BEGIN DELETE FROM t; END",
            [
                "create trigger g after update of \"a\" on t when new.a>1 begin delete from t;end;",
                "CREATE TRIGGER [g] AFTER UPDATE OF `a` ON \"t\" WHEN new.[a] > 1 BEGIN DELETE FROM t;\nEND",
            ]
        ),
    ]

    @Test(arguments: variants.indices)
    func formattingQuotesAndKeywordCaseAreNoChange(_ row: Int) throws {
        let (original, others) = Self.variants[row]
        let table = try Statement(parsing: "CREATE TABLE t (key, x, a, b)").table
        let tables = NameSorted([table].compactMap { $0 })
        let expected = try Statement(parsing: original, tables: tables)
        for other in others {
            let statement = try Statement(parsing: other, tables: tables)
            #expect(statement.ddl == expected.ddl)
            #expect(statement == expected)
        }
    }

    static let different = [
        ("CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t (a DEFAULT 'X')"),
        ("CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)"),
        ("CREATE TABLE t (a)", "CREATE TABLE t (A)"),
        ("CREATE TABLE t (a INT)", "CREATE TABLE t (a INTEGER)"),
        ("CREATE TABLE t (a CHECK (a = 'a'))", "CREATE TABLE t (a CHECK (a = a))"),
        ("CREATE TABLE t (a CHECK (a - -1))", "CREATE TABLE t (a CHECK (a - 1))"),
        ("CREATE VIEW v AS SELECT a||b FROM t", "CREATE VIEW v AS SELECT a || b FROM t"),
        ("CREATE VIEW v AS SELECT \"a\" FROM t", "CREATE VIEW v AS SELECT 'a' FROM t"),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a DESC)"),
        (
            "CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; END",
            "CREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT 1; END"
        ),
    ]

    @Test(arguments: different)
    func whatMeansSomethingElseIsAChange(_ left: String, _ right: String) throws {
        #expect(try Statement(parsing: left) != Statement(parsing: right))
        #expect(try Statement(parsing: left).ddl != Statement(parsing: right).ddl)
    }
}

extension Statement {
    /// The canonical text without ids.
    var ddl: String {
        switch self {
        case .table(let table): table.ddl(ids: false)
        case .virtualTable(let table): table.ddl(ids: false)
        case .index(let index): index.ddl
        case .view(let view): view.ddl
        case .trigger(let trigger): trigger.ddl
        }
    }

    /// The table; nil for any other statement.
    var table: Table? { if case .table(let table) = self { table } else { nil } }
}
