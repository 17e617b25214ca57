import Cinch
import GRDB
import Testing

/// Rows by key, and pages of rows.
@Suite struct IdentityTests {
    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws {
        tenant = try TemporaryTenant(
            """
            CREATE TABLE users(id TEXT PRIMARY KEY, name TEXT, active BOOLEAN);
            CREATE TABLE plain(a, b);
            CREATE TABLE pairs(x INTEGER, y TEXT, v, PRIMARY KEY (x, y)) WITHOUT ROWID;
            CREATE TABLE "odd ""t"(rowid TEXT, "id x" INTEGER PRIMARY KEY);
            CREATE VIEW seen AS SELECT * FROM users;
            INSERT INTO users VALUES ('7', 'seven', 1), ('007', 'bond', 0), ('x y', 'odd', NULL);
            INSERT INTO plain VALUES (1, 2), (3, 4);
            INSERT INTO pairs VALUES (1, 'a', 1), (1, 'b', 2), (2, 'a', 3);
            INSERT INTO "odd ""t" VALUES ('r', 5);
            """)
    }

    @Test func aRowIsFoundByItsKeyOrItsRowid() throws {
        let name = { (table: String, id: SQLValue) in
            try database.run { try $0.row(table, id: id) }.rows.first?.dropFirst().first
        }
        #expect(try name("users", "7") == "seven")
        #expect(try name("users", 7) == "seven")
        #expect(try name("users", "007") == "bond")
        #expect(try name("users", "8") == nil)
        #expect(try name("plain", 2) == 4)
        #expect(try name("odd \"t", 5) == 5)
        #expect(failure { try name("pairs", 1) }?.code == .invalid)
        #expect(failure { try name("seen", 1) }?.code == .invalid)
        #expect(failure { try name("nope", 1) }?.code == .notFound)
        #expect(failure { try name("_cinch_stamp", 1) }?.code == .refused)
    }

    @Test func aChangedRowIsReturnedAsItIsStored() throws {
        let result = try database.transaction {
            try $0.update("users", id: "007", set: [.init("id", "008"), .init("active", true)])
        }
        #expect(result.rows == [["008", "bond", true]])
        #expect(result.changes == 1)
        let none = try database.transaction {
            try $0.update("users", id: "9", set: [.init("name", "n")])
        }
        #expect(none.rows.isEmpty)
        #expect(try database.transaction { try $0.delete(from: "users", id: "008") } == 1)
        #expect(try database.transaction { try $0.delete(from: "users", id: "008") } == 0)
    }

    @Test(arguments: ["users", "plain", "pairs", "odd \"t"])
    func pagesTogetherAreTheTable(_ table: String) throws {
        for limit in 1...4 {
            var rows: [[SQLValue]] = []
            var after: String?
            repeat {
                let page = try database.run { try $0.page(of: table, after: after, limit: limit) }
                #expect(page.rows.rows.count <= limit)
                rows += page.rows.rows
                after = page.next
            } while after != nil
            let count = try tenant.value(
                "SELECT count(*) FROM \"\(table.replacing("\"", with: "\"\""))\"")
            #expect(.integer(Int64(rows.count)) == count)
            #expect(Set(rows).count == rows.count)
        }
    }

    @Test func pagesGoOnWhereTheyWereWhateverIsInserted() throws {
        let first = try database.run { try $0.page(of: "pairs", limit: 2) }
        _ = try database.query("INSERT INTO pairs VALUES (0, 'z', 0), (1, 'c', 9)")
        let second = try database.run { try $0.page(of: "pairs", after: first.next, limit: 9) }
        #expect(second.rows.rows == [[1, "c", 9], [2, "a", 3]])
        for bad in ["", "[1]", "{}", "[1,2,3]"] {
            let error = failure {
                try database.run { try $0.page(of: "pairs", after: bad, limit: 1) }
            }
            #expect(error?.code == .invalid)
        }
        #expect(
            failure { try database.run { try $0.page(of: "seen", limit: 1) } }?.code == .invalid)
    }
}
