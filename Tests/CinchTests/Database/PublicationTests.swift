import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);"

@Suite struct PublicationTests {
    @Test func aCommitOnTheDeployBranchBringsAllTenantsAlong() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        for tenant in ["acme", "globex"] {
            try project.execute("INSERT INTO users(name) VALUES ('\(tenant)')", on: tenant)
        }
        let publication = try project.run(
            "ALTER TABLE users RENAME COLUMN name TO title; CREATE INDEX i ON users(title)")
        let report = try #require(publication.rollout)
        #expect(report.entries.map(\.name) == ["acme", "globex", "main"])
        #expect(report.applied == 3 && report.failures.isEmpty)
        #expect(report.target.commit == publication.commit.hex)
        try project.expect(["acme", "globex", "main"])
        #expect(try project.rows("SELECT title FROM users", in: "acme") == [[.text("acme")]])
        #expect(try project.rows("SELECT title FROM users", in: "globex") == [[.text("globex")]])
        let rollout = try #require(try project.database.tenants().catalog.rollouts(limit: 1).first)
        #expect(rollout.state == .done)
        #expect(rollout.fromCommit == (try project.database.commit("main~1").hex))
    }

    @Test func progressIsCountedAndJobsAreThoseAskedFor() throws {
        let project = try TemporaryProject(users, tenants: ["a", "b", "c"])
        let seen = Seen()
        _ = try project.database.run(
            ddl: "CREATE TABLE t(x)",
            settings: RolloutSettings(
                jobs: 1, progress: { seen.append("\($0.done)/\($0.total)") }))
        #expect(seen.values == ["1/4", "2/4", "3/4", "4/4"])
    }

    @Test func aPlanThatCannotBeProvenMovesNothing() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        // A stamp whose tree nobody knows: there is no schema to start a plan from.
        let tree = String(repeating: "ab", count: 32)
        try project.execute("UPDATE _cinch_stamp SET tree_id = '\(tree)'", on: "acme")
        let error = try project.refused { try project.run("ALTER TABLE users ADD COLUMN age INT") }
        #expect(error?.code == .stopped)
        #expect(error?.message.contains("1 of 3 tenants") == true)
        #expect(error?.message.contains("'acme'") == true)
        #expect(try project.database.tenants().catalog.rollouts(limit: 9).count == 1)
    }

    @Test func aMergeThatCannotBeProvenMovesNothing() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.diverge(ours: "CREATE TABLE a(x)", theirs: "CREATE TABLE b(x)")
        try project.execute("UPDATE _cinch_stamp SET tree_id = 'gone'", on: "acme")
        _ = try project.refused { try project.database.merge("feature") }
        #expect(try project.database.schemaTables() == ["a", "users"])
    }

    @Test func aDamagedTenantIsLeftBehindAndNamed() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try overwrite(project.path("acme"), with: "no database")
        let report = try #require(try project.run("CREATE TABLE t(x)").rollout)
        #expect(report.failures.map(\.name) == ["acme"])
        #expect(report.names { $0 == .applied } == ["globex", "main"])
        #expect(try project.database.tenant("acme").status == .unreadable)
    }

    @Test func aTenantThatHasDriftedIsLeftAloneAndNamed() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute("CREATE TABLE mine(x)", on: "acme")
        let report = try #require(try project.run("CREATE TABLE t(x)").rollout)
        #expect(report.names { if case .drifted = $0 { true } else { false } } == ["acme"])
        #expect(try project.schema(of: "acme").tables.map(\.name) == ["mine", "users"])
        try project.expect(["globex", "main"])
    }

    @Test func materializingAgainChangesNoByte() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        try project.run("ALTER TABLE users DROP COLUMN email; CREATE INDEX i ON users(name)")
        let before = try project.state()
        for isDryRun in [false, true, false] {
            let report = try project.database.materialize(isDryRun: isDryRun)
            #expect(report.names { $0 == .upToDate } == ["acme", "globex", "main"])
        }
        #expect(try project.changed(since: before) == [])
    }

    @Test func aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let database = try project.reopened { $0.materializePolicy = .manual }
        _ = try database.run(ddl: "CREATE TABLE t(x)")
        let before = try project.state()
        #expect(
            try database.materialize(isDryRun: true).names { $0 == .pending } == ["acme", "main"])
        #expect(try project.changed(since: before) == [])
        #expect(try database.materialize().applied == 2)
        try project.expect(["acme", "main"])
    }

    @Test func aCommitWithTheSameTreeOnlyRenewsTheStamps() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.diverge(ours: "CREATE TABLE t(x)", theirs: "CREATE TABLE t(x)")
        let result = try project.database.merge(
            "feature", options: MergeOptions(fastForward: .never))
        if case .merged(let publication) = result {
            #expect(publication.rollout?.names { $0 == .restamped } == ["acme", "main"])
        } else if case .upToDate = result {
            // Same parent, same change, same time: it is the same commit.
        } else {
            Issue.record("\(result)")
        }
        try project.expect(["acme", "main"])
    }

    @Test func cancellingLeavesTheRestForMaterialize() throws {
        let project = try TemporaryProject(users, tenants: ["a", "b", "c"])
        let seen = Seen()
        let publication = try #require(
            try project.database.run(
                ddl: "CREATE TABLE t(x)",
                settings: RolloutSettings(
                    jobs: 1, isCancelled: { !seen.values.isEmpty },
                    progress: { seen.append($0.entry.name) })))
        let report = try #require(publication.rollout)
        #expect(report.wasCancelled)
        #expect(report.names { $0 == .applied } == ["a"])
        #expect(report.names { $0 == .skipped } == ["b", "c", "main"])
        #expect(try project.database.materialize().applied == 3)
        try project.expect(["a", "b", "c", "main"])
    }
}

