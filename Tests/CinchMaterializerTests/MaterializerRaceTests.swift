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
        #expect(error.message == "Materializing is already going on in process \(process)")
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
