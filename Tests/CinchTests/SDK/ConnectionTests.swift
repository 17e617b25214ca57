import Cinch
import GRDB
import Testing

/// The calls of docs/sdk.md on this machine's files.
@Suite struct ConnectionTests {
    private let project: TemporaryProject
    private let db: CinchConnection

    init() throws {
        project = try TemporaryProject(
            """
            CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, age INTEGER,
                active BOOLEAN, photo BLOB, born DATE);
            """, tenants: ["acme", "globex"])
        db = try Cinch.connect(project.folder.path, tenant: "acme")
    }

    private func error<Result>(_ body: () async throws -> Result) async -> CinchError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? CinchError
        }
    }

    @Test func rowsComeBackAsTheyAreStored() async throws {
        let row = try await db.insert(
            "users", ["email": "a@x", "active": true, "photo": .blob([0, 255])])
        #expect(row["id"] == 1 && row["active"] == true && row["photo"] == .blob([0, 255]))
        #expect(row["nothing"] == .null)
        #expect(try await db.get("users", id: 1) == row)
        #expect(try await db.get("users", id: 2) == nil)
        #expect(await error { try await db.get("nobody", id: 2) }?.code == .notFound)
        #expect(try await db.update("users", id: 1, ["age": 36])["age"] == 36)
        try await db.insert("users", [["email": "b@x", "age": 5], ["email": "c@x"]])
        let failed = await error {
            try await db.insert("users", [["email": "d@x"], ["email": "a@x"]])
        }
        #expect(failed?.code == .exists && failed?.hint != nil)
        #expect(try await db.updateWhere("users", ["active": false], .isNull("age")) == 1)
        #expect(try await db.deleteWhere("users", .less("age", 10) || .equal("email", "c@x")) == 2)
        try await db.delete("users", id: 1)
        #expect(await error { try await db.delete("users", id: 1) }?.code == .notFound)
        #expect(try await db.switchTenant("globex").query("SELECT * FROM users").isEmpty)
    }

    @Test func rowsAreReadAsTypes() async throws {
        struct User: Decodable, Equatable, Sendable {
            var id: Int
            var email: String
            var age: Int?
            var active: Bool
        }
        try await db.insert("users", ["email": "a@x", "active": true, "born": "2001-02-03"])
        let users = try await db.query(
            "SELECT * FROM users WHERE active = :on", named: ["on": true])
        #expect(try users[0].decode(User.self) == User(id: 1, email: "a@x", age: nil, active: true))
        #expect(
            try await db.query("SELECT * FROM users WHERE id = ?", [1], as: User.self).count == 1)
        #expect(try users[0].get("email") == "a@x")
        #expect(try users[0].get("age", as: Int?.self) == nil)
        #expect(await error { try users[0].get("age", as: Int.self) }?.code == .invalid)
        #expect(await error { try users[0].get("nope", as: Int.self) }?.code == .notFound)
    }

    @Test func statementsRunAloneAndTogether() async throws {
        #expect(try await db.execute("INSERT INTO users(email) VALUES (?), ('b')", ["a"]) == 2)
        let results = try await db.batch([
            ("DELETE FROM users WHERE email = ?", ["b"]), ("SELECT count(*) AS n FROM users", []),
        ])
        #expect(results[1][0]["n"] == 1)
        #expect(
            await error { try await db.batch([("DELETE FROM users", []), ("SELECT nope", [])]) }
                != nil)
        #expect(try await db.query("SELECT * FROM users", maxRows: 1).count == 1)
        let masked = db.masking(["users.email"])
        #expect(try await masked.query("SELECT email FROM users")[0]["email"] == .null)
        #expect(await error { try await masked.query("DELETE FROM users") }?.code == .refused)
        let page = try await db.page("users", limit: 1)
        #expect(page.rows.count == 1 && page.next == nil)
    }

    @Test func grdbIsOfferedAsItIs() async throws {
        struct User: Codable, FetchableRecord, PersistableRecord, Sendable {
            static let databaseTableName = "users"
            var id: Int64?
            var email: String
        }
        try await db.write { try User(id: nil, email: "a@x").insert($0) }
        #expect(try await db.read { try User.fetchOne($0)?.email } == "a@x")
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await db.transaction { db in
                try db.execute(sql: "DELETE FROM users")
                throw Stop()
            }
        }
        #expect(try await db.read { try User.fetchCount($0) } == 1)
        #expect(
            await error { try await db.read { try $0.execute(sql: "DELETE FROM users") } } != nil)
        #expect(
            await error { try await db.write { try $0.execute(sql: "CREATE TABLE x(a)") } }?.code
                == .refused)
        #expect(
            await error { try await db.masking(["users.email"]).read { _ in } }?.code == .refused)
    }

    @Test func changesAreObserved() async throws {
        let observation = ValueObservation.tracking {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM users") ?? 0
        }
        var seen: [Int] = []
        for try await count in observation.values(in: try await db.observed()) {
            seen.append(count)
            if count == 2 { break }
            try await db.insert("users", ["email": .text("\(count)")])
        }
        #expect(seen == [0, 1, 2])
    }

    @Test func schemasBranchesAndHistory() async throws {
        try await db.branches.create("feature")
        let feature = db.switchBranch("feature")
        try await feature.createTable(
            "notes", [CinchColumn("text"), CinchColumn("stars", "INTEGER", defaultValue: "0")])
        try await feature.createIndex("notes", ["stars"])
        try await feature.createView("good", as: "SELECT text FROM notes WHERE stars > 3")
        #expect(try await feature.insert("notes", ["text": "hi"])["stars"] == 0)
        #expect(await error { try await db.query("SELECT * FROM notes") }?.code == .notFound)
        #expect(try await feature.diff(from: "main").count >= 3)
        #expect(try await db.merge("feature", isPreview: true).result == "preview")
        #expect(try await db.merge("feature").result == "fast-forward")
        #expect(try await db.schema().contains("CREATE VIEW good"))
        #expect(try await db.query("SELECT * FROM good").isEmpty)
        try await db.dropView("good")
        try await db.dropIndex("idx_notes_stars")
        try await db.dropTable("notes")
        #expect(try await db.history(limit: 2).count == 2)
        #expect(try await db.branches.list().map(\.name) == ["feature", "main"])
        try await db.ddl("ALTER TABLE users ADD COLUMN x TEXT")
        try await feature.ddl("ALTER TABLE users ADD COLUMN x INTEGER")
        let conflict = await error { try await db.merge("feature") }
        #expect(conflict?.code == .conflict)
        #expect((conflict?.cause as? CinchError.Problem)?.response.jsonBody["conflicts"] != nil)
        try await db.branches.delete("feature", force: true)
    }

    @Test func tenantsAreMadeAndGo() async throws {
        let made = try await db.tenants.create("hooli")
        #expect(made.status == "current" && made.size > 0 && !made.createdAt.isEmpty)
        try await db.switchTenant("hooli").insert("users", ["email": "a"])
        try await db.tenants.copy("hooli", to: "initech")
        try await db.tenants.rename("initech", to: "pied.piper")
        #expect(try await db.switchTenant("pied.piper").query("SELECT * FROM users").count == 1)
        #expect(try await db.tenants.vacuum("pied.piper").after > 0)
        try await db.tenants.delete("pied.piper")
        #expect(try await db.tenants.list().map(\.name) == ["acme", "globex", "hooli", "main"])
        #expect(await error { try await db.tenants.get("pied.piper") }?.code == .notFound)
    }

    @Test func keyValues() async throws {
        let kv = db.kv
        #expect(try await kv.get("a") == nil)
        try await kv.set("a", ["x": 1], ttl: 36_000)
        #expect(try await kv.get("a") == ["x": 1])
        #expect(try await kv.ttl("a") ?? 0 > 0)
        #expect(try await kv.persist("a"))
        #expect(try await kv.ttl("a") == nil)
        #expect(try await kv.setnx("a", 2) == false)
        try await kv.mset(["b": 1, "c": nil])
        #expect(try await kv.mget(["a", "b", "zz"]) == ["a": ["x": 1], "b": 1])
        #expect(try await kv.keys(prefix: "") == ["a", "b", "c"])
        #expect(try await kv.exists("c"))
        #expect(try await kv.expire("c", in: 36_000))
        #expect(try await kv.delete("b", "zz") == 1)
        let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<40 { group.addTask { try await kv.increment("n") } }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(sums == Set(1...40))
    }

    @Test func aTaskThatIsCancelledStopsItsStatement() async throws {
        let endless = """
            INSERT INTO users(age)
            WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT x FROM c
            """
        let task = Task { try await db.execute(endless) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await db.query("SELECT * FROM users").isEmpty)
    }

    @Test func namesLeadToDatabases() async throws {
        #expect(db.isLocal && db.database == "shop" && db.branch == "main")
        #expect(await error { try Cinch.connect("/nowhere/at/all") }?.code == .notFound)
        #expect(
            await error { try await db.switchTenant("nobody").query("SELECT 1") }?.code == .notFound
        )
    }
}