@Suite struct PolicyTests {
    @Test(arguments: [ProjectConfiguration.MaterializePolicy.lazy, .manual])
    func onlyEagerTouchesTenantsWhenTheBranchMoves(
        _ policy: ProjectConfiguration.MaterializePolicy
    ) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let database = try project.reopened { $0.materializePolicy = policy }
        let before = try project.state()
        let publication = try #require(
            try database.run(ddl: "ALTER TABLE users ADD COLUMN age INT"))
        #expect(publication.rollout == nil)
        #expect(try project.changed(since: before).allSatisfy { !$0.hasPrefix("tenants/") })
        #expect(try database.tenantStatus().map(\.status) == [.behind, .behind])
        #expect(try database.materialize().applied == 2)
        #expect(try database.tenantStatus().map(\.status) == [.current, .current])
    }

    @Test func aTenantThatIsBehindIsBroughtAlongWhenItIsOpened() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        let database = try project.reopened { $0.materializePolicy = .lazy }
        _ = try database.run(ddl: "ALTER TABLE users ADD COLUMN age INT DEFAULT 7")
        _ = try database.run(ddl: "ALTER TABLE users RENAME COLUMN name TO title")
        let rows = try database.open(tenant: "acme").query("SELECT title, age FROM users").rows
        #expect(rows == [[.text("a"), .integer(7)]])
        try project.expect(["acme"])
        #expect(try database.tenant("globex").status == .behind)
        _ = try database.open(tenant: "globex", readOnly: true)
        try project.expect(["globex"])
    }

    @Test func underManualATenantIsOpenedAsItIs() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let database = try project.reopened { $0.materializePolicy = .manual }
        _ = try database.run(ddl: "ALTER TABLE users ADD COLUMN age INT")
        let columns = try database.open(tenant: "acme").query("SELECT * FROM users").columns
        #expect(columns.map(\.name) == ["id", "name", "email"])
        #expect(try database.tenant("acme").status == .behind)
    }

    @Test(arguments: [ProjectConfiguration.MaterializePolicy.lazy, .manual])
    func rowsThatDoNotFitStopTheBranchUnderAnyPolicy(
        _ policy: ProjectConfiguration.MaterializePolicy
    ) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        let database = try project.reopened { $0.materializePolicy = policy }
        let error = try project.refused {
            try database.run(ddl: "ALTER TABLE users ADD COLUMN age INT NOT NULL")
        }
        #expect(error?.cause is PreflightStop)
        let tree = String(repeating: "ab", count: 32)
        try project.execute("UPDATE _cinch_stamp SET tree_id = '\(tree)'", on: "acme")
        let unproven = try project.refused { try database.run(ddl: "CREATE TABLE t(x)") }
        #expect(unproven?.message.contains("1 of 2 tenants can't be brought") == true)
    }

    @Test func underLazyATenantThatSeveralOpenAtOnceIsWholeForAll() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        let lazy = try project.reopened { $0.materializePolicy = .lazy }
        _ = try lazy.run(ddl: "ALTER TABLE users ADD COLUMN age INT DEFAULT 7")
        let databases = try (0..<6).map { _ in try project.reopened() }
        let (rows, errors) = (Seen(), Seen())
        DispatchQueue.concurrentPerform(iterations: 6) { number in
            do {
                let tenant = try databases[number].open(tenant: "acme")
                rows.append("\(try tenant.query("SELECT name, age FROM users").rows)")
            } catch {
                errors.append("\(error)")
            }
        }
        #expect(errors.values == [])
        #expect(rows.values.count == 6 && Set(rows.values).count == 1)
        try project.expect(["acme"])
        #expect(try lazy.tenant("main").status == .behind)
        #expect(try lazy.tenants().catalog.rollouts(limit: 9).count == 1)
    }

    /// The branch moves on while somebody opens a tenant: it must not be brought back.
    @Test func whoOpensATenantWhileTheBranchMovesNeverBringsItBack() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let lazy = try project.reopened { $0.materializePolicy = .lazy }
        let readers = try (0..<3).map { _ in try project.reopened() }
        let errors = Seen()
        let isOver = Atomic<Bool>(false)
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                guard number > 0 else {
                    defer { isOver.store(true, ordering: .releasing) }
                    for column in 0..<8 {
                        _ = try lazy.run(ddl: "ALTER TABLE users ADD COLUMN c\(column) INT")
                    }
                    return
                }
                var last = 0
                while !isOver.load(ordering: .acquiring) {
                    let tenant = try readers[number - 1].open(tenant: "acme")
                    let count = try tenant.query("SELECT * FROM users").columns.count
                    if count < last { errors.append("from \(last) columns back to \(count)") }
                    last = count
                }
            } catch {
                errors.append("\(error)")
            }
        }
        #expect(errors.values == [])
        _ = try lazy.open(tenant: "acme")
        try project.expect(["acme"])
    }

    @Test func openingATenantItsRowsKeepBehindIsAnErrorAndChangesNothing() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let database = try project.reopened { $0.materializePolicy = .lazy }
        _ = try database.run(ddl: "ALTER TABLE users ADD COLUMN age INT NOT NULL")
        // After rows were looked at.
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        let error = try project.refused { try database.open(tenant: "acme") }
        #expect(error?.message.contains("'acme'") == true)
        #expect(try project.rows("SELECT name FROM users", in: "acme") == [[.text("a")]])
    }
}

