import Cinch
import GRDB
import Testing

/// What is kept from statements of others: masked columns, too much time, too much memory.
@Suite struct GuardedSessionTests {
    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws {
        tenant = try TemporaryTenant(
            """
            CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, name TEXT);
            CREATE VIEW emails AS SELECT email AS address FROM users;
            INSERT INTO users VALUES (1, 'a@x.org', 'Ada');
            """)
    }

    @Test(arguments: [
        "SELECT email FROM users", "SELECT upper(email) FROM users", "SELECT address FROM emails",
        "SELECT (SELECT max(u.EMAIL) FROM users u)", "SELECT x FROM (SELECT email AS x FROM users)",
        "WITH e AS (SELECT * FROM users) SELECT email FROM e",
    ])
    func aMaskedColumnReadsAsNullByEveryWay(_ sql: String) throws {
        let mask = try ColumnMask(["Users.Email"])
        let masked = { try database.run(masking: mask) { try $0.query(sql).rows } }
        #expect(try masked() == [[nil]])
        #expect(try database.query(sql).rows.first?.first != .null)
        #expect(try masked() == [[nil]])
    }

    @Test func aMaskHidesFromConditionsAndForbidsChanges() throws {
        let mask = try ColumnMask(["users.email"])
        let run = { (sql: String) in try database.run(masking: mask) { try $0.query(sql) } }
        #expect(try run("SELECT name FROM users WHERE email LIKE 'a%'").rows == [])
        #expect(try run("SELECT name FROM users").rows == [["Ada"]])
        #expect(failure { try run("UPDATE users SET name = email") }?.code == .refused)
        #expect(try tenant.value("SELECT name FROM users") == "Ada")
        #expect(failure { try ColumnMask(["email"]) }?.code == .invalid)
    }

    @Test func aStatementStopsAtItsDeadlineAndUndoesWhatItDid() throws {
        let endless = """
            INSERT INTO users(name)
            WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT x FROM c
            """
        let error = failure {
            try database.run(until: DeadlineClock.instant(after: 0.05)) { try $0.query(endless) }
        }
        #expect(error?.code == .interrupted)
        #expect(try tenant.value("SELECT count(*) FROM users") == 1)
        let late = failure { try database.run(until: 1) { try $0.query("SELECT 1") } }
        #expect(late?.code == .interrupted)
    }

    @Test func valuesAndAnswersHaveTheirLimits() throws {
        var limits = StatementLimits()
        limits.valueBytes = 100_000
        limits.resultBytes = 1000
        limits.sqlBytes = 200
        let guarded = try TenantDatabase(path: tenant.path, limits: limits)
        #expect(failure { try guarded.query("SELECT zeroblob(200000)") }?.code == .invalid)
        #expect(
            failure { try guarded.query("SELECT 1 -- " + String(repeating: "x", count: 200)) }
                != nil)
        let many = try guarded.query(
            "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT hex(zeroblob(40)) FROM c"
        )
        #expect(many.truncated)
        #expect((5...15).contains(many.rows.count))
        // A change is made completely, whatever the answer leaves out.
        let insert = try guarded.query(
            """
            INSERT INTO users(name) SELECT hex(zeroblob(100)) FROM users, (VALUES (1), (2), (3), (4),
            (5), (6), (7)) RETURNING name
            """)
        #expect(insert.changes == 7 && insert.truncated)
    }

    @Test func aConnectionThatReadsRefusesChanges() throws {
        let reader = try TenantDatabase(path: tenant.path, access: .readOnly)
        let error = failure { try reader.query("DELETE FROM users") }
        #expect(error?.code == .refused && error?.cause is TenantSession.NeedsWriting)
        #expect(failure { try reader.insert(into: "users", values: []) }?.code == .refused)
    }

    @Test func valuesByNameArePutInOrder() throws {
        let run = { (sql: String, named: [(String, SQLValue)]) in
            try database.run { try $0.query(sql, parameters: $0.parameters(named, of: sql)).rows }
        }
        #expect(try run("SELECT :b - :a, :b", [("a", 1), ("b", 3)]) == [[2, 3]])
        #expect(failure { try run("SELECT :a", []) }?.code == .invalid)
        #expect(failure { try run("SELECT ?", [("a", 1)]) }?.code == .invalid)
        #expect(failure { try run("SELECT :a", [("a", 1), ("c", 1)]) }?.code == .invalid)
    }

    @Test func whatIsLentDoesEverythingWithRowsAndNothingElse() throws {
        struct User: Codable, FetchableRecord, PersistableRecord {
            static let databaseTableName = "users"
            var id: Int64?
            var email: String
            var name: String
        }
        try stock(tenant.path) { try $0.execute(sql: "CREATE TABLE _cinch_stamp(tree)") }
        let lent = try LentDatabase(path: tenant.path)
        try lent.write { db in
            try User(id: nil, email: "b@x.org", name: "Bob").insert(db)
            try db.inSavepoint {
                try db.execute(sql: "DELETE FROM users")
                return .rollback
            }
        }
        let names = try lent.read { try User.order(Column("id")).fetchAll($0).map(\.name) }
        #expect(names == ["Ada", "Bob"])
        for sql in [
            "DROP TABLE users", "CREATE TABLE t(a)", "ALTER TABLE users ADD COLUMN x",
            "INSERT INTO _cinch_stamp VALUES ('x')",
        ] {
            let error = failure {
                try lent.write { try $0.execute(sql: "DELETE FROM users; \(sql)") }
            }
            #expect(error?.code == .refused, "\(sql): \(String(describing: error))")
        }
        for sql in ["ATTACH ':memory:' AS m", "DELETE FROM sqlite_schema"] {
            #expect(failure { try lent.write { try $0.execute(sql: sql) } } != nil, "\(sql)")
        }
        #expect(failure { try lent.read { try $0.execute(sql: "DELETE FROM users") } } != nil)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try lent.write { db in
                try db.execute(sql: "DELETE FROM users")
                throw Stop()
            }
        }
        #expect(try tenant.value("SELECT count(*) FROM users") == 2)
    }
}
