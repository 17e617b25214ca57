import Cinch
import CinchGit
import CinchRemote
import CinchServer
import Foundation
import Testing

/// A connection through a server, both in this process.
@Suite struct RemoteConnectionTests {
    private func withServer(
        _ body: (_ url: String, _ project: Project) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cinch-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let context = try Context.current()
        let project = try Project.create(
            at: folder, database: StoredName("shop", kind: "database"), format: .sha256, in: context
        )
        let database = try project.database()
        _ = try database.run(
            ddl: "CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, photo BLOB)")
        try database.createTenants(["acme"])
        var settings = ServerSettings()
        settings.port = 0
        settings.rateLimit = 0
        let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
        let final = settings
        let server = Task {
            try await Server.run(project, final) { continuation.yield($0) }
        }
        defer { server.cancel() }
        var iterator = addresses.makeAsyncIterator()
        let url = try #require(await iterator.next())
        try await body(url, project)
    }

    @Test func theSameCallsGoToAServer() async throws {
        try await withServer { url, project in
            let key = try project.database().createKey(tenant: nil, mayWrite: true).key.text
            let db = try Cinch.connect(
                url: url + "/", apiKey: key, database: "shop", tenant: "acme")
            #expect(!db.isLocal)
            let row = try await db.insert("users", ["email": "a@x", "photo": .blob([0, 255])])
            #expect(try await db.get("users", id: 1) == row)
            #expect(row["photo"] == .blob([0, 255]))
            #expect(try await db.get("users", id: 9) == nil)
            try await db.kv.set("a/b ü", [1, nil])
            #expect(try await db.kv.get("a/b ü") == [1, nil])
            try await db.branches.create("feature/x")
            try await db.switchBranch("feature/x").createTable("notes", [CinchColumn("text")])
            #expect(try await db.merge("feature/x").result == "fast-forward")
            #expect(try await db.tenants.list().map(\.name) == ["acme", "main"])
            #expect(try await db.page("users", where: .equal("email", "a@x")).rows.count == 1)
            await #expect(throws: CinchError.self) { try await db.read { _ in } }
        }
    }

    @Test func theExampleOfThePageConnects() async throws {
        try await withServer { url, project in
            let key = try project.database().createKey(tenant: nil, mayWrite: true).key.text
            let remote = try Cinch.connect(url: url, apiKey: key, database: "project_manager")
            await #expect(throws: CinchError.self) { try await remote.query("SELECT 1") }
        }
    }

    @Test func aKeyThatIsWrongAndAServerThatIsNotThereAreTold() async throws {
        let code = { (url: String, key: String?) async throws -> CinchError.Code? in
            let db = try Cinch.connect(url: url, apiKey: key, database: "shop", tenant: "acme")
            do {
                _ = try await db.query("SELECT 1")
                return nil
            } catch let error as CinchError {
                return error.code
            }
        }
        try await withServer { url, project in
            #expect(try await code(url, nil) == .unauthenticated)
            let key = try project.database().createKey(tenant: "acme", mayWrite: false).key.text
            #expect(try await code(url, key) == nil)
        }
        #expect(try await code("http://127.0.0.1:1", nil) == .unreachable)
        #expect(throws: CinchError.self) {
            try Cinch.connect(url: "ftp://x", apiKey: nil, database: "shop")
        }
    }
}
