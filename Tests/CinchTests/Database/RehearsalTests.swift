import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, nick TEXT);"

@Suite struct RehearsalTests {
    private func report(
        _ project: TemporaryProject, _ revision: String,
        on selection: RehearsalSelection = .sample(10),
        settings: RolloutSettings = RolloutSettings()
    ) throws -> RehearsalReport {
        let result = try project.database.rehearse(revision, on: selection, settings: settings)
        guard case .report(let report) = result else {
            throw CinchError(code: .conflict, message: "It was not rehearsed")
        }
        return report
    }

    private func leftovers(_ project: TemporaryProject) throws -> [String] {
        try project.files().filter { $0.hasPrefix("cache/rehearsal/") }
    }

    @Test func theRealPlanRunsOnCopiesAndNothingElseIsTouched() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.execute(
            "INSERT INTO users VALUES (1, 'a', 'x'), (2, 'b', NULL)", on: "acme")
        try project.diverge(
            ours: "CREATE TABLE more(y)", theirs: "ALTER TABLE users DROP COLUMN nick")
        // Rows that are only in a -wal are rehearsed with, and stay there.
        let open = try Connection(path: project.path("acme"), access: .readWrite)
        try open.execute("PRAGMA wal_autocheckpoint = 0; INSERT INTO users VALUES (3, 'c', 'z')")
        let before = try project.state()
        let wal = try Data(contentsOf: URL(fileURLWithPath: project.path("acme") + "-wal"))
        let report = try report(project, "feature")
        #expect(try project.changed(since: before) == [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: project.path("acme") + "-wal")) == wal)
        #expect(try leftovers(project) == [])
        #expect(report.failures == [])
        #expect(report.findings == [])
        #expect(Set(report.entries.map(\.tenant)) == ["acme", "globex", "main"])
        let acme = try #require(report.entries.first { $0.tenant == "acme" })
        #expect(acme.outcome == .applied)
        #expect((acme.rowsBefore, acme.rowsAfter) == (3, 3))
        #expect(
            acme.effects.map(\.summary) == ["parked: users.nick: 2 rows in 1 tenant"])
        #expect(acme.bytesBefore > 0 && acme.bytesAfter > 0)
        // It is what the merge does then.
        try open.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        withExtendedLifetime(open) {}
        _ = try project.database.merge("feature")
        let tree = try project.database.git.readCommit(project.database.commit("main")).tree
        #expect(report.target.tree == tree.hex)
    }

    @Test func aWalThatACrashLeftIsNotCopiedIntoTheFile() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let path = try project.path("acme")
        let open = try Connection(path: path, access: .readWrite)
        try open.execute("INSERT INTO users VALUES (1, 'a', 'x')")
        let (file, wal) = (
            try Data(contentsOf: URL(fileURLWithPath: path)),
            try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        )
        try open.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        withExtendedLifetime(open) {}
        let crashed = try project.path("main")
        try file.write(to: URL(fileURLWithPath: crashed))
        try wal.write(to: URL(fileURLWithPath: crashed + "-wal"))
        try project.diverge(ours: "", theirs: "ALTER TABLE users ADD COLUMN age INT")
        let report = try report(project, "feature", on: .matching(["main"]))
        #expect(report.entries.map(\.rowsAfter) == [1])
        #expect(try Data(contentsOf: URL(fileURLWithPath: crashed)) == file)
        #expect(try Data(contentsOf: URL(fileURLWithPath: crashed + "-wal")) == wal)
    }

    @Test func rowsInTheWayAndTablesThatGoAreReported() throws {
        let project = try TemporaryProject(
            users + "CREATE TABLE notes(text);", tenants: ["acme", "globex"])
        try project.execute(
            """
            INSERT INTO users VALUES (1, NULL, 'x'), (2, 'b', NULL);
            INSERT INTO notes VALUES ('a'), ('b'), ('c');
            """, on: "acme")
        try project.diverge(
            ours: "",
            theirs: """
                DROP TABLE notes;
                CREATE TABLE other(id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT);
                INSERT INTO other SELECT * FROM users;
                DROP TABLE users;
                ALTER TABLE other RENAME TO users;
                """)
        let report = try report(project, "feature", on: .matching(["a*", "g?obex"]))
        #expect(report.entries.map(\.tenant) == ["acme", "globex"])
        #expect(report.failures.map(\.tenant) == ["acme"])
        #expect(report.findings.map(\.summary) == ["acme: users.name: 1 row is NULL"])
        #expect(
            report.entries[0].effects.map(\.summary) == ["parked: notes: 3 rows in 1 tenant"])
        #expect(report.entries[1].effects == [])
        #expect(report.entries[0].rowsAfter == nil)
        #expect(try leftovers(project) == [])
    }

    @Test func aBranchThatCannotBeMergedOrIsMergedAlready() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try project.diverge(
            ours: "ALTER TABLE users RENAME COLUMN nick TO alias",
            theirs: "ALTER TABLE users RENAME COLUMN nick TO handle")
        let before = try project.state()
        guard case .conflicts(let conflicts) = try project.database.rehearse("feature") else {
            Issue.record("It has conflicts")
            return
        }
        #expect(conflicts.count == 1)
        #expect(try project.changed(since: before) == [])
        #expect(try project.database.unfinishedMerge() == nil)
        let report = try report(project, "main~1")
        #expect(report.entries.map(\.outcome) == [.upToDate, .upToDate])
        #expect(report.target.commit == (try project.database.commit("main").hex))
        #expect(try project.refused { try project.database.rehearse("gone") }?.code == .notFound)
        let none = try project.refused {
            try project.database.rehearse("main", on: .matching(["z*"]))
        }
        #expect(none?.code == .notFound)
    }

    @Test func aSampleHasTheBiggestAndAsManyAsWanted() throws {
        let names = (0..<12).map { "t\($0)" }
        let project = try TemporaryProject(users, tenants: names)
        try project.execute(
            "INSERT INTO users SELECT NULL, hex(randomblob(900)), '' FROM pragma_function_list",
            on: "t7")
        try project.diverge(ours: "", theirs: "CREATE TABLE more(y)")
        let report = try report(project, "feature", on: .sample(3))
        #expect(report.entries.count == 3)
        #expect(Set(report.entries.map(\.tenant)).count == 3)
        #expect(report.entries.first?.tenant == "t7")
        #expect(report.median <= report.longest)
    }

    @Test func oneRehearsalAtATimeAndACrashLeavesNothingForGood() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try project.diverge(ours: "", theirs: "CREATE TABLE more(y)")
        let folder = project.database.layout.cache + "/rehearsal"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for name in ["acme.db", "acme.db-wal", "gone.db"] {
            try Data("left by a crash".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        let seen = Mutex<[String]>([])
        let busy = Mutex<CinchError.Code?>(nil)
        let database = project.database
        let result = try database.rehearse("feature", settings: RolloutSettings(jobs: 2)) { _, _ in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            seen.withLock { $0 += names }
            do {
                _ = try database.rehearse("feature")
            } catch {
                busy.withLock { $0 = CinchError(translating: error).code }
            }
        }
        guard case .report(let report) = result else { return }
        #expect(report.failures == [])
        #expect(busy.withLock { $0 } == .busy)
        #expect(seen.withLock { $0 }.allSatisfy { !$0.hasPrefix("gone") })
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func anInterruptedRehearsalRemovesItsCopies() throws {
        let project = try TemporaryProject(users, tenants: (0..<8).map { "t\($0)" })
        try project.diverge(ours: "", theirs: "CREATE TABLE more(y)")
        let isCancelled = Atomic<Bool>(false)
        let folder = project.database.layout.cache + "/rehearsal"
        let result = try project.database.rehearse(
            "feature",
            settings: RolloutSettings(
                jobs: 2, isCancelled: { isCancelled.load(ordering: .relaxed) }),
            progress: { _, _ in isCancelled.store(true, ordering: .relaxed) })
        guard case .report(let report) = result else { return }
        #expect(report.wasCancelled)
        #expect(report.entries.count == 2)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
