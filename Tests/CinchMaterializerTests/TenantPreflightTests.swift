import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

/// What a dry run finds in the rows of tenants.
@Suite struct TenantPreflightTests {
    let one: Version
    let two: Version
    let plain: Version
    let fleet: TestFleet
    let dry = MaterializationOptions(isDryRun: true, busyTimeout: 300)

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        two = try Version(
            "aa02", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);")
        plain = try Version(
            "aa03", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, age INTEGER);")
        fleet = try TestFleet([one, two, plain])
    }

    @Test func eachTenantsRowsAreCountedByRule() throws {
        let names = (0..<20).map { "t\($0 + 10)" }
        try fleet.create(names, at: one, filledBy: "INSERT INTO users(name) VALUES ('a')")
        try fleet.open("t12").execute("INSERT INTO users(name) VALUES (NULL), ('a')")
        try fleet.open("t27").execute("INSERT INTO users(name) VALUES (NULL), (NULL)")
        let report = try fleet.materialize(to: two, dry)
        #expect(
            report.findings.map(\.summary) == [
                "t12: users.name: 2 rows are not unique", "t12: users.name: 1 row is NULL",
                "t27: users.name: 2 rows are NULL",
            ])
        #expect(report.tenantsWithFindings == ["t12", "t27"])
        #expect(report.entries.allSatisfy { $0.outcome == .pending })
    }

    @Test func aRunThatChangesTenantsLooksForNothing() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES (NULL)")
        let report = try fleet.materialize(to: two)
        #expect(report.findings.isEmpty)
        #expect(report.failures.map(\.name) == ["a"])
    }

    @Test func tenantsThatAreThereOrCannotBeReadHaveNoFindings() throws {
        try fleet.create(["bad", "drifted", "gone"], at: one)
        try fleet.create(["there"], at: two, filledBy: "INSERT INTO users(name) VALUES ('a')")
        for name in ["bad", "drifted"] {
            try fleet.open(name).execute("INSERT INTO users(name) VALUES (NULL)")
        }
        try fleet.open("drifted").execute("CREATE TABLE mine(x)")
        try FileManager.default.removeItem(atPath: fleet.path("gone"))
        let report = try fleet.materialize(to: two, dry)
        #expect(report.findings.map(\.tenant) == ["bad"])
        #expect(report.failures.map(\.name) == ["drifted", "gone"])
    }

    @Test func aTenantThatIsLockedHasNoFindings() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES (NULL)")
        let other = try fleet.open("a")
        try other.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        let report = try fleet.materialize(to: two, dry)
        #expect(report.findings.isEmpty)
        #expect(report.failures.map(\.name) == ["a"])
    }

    @Test func noByteIsWritten() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES (NULL)")
        let path = try fleet.path("a")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try fleet.materialize(to: two, dry).findings.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        for suffix in ["-shm", "-wal", "-journal"] { #expect(!fleet.exists(path + suffix)) }
    }

    /// The budget: a plan that asks nothing costs nothing, another a statement for each check.
    @Test func aPlanAsksAsLittleAsItCan() throws {
        #expect(Plan(from: one.schema, to: plain.schema).checks.isEmpty)
        #expect(Plan(from: one.schema, to: two.schema).checks.count == 2)
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES (NULL)")
        // Asked before each tenant is opened: by the survey, by the run, and not by a preflight.
        let asked = Atomic<Int>(0)
        let options = MaterializationOptions(
            jobs: 1, isDryRun: true, busyTimeout: 300,
            isCancelled: {
                asked.add(1, ordering: .relaxed)
                return false
            })
        _ = try fleet.materialize(to: plain, options)
        let without = asked.exchange(0, ordering: .relaxed)
        _ = try fleet.materialize(to: two, options)
        #expect(asked.load(ordering: .relaxed) == without + 1)
    }
}
