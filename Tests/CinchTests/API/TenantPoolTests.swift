import Cinch
import CinchGit
import Foundation
import Testing

@Suite struct TenantPoolTests {
    private let project: TemporaryProject

    init() throws {
        project = try TemporaryProject("CREATE TABLE t(a);", tenants: ["acme", "globex", "hooli"])
    }

    private func columns(_ pool: TenantPool, _ tenant: String, on branch: String = "main") throws
        -> Int
    {
        try pool.tenant(tenant, branch: branch).reading().query("SELECT * FROM t").columns.count
    }

    @Test func whatIsOpenIsUsedAgainAndFollowsItsBranch() throws {
        let pool = TenantPool(database: project.database)
        let first = try pool.tenant("acme", branch: "main")
        #expect(try pool.tenant("acme", branch: "main") === first)
        #expect(try columns(pool, "acme") == 1)
        try project.run("ALTER TABLE t ADD COLUMN b")
        #expect(try columns(pool, "acme") == 2)
        #expect(try pool.tenant("acme", branch: "main") === first)
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE t ADD COLUMN c", on: "feature")
        #expect(try columns(pool, "acme", on: "feature") == 3)
        #expect(try columns(pool, "acme") == 2)
    }

    @Test func aTenantThatIsBehindFollowsThePolicy() throws {
        for (policy, expected) in [(ProjectConfiguration.MaterializePolicy.lazy, 2), (.manual, 1)] {
            let project = try TemporaryProject("CREATE TABLE t(a);", tenants: ["acme"])
            let database = try project.reopened { $0.materializePolicy = policy }
            let pool = TenantPool(database: database)
            let count = {
                try pool.tenant("acme", branch: "main").reading().query("SELECT * FROM t").columns
                    .count
            }
            #expect(try count() == 1)
            _ = try database.run(ddl: "ALTER TABLE t ADD COLUMN b")
            #expect(try count() == expected)
        }
    }

    @Test func onlySoManyAreKeptAndThoseInUseStayUsable() throws {
        let pool = TenantPool(database: project.database, limit: 2)
        let first = try pool.tenant("acme", branch: "main")
        for tenant in ["globex", "hooli", "main"] {
            _ = try pool.tenant(tenant, branch: "main").reading()
        }
        #expect(pool.count <= 2)
        #expect(try first.writing().query("INSERT INTO t VALUES (1)").changes == 1)
        #expect(try pool.tenant("acme", branch: "main") !== first)
    }

    @Test func whatNobodyUsesIsClosed() throws {
        let pool = TenantPool(database: project.database)
        _ = try pool.tenant("acme", branch: "main").writing().query("INSERT INTO t VALUES (1)")
        pool.sweep()
        #expect(pool.count == 1)
        pool.sweep(idle: 0)
        #expect(pool.count == 0)
        try project.database.deleteTenant("acme")
    }

    @Test func aFileThatWasReplacedIsOpenedAnew() throws {
        let pool = TenantPool(database: project.database)
        let path = try project.path("acme")
        _ = try pool.tenant("acme", branch: "main").writing().query("INSERT INTO t VALUES (1)")
        pool.close("acme")
        try FileManager.default.copyItem(atPath: path, toPath: "\(path).bak")
        _ = try pool.tenant("acme", branch: "main").writing().query("INSERT INTO t VALUES (2)")
        // Restored from a backup under the eyes of the pool.
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        #expect(rename("\(path).bak", path) == 0)
        let rows = try pool.tenant("acme", branch: "main").reading().query("SELECT a FROM t").rows
        #expect(rows == [[1]])
    }

    @Test func whatIsNotThereIsSaid() throws {
        let pool = TenantPool(database: project.database)
        #expect(failure { try pool.tenant("nobody", branch: "main") }?.code == .notFound)
        #expect(failure { try pool.tenant("acme", branch: "nowhere") }?.code == .notFound)
        _ = try pool.tenant("acme", branch: "main").writing().query("SELECT 1")
        pool.close("acme")
        try project.database.deleteTenant("acme")
        #expect(failure { try pool.tenant("acme", branch: "main") }?.code == .notFound)
    }
}
