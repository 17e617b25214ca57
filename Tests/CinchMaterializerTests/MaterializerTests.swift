import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

@Suite struct MaterializerTests {
    let one: Version
    let two: Version
    let three: Version
    let fleet: TestFleet

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        two = try Version(
            "aa02", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, age INTEGER);")
        three = try Version(
            "aa03",
            """
            CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
            CREATE INDEX by_age ON users(age);
            """)
        fleet = try TestFleet([one, two, three])
    }

    @Test func tenantsAtDifferentVersionsAllArrive() throws {
        try fleet.create(["a", "c"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        try fleet.create(["b"], at: two, filledBy: "INSERT INTO users VALUES (5, 'y', 9)")
        let report = try fleet.materialize(to: three)
        #expect(report.entries.map(\.name) == ["a", "b", "c"])
        #expect(report.entries.map(\.outcome) == [.applied, .applied, .applied])
        #expect(try fleet.open("b").rows("SELECT * FROM users") == [[5, "y", 9]])
        for name in ["a", "b", "c"] {
            let connection = try fleet.open(name)
            #expect(try connection.tenantStamp() == three.target.stamp)
            #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
        }
    }

    @Test func theSecondRunDoesNothing() throws {
        try fleet.create(["a", "b"], at: one)
        _ = try fleet.materialize(to: two)
        #expect(try fleet.outcomes(to: two) == [.upToDate, .upToDate])
    }

    @Test func aNewCommitOfTheSameTreeIsOnlyStamped() throws {
        try fleet.create(["a"], at: one)
        let next = MaterializationTarget(commit: "later", tree: "aa01", schema: one.schema)
        let report = try fleet.materializer.materialize(fleet.store.allFiles(), to: next)
        #expect(report.entries.map(\.outcome) == [.restamped])
        #expect(try fleet.open("a").tenantStamp() == next.stamp)
    }

    @Test(arguments: ["aa01", "aa02"])
    func aDriftedTenantIsLeftAloneAlsoWhenItsStampIsTheTarget(_ tree: String) throws {
        try fleet.create(["a", "b"], at: tree == "aa01" ? one : two)
        try fleet.open("a").execute("CREATE TABLE extra(x)")
        let report = try fleet.materialize(to: two)
        guard case .drifted(let reason) = report.entries[0].outcome else {
            Issue.record("\(report.entries)")
            return
        }
        #expect(reason.contains("'CREATE TABLE extra"))
        #expect(report.entries[1].outcome.isAtTarget)
        #expect(try fleet.open("a").tenantStamp()?.tree == tree)
    }

    /// Names a plan uses while it runs, or may use some day.
    @Test(arguments: ["_cinch_new_users", "_CINCH_kept_a", "_cinch_stamp2"])
    func aTenantWithANameOfOursIsReportedBeforeAnythingRuns(_ name: String) throws {
        try fleet.create(["a", "b"], at: one)
        try fleet.open("a").execute("CREATE TABLE \(name)(x); INSERT INTO \(name) VALUES (7)")
        for isDryRun in [true, false] {
            let report = try fleet.materialize(to: two, .init(isDryRun: isDryRun))
            guard case .drifted(let reason) = report.entries[0].outcome else {
                Issue.record("\(report.entries)")
                return
            }
            #expect(reason.contains("'\(name)'"))
            #expect(report.entries[1].outcome == (isDryRun ? .pending : .applied))
        }
        #expect(try fleet.open("a").scalar("SELECT x FROM \(name)") == 7)
        #expect(try fleet.open("a").tenantStamp() == one.target.stamp)
    }

    @Test func filesThatAreNoTenantsAreReportedAndOthersGoOn() throws {
        try fleet.create(["bare", "gone", "good", "junk", "lost"], at: one)
        try fleet.open("bare").execute("DROP TABLE _cinch_stamp")
        try FileManager.default.removeItem(atPath: fleet.path("gone"))
        try Data(repeating: 9, count: 9000).write(to: URL(fileURLWithPath: fleet.path("junk")))
        try fleet.open("lost").execute("UPDATE _cinch_stamp SET tree_id = 'ffff'")
        let report = try fleet.materialize(to: two)
        #expect(report.failures.map(\.name) == ["bare", "gone", "junk", "lost"])
        #expect(report.atTarget == 1)
        #expect(try !fleet.exists(fleet.path("gone")))
        let rollout = try #require(fleet.catalog.rollouts(limit: 1).first)
        #expect(rollout.state == .failed)
        let states = try fleet.catalog.outcomes(of: rollout.id).map(\.state)
        #expect(states == [.drifted, .failed, .applied, .failed, .failed])
    }

    @Test func aPlanThatMissesItsTargetTouchesNobody() throws {
        let wrong = try TestFleet(
            [one, two],
            script: ChangeScript(
                statements: ["ALTER TABLE users ADD COLUMN years INTEGER"],
                changedTables: ["users"]))
        try wrong.create(["a"], at: one)
        guard case .unproven(let reason) = try wrong.outcomes(to: two)[0] else {
            Issue.record("it was not refused")
            return
        }
        #expect(reason.contains("The plan's result differs"))
        #expect(try wrong.open("a").tenantStamp()?.tree == "aa01")
    }

    @Test func aDryRunChangesNothing() throws {
        try fleet.create(["a"], at: one)
        #expect(try fleet.outcomes(to: two, .init(isDryRun: true)) == [.pending])
        #expect(try fleet.open("a").tenantStamp()?.tree == "aa01")
        #expect(try fleet.catalog.rollouts(limit: 9).isEmpty)
    }

    @Test func theFirstFailureStopsTheOthersIfAskedTo() throws {
        try fleet.create(["a", "b", "c"], at: one)
        try fleet.open("b").execute("INSERT INTO users(name) VALUES (NULL)")
        let options = MaterializationOptions(jobs: 1, request: .init(onError: .stop))
        let report = try fleet.materialize(to: three, options)
        #expect(report.entries.map(\.outcome.isAtTarget) == [true, false, false])
        #expect(report.entries[2].outcome == .skipped)
        #expect(report.stop == .error)
        #expect(try fleet.catalog.rollouts(limit: 1).map(\.state) == [.stopped])
        #expect(try fleet.materialize(to: three).failures.map(\.name) == ["b"])
    }

    @Test func aCancelledRunLeavesTheRestForTheNext() throws {
        try fleet.create(["a", "b", "c"], at: one)
        let done = Atomic<Int>(0)
        let report = try fleet.materializer.materialize(
            fleet.store.allFiles(), to: two.target,
            options: .init(jobs: 1, isCancelled: { done.load(ordering: .relaxed) >= 1 }),
            progress: { _ in done.add(1, ordering: .relaxed) })
        #expect(report.wasCancelled)
        #expect(report.entries.map(\.outcome) == [.applied, .skipped, .skipped])
        #expect(try fleet.outcomes(to: two) == [.upToDate, .applied, .applied])
    }

    @Test func progressCountsEveryTenantOnce() throws {
        try fleet.create((0..<20).map { "t\($0)" }, at: one)
        let seen = Mutex<[Int]>([])
        _ = try fleet.materializer.materialize(
            fleet.store.allFiles(), to: two.target,
            progress: { note in seen.withLock { $0.append(note.done) } })
        #expect(seen.withLock { $0 } == Array(1...20))
    }

    @Test func outcomesAreRecordedWithTheirRollout() throws {
        try fleet.create(["a", "b"], at: one)
        _ = try fleet.materialize(to: two, .init(fromCommit: "caa01"))
        let rollout = try #require(fleet.catalog.rollouts(limit: 1).first)
        #expect(rollout.state == .done)
        #expect(rollout.fromCommit == "caa01")
        #expect(rollout.target == two.target.stamp)
        #expect(try fleet.catalog.outcomes(of: rollout.id).map(\.state) == [.applied, .applied])
    }

    @Test func openingATenantThatIsBehindBringsItAlong() throws {
        try fleet.create(["a"], at: one)
        let file = try fleet.store.file(TenantName("a"))
        #expect(try fleet.materializer.bring(file, to: two.target) == .applied)
        #expect(try fleet.materializer.bring(file, to: two.target) == .upToDate)
        try fleet.open("a").execute("DROP TABLE users")
        let error = #expect(throws: MaterializerError.self) {
            try fleet.materializer.bring(file, to: three.target)
        }
        #expect(error?.code == .drifted)
    }
}
