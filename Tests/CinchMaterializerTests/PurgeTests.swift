import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

/// Parked data that is deleted is gone.
@Suite struct PurgeTests {
    let one: Version
    let two: Version
    let fleet: TestFleet
    private static let secret = "a secret nobody shall read"

    init() throws {
        one = try Version(
            "aa01",
            """
            CREATE TABLE t ( -- id 00000001
                id INTEGER PRIMARY KEY, -- id 00000002
                secret TEXT -- id 00000003
            );
            """)
        two = try Version(
            "aa02", "CREATE TABLE t ( -- id 00000001\nid INTEGER PRIMARY KEY -- id 00000002\n);")
        fleet = try TestFleet([one, two])
        try fleet.create(
            ["a", "b"], at: one,
            filledBy: """
                WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 500)
                INSERT INTO t SELECT x, '\(Self.secret) ' || x FROM n
                """)
        #expect(try fleet.outcomes(to: two) == [.applied, .applied])
    }

    private func purge(_ options: PurgeOptions) throws -> ParkedReport {
        try fleet.materializer.purge(try fleet.store.allFiles(), options)
    }

    private func holdsSecret(_ name: String) throws -> Bool {
        for suffix in ["", "-wal"] {
            let path = try fleet.path(name) + suffix
            guard fleet.exists(path) else { continue }
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            if data.range(of: Data(Self.secret.utf8)) != nil { return true }
        }
        return false
    }

    @Test func whatIsPurgedIsInNoByteOfTheFile() throws {
        // Pages that were free before keep what they held: only parked data is overwritten.
        for name in ["a", "b"] { try fleet.open(name).execute("VACUUM") }
        #expect(try holdsSecret("a"))
        let report = try purge(PurgeOptions(olderThan: nil))
        #expect(report.entries.map(\.name) == ["a", "b"])
        #expect(report.rows == 1000)
        #expect(report.bytes > 1000 * Self.secret.count)
        #expect(try !holdsSecret("a"))
        #expect(try !holdsSecret("b"))
        #expect(try fleet.outcomes(to: one) == [.applied, .applied])
        #expect(try fleet.open("a").scalar("SELECT count(secret) FROM t") == 0)
        #expect(try fleet.open("a").scalar("PRAGMA integrity_check") == "ok")
        #expect(try purge(PurgeOptions(olderThan: nil)).entries.isEmpty)
    }

    @Test func aDryRunCountsTheSameAndDeletesNothing() throws {
        let dry = try purge(PurgeOptions(olderThan: nil, isDryRun: true))
        #expect(dry.rows == 1000)
        #expect(fleet.materializer.parked(in: try fleet.store.allFiles()).rows == 1000)
        #expect(try purge(PurgeOptions(olderThan: nil)) == dry)
    }

    @Test func onlyWhatIsOldEnoughGoes() throws {
        try fleet.open("b").execute(
            "UPDATE _cinch_parked SET parked_at = '2020-01-02 03:04:05.678'")
        #expect(try purge(PurgeOptions(olderThan: 3600)).entries.map(\.name) == ["b"])
        #expect(try fleet.outcomes(to: one) == [.applied, .applied])
        #expect(try fleet.open("a").scalar("SELECT count(secret) FROM t") == 500)
        #expect(try fleet.open("b").scalar("SELECT count(secret) FROM t") == 0)
    }

    @Test func theFileBecomesSmallerOnRequest() throws {
        let path = try fleet.path("a")
        let size = { try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0 }
        let before = try size()
        _ = try purge(PurgeOptions(olderThan: nil, vacuums: true))
        #expect(try size() < before / 2)
        #expect(try fleet.open("a").scalar("SELECT count(*) FROM t") == 500)
    }

    @Test func aTenantThatCannotBeReadIsReported() throws {
        try FileManager.default.removeItem(atPath: fleet.path("a"))
        let report = try purge(PurgeOptions(olderThan: nil))
        #expect(report.failures.map(\.name) == ["a"])
        #expect(report.rows == 500)
    }

    @Test func whatWasPurgedUnderAPlanIsNotMissed() throws {
        // The plan counts on what the survey saw; a purge by hand comes in between.
        var options = MaterializationOptions(jobs: 1, busyTimeout: 300)
        let path = try fleet.path("b")
        options.fault = { name, point in
            guard name == "a", point == .opened else { return }
            let connection = try Connection(path: path, access: .readWrite)
            for row in try connection.rows("SELECT storage FROM _cinch_parked") {
                try connection.execute("DROP TABLE \(row[0].text ?? "")")
            }
            try connection.execute("DELETE FROM _cinch_parked")
        }
        let report = try fleet.materialize(to: one, options)
        #expect(report.failures.map(\.name) == ["b"])
        #expect(
            report.failures.map(\.outcome)
                == [.failed("What is parked in the tenant was purged meanwhile")])
        #expect(try fleet.outcomes(to: one) == [.upToDate, .applied])
    }
}
