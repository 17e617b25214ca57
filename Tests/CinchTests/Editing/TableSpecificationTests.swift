import Cinch
import GRDB
import Testing

@Suite struct TableSpecificationTests {
    private func database(
        _ name: String, _ columns: [String], recursive: Bool = false
    ) throws -> DatabaseQueue {
        let table = try TableSpecification(
            name: name, columns: columns.map { try ColumnSpecification(parsing: $0) })
        var configuration = Configuration()
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF")")
        }
        let queue = try DatabaseQueue(configuration: configuration)
        try queue.write { database in
            for statement in table.statements { try database.execute(sql: statement) }
        }
        return queue
    }

    @Test func theStatementsAreReadable() throws {
        let table = try TableSpecification(
            name: "users", columns: [ColumnSpecification(parsing: "email:TEXT")])
        #expect(table.triggerName == "users_touch")
        #expect(table.statements.count == 2)
        let plain = try TableSpecification(
            name: "t", columns: [ColumnSpecification(parsing: "id:int:primary_key")], plain: true)
        #expect(
            plain.statements == ["CREATE TABLE t (\n    \"id\" INTEGER PRIMARY KEY NOT NULL\n)"]
        )
    }

    @Test func aRawInsertGetsAUniqueUUIDAndTimes() throws {
        let queue = try database("users", ["email:TEXT"])
        try queue.write { database in
            for number in 0..<10_000 {
                try database.execute(
                    sql: "INSERT INTO users (email) VALUES (?)", arguments: ["\(number)"])
            }
            let ids = try Set(String.fetchAll(database, sql: "SELECT id FROM users"))
            #expect(ids.count == 10_000)
            let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
            for id in ids where id.wholeMatch(of: uuid) == nil { Issue.record("\(id) is no UUID") }
            #expect(Set(ids.map { Array($0)[19] }) == ["8", "9", "a", "b"])
            let time = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/
            let times = try Row.fetchAll(database, sql: "SELECT created_at, updated_at FROM users")
            for row in times {
                let created: String = row[0]
                #expect(created.wholeMatch(of: time) != nil)
                #expect(created == row[1])
            }
            let recent = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM users WHERE updated_at > datetime('now', '-7 days')
                    AND updated_at <= datetime('now', '+1 second')
                    """)
            #expect(recent == 10_000)
            #expect(throws: DatabaseError.self) {
                try database.execute(sql: "INSERT INTO users (id, email) VALUES (NULL, 'x')")
            }
        }
    }

    @Test(arguments: [false, true], ["users", "order", "a \"b\" 'c'"])
    func updatesTouchTheirRowsOnly(recursive: Bool, name: String) throws {
        let queue = try database(name, ["n:int", "select:TEXT?"], recursive: recursive)
        let table = "\"" + name.replacing("\"", with: "\"\"") + "\""
        let old = "2020-01-01 00:00:00.000"
        try queue.write { database in
            func updated() throws -> [String] {
                try String.fetchAll(database, sql: "SELECT updated_at FROM \(table) ORDER BY n")
            }
            for n in 1...3 {
                try database.execute(
                    sql: "INSERT INTO \(table) (n, created_at, updated_at) VALUES (?, ?, ?)",
                    arguments: [n, old, old])
            }
            try database.execute(sql: "UPDATE \(table) SET \"select\" = 'x' WHERE n <= 2")
            #expect(try updated()[0] > old)
            #expect(try updated()[1] > old)
            #expect(try updated()[2] == old)
            // Twice within a millisecond, many times over: it must end and may not fail.
            for _ in 0..<50 { try database.execute(sql: "UPDATE \(table) SET \"select\" = 'y'") }
            #expect(try updated().allSatisfy { $0 > old })
            try database.execute(sql: "UPDATE \(table) SET updated_at = '2021-01-01', n = n")
            #expect(try updated() == ["2021-01-01", "2021-01-01", "2021-01-01"])
            try database.execute(sql: "UPDATE \(table) SET id = 'new' WHERE n = 1")
            #expect(try updated()[0] > "2021-01-01")
            try database.execute(
                sql: """
                    INSERT INTO \(table) (id, n) VALUES ('new', 9) ON CONFLICT (id) DO UPDATE SET n = 0
                    """)
            #expect(try Int.fetchOne(database, sql: "SELECT n FROM \(table) WHERE id = 'new'") == 0)
            let created = try String.fetchSet(database, sql: "SELECT created_at FROM \(table)")
            #expect(created == [old])
        }
    }

    @Test(arguments: [
        ("sqlite_users", ["a:TEXT"], "another name"), ("_cinch_x", ["a:TEXT"], "another name"),
        ("", ["a:TEXT"], "Give it a name"), ("a\nb", ["a:TEXT"], "letters"),
        (String(repeating: "ä", count: 65), ["a:TEXT"], "shorter"),
        ("t", ["ID:TEXT"], "--plain"), ("t", ["created_at:TEXT"], "--plain"),
        ("t", ["a:TEXT", "A:int"], "own"),
        ("t", ["a:int:primary_key"], "--plain"),
    ])
    func brokenTablesAreErrors(_ name: String, _ columns: [String], _ hint: String) throws {
        let parsed = try columns.map { try ColumnSpecification(parsing: $0) }
        let error = try #require(failure { try TableSpecification(name: name, columns: parsed) })
        #expect(error.code == .invalid)
        #expect(error.hint?.contains(hint) == true, "\(error)")
    }

    @Test func plainTablesMayUseTheSystemNamesButNeedAColumnAndOneKey() throws {
        let id = try ColumnSpecification(parsing: "id:TEXT:primary_key")
        let other = try ColumnSpecification(parsing: "b:TEXT:primary_key")
        #expect(try TableSpecification(name: "t", columns: [id], plain: true).statements.count == 1)
        #expect(failure { try TableSpecification(name: "t", columns: [], plain: true) } != nil)
        #expect(
            failure { try TableSpecification(name: "t", columns: [id, other], plain: true) } != nil)
        #expect(try TableSpecification(name: "t", columns: []).statements.count == 2)
    }
}
