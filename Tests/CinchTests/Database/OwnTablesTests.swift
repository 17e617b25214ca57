import Cinch
import CinchMaterializer
import CinchSchema
import Testing

/// Tables of ours in a tenant's file that are in no schema: values under keys, kept answers.
@Suite struct OwnTablesTests {
    @Test func theyStayThroughEverythingThatHappensToATenant() throws {
        let project = try TemporaryProject(
            "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);", tenants: ["acme"])
        let api = API(project: project.project)
        let ask = { (method: String, tenant: String, path: [String], body: JSONValue?) in
            api.handle(
                APIRequest(
                    method,
                    path: ["v1", "db", "shop", "branch", "main", "tenant", tenant] + path,
                    body: body, idempotencyKey: "once")
            ).jsonBody
        }
        let insert: (String) -> JSONValue = {
            ask("POST", $0, ["tables", "users", "rows"], ["name": "Ada"])
        }
        let value: (String) -> JSONValue? = { ask("GET", $0, ["kv", "k"], nil)["value"] }
        let first = insert("acme")
        _ = api.handle(
            APIRequest(
                "PUT", path: ["v1", "db", "shop", "branch", "main", "tenant", "acme", "kv", "k"],
                body: ["value": 7]))
        // A column added, a table rebuilt, one dropped and brought back.
        try project.run("ALTER TABLE users ADD COLUMN age INTEGER")
        try project.run(
            """
            CREATE TABLE other(a); ALTER TABLE users RENAME TO people;
            CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x');
            """)
        try project.run("DROP TABLE other")
        #expect(value("acme") == 7)
        #expect(insert("acme") == first)
        let findings = try project.database.findDrift()
        #expect(findings.allSatisfy { $0.drift == nil })
        #expect(try project.database.tenantStatus().allSatisfy { $0.status == .current })
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE more(b)", on: "feature")
        _ = try project.database.rehearse("feature", on: .sample(10))
        api.close()
        try project.database.copyTenant("acme", to: "copied")
        try project.database.renameTenant("acme", to: "renamed")
        try project.database.switchBranch("main")
        _ = try project.database.merge("feature")
        for tenant in ["copied", "renamed"] {
            #expect(value(tenant) == 7)
            #expect(try project.database.tenant(tenant).status == .current)
        }
        let schema = try project.database.schema(at: "main")
        #expect(schema.tables.allSatisfy { !$0.name.text.hasPrefix("_cinch") })
    }
}
