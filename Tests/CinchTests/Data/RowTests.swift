import Cinch
import Testing

@Suite struct RowTests {
    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws {
        tenant = try TemporaryTenant(
            """
            CREATE TABLE "order" (
                id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(4)))), "na""me" TEXT,
                done BOOLEAN NOT NULL DEFAULT 0, n INTEGER DEFAULT 7, price REAL, at DATETIME,
                twice INTEGER AS (n * 2)
            );
            CREATE TRIGGER fill AFTER INSERT ON "order" WHEN NEW.at IS NULL BEGIN
                UPDATE "order" SET at = 'now' WHERE id = NEW.id;
            END;
            CREATE TABLE pair (a TEXT, b TEXT, v TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
            CREATE TABLE shadowed (rowid TEXT, oid TEXT, _rowid_ TEXT, flag BOOL DEFAULT 1);
            CREATE TABLE "[odd] ; DROP TABLE pair" (x);
            CREATE TABLE gone (x TEXT);
            CREATE TRIGGER gone AFTER INSERT ON gone BEGIN DELETE FROM gone; END;
            CREATE VIEW open AS SELECT id, n, done FROM "order" WHERE NOT done;
            CREATE TRIGGER open_insert INSTEAD OF INSERT ON open BEGIN
                INSERT INTO "order" (n) VALUES (NEW.n);
            END;
            CREATE TABLE _cinch_stamp (x);
            """)
    }

