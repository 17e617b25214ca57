import Cinch
import Foundation
import GRDB
import Testing

@Suite struct KeyValueTests {
    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws { tenant = try TemporaryTenant("CREATE TABLE users(id INTEGER PRIMARY KEY);") }

    private func value(_ key: String, at now: Double = 0) throws -> JSONValue? {
        try database.run { try $0.values(of: [key], at: now).first?.value }
    }

    private func set(
        _ key: String, _ value: JSONValue, timeToLive: Double? = nil, onlyNew: Bool = false,
        at now: Double = 0
    ) throws -> Int {
        try database.run {
            try $0.set([(key, value)], timeToLive: timeToLive, onlyNew: onlyNew, at: now)
        }
    }

    @Test func valuesComeBackAsTheyWereAndNoTableIsMadeForReading() throws {
        #expect(try value("a") == nil)
        #expect(try database.run { try $0.keys(limit: 9) } == [])
        #expect(try database.run { try $0.deleteValues(of: ["a"]) } == 0)
        #expect(try database.run { try $0.expire("a", in: 3) } == false)
        let made = try stock(tenant.path) {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%kv%'")
        }
        #expect(made == 0)
        let values: [JSONValue] = [
            .null, true, 9_223_372_036_854_775_807, 0.5, "", "é\u{0}'", [1, [:]], ["a": nil],
        ]
        for value in values {
            #expect(try set("k", value) == 1)
            #expect(try self.value("k") == value)
        }
    }

    @Test func aValueIsGoneWhenItsTimeIsOverForEveryCall() throws {
        #expect(try set("a", 1, timeToLive: 10, at: 100) == 1)
        let entry = try database.run { try $0.values(of: ["a"], at: 104).first }
        #expect(entry?.timeToLive == 6)
        #expect(try value("a", at: 110) == nil)
        #expect(try database.run { try $0.keys(limit: 9, at: 110) } == [])
        #expect(try database.run { try $0.deleteValues(of: ["a"], at: 110) } == 0)
        #expect(try set("a", 2, timeToLive: 5, at: 111) == 1)
        #expect(try set("a", 3, onlyNew: true, at: 112) == 0)
        #expect(try set("a", 3, onlyNew: true, at: 116) == 1)
        #expect(try value("a", at: 1e9) == 3)
        #expect(try database.run { try $0.expire("a", in: 4, at: 200) })
        #expect(try database.run { try $0.expire("a", in: nil, at: 203) })
        #expect(try value("a", at: 1e9) == 3)
        #expect(try database.run { try $0.expire("a", in: 4, at: 300) })
        #expect(try database.run { try $0.increment("a", by: 2, at: 305) } == 2)
    }

    @Test func rowsOfValuesWhoseTimeIsOverGoWithLaterWrites() throws {
        for index in 0..<250 { _ = try set("k\(index)", 1, timeToLive: 1, at: 0) }
        for _ in 0..<3 { _ = try set("other", 1, at: 50) }
        let kept = try stock(tenant.path) {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM _cinch_kv")
        }
        #expect(kept == 1)
    }

    @Test func incrementingCountsFromZeroAndRefusesWhatIsNoWholeNumber() throws {
        #expect(try database.run { try $0.increment("n", by: 5) } == 5)
        #expect(try database.run { try $0.increment("n", by: -7) } == -2)
        for bad: JSONValue in ["x", 1.5, nil, [1]] {
            _ = try set("bad", bad)
            #expect(
                failure { try database.run { try $0.increment("bad", by: 1) } }?.code == .invalid)
            #expect(try value("bad") == bad)
        }
        _ = try set("n", .integer(.max))
        #expect(failure { try database.run { try $0.increment("n", by: 1) } }?.code == .invalid)
        #expect(try value("n") == .integer(.max))
    }

    @Test func incrementsOfSeveralConnectionsAddUp() async throws {
        let path = tenant.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let other = try TenantDatabase(path: path)
                    for _ in 0..<25 { _ = try other.run { try $0.increment("n", by: 1) } }
                }
            }
            try await group.waitForAll()
        }
        #expect(try value("n") == 100)
    }

    @Test func keysAreListedInByteOrderByPrefixAndPage() throws {
        for key in ["b", "a:2", "a:10", "a%", "é", "a:1"] { _ = try set(key, 1) }
        let keys = { (prefix: String, after: String?, limit: Int) in
            try database.run { try $0.keys(prefix: prefix, after: after, limit: limit) }
        }
        #expect(try keys("", nil, 99) == ["a%", "a:1", "a:10", "a:2", "b", "é"])
        #expect(try keys("a:", nil, 2) == ["a:1", "a:10"])
        #expect(try keys("a:", "a:10", 2) == ["a:2"])
        #expect(try keys("a%", nil, 9) == ["a%"])
        #expect(try keys("é", nil, 9) == ["é"])
        // The last characters before a gap, and the last there is.
        for key in ["\u{D7FF}x", "\u{E000}", "z\u{10FFFF}1", "z\u{10FFFF}", "\u{10FFFF}!", "{"] {
            _ = try set(key, 1)
        }
        #expect(try keys("\u{D7FF}", nil, 9) == ["\u{D7FF}x"])
        #expect(try keys("z\u{10FFFF}", nil, 9) == ["z\u{10FFFF}", "z\u{10FFFF}1"])
        #expect(try keys("\u{10FFFF}", nil, 9) == ["\u{10FFFF}!"])
        #expect(try keys("z", nil, 9) == ["z\u{10FFFF}", "z\u{10FFFF}1"])
        for bad in ["", String(repeating: "k", count: 513), "a\u{0}"] {
            #expect(failure { try set(bad, 1) }?.code == .invalid)
        }
        for bad in [0, -1, Double.nan, 1e11] {
            #expect(failure { try set("a", 1, timeToLive: bad) }?.code == .invalid)
        }
    }

    @Test func severalAreSetTogetherOrNotAtAll() throws {
        let error = failure {
            try database.transaction { session in
                _ = try session.set([("a", 1), ("b", 2)])
                _ = try session.query("INSERT INTO users VALUES (1), (1)")
            }
        }
        #expect(error?.code == .exists)
        #expect(try value("a") == nil)
    }

    @Test func statementsOfCallersCannotReachThem() throws {
        _ = try set("secret", 1)
        for sql in [
            "SELECT * FROM _cinch_kv", "DELETE FROM _cinch_kv", "DROP TABLE _cinch_kv",
            "INSERT INTO users SELECT value FROM _CINCH_KV",
        ] {
            #expect(failure { try database.query(sql) }?.code == .refused, "\(sql)")
        }
    }
}
