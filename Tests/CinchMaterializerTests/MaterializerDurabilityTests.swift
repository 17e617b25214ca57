import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

/// The process dies, as with kill -9, at every point of a tenant's change.
@Suite(.serialized) struct MaterializerDurabilityTests {
    private static let points: [FaultPoint] =
        [.opened, .fenced] + (1...4).map { .statement($0) } + [
            .changed, .verified, .stamped, .committed,
        ]

    private static func versions() throws -> [Version] {
        [
            try Version(
                "aa01",
                """
                CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);
                CREATE TABLE notes(id INTEGER PRIMARY KEY,
                  u REFERENCES users(id) ON DELETE CASCADE);
                CREATE INDEX by_name ON users(name);
                """),
            try Version(
                "aa02",
                """
                CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                CREATE TABLE notes(id INTEGER PRIMARY KEY,
                  u REFERENCES users(id) ON DELETE CASCADE);
                CREATE INDEX by_name ON users(name);
                """),
        ]
    }

    /// Runs a rollout that dies at a point of tenant `b`'s change.
    private static func dieInRollout(_ directory: String, at point: FaultPoint) throws {
        let versions = try versions()
        let fleet = try TestFleet(versions, directory: directory)
        let options = MaterializationOptions(
            jobs: 1,
            fault: { tenant, reached in
                if tenant == "b", reached == point { kill(getpid(), SIGKILL) }
            })
        _ = try fleet.materialize(to: versions[1], options)
    }

    @Test(arguments: points.indices)
    func eachTenantIsExactlyOldOrNewAndTheNextRunFinishes(_ index: Int) async throws {
        let versions = try Self.versions()
        let fleet = try TestFleet(versions)
        try fleet.create(
            ["a", "b", "c"], at: versions[0],
            filledBy: """
                INSERT INTO users VALUES (1, 'x'), (2, 'y');
                INSERT INTO notes VALUES (1, 1), (2, 2);
                """)
        let directory = fleet.directory
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [index = index as Int, directory = directory as String] in
            try Self.dieInRollout(directory, at: Self.points[index])
        }
        let isCommitted = Self.points[index] == .committed
        let expected = ["aa02", isCommitted ? "aa02" : "aa01", "aa01"]
        for (name, tree) in zip(["a", "b", "c"], expected) {
            let connection = try fleet.open(name)
            #expect(try connection.tenantStamp()?.tree == tree)
            let isStrict = try connection.scalar(
                "SELECT \"notnull\" FROM pragma_table_info('users') WHERE name = 'name'")
            #expect(isStrict == (tree == "aa02" ? 1 : 0))
        }
        #expect(try fleet.catalog.rollouts(limit: 1).map(\.state) == [.running])

        let report = try fleet.materialize(to: versions[1])
        #expect(report.atTarget == 3)
        let rollouts = try fleet.catalog.rollouts(limit: 2)
        #expect(rollouts.map(\.state) == [.done, .interrupted])
        // What the first one had done was found in the stamps.
        let states = try fleet.catalog.outcomes(of: rollouts[1].id).map(\.state)
        #expect(states == [.applied, isCommitted ? .applied : .pending, .pending])
        for name in ["a", "b", "c"] {
            let connection = try fleet.open(name)
            #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
            #expect(try connection.rows("PRAGMA foreign_key_check").isEmpty)
            #expect(try connection.scalar("SELECT count(*) FROM notes") == 2)
            #expect(
                try connection.schemaEntries().map(\.name).sorted() == [
                    "by_name", "notes", "users",
                ])
        }
    }

    @Test(arguments: points.indices.dropLast())
    func anErrorAtAnyPointRollsBack(_ index: Int) throws {
        struct Fault: Error {}
        let versions = try Self.versions()
        let fleet = try TestFleet(versions)
        try fleet.create(["b"], at: versions[0], filledBy: "INSERT INTO users VALUES (1, 'x')")
        let digest = try fleet.open("b").schemaDigest()
        let point = Self.points[index]
        let outcomes = try fleet.outcomes(
            to: versions[1],
            .init(fault: { _, reached in if reached == point { throw Fault() } }))
        #expect(outcomes == [.failed("Fault()")])
        let connection = try fleet.open("b")
        #expect(try connection.schemaDigest() == digest)
        #expect(try connection.tenantStamp() == versions[0].target.stamp)
        #expect(try fleet.outcomes(to: versions[1]) == [.applied])
    }

    /// Somebody puts another file in a tenant's place: it is neither lost nor called changed.
    @Test(arguments: [FaultPoint.fenced, .stamped, .committed])
    func aFileReplacedMeanwhileIsNotCalledChanged(_ point: FaultPoint) throws {
        let versions = try Self.versions()
        let fleet = try TestFleet(versions)
        try fleet.create(
            ["a", "b", "c"], at: versions[0], filledBy: "INSERT INTO users VALUES (1, 'x')")
        let path = try fleet.path("b")
        let outcomes = try fleet.outcomes(
            to: versions[1],
            .init(
                jobs: 1,
                fault: { tenant, reached in
                    guard tenant == "b", reached == point else { return }
                    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
                    let other = try Connection(path: path, access: .create)
                    try other.execute("CREATE TABLE restored(x)")
                }))
        let reason = "Its file was moved or replaced while it was changed"
        #expect(outcomes == [.applied, .failed(reason), .applied])
        let found = try Connection(path: path, access: .readWrite)
        #expect(try found.schemaEntries().map(\.name) == ["restored"])
        try found.execute("DROP TABLE restored")
        withExtendedLifetime(found) {}
        // The tenant's own file is as whole as it was, old or new.
        let away = try Connection(path: path + ".away", access: .readWrite)
        #expect(try away.scalar("PRAGMA integrity_check") == "ok")
        #expect(try away.scalar("SELECT count(*) FROM users") == 1)
        let tree = try away.tenantStamp()?.tree
        // The log that has the commit keeps its old name.
        #expect(tree == "aa01" || point == .committed && tree == "aa02")
    }
}
