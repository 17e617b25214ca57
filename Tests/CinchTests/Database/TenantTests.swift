import Cinch
import CinchGit
import CinchSQLite
import CinchSchema
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

@Suite struct TenantTests {
    private func names(_ project: TemporaryProject) throws -> [String] {
        try project.database.tenantNames().map(\.name)
    }

    @Test func manyAreCreatedAtTheDeployBranchsSchema() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE t(x)", on: "feature")
        let all = (0..<20).map { "tenant-\($0)" }.sorted()
        try project.database.createTenants(all)
        #expect(try names(project) == ["main"] + all)
        try project.expect(all)
        let information = try project.database.tenant("tenant-7")
        #expect(information.status == .current)
        #expect(information.createdAt == "2023-11-14 22:13:20.000")
        #expect(information.size > 0)
        #expect(information.path.hasSuffix("/tenant-7.db"))
        #expect(try project.database.tenantStatus().map(\.name) == ["main"] + all)
    }

    @Test func oneNameThatCannotBeAndNoneIsCreated() throws {
        let project = try TemporaryProject(users, tenants: ["taken"])
        let cases: [([String], CinchError.Code)] = [
            (["a", "taken", "b"], .exists), (["a", "b", "a"], .exists), (["main"], .exists),
            (["a", "../b"], .invalid), (["a", ""], .invalid), (["a", "B"], .invalid),
            (["a", ".b"], .invalid), (["a", "b/c"], .invalid), (["a", "b\0"], .invalid),
            (["a", String(repeating: "x", count: 64)], .invalid), (["a", "é"], .invalid),
        ]
        for (tenants, code) in cases {
            let files = try project.files()
            let error = try project.refused { try project.database.createTenants(tenants) }
            #expect(error?.code == code, "\(tenants)")
            #expect(try names(project) == ["main", "taken"])
            #expect(
                try project.files().filter { $0.hasPrefix("tenants/") && $0.contains("/a.") } == [])
            if code == .invalid { #expect(try project.files() == files) }
        }
        try project.database.createTenants(["a", "b"])
        #expect(try names(project) == ["a", "b", "main", "taken"])
    }

    @Test func aCopyHasTheRowsAndGoesItsOwnWay() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        try project.database.copyTenant("acme", to: "copy")
        try project.execute("INSERT INTO users(name) VALUES ('b')", on: "copy")
        #expect(try project.rows("SELECT name FROM users", in: "acme") == [[.text("a")]])
        #expect(try project.rows("SELECT count(*) FROM users", in: "copy") == [[.integer(2)]])
        try project.expect(["copy"])
        try project.database.copyTenant("main", to: "second")
        #expect(try names(project) == ["acme", "copy", "main", "second"])
    }

    @Test func aRenamedTenantKeepsItsRowsAndItsOldNameIsFree() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        let old = try project.path("acme")
        try project.database.renameTenant("acme", to: "acme.corp")
        #expect(try names(project) == ["acme.corp", "main"])
        #expect(try project.rows("SELECT name FROM users", in: "acme.corp") == [[.text("a")]])
        #expect(try project.refused { try project.database.tenant("acme") }?.code == .notFound)
        #expect(try !project.files().contains { old.hasSuffix($0) })
        try project.database.createTenants(["acme"])
        #expect(try project.rows("SELECT * FROM users", in: "acme").isEmpty)
        try project.run("ALTER TABLE users ADD COLUMN age INT")
        try project.expect(["acme", "acme.corp", "main"])
    }

    @Test func aDeletedTenantIsGoneWithItsFiles() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        _ = try project.database.createBranch("feature")
        _ = try project.database.open(tenant: "acme", branch: "feature")
        try project.database.deleteTenant("acme")
        #expect(try names(project) == ["globex", "main"])
        #expect(try !project.files().contains { $0.contains("/acme.") })
        #expect(
            try project.refused { try project.database.deleteTenant("acme") }?.code == .notFound)
    }

    @Test(arguments: ["delete", "rename"])
    func theNextOfANameFindsNoPreviewOfTheLast(_ way: String) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        try project.execute("INSERT INTO users(name) VALUES ('secret')", on: "acme")
        let preview = try project.database.open(tenant: "acme", branch: "feature")
        #expect(try preview.query("SELECT * FROM users").rows.count == 1)
        try preview.close()
        if way == "delete" {
            try project.database.deleteTenant("acme")
        } else {
            try project.database.renameTenant("acme", to: "other")
        }
        try project.database.createTenants(["acme"])
        let next = try project.database.open(tenant: "acme", branch: "feature")
        #expect(try next.query("SELECT * FROM users").rows.isEmpty)
    }

    @Test func mainAndNamesThatAreTakenAreProtected() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        let database = project.database
        let cases: [(String, CinchError.Code, () throws -> Void)] = [
            ("delete main", .refused, { try database.deleteTenant("main") }),
            ("rename main", .refused, { try database.renameTenant("main", to: "x") }),
            ("rename to main", .exists, { try database.renameTenant("acme", to: "main") }),
            ("rename to taken", .exists, { try database.renameTenant("acme", to: "globex") }),
            ("rename to itself", .exists, { try database.renameTenant("acme", to: "acme") }),
            ("rename to bad", .invalid, { try database.renameTenant("acme", to: "../x") }),
            ("rename unknown", .notFound, { try database.renameTenant("gone", to: "x") }),
            ("rename bad", .invalid, { try database.renameTenant("../acme", to: "x") }),
            ("copy to main", .exists, { try database.copyTenant("acme", to: "main") }),
            ("copy to taken", .exists, { try database.copyTenant("acme", to: "globex") }),
            ("copy to bad", .invalid, { try database.copyTenant("acme", to: "X") }),
            ("copy unknown", .notFound, { try database.copyTenant("gone", to: "x") }),
            ("delete unknown", .notFound, { try database.deleteTenant("gone") }),
            ("delete bad", .invalid, { try database.deleteTenant("../../x") }),
            ("look at bad", .invalid, { _ = try database.tenant("a/b") }),
        ]
        for (what, code, body) in cases {
            #expect(try project.refused(body: body)?.code == code, "\(what)")
        }
        #expect(try names(project) == ["acme", "globex", "main"])
    }

    @Test func tenantsOfManyBranchesStayTheSame() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        for name in ["a", "b", "c"] { _ = try project.database.createBranch(name) }
        try project.database.switchBranch("b")
        #expect(try names(project) == ["acme", "main"])
        try project.database.createTenants(["globex"])
        try project.expect(["globex"])
    }
}