    @Test func anInsertReturnsTheRowAsItIsStored() throws {
        let result = try database.insert(
            into: "ORDER",
            values: [
                .init("na\"me", "Ada"), .init("DONE", true), .init("price", 1.5),
            ])
        #expect(result.changes == 1)
        #expect(
            result.columns.map(\.name) == ["id", "na\"me", "done", "n", "price", "at", "twice"])
        let row = try #require(result.rows.first)
        guard case .text(let id) = row[0] else { Issue.record("no id"); return }
        #expect(id.count == 8)
        #expect(Array(row.dropFirst()) == ["Ada", true, 7, 1.5, "now", 14])
    }

    @Test func rowsWithDifferentColumnsAreInsertedAllOrNone() throws {
        let result = try database.insert(
            into: "order",
            rows: [
                [.init("id", "a")], [], [.init("id", "c"), .init("n", nil)],
            ])
        #expect(result.rows.count == 3)
        #expect(result.rows.map { $0[3] } == [7, 7, nil])
        let error = failure {
            try database.insert(into: "order", rows: [[.init("id", "d")], [.init("id", "a")]])
        }
        #expect(error?.code == .exists)
        #expect(try tenant.value("SELECT count(*) FROM \"order\"") == 3)
        #expect(failure { try database.insert(into: "order", rows: []) }?.code == .invalid)
    }

    @Test func everyKindOfTableGivesItsRowsBack() throws {
        let pair = try database.insert(into: "pair", values: [.init("b", "2"), .init("a", "1")])
        #expect(pair.rows == [["1", "2", nil]])
        let shadowed = try database.insert(into: "shadowed", values: [.init("oid", "x")])
        #expect(shadowed.rows == [[nil, "x", nil, true]])
        #expect(shadowed.columns.last?.declaredType == "BOOL")
        let odd = try database.insert(into: "[odd] ; DROP TABLE pair", values: [.init("x", 1)])
        #expect(odd.rows == [[1]])
        let gone = try database.insert(into: "gone", values: [.init("x", "y")])
        #expect(gone.rows == [["y"]])
        let view = try database.insert(into: "open", values: [.init("n", 5)])
        #expect(view.rows.count == 1)
        #expect(try tenant.value("SELECT n FROM \"order\"") == 5)
    }

    @Test func namesAreCheckedAgainstTheTable() throws {
        let table = failure { try database.insert(into: "ordr", values: []) }
        #expect(table?.code == .notFound)
        #expect(table?.hint == "Did you mean 'order'?")
        let column = failure { try database.insert(into: "order", values: [.init("donne", true)]) }
        #expect(column?.code == .notFound)
        #expect(column?.hint == "Did you mean 'done'?")
        for reserved in ["_cinch_stamp", "sqlite_schema", "_CINCH_new"] {
            #expect(failure { try database.insert(into: reserved, values: []) }?.code == .refused)
            #expect(
                failure { try database.delete(from: reserved, where: .everyRow) }?.code
                    == .refused)
        }
        let twice = [Assignment("n", 1), Assignment("N", 2)]
        #expect(failure { try database.insert(into: "order", values: twice) }?.code == .invalid)
        #expect(
            failure { try database.insert(into: "order", values: [.init("twice", 1)]) }?.code
                == .invalid)
    }

    @Test func updateAndDeleteTakeConditions() throws {
        _ = try database.insert(
            into: "order",
            rows: (1...5).map {
                [
                    .init("id", .text("o\($0)")), .init("n", .integer(Int64($0))),
                    .init("done", .boolean($0 > 3)),
                ]
            })
        let set = [
            try Assignment(parsing: "na\"me = O'Hara"), try Assignment(parsing: "price=2.50"),
        ]
        #expect(
            try database.update(
                "order", set: set,
                where: .all([
                    .condition(.init(parsing: "n>=2")), .condition(.init(parsing: "done=false")),
                ]))
                == 2)
        #expect(try tenant.value("SELECT \"na\"\"me\" FROM \"order\" WHERE n = 3") == "O'Hara")
        #expect(try tenant.value("SELECT price FROM \"order\" WHERE n = 3") == 2.5)
        #expect(
            try database.delete(
                from: "order",
                where: .all([
                    .condition(.init(parsing: "price=null")),
                    .condition(.init(parsing: "n != 1")),
                ])) == 2
        )
        #expect(
            try database.delete(
                from: "order", where: .like("na\"me", "o'%") && .less("n", 3)) == 1)
        #expect(failure { try database.delete(from: "order", where: nil) }?.code == .refused)
        #expect(failure { try database.update("order", set: set, where: nil) }?.code == .refused)
        #expect(
            failure { try database.update("order", set: [], where: .everyRow) }?.code
                == .invalid)
        #expect(
            failure { try database.delete(from: "order", where: .less("n", nil)) }?.code
                == .invalid)
        #expect(try database.delete(from: "order", where: .everyRow) == 2)
    }

    @Test(arguments: [
        ("a=1", "a", "=", "1"), (" a != 'x y' ", "a", "!=", "'x y'"), ("a<=1", "a", "<=", "1"),
        ("a>1", "a", ">", "1"), ("a~%x%", "a", "~", "%x%"), ("\"a=\"\"b\"<3", "a=\"b", "<", "3"),
        ("a=", "a", "=", ""), ("a=b=c", "a", "=", "b=c"), ("two words=1", "two words", "=", "1"),
    ])
    func conditionsAreRead(_ text: String, _ column: String, _ sign: String, _ word: String) throws
    {
        let condition = try Condition(parsing: text)
        #expect(condition.column == column)
        #expect(condition.comparison.rawValue == sign)
        #expect(condition.value == .word(word))
    }

    @Test(arguments: ["a", "", "=1", "a==1", "a<>1", "a!1", "a=>1", "\"a=1"])
    func brokenConditionsAreErrors(_ text: String) {
        #expect(failure { try Condition(parsing: text) }?.code == .invalid)
    }

    @Test(
        arguments: [
            ("007", nil, "007"), ("7", nil, 7), ("1.5", nil, 1.5), ("1.50", nil, "1.50"),
            ("7", "TEXT", "7"),
            ("true", "BOOLEAN", true), ("0", "bool", false), ("null", "TEXT", nil),
            ("NULL", "INTEGER", nil),
            ("'null'", "TEXT", "null"), ("'it''s'", "INTEGER", "it's"), ("'it's", "TEXT", "'it's"),
            ("007", "INTEGER", 7), ("1e3", "REAL", 1000.0),
            ("-9223372036854775808", "INTEGER", .integer(.min)),
            ("x'0aFF'", "BLOB", .blob([10, 255])), ("x'0'", "BLOB", "x'0'"),
            ("2024-01-02", "DATE", "2024-01-02"),
            ("", "TEXT", ""), ("'", "TEXT", "'"), ("''", "TEXT", ""),
        ] as [(String, String?, SQLValue)])
    func wordsBecomeValuesOfTheColumnsType(_ word: String, _ type: String?, _ value: SQLValue)
        throws
    {
        #expect(try SQLValue(word: word, declaredType: type) == value)
    }

    @Test(arguments: [
        ("yes", "BOOLEAN"), ("abc", "INTEGER"), ("9223372036854775808", "INTEGER"), ("nan", "REAL"),
        ("inf", "REAL"), ("0x10", "INTEGER"), ("", "INTEGER"),
    ])
    func wordsThatDoNotFitAreErrors(_ word: String, _ type: String) {
        #expect(failure { try SQLValue(word: word, declaredType: type) }?.code == .invalid)
    }
}