@Suite struct PreviewDataTests {
    @Test func workOnABranchNeverReachesTheLiveFile() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.execute("INSERT INTO users(name) VALUES ('live')", on: "acme")
        try project.diverge(ours: "", theirs: "ALTER TABLE users RENAME COLUMN name TO title")
        let live = try project.path("acme")
        let before = try project.state().filter { $0.key.hasPrefix("tenants/") }
        let preview = try project.database.open(tenant: "acme", branch: "feature")
        #expect(preview.path != live)
        #expect(preview.path.contains("/previews/feature/"))
        #expect(try preview.query("SELECT title FROM users").rows == [[.text("live")]])
        _ = try preview.query("UPDATE users SET title = 'preview'")
        try preview.close()
        // The branch goes on, and its preview with it.
        try project.run("ALTER TABLE users ADD COLUMN age INT DEFAULT 3", on: "feature")
        let rows = try project.database.open(tenant: "acme").query("SELECT title, age FROM users")
        #expect(rows.rows == [[.text("preview"), .integer(3)]])
        #expect(try project.state().filter { $0.key.hasPrefix("tenants/") } == before)
        #expect(try project.rows("SELECT name FROM users", in: "acme") == [[.text("live")]])
        // Nor does merging bring back what was written there.
        try project.database.switchBranch("main")
        _ = try project.database.merge("feature")
        #expect(
            try project.rows("SELECT title, age FROM users", in: "acme")
                == [[.text("live"), .integer(3)]])
    }

    @Test func theCurrentBranchDecidesUnlessOneIsNamed() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        let live = try project.path("acme")
        #expect(try project.database.open(tenant: "acme").path == live)
        try project.database.switchBranch("feature")
        #expect(try project.database.open(tenant: "acme").path != live)
        #expect(try project.database.open(tenant: "acme", branch: "main").path == live)
    }

    @Test func rowsOfATenantAreCopiedWhenTheBranchIsFirstTouched() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        try project.execute("INSERT INTO users(name) VALUES ('early')", on: "acme")
        let preview = try project.database.open(tenant: "acme", branch: "feature")
        try project.execute("INSERT INTO users(name) VALUES ('late')", on: "acme")
        #expect(try preview.query("SELECT name FROM users").rows == [[.text("early")]])
    }

    @Test func whatIsNotThereIsNotOpened() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        let cases: [(String, String?, CinchError.Code)] = [
            ("gone", nil, .notFound), ("gone", "feature", .notFound), ("main", "gone", .notFound),
            ("../x", nil, .invalid), ("", nil, .invalid), ("main", "../x", .invalid),
        ]
        for (tenant, branch, code) in cases {
            let error = try project.refused {
                try project.database.open(tenant: tenant, branch: branch)
            }
            #expect(error?.code == code, "\(tenant) \(branch ?? "-")")
        }
        #expect(try !project.files().contains { $0.hasPrefix("previews/") && $0.hasSuffix(".db") })
    }
}