@Suite struct DatabasesTests {
    private func name(_ text: String) throws -> StoredName {
        try StoredName(text, kind: "database")
    }

    @Test func aProjectHasItsFirstDatabaseAndMain() throws {
        let project = try TemporaryProject()
        #expect(try project.project.databases().map(\.text) == ["shop"])
        #expect(try project.database.tenantNames().map(\.name) == ["main"])
        #expect(try project.subjects() == ["Start with an empty schema"])
        try project.expect(["main"])
        let error = try project.refused {
            try Project.create(
                at: project.folder.path, database: name("x"), format: .sha256,
                in: project.project.context)
        }
        #expect(error?.code == .exists)
        #expect(try project.project.databases().map(\.text) == ["shop"])
    }

    @Test func databasesAreApart() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.project.createDatabase(name("crm"), format: .sha1)
        #expect(try project.project.databases().map(\.text) == ["crm", "shop"])
        #expect(try project.project.database().name.text == "shop")
        let crm = try project.project.database(name("crm"))
        #expect(try crm.tenantNames().map(\.name) == ["main"])
        #expect(try crm.schema(at: "main").isEmpty)
        #expect(try crm.commit("main").hex.count == 40)
        #expect(
            try project.refused { try project.project.createDatabase(name("crm")) }?.code == .exists
        )
        #expect(
            try project.refused { try project.project.database(name("gone")) }?.code == .notFound)
        #expect(
            try project.refused { try project.project.activate(name("gone")) }?.code == .notFound)
        try project.project.activate(name("crm"))
        #expect(try project.project.database().name.text == "crm")
    }

    @Test func theActiveDatabaseIsNotDeletedAndOthersGoWhole() throws {
        let project = try TemporaryProject(users)
        try project.project.createDatabase(name("crm"))
        let error = try project.refused { try project.project.deleteDatabase(name("shop")) }
        #expect(error?.code == .refused)
        try project.project.deleteDatabase(name("crm"))
        #expect(try project.project.databases().map(\.text) == ["shop"])
        #expect(!project.folder.exists(".cinch/databases/crm"))
        #expect(
            try project.refused { try project.project.deleteDatabase(name("crm")) }?.code
                == .notFound)
        try project.project.createDatabase(name("crm"))
    }

    @Test func whatACrashLeftOfInitIsFinished() throws {
        let project = try TemporaryProject()
        // Died before the settings named the database, and before its tenant was there.
        try project.folder.remove(".cinch/config.toml")
        for suffix in ["", "-wal", "-shm"] {
            try project.folder.remove(".cinch/databases/shop/catalog.db\(suffix)")
        }
        let again = try Project.create(
            at: project.folder.path, database: name("shop"), format: .sha256,
            in: project.project.context)
        #expect(try again.database().tenantNames().map(\.name) == ["main"])
        #expect(try again.database().log("main", limit: nil, topological: true).count == 1)
    }
}
