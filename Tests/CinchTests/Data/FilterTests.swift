import Cinch
import GRDB
import Testing

@Suite struct FilterTests {
    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws {
        tenant = try TemporaryTenant(
            """
            CREATE TABLE people(id INTEGER PRIMARY KEY, age INTEGER, role TEXT COLLATE NOCASE,
                "$or" TEXT, photo BLOB);
            INSERT INTO people VALUES (1, 17, 'Admin', NULL, x'00ff'), (2, 18, 'guest', 'a', NULL),
                (3, 70, NULL, 'b', x''), (4, NULL, 'admin', NULL, NULL), (5, 40, 'x%y', NULL, NULL);
            """)
    }

    private func ids(_ filter: Filter) throws -> [Int64] {
        try database.run { try $0.page(of: "people", where: filter, limit: 99) }.rows.rows.map {
            guard case .integer(let id) = $0[0] else { return -1 }
            return id
        }
    }

    /// What a filter means, said in SQL.
    @Test(arguments: [
        ("{}", "1"), (#"{"age": 18}"#, "age = 18"), (#"{"age": null}"#, "age IS NULL"),
        (#"{"age": {"gte": 18, "lt": 70}}"#, "age >= 18 AND age < 70"),
        (#"{"age": {"ne": null}}"#, "age IS NOT NULL"), (#"{"age": {"ne": 18}}"#, "age <> 18"),
        (#"{"role": "ADMIN"}"#, "role = 'ADMIN'"), (#"{"role": {"like": "a%"}}"#, "role LIKE 'a%'"),
        (#"{"age": {"in": [17, "70", 99]}}"#, "age IN (17, 70, 99)"),
        (#"{"age": {"in": []}}"#, "0"), (#"{"age": {"in": [null]}}"#, "0"),
        (#"{"age": {"is_null": true}}"#, "age IS NULL"),
        (#"{"age": {"is_null": false}, "role": "guest"}"#, "age NOT NULL AND role = 'guest'"),
        (#"{"$or": [{"age": {"lt": 18}}, {"age": {"gt": 60}}]}"#, "age < 18 OR age > 60"),
        (#"{"$or": []}"#, "0"), (#"{"$and": []}"#, "1"),
        (
            #"{"role": "admin", "$or": [{"age": 17}, {"age": null, "id": 4}]}"#,
            "role = 'admin' AND (age = 17 OR (age IS NULL AND id = 4))"
        ),
        (#"{"photo": {"$blob": "AP8="}}"#, "photo = x'00ff'"),
        (#"{"photo": {"ne": {"$blob": ""}}}"#, "photo <> x''"),
    ])
    func filtersMeanWhatSQLMeans(_ json: String, _ sql: String) throws {
        let expected = try stock(tenant.path) {
            try Int64.fetchAll($0, sql: "SELECT id FROM people WHERE \(sql) ORDER BY id")
        }
        let filter = try Filter(json: JSONValue(parsing: json))
        #expect(try ids(filter) == expected)
        #expect(try ids(Filter(json: filter.json)) == expected)
    }

    @Test(arguments: [
        "[]", "1", #"{"age": {"near": 1}}"#, #"{"age": {}}"#, #"{"age": {"in": 3}}"#,
        #"{"$or": {}}"#, #"{"age": {"is_null": 1}}"#, #"{"age": {"gt": null}}"#, #"{"nope": 1}"#,
        #"{"age\" OR 1 --": 1}"#,
    ])
    func whatIsNoFilterIsRefused(_ json: String) throws {
        let error = failure { try ids(Filter(json: JSONValue(parsing: json))) }
        #expect([.invalid, .notFound].contains(error?.code), "\(String(describing: error))")
    }

    @Test func theyAreWrittenInSwiftToo() throws {
        #expect(try ids(.greaterOrEqual("age", 18) && .less("age", 70)) == [2, 5])
        #expect(try ids(.equal("role", "admin") || .isNull("role")) == [1, 3, 4])
        #expect(try ids(.isIn("id", [1, 9]) || .equal("$or", "b")) == [1, 3])
        #expect(try ids(.like("role", "x\\%%")) == [])
        #expect(try ids(.notEqual("age", nil) && .lessOrEqual("age", 17)) == [1])
    }

    @Test func changesNeedAFilterAndTouchWhatItHoldsFor() throws {
        #expect(failure { try database.delete(from: "people", where: nil) }?.code == .refused)
        #expect(
            try database.update(
                "people", set: [.init("age", 1)], where: .equal("role", "guest")) == 1)
        #expect(try database.delete(from: "people", where: .any([])) == 0)
        #expect(try database.delete(from: "people", where: .everyRow) == 5)
    }
}
