import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

private let users = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE INDEX users_name ON users(name);
    """

@Suite struct DriftTests {
    private func drifted(_ findings: [DriftFinding]) -> [String] {
        findings.filter { $0.drift != nil }.map(\.tenant)
    }

    @Test func whatWasChangedByHandIsFoundWithTheWayBack() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex", "initech"])
        try project.execute("INSERT INTO users VALUES (1, 'a')", on: "acme")
        #expect(drifted(try project.database.findDrift()) == [])
        try project.execute(
            """
            ALTER TABLE users ADD COLUMN nick TEXT; CREATE TABLE mine(x);
            DROP INDEX users_name;
            """, on: "acme")
        try project.execute("CREATE VIEW v AS SELECT 1", on: "globex")
        let before = try project.state()
        let findings = try project.database.findDrift()
        #expect(try project.changed(since: before) == [])
        #expect(findings.map(\.tenant) == ["acme", "globex", "initech", "main"])
        #expect(drifted(findings) == ["acme", "globex"])
        let drift = try #require(findings[0].drift)
        #expect(
            drift.changes.map(\.summary) == [
                "create table mine", "add column users.nick TEXT", "drop index users_name",
            ])
        // The statements lead back, in a copy at least.
        try project.database.copyTenant("acme", to: "copy")
        let statements = try #require(drift.wayBack).statements
        try project.execute(statements.joined(separator: "\n"), on: "copy")
        #expect(drifted(try project.database.findDrift(in: ["copy"])) == [])
        #expect(try project.rows("SELECT * FROM users", in: "copy") == [[1, "a"]])
    }

    @Test func whatIsOursOrOnlyTextIsNoDrift() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute(
            """
            PRAGMA user_version = 12; PRAGMA application_id = 3; ANALYZE;
            DROP INDEX users_name; create index "users_name" on users ( name );
            CREATE TABLE _cinch_note(x);
            """, on: "acme")
        #expect(drifted(try project.database.findDrift()) == [])
    }

    @Test func whatCannotBeReadIsSaidSo() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex", "initech"])
        let path = try project.path("acme")
        try Data("no database".utf8).write(to: URL(fileURLWithPath: path))
        try project.execute("DROP TABLE _cinch_stamp", on: "globex")
        try project.execute("UPDATE _cinch_stamp SET tree_id = 'gone'", on: "initech")
        let findings = try project.database.findDrift()
        let unreadable = findings.filter {
            if case .unreadable = $0.state { true } else { false }
        }
        #expect(unreadable.map(\.tenant) == ["acme", "globex", "initech"])
        #expect(drifted(findings) == [])
        #expect(
            try project.refused { try project.database.findDrift(in: ["main", "gone"]) }?.code
                == .notFound)
    }

    @Test func statusRemembersDriftUntilItIsGone() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute("CREATE TABLE mine(x)", on: "acme")
        try project.run("ALTER TABLE users ADD COLUMN age INT")
        var acme = try project.database.tenant("acme")
        #expect(acme.status == .drifted)
        #expect(acme.outcome == "drifted")
        #expect(acme.behind == 1)
        #expect(acme.reason?.contains("mine") == true)
        try project.execute("DROP TABLE mine", on: "acme")
        acme = try project.database.tenant("acme")
        #expect(acme.status == .behind)
        #expect(acme.reason == nil)
        _ = try project.database.materialize()
        acme = try project.database.tenant("acme")
        #expect((acme.status, acme.behind, acme.outcome) == (.current, 0, "applied"))
    }

    @Test func statusSaysWhyATenantFailedAndHowFarBehindItIs() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        let database = try project.reopened { $0.materializePolicy = .manual }
        _ = try database.run(ddl: "CREATE TABLE a(x)")
        _ = try database.run(ddl: "CREATE TABLE b(x)")
        #expect(try database.tenant("acme").behind == 2)
        #expect(try database.tenant("acme").status == .behind)
        // What stands in the way is only found when it is tried.
        try project.execute(
            "CREATE TRIGGER mine AFTER INSERT ON users BEGIN SELECT 1; END;", on: "globex")
        let lock = try Connection(path: project.path("acme"), access: .readWrite)
        try lock.execute("BEGIN IMMEDIATE")
        let report = try database.tenants().materializer.materialize(
            database.tenants().store.allFiles(), to: database.target(database.commit("main")),
            options: MaterializationOptions(busyTimeout: 50),
            journal: database.tenants().journal)
        #expect(report.failures.map(\.name) == ["acme", "globex"])
        try lock.execute("ROLLBACK")
        let acme = try database.tenant("acme")
        #expect((acme.status, acme.behind, acme.outcome) == (.failed, 2, "failed"))
        #expect(acme.reason?.contains("in use") == true)
        #expect(
            try database.tenantStatus().map(\.status) == [.failed, .drifted, .current])
    }
}
