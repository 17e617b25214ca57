import Cinch
import CinchGit
import Foundation
import GRDB
import Testing

/// The code of docs/sdk.md, line by line.
@Suite struct ExampleTests {
    @Test func theExamplesRun() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/project_manager"
        let project = try Project.create(
            at: path, database: StoredName("project_manager", kind: "database"), format: .sha256,
            in: try Context.current())
        let database = try project.database()
        for (name, columns) in [
            ("users", ["email:TEXT", "name:TEXT?", "role:TEXT", "active:BOOLEAN"]),
            ("tasks", ["status:TEXT"]),
        ] {
            let table = try TableSpecification(
                name: name, columns: columns.map { try ColumnSpecification(parsing: $0) })
            _ = try database.run(statements: table.statements)
        }
        try database.createTenants(["acme_corp"])
        let db = try Cinch.connect(path)
        let acme = db.switchTenant("acme_corp")

        let admin = try await acme.insert(
            "users", ["email": "admin@acme.com", "name": "ACME", "role": "admin", "active": true])
        let id = admin["id"]
        try await acme.update("users", id: id, ["role": "owner"])
        try await acme.updateWhere("users", ["active": false], .like("email", "%@old.example"))
        let owners = try await acme.query("SELECT * FROM users WHERE role = ?", ["owner"])
        try await acme.deleteWhere("users", .isNull("name") || .isIn("role", ["guest", "bot"]))
        #expect(owners.count == 1)

        struct User: Decodable, Sendable {
            var id: String
            var email: String
            var active: Bool
        }
        let users = try await acme.query("SELECT * FROM users", as: User.self)
        let email: String = try owners[0].get("email")
        #expect(users[0].email == email)

        try await acme.batch([
            ("UPDATE users SET active = ? WHERE role = ?", [true, "owner"]),
            ("DELETE FROM tasks WHERE status = ?", ["done"]),
        ])

        let count = try await acme.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM users")
        }
        try await acme.write { db in
            try db.execute(sql: "UPDATE users SET active = 0")
            try db.execute(sql: "DELETE FROM tasks")
        }
        #expect(count == 1)

        try await acme.kv.set("theme", ["dark": true], ttl: 3600)
        let visits = try await acme.kv.increment("visits")
        #expect(visits == 1)

        try await db.branches.create("comments")
        let comments = db.switchBranch("comments")
        try await comments.createTable("comments", [CinchColumn("text"), CinchColumn("task_id")])
        let preview = try await db.merge("comments", isPreview: true)
        try await db.merge("comments")
        try await db.tenants.create("globex")
        #expect(preview.result == "preview")

        let support = acme.masking(["users.email"])
        let names = try await support.query("SELECT name, email FROM users")
        #expect(names[0]["email"] == .null)
    }

    /// Every line of the pages' examples stands in this file or, of the server, in its own test.
    @Test func thePagesShowWhatIsRun() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let remote = root.appendingPathComponent(
            "Tests/CinchServerTests/RemoteConnectionTests.swift")
        let code = try [here, remote].flatMap {
            try String(contentsOf: $0, encoding: .utf8).split(separator: "\n").map(Self.trimmed)
        }
        let run = Set(code + [#"let db = try Cinch.connect("project_manager")"#])
        for name in ["docs/sdk.md", "Sources/Cinch/Cinch.docc/Cinch.md"] {
            let page = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            var isExample = false
            var examples = 0
            for line in page.split(separator: "\n") {
                if line.hasPrefix("```") {
                    isExample = line == "```swift"
                } else if isExample, !line.hasPrefix(".p") {
                    examples += 1
                    #expect(run.contains(Self.trimmed(line)), "\(name): \(line)")
                }
            }
            #expect(examples >= 8)
        }
    }

    private static func trimmed(_ line: Substring) -> String {
        line.trimmingCharacters(in: .whitespaces)
    }
}
