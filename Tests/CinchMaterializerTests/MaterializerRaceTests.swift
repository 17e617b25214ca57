import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

@Suite struct MaterializerRaceTests {
    let one: Version
    let two: Version
    let fleet: TestFleet

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        two = try Version(
            "aa02", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INT);")
        fleet = try TestFleet([one, two])
    }

    @Test func eightThreadsBringTwoHundredTenants() throws {
        let names = (0..<200).map { "t\($0)" }
        try fleet.create(names, at: one)
        for name in names.prefix(20) {
            try fleet.open(name).execute("INSERT INTO users(name) VALUES ('\(name)')")
        }
        let report = try fleet.materialize(to: two)
        #expect(report.applied == 200)
        #expect(report.entries.map(\.name) == names.sorted())
        for name in names {
            let connection = try fleet.open(name)
            #expect(try connection.tenantStamp() == two.target.stamp)
        }
        #expect(try fleet.open("t7").scalar("SELECT name FROM users") == "t7")
    }

    @Test func aSecondRolloutIsToldWhoIsAtWork() throws {
        try fleet.create(["a"], at: one)
        let second = Mutex<MaterializerError?>(nil)
        let options = MaterializationOptions(fault: { _, point in
            guard point == .fenced else { return }
            do {
                let other = try TestFleet([one, two], directory: fleet.directory)
                _ = try other.materialize(to: two)
            } catch {
                second.withLock { $0 = error as? MaterializerError }
            }
        })
        #expect(try fleet.outcomes(to: two, options) == [.applied])
        let error = try #require(second.withLock { $0 })
        #expect(error.code == .busy)
        let process = ProcessInfo.processInfo.processIdentifier
        #expect(
            error.message == "Materializing is already going on in process \(process)"
                + " since 2026-01-02 03:04:05 UTC: rollout 1, 0 of 1 tenant done")
        #expect(try fleet.outcomes(to: two) == [.upToDate])
    }

    @Test func aWriterWhoStaysCostsOnlyItsOwnTenant() throws {
        try fleet.create(["a", "b"], at: one)
        let writer = try fleet.open("a")
        try writer.execute("BEGIN IMMEDIATE; INSERT INTO users(name) VALUES ('mine')")
        let report = try fleet.materialize(to: two, .init(busyTimeout: 50))
        guard case .failed(let reason) = report.entries[0].outcome else {
            Issue.record("\(report.entries)")
            return
        }
        #expect(reason.contains("in use"))
        #expect(report.entries[1].outcome == .applied)
        try writer.execute("COMMIT")
        #expect(try fleet.outcomes(to: two) == [.applied, .upToDate])
        #expect(try writer.scalar("SELECT name FROM users") == "mine")
    }

    @Test func anOpenReaderKeepsItsOldSnapshotAndThenSeesTheNewSchema() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        let reader = try fleet.open("a")
        try reader.execute("BEGIN")
        #expect(try reader.scalar("SELECT count(*) FROM users") == 1)
        #expect(try fleet.outcomes(to: two) == [.applied])
        #expect(try reader.rows("SELECT * FROM users") == [[1, "x"]])
        try reader.execute("COMMIT")
        #expect(try reader.rows("SELECT * FROM users") == [[1, "x", nil]])
    }

    @Test func aTenantChangedBetweenLookingAndLockingIsLeftAlone() throws {
        try fleet.create(["a"], at: one)
        let options = MaterializationOptions(fault: { _, point in
            guard point == .opened else { return }
            try Connection(path: fleet.path("a"), access: .readWrite, busyTimeout: 0)
                .execute("CREATE TABLE extra(x)")
        })
        // Somebody has the file open, so the change does not hold it for itself.
        let bystander = try fleet.open("a")
        _ = try bystander.tenantStamp()
        let outcome = try fleet.outcomes(to: two, options)[0]
        guard case .drifted = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try fleet.open("a").tenantStamp()?.tree == "aa01")
    }

    @Test func whileATenantIsChangedOnlyThatOneWaits() throws {
        try fleet.create(["a", "b", "c"], at: one)
        let refused = Mutex<[String]>([])
        let options = MaterializationOptions(
            jobs: 1,
            fault: { tenant, point in
                // Its write lock is held, and its statements have run.
                guard point == .changed else { return }
                for name in ["a", "b", "c"] {
                    do {
                        let writer = try Connection(
                            path: fleet.path(name), access: .readWrite, busyTimeout: 0)
                        try writer.execute("INSERT INTO users(name) VALUES ('\(tenant)')")
                    } catch let error as SQLiteError where error.isBusy {
                        refused.withLock { $0.append("\(name) during \(tenant)") }
                    }
                }
            })
        #expect(try fleet.outcomes(to: two, options) == [.applied, .applied, .applied])
        #expect(refused.withLock { $0 } == ["a during a", "b during b", "c during c"])
        for (name, rows) in [("a", ["b", "c"]), ("b", ["a", "c"]), ("c", ["a", "b"])] {
            let found = try fleet.open(name).rows("SELECT name FROM users ORDER BY id")
            #expect(found == rows.map { [.text($0)] })
        }
    }

    @Test func aWriterAtFullSpeedLosesNoRowAndSeesNoError() throws {
        let names = (0..<30).map { "t\($0)" }
        try fleet.create(names, at: one)
        let path = try fleet.path("t7")
        let isOver = Atomic<Bool>(false)
        let written = Mutex<(rows: Int, error: String?)>((0, nil))
        let writer = Thread {
            do {
                while !isOver.load(ordering: .acquiring) {
                    // Opened anew each time, as a web request would.
                    let connection = try Connection(
                        path: path, access: .readWrite, busyTimeout: 5000)
                    try connection.execute("INSERT INTO users(name) VALUES ('x')")
                    written.withLock { $0.rows += 1 }
                }
            } catch {
                written.withLock { $0.error = "\(error)" }
            }
        }
        writer.start()
        while written.withLock({ $0.rows < 20 && $0.error == nil }) { usleep(1000) }
        let report = try fleet.materialize(to: two, .init(busyTimeout: 5000))
        let during = written.withLock { $0.rows }
        while written.withLock({ $0.rows < during + 20 && $0.error == nil }) { usleep(1000) }
        isOver.store(true, ordering: .releasing)
        while !writer.isFinished { usleep(1000) }
        let (rows, error) = written.withLock { $0 }
        #expect(error == nil)
        #expect(report.applied == 30)
        #expect(try fleet.open("t7").scalar("SELECT count(*) FROM users") == .integer(Int64(rows)))
    }

    @Test func ofManyWhoOpenATenantThatIsBehindOneBringsItAlong() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        let file = try fleet.store.file(TenantName("a"))
        // Each with locks and memory of its own, as processes have.
        let others = try (0..<8).map { _ in try TestFleet([one, two], directory: fleet.directory) }
        let outcomes = Mutex<[TenantOutcome]>([])
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            do {
                let outcome = try others[number].materializer.bring(file, to: two.target)
                outcomes.withLock { $0.append(outcome) }
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(outcomes.withLock { $0.count { $0 == .applied } } == 1)
        #expect(outcomes.withLock { $0.count { $0 == .upToDate } } == 7)
        #expect(try fleet.open("a").rows("SELECT name, n FROM users") == [["x", nil]])
    }

    @Test func aTargetThatMovesOnWhileTenantsAreReadIsNotGoneTo() throws {
        try fleet.create(["a"], at: two)
        let file = try fleet.store.file(TenantName("a"))
        let error = #expect(throws: MaterializerError.self) {
            try fleet.materializer.bring(file, to: one.target, isCurrent: { false })
        }
        #expect(error?.code == .superseded)
        let options = MaterializationOptions(isCurrent: { false })
        let refusal = #expect(throws: MaterializerError.self) {
            try fleet.materialize(to: one, options)
        }
        #expect(refusal?.code == .superseded)
        #expect(try fleet.open("a").tenantStamp() == two.target.stamp)
        #expect(try fleet.catalog.rollouts(limit: 9).isEmpty)
    }

    @Test func whoComesSecondFindsTheWorkDone() throws {
        try fleet.create(["a"], at: one)
        let bystander = try fleet.open("a")
        _ = try bystander.tenantStamp()
        let file = try fleet.store.file(TenantName("a"))
        let options = MaterializationOptions(fault: { _, point in
            guard point == .opened else { return }
            try fleet.materializer.bring(file, to: two.target)
        })
        #expect(try fleet.outcomes(to: two, options) == [.upToDate])
    }
}
