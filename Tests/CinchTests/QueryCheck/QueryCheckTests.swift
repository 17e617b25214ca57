import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

private let base = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
    CREATE TABLE tasks(id INTEGER PRIMARY KEY, title TEXT);
    """

@Suite struct QueryCheckTests {
    private func place(_ file: String, _ line: Int) -> StoredQuery.Place {
        StoredQuery.Place(file: file, line: line)
    }

    private func found(_ report: CheckReport) -> [String] {
        report.findings.filter { $0.finding.code.hasPrefix("query") }.map {
            "\($0.finding.code) \($0.file ?? "-"):\($0.line)"
        }
    }

    @Test func aMergeThatBreaksAQueryIsFound() throws {
        let project = try TemporaryProject(base)
        try project.database.switchBranch("main")
        _ = try project.database.addQuery(
            "SELECT phone FROM users WHERE id = ?", at: place("app/db.py", 12))
        _ = try project.database.addQuery("SELECT name FROM users", at: place("app/db.py", 14))
        // That it works nowhere is no news to a branch that is made later.
        _ = try project.database.addQuery("SELECT x FROM before")
        try project.diverge(ours: "", theirs: "ALTER TABLE users DROP phone")
        try project.database.switchBranch("feature")
        _ = try project.database.addQuery("SELECT x FROM elsewhere")
        try project.database.switchBranch("main")
        let report = try project.database.check(CheckOptions(head: "feature"))
        #expect(found(report).contains("query-breaks app/db.py:12"))
        #expect(found(report).count == 2)
        #expect(report.result == "findings")
        let finding = try #require(
            report.findings.first { $0.finding.code == "query-breaks" }?.finding)
        #expect(finding.message.contains("in app/db.py, line 12: no such column: phone"))
        #expect(finding.severity == .error)
        let other = try #require(
            report.findings.first { $0.finding.code == "query-fails" }?.finding)
        #expect(other.severity == .info)
        // It can be allowed as any other finding.
        try project.database.switchBranch("feature")
        _ = try project.database.waive("query-breaks", reason: "is deployed first")
        _ = try project.database.waive("drop-column", reason: "is deployed first")
        #expect(try project.database.check().result == "clean")
    }

    @Test func aQueryOfTheBranchThatMainBreaksIsFound() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "ALTER TABLE users DROP phone", theirs: "")
        try project.database.switchBranch("feature")
        _ = try project.database.addQuery("SELECT phone FROM users", at: place("a.py", 1))
        #expect(found(try project.database.check()) == ["query-breaks a.py:1"])
    }

    @Test func aQueryOfANewColumnIsAllRight() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "ALTER TABLE users ADD COLUMN email TEXT")
        try project.database.switchBranch("feature")
        _ = try project.database.addQuery("SELECT email FROM users WHERE id = @id")
        _ = try project.database.addQuery("SELECT mine(email) FROM users")
        _ = try project.database.addQuery("SELECT email FROM users WHERE name = \"Ada\"")
        #expect(found(try project.database.check()) == [])
        #expect(found(try project.database.check(CheckOptions(isRoot: true))) == [])
    }

    @Test func queriesAreMergedByName() throws {
        let project = try TemporaryProject(base)
        let database = project.database
        _ = try database.addQuery("SELECT 1", at: place("a.py", 1))
        _ = try database.addQuery("SELECT 2", at: place("a.py", 2))
        _ = try database.createBranch("feature")
        _ = try database.addQuery("SELECT 3", at: place("b.py", 1))
        _ = try database.addQuery("SELECT 1", at: place("b.py", 9))
        try database.switchBranch("feature")
        _ = try database.addQuery("SELECT 4", at: place("c.py", 1))
        _ = try database.addQuery("SELECT 1", at: place("c.py", 5))
        let second = try #require(try database.queries().first { $0.sql == "SELECT 2" })
        _ = try database.removeQueries([String(second.name.prefix(6))])
        try project.run("ALTER TABLE users ADD COLUMN email TEXT", on: "feature")
        try database.switchBranch("main")
        guard case .merged = try database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        let queries = try database.queries()
        #expect(Set(queries.map(\.sql)) == ["SELECT 1", "SELECT 3", "SELECT 4"])
        #expect(
            queries.first { $0.sql == "SELECT 1" }?.places.map(\.description)
                == ["a.py:1", "b.py:9", "c.py:5"])
        try project.expect(["main"])
    }

    @Test func editsAndMergesOfTheSchemaKeepThem() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.addQuery("SELECT 1")
        try project.run("CREATE TABLE n(id)")
        try project.diverge(ours: "CREATE TABLE o(id)", theirs: "CREATE TABLE p(id)")
        _ = try project.database.merge("feature")
        #expect(try project.database.queries().map(\.sql) == ["SELECT 1"])
        #expect(try project.database.queries(at: "main~3").count <= 1)
    }

    @Test func tenantsStayAsTheyAre() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.execute("INSERT INTO users VALUES (1, 'Ada', '1')", on: "acme")
        let change = try project.database.addQuery("SELECT 1")
        #expect(change.publication?.rollout?.failures.isEmpty == true)
        try project.expect(["acme", "main"])
        #expect(try project.rows("SELECT name FROM users", in: "acme") == [[.text("Ada")]])
        try project.run("ALTER TABLE users ADD COLUMN email TEXT")
        try project.expect(["acme", "main"])
        try project.database.createTenants(["late"])
        try project.expect(["late"])
    }

    @Test func aScanReplacesWhatWasInItsFiles() throws {
        let project = try TemporaryProject(base)
        let database = project.database
        let query = { (sql: String, file: String, line: Int) in
            StoredQuery(sql: sql, places: [place(file, line)])
        }
        _ = try database.addQuery("SELECT 0")
        _ = try database.replaceQueries(
            [query("SELECT 1", "app/a.py", 1), query("SELECT 2", "app/a.py", 2)], under: "app")
        _ = try database.replaceQueries([query("SELECT 2", "lib/b.py", 2)], under: "lib")
        let change = try database.replaceQueries(
            [query("SELECT 3", "app/a.py", 1)], under: "app")
        #expect(change.added.map(\.sql) == ["SELECT 3"])
        #expect(change.removed.map(\.sql) == ["SELECT 1"])
        #expect(change.moved.map(\.sql) == ["SELECT 2"])
        #expect(try database.queries().map(\.sql) == ["SELECT 0", "SELECT 3", "SELECT 2"])
        let again = try database.replaceQueries([query("SELECT 3", "app/a.py", 1)], under: "app")
        #expect(again.isEmpty)
        #expect(again.publication == nil)
    }

    @Test func whatIsNoStatementIsRefused() throws {
        let project = try TemporaryProject(base)
        for sql in [
            "", "SELEC 1", "SELECT 1; SELECT 2", "SELECT (", "-- nothing", "QUERY PLAN SELECT 1",
            "SELECT phone FROM users; DROP TABLE users", "DROP TABLE users",
        ] {
            #expect(try project.refused { try project.database.addQuery(sql) }?.code == .invalid)
        }
        #expect(
            try project.refused { try project.database.removeQueries(["abcdef"]) }?.code
                == .notFound)
    }
}
