import Cinch
import CinchGit
import GRDB
import Testing

@Suite struct APITests {
    private let project: TemporaryProject
    private let api: API
    private let acme = "/v1/db/shop/branch/main/tenant/acme"

    init() throws {
        project = try TemporaryProject(
            """
            CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, active BOOLEAN,
                photo BLOB);
            """, tenants: ["acme"])
        api = API(project: project.project)
    }

    private func ask(
        _ method: String, _ target: String, _ body: JSONValue? = nil,
        access: APIRequest.Access = .admin
    ) throws -> (status: Int, body: JSONValue) {
        let (path, query) = try APIPath.parse(target)
        let response = api.handle(
            APIRequest(method, path: path, query: query, body: body, access: access))
        return (response.status, response.jsonBody)
    }

    @Test func rowsGoInAndOutByTable() throws {
        let users = "\(acme)/tables/users/rows"
        let (status, body) = try ask(
            "POST", users, ["email": "a@x", "active": true, "photo": ["$blob": "AP8="]])
        #expect(status == 201)
        #expect(
            body["rows"] == [["id": 1, "email": "a@x", "active": true, "photo": ["$blob": "AP8="]]])
        #expect(try ask("POST", users, [["email": "b@x"], ["email": "a@x"]]).status == 409)
        #expect(try ask("GET", "\(users)/2").status == 404)
        #expect(try ask("POST", users, [["email": "b@x"], ["email": "c@x"]]).status == 201)
        let page = try ask("GET", "\(users)?limit=2&filter=%7B%22id%22%3A%7B%22gt%22%3A0%7D%7D")
            .body
        guard case .string(let next)? = page["next"] else { throw Failure() }
        let rest = try ask("GET", "\(users)?limit=2&after=\(APIPath.encode(next))").body
        #expect(rest["next"] == .null && rest["rows"]?.count == 1)
        #expect(try ask("PATCH", "\(users)/2", ["active": false]).body["active"] == false)
        #expect(
            try ask("PATCH", users, ["set": ["active": true], "where": ["id": ["in": [1, 2]]]]).body
                == ["changes": 2])
        #expect(try ask("PATCH", users, ["set": ["active": true]]).status == 403)
        #expect(try ask("DELETE", users).status == 403)
        #expect(try ask("DELETE", "\(users)/3").body == ["changes": 1])
        #expect(try ask("DELETE", "\(users)?filter=%7B%7D").body == ["changes": 2])
    }

    @Test func statementsRunWithValuesByPlaceAndName() throws {
        let insert: JSONValue = ["sql": "INSERT INTO users(email) VALUES (?)", "params": ["q"]]
        #expect(try ask("POST", "\(acme)/execute", insert).body["changes"] == 1)
        #expect(try ask("POST", "\(acme)/query", insert).status == 409)
        let (status, body) = try ask(
            "POST", "\(acme)/query",
            ["sql": "SELECT email, :n AS n FROM users", "params": ["n": 0.5]])
        #expect(status == 200 && body["rows"] == [["email": "q", "n": 0.5]])
        let limited = try ask(
            "POST", "\(acme)/query", ["sql": "VALUES (1), (2), (3)", "max_rows": 2]
        ).body
        #expect(limited["truncated"] == true && limited["rows"]?.count == 2)
        let batch: JSONValue = [
            "statements": [["sql": "DELETE FROM users"], ["sql": "SELECT nope FROM users"]]
        ]
        #expect(try ask("POST", "\(acme)/batch", batch).status == 404)
        #expect(
            try ask("POST", "\(acme)/query", ["sql": "SELECT count(*) n FROM users"]).body["rows"]
                == [["n": 1]])
        let masked = try ask(
            "POST", "\(acme)/query", ["sql": "SELECT email FROM users", "mask": ["users.email"]]
        ).body
        #expect(masked["rows"] == [["email": nil]])
    }

    /// Every route refuses a key whose scope is less than its own, whatever else is in the request.
    @Test func everyRouteAsksForItsScope() throws {
        #expect(API.routes.count > 35)
        for route in API.routes {
            let target = route.template.replacing("{db}", with: "shop").replacing("{", with: "")
                .replacing("}", with: "")
            let lesser: [APIRequest.Access] =
                switch route.scope {
                case .admin: [.read, .write]
                case .tenantWrite: [.read]
                case .tenantRead: []
                }
            for access in lesser {
                let (status, body) = try ask(route.method, target, [:], access: access)
                #expect(status == 403 && body["code"] == "refused", "\(route.method) \(target)")
            }
        }
    }

    /// A kept answer is one for a day, and old ones go a few at a time.
    @Test func answersAreKeptForADay() throws {
        let insert = { (key: String) in
            let (path, _) = try APIPath.parse("\(acme)/tables/users/rows")
            return api.handle(
                APIRequest("POST", path: path, body: ["active": true], idempotencyKey: key)
            ).jsonBody
        }
        let first = try insert("a")
        for number in 0..<20 { _ = try insert("n\(number)") }
        #expect(try insert("a") == first)
        let file = try project.path("acme")
        try stock(file) {
            try $0.execute(sql: "UPDATE _cinch_replay SET answered_at = answered_at - 86401")
        }
        let second = try insert("a")
        #expect(second != first)
        #expect(try insert("a") == second)
        let kept = try stock(file) {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM _cinch_replay")
        }
        #expect(kept == 21 - 8 - 8 + 1)
    }

    @Test func aReadingKeyChangesNothing() throws {
        for (target, body): (String, JSONValue) in [
            ("query", ["sql": "DELETE FROM users"]), ("kv", ["set": ["a": 1]]),
            ("kv", ["delete": ["a"]]), ("query", ["sql": "INSERT INTO users DEFAULT VALUES"]),
        ] {
            #expect(try ask("POST", "\(acme)/\(target)", body, access: .read).status == 403)
        }
        #expect(
            try ask("POST", "\(acme)/kv", ["get": ["a"]], access: .read).body == [
                "values": ["a": nil]
            ])
    }

    /// Statements that reach out of a tenant's rows; each is refused, and the file is as it was.
    @Test(arguments: [
        "ATTACH 'x.db' AS x", "DETACH main", "PRAGMA user_version", "PRAGMA writable_schema = 1",
        "VACUUM", "VACUUM INTO 'x.db'", "SELECT * FROM pragma_table_info('users')",
        "SELECT * FROM pragma_database_list", "SELECT load_extension('x.so')",
        "CREATE TABLE x(a)", "CREATE TEMP TABLE x(a)", "DROP TABLE users",
        "ALTER TABLE users ADD COLUMN x",
        "CREATE TRIGGER x AFTER INSERT ON users BEGIN SELECT 1; END",
        "SELECT * FROM _cinch_stamp", "DELETE FROM _cinch_stamp", "SELECT * FROM sqlite_dbpage",
        "UPDATE sqlite_master SET sql = ''", "DELETE FROM sqlite_sequence", "BEGIN", "COMMIT",
        "SAVEPOINT a", "REINDEX", "ANALYZE", "SELECT 1; SELECT 2", "EXPLAIN ATTACH 'x' AS x",
        "SELECT fts3_tokenizer('simple')", "",
    ])
    func whatReachesFurtherIsRefused(_ sql: String) throws {
        let guarded = API(project: project.project, settings: .guarded)
        for route in ["query", "execute"] {
            let (path, _) = try APIPath.parse("\(acme)/\(route)")
            let response = guarded.handle(
                APIRequest("POST", path: path, body: ["sql": .string(sql)]))
            #expect(
                [400, 403, 404].contains(response.status), "\(sql): \(response.jsonBody.text())")
        }
        #expect(try project.database.tenant("acme").status == .current)
    }

    @Test func aRunawayQueryStopsAtItsDeadline() throws {
        let (path, _) = try APIPath.parse("\(acme)/query")
        let sql =
            "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
        let response = api.handle(
            APIRequest("POST", path: path, body: ["sql": .string(sql)]), deadline: 0.05)
        #expect(response.status == 408)
    }

    @Test(arguments: [
        "/v1/db/shop/branch/main/tenant/..%2F..%2Fetc/kv", "/v1/db/shop/branch/main/tenant/ACME/kv",
        "/v1/db/shop/branch/main/tenant/%C3%A9/kv", "/v1/db/..%2Fx/tenants",
        "/v1/db/shop/branch/main/tenant/a%0Ab/kv", "/v1/db/shop/branch/..%2F..%2Fx/tenant/acme/kv",
    ])
    func namesThatReachElsewhereAreRefusedBeforeTheDiskIsTouched(_ target: String) throws {
        let before = try project.files()
        #expect([400, 404].contains(try ask("GET", target).status))
        #expect(try project.files() == before)
    }

    @Test(arguments: [
        "v1", "/v1/%zz", "/v1/%ff", "/v1/a%00", "/v1//db", "/v1/../x", "/v1/%2e%2e",
        "/a/" + String(repeating: "x", count: 1025),
    ])
    func pathsThatAreNoneAreRefused(_ target: String) {
        #expect(failure { try APIPath.parse(target) }?.code == .invalid)
    }

    @Test func schemasAreChangedOnTheBranchOfThePath() throws {
        #expect(try ask("POST", "/v1/db/shop/branches", ["name": "f/x"]).status == 201)
        let branch = "/v1/db/shop/branch/f%2Fx"
        let table: JSONValue = [
            "name": "notes",
            "columns": [
                ["name": "text", "type": "TEXT"],
                [
                    "name": "user", "type": "INTEGER", "nullable": true,
                    "references": "users.id", "on_delete": "set null",
                ],
                ["name": "state", "default": "'new'", "check": "state <> ''"],
            ],
        ]
        #expect(try ask("POST", "\(branch)/tables", table).status == 201)
        #expect(try ask("POST", "\(branch)/tables", table).status == 409)
        #expect(
            try ask("POST", "\(branch)/indexes", ["table": "notes", "columns": ["text:desc"]])
                .status
                == 201)
        #expect(
            try ask("POST", "\(branch)/views", ["name": "v", "sql": "SELECT text FROM notes"])
                .status
                == 201)
        #expect(try ask("POST", "\(branch)/ddl", ["sql": "CREATE TABLE more(x)"]).status == 201)
        // HEAD is where it was, and so are the tenants.
        #expect(try project.database.currentBranch().shortName == "main")
        #expect(try ask("GET", "\(acme)/tables/notes/rows").status == 404)
        #expect(
            try ask("POST", "\(branch)/tenant/acme/tables/notes/rows", ["text": "hi"]).body["rows"]?
                .first?["state"] == "new")
        #expect(try ask("DELETE", "\(branch)/tables/notes").status == 400)
        #expect(try ask("DELETE", "\(branch)/views/v").status == 200)
        #expect(try ask("GET", "/v1/db/shop/diff?to=f%2Fx").body["changes"]?.count == 4)
        let preview = try ask("POST", "/v1/db/shop/merge", ["source": "f/x", "preview": true])
        #expect(preview.body["result"] == "preview")
        #expect(
            try ask("POST", "/v1/db/shop/merge", ["source": "f/x"]).body["result"] == "fast-forward"
        )
        #expect(
            try ask("POST", "/v1/db/shop/merge", ["source": "f/x"]).body["result"] == "up-to-date")
        #expect(try ask("GET", "\(acme)/tables/notes/rows").status == 200)
        #expect(try ask("GET", "/v1/db/shop/rollouts/1").body["state"] == "done")
        #expect(try ask("GET", "/v1/db/shop/log?limit=2").body["commits"]?.count == 2)
    }

    @Test func aConflictIsAnAnswerAndLeavesNothingBehind() throws {
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN x TEXT",
            theirs: "ALTER TABLE users ADD COLUMN x INT")
        let (status, body) = try ask("POST", "/v1/db/shop/merge", ["source": "feature"])
        #expect(status == 409 && body["code"] == "conflict" && body["conflicts"]?.count == 1)
        #expect(try project.database.unfinishedMerge() == nil)
        let settled = try ask(
            "POST", "/v1/db/shop/merge", ["source": "feature", "strategy": "theirs"])
        #expect(settled.status == 200)
    }

    @Test func tenantsComeAndGoWhileTheyAreOpen() throws {
        #expect(try ask("POST", "/v1/db/shop/tenants", ["names": ["a", "b"]]).status == 201)
        #expect(try ask("POST", "/v1/db/shop/tenants", ["name": "a"]).status == 409)
        #expect(try ask("POST", "/v1/db/shop/tenants", ["name": "../a"]).status == 400)
        let rows = "/v1/db/shop/branch/main/tenant/a/tables/users/rows"
        #expect(try ask("POST", rows, ["email": "x"]).status == 201)
        #expect(try ask("POST", "/v1/db/shop/tenants/a/copy", ["to": "c"]).status == 201)
        #expect(try ask("POST", "/v1/db/shop/tenants/a/vacuum").status == 200)
        #expect(try ask("PATCH", "/v1/db/shop/tenants/a", ["name": "d"]).body["name"] == "d")
        #expect(try ask("GET", rows).status == 404)
        for tenant in ["c", "d"] {
            let body = try ask("GET", rows.replacing("tenant/a", with: "tenant/\(tenant)")).body
            #expect(body["rows"]?.count == 1)
        }
        #expect(try ask("DELETE", "/v1/db/shop/tenants/d").status == 200)
        #expect(try ask("DELETE", "/v1/db/shop/tenants/d").status == 404)
        guard case .array(let tenants)? = try ask("GET", "/v1/db/shop/tenants").body["tenants"]
        else {
            throw Failure()
        }
        #expect(tenants.map { $0["name"] } == ["acme", "b", "c", "main"])
        #expect(tenants.allSatisfy { $0["status"] == "current" && $0["path"] == nil })
    }

    @Test(arguments: [
        ("GET", "/", 404), ("GET", "/v1/nope", 404), ("PUT", "/v1/db", 405),
        ("GET", "/v1/db/none/tenants", 404),
        ("GET", "/v1/db/shop/log?limit=0", 400), ("GET", "/v1/db/shop/log?limti=3", 400),
        ("GET", "/v1/db/shop/schema?at=nowhere", 404), ("GET", "/v1/db/shop/rollouts/x", 400),
        ("GET", "/v1/db/shop/rollouts/99", 404), ("POST", "/v1/db/shop/merge", 400),
        ("POST", "/v1/db/shop/branch/none/ddl", 400),
        ("GET", "/v1/db/shop/branch/main/tenant/none/kv", 404),
    ])
    func whatCannotBeAnsweredSaysWhy(_ method: String, _ target: String, _ expected: Int) throws {
        let (status, body) = try ask(method, target)
        #expect(status == expected, "\(body.text())")
        #expect(body["status"] == .integer(Int64(expected)) && body["detail"] != nil)
    }

    @Test func membersNobodyKnowsAreRefused() throws {
        #expect(try ask("POST", "\(acme)/query", ["sql": "SELECT 1", "parms": []]).status == 400)
        #expect(try ask("POST", "\(acme)/query", ["sql": 1]).status == 400)
        #expect(try ask("POST", "\(acme)/query", [1]).status == 400)
        #expect(
            try ask(
                "POST", "/v1/db/shop/branch/main/tables",
                ["name": "x", "columns": [["name": "a", "tpye": "INT"]]]
            ).status == 400)
    }

    @Test func theSameIsAnsweredInAnEnvelope() throws {
        let answer = api.answer(
            toEnvelope: #"{"method": "GET", "path": "/v1/db/shop/branches"}"#)
        #expect(answer["status"] == 200 && answer["body"]?["branches"]?.count == 1)
        for bad in [
            "", "{}", "[]", #"{"method": "GET", "path": 1}"#, #"{"method": "GET", "path": "x"}"#,
        ] {
            #expect(api.answer(toEnvelope: bad)["status"] == 400)
        }
    }

    @Test func aProjectsFolderNamesItsActiveDatabase() throws {
        let folder = project.project.layout.root.split(separator: "/").last.map(String.init) ?? ""
        let name = StoredName(databaseFor: folder)
        #expect(try ask("GET", "/v1/db/\(name)/branches").status == 200)
        #expect(
            try ask("POST", "/v1/db/\(name)/branch/main/tenant/acme/query", ["sql": "SELECT 1"])
                .status == 200)
        #expect(api.openTenants == 1)
    }

    @Test func theDescriptionHasEveryRouteOnce() throws {
        let document = OpenAPI.document(routes: API.routes)
        guard case .object(let paths)? = document["paths"] else { throw Failure() }
        var identifiers: Set<JSONValue> = []
        for route in API.routes {
            let operation = paths.first { $0.key == route.template }?.value[
                route.method.lowercased()]
            let identifier = try #require(operation?["operationId"])
            #expect(identifiers.insert(identifier).inserted, "\(identifier)")
        }
        #expect(try JSONValue(parsing: document.text()) == document)
    }

    private struct Failure: Error {}
}

extension JSONValue {
    fileprivate var count: Int? {
        guard case .array(let elements) = self else { return nil }
        return elements.count
    }

    fileprivate var first: JSONValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first
    }
}
