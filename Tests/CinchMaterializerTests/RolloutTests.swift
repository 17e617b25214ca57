import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

/// Which tenants go first, where a rollout stops, and what is written down of it.
@Suite struct RolloutTests {
    let one: Version
    let two: Version
    let fleet: TestFleet
    let names = (0..<40).map { "t\($0)" }.sorted()

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        two = try Version("aa02", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL);")
        fleet = try TestFleet([one, two])
    }

    private func canaries(of names: [String], _ tree: String, _ canary: Canary) -> [String] {
        canary.choice(from: names, for: tree).sorted().map { names[$0] }
    }

    private func spoil(_ name: String) throws {
        try fleet.open(name).execute("INSERT INTO users(name) VALUES (NULL)")
    }

    // MARK: Canaries

    @Test(arguments: [
        ("1", 40, 1), ("3", 40, 3), ("50", 40, 40), ("5%", 40, 2), ("5%", 41, 3), ("0.1%", 40, 1),
        ("100%", 40, 40), ("3", 0, 0), ("5%", 0, 0),
    ])
    func aCanaryIsANumberOrAPart(_ text: String, _ total: Int, _ count: Int) throws {
        let canary = try #require(Canary(text))
        #expect(canary.count(of: total) == count)
        #expect(canary.description == text)
    }

    @Test(arguments: ["", "0", "-1", "0%", "101%", "x", "%", "1.5", "nan%", "5 %"])
    func whatIsNoCanaryIsRefused(_ text: String) { #expect(Canary(text) == nil) }

    @Test func canariesAreTheSameForATargetAndOthersForTheNext() {
        let chosen = canaries(of: names, "aa02", .tenants(4))
        #expect(chosen == canaries(of: names, "aa02", .tenants(4)))
        #expect(chosen != canaries(of: names, "aa03", .tenants(4)))
        #expect(chosen != Array(names.prefix(4)))
        // More of them are these and others; tenants that come or go change no rank.
        #expect(Set(chosen).isSubset(of: canaries(of: names, "aa02", .tenants(5))))
        #expect(Set(chosen).isSubset(of: canaries(of: names + ["zz"], "aa02", .tenants(5))))
        // Over many targets each tenant has its turn.
        let counts = (0..<1000).reduce(into: [String: Int]()) { counts, tree in
            for name in canaries(of: names, "tree\(tree)", .tenants(4)) {
                counts[name, default: 0] += 1
            }
        }
        #expect(counts.count == 40)
        #expect(counts.values.allSatisfy { (60...140).contains($0) })
    }

    @Test func aCanaryThatFailsKeepsAllOthersUntouched() throws {
        try fleet.create(names, at: one)
        let chosen = canaries(of: names, "aa02", .tenants(3))
        try spoil(chosen[1])
        let request = RolloutRequest(canary: .tenants(3))
        let report = try fleet.materialize(to: two, .init(jobs: 1, request: request))
        #expect(report.stop == .canary)
        #expect(report.canaries == chosen)
        #expect(report.failures.map(\.name) == [chosen[1]])
        #expect(report.applied + report.skipped == 39)
        for name in names where !chosen.contains(name) {
            let connection = try fleet.open(name)
            #expect(try connection.tenantStamp()?.tree == "aa01")
        }
        let rollout = try #require(try fleet.catalog.rollouts(limit: 1).first)
        #expect(rollout.state == .stopped)
        #expect(rollout.request == request)
        #expect(try fleet.catalog.counts(of: rollout.id).pending == report.skipped)
        // The same tenants go first when it is tried again.
        try fleet.open(chosen[1]).execute("DELETE FROM users")
        let seen = Mutex<[String]>([])
        let second = try fleet.materializer.materialize(
            fleet.store.allFiles(), to: two.target, options: .init(jobs: 1, request: request),
            progress: { note in
                if note.entry.outcome == .applied { seen.withLock { $0.append(note.entry.name) } }
            })
        #expect(second.stop == nil && second.atTarget == 40)
        #expect(second.canaries == chosen)
        #expect(seen.withLock { $0[0] == chosen[1] && $0[1] == chosen[2] })
    }

    @Test func aCanaryThatHasDriftedStopsToo() throws {
        try fleet.create(names, at: one)
        let chosen = canaries(of: names, "aa02", .percent(5))
        #expect(chosen.count == 2)
        try fleet.open(chosen[0]).execute("CREATE TABLE extra(x)")
        let request = RolloutRequest(canary: .percent(5))
        let report = try fleet.materialize(to: two, .init(request: request))
        #expect(report.stop == .canary)
        #expect(report.applied == 0 && report.skipped == 39)
        // A dry run has nothing to stop.
        let dry = try fleet.materialize(to: two, .init(request: request, isDryRun: true))
        #expect(dry.stop == nil && dry.skipped == 0 && dry.canaries == chosen)
    }

    @Test func aFailingTenantThatIsNoCanaryStopsNobody() throws {
        try fleet.create(names, at: one)
        let chosen = canaries(of: names, "aa02", .tenants(3))
        let other = try #require(names.first { !chosen.contains($0) })
        try spoil(other)
        let report = try fleet.materialize(to: two, .init(request: .init(canary: .tenants(3))))
        #expect(report.stop == nil)
        #expect(report.failures.map(\.name) == [other])
        #expect(report.applied == 39)
    }

    // MARK: Batches

    @Test func betweenBatchesThereIsAPauseThatEndsAtOnceWhenInterrupted() throws {
        try fleet.create(["a", "b", "c", "d", "e"], at: one)
        let started = ContinuousClock.now
        let applied = Atomic<Int>(0)
        let report = try fleet.materializer.materialize(
            fleet.store.allFiles(), to: two.target,
            options: .init(
                jobs: 4, request: .init(batch: 2, pause: 60_000),
                isCancelled: { applied.load(ordering: .relaxed) == 2 }),
            journal: fleet.journal,
            progress: { note in
                if note.entry.outcome == .applied { applied.add(1, ordering: .relaxed) }
            })
        #expect(
            report.entries.map(\.outcome) == [.applied, .applied, .skipped, .skipped, .skipped])
        #expect(report.stop == .interrupted)
        #expect(ContinuousClock.now - started < .seconds(30))
        let rest = try fleet.materialize(to: two, .init(request: .init(batch: 1, pause: 20)))
        #expect(rest.applied == 3)
        // Two pauses between three batches, none after the last.
        #expect(rest.milliseconds >= 40)
    }

    // MARK: Cancelling

    @Test func aRolloutThatIsCancelledFinishesTheTenantInHand() throws {
        try fleet.create(["a", "b", "c"], at: one)
        let options = MaterializationOptions(
            jobs: 1, request: .init(batch: 1, pause: 150),
            fault: { tenant, point in
                guard tenant == "b", point == .fenced else { return }
                // As another process would.
                let other = try TestFleet([one, two], directory: fleet.directory)
                #expect(try other.catalog.requestCancel(1))
            })
        let report = try fleet.materialize(to: two, options)
        #expect(report.entries.map(\.outcome) == [.applied, .applied, .skipped])
        #expect(report.stop == .cancelled && report.wasCancelled)
        let rollout = try #require(try fleet.catalog.rollout(1))
        #expect(rollout.state == .cancelled)
        #expect(try fleet.catalog.outcomes(of: 1).map(\.state) == [.applied, .applied, .pending])
        // There is nothing to cancel any more.
        #expect(try !fleet.catalog.requestCancel(1))
        #expect(try !fleet.catalog.requestCancel(99))
        #expect(try fleet.outcomes(to: two) == [.upToDate, .upToDate, .applied])
    }

    // MARK: The journal

    @Test func aRequestIsReadBackAsItWas() throws {
        let requests = [
            RolloutRequest(),
            RolloutRequest(
                patterns: [try TenantPattern("a*"), try TenantPattern("[b-d]?")], isRetry: true,
                canary: .percent(2.5), batch: 7, pause: 1500, onError: .stop, resumes: 3),
            RolloutRequest(canary: .tenants(4)),
        ]
        for request in requests {
            let start = RolloutStart(
                fromCommit: "f", target: two.target.stamp, request: request, tenants: 9,
                pending: ["a"], process: 42)
            let id = try fleet.catalog.beginRollout(start)
            let record = try #require(try fleet.catalog.rollout(id))
            #expect(record.request == request)
            #expect(record.tenants == 9 && record.process == 42 && record.fromCommit == "f")
        }
    }

    @Test func aCatalogOfTheFirstFormatIsBroughtUpToDate() throws {
        let path = fleet.directory + "/old.db"
        let old = try Connection(path: path, access: .create)
        try old.execute(
            """
            CREATE TABLE tenants(name TEXT PRIMARY KEY, created_at TEXT NOT NULL,
              status TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE rollouts(id INTEGER PRIMARY KEY AUTOINCREMENT, from_commit TEXT,
              to_commit TEXT NOT NULL, to_tree TEXT NOT NULL, started_at TEXT NOT NULL,
              finished_at TEXT, state TEXT NOT NULL) STRICT;
            CREATE TABLE rollout_tenants(rollout INTEGER NOT NULL REFERENCES rollouts,
              tenant TEXT NOT NULL, state TEXT NOT NULL, error TEXT, ms INTEGER NOT NULL DEFAULT 0,
              PRIMARY KEY (rollout, tenant)) STRICT, WITHOUT ROWID;
            INSERT INTO rollouts VALUES (5, NULL, 'c', 't', '2026-01-01 00:00:00.000', NULL, 'done');
            INSERT INTO rollout_tenants VALUES (5, 'a', 'applied', NULL, 1), (5, 'b', 'failed', 'x', 2);
            PRAGMA user_version = 1;
            """)
        let catalog = try SQLiteTenantCatalog(path: path) { "2026-01-02 03:04:05.678" }
        let record = try #require(try catalog.rollout(5))
        #expect(record.state == .done && record.tenants == 2 && record.process == nil)
        #expect(record.request == RolloutRequest())
        let counts = try catalog.counts(of: 5)
        #expect((counts.applied, counts.failed, counts.done) == (1, 1, 2))
    }

    @Test(arguments: [false, true])
    func aRolloutThatCrashedIsSettledByTheStamps(_ wasCancelled: Bool) throws {
        try fleet.create(["a", "b", "c"], at: one)
        let pending = ["a", "b", "c", "gone"]
        let id = try fleet.catalog.beginRollout(
            RolloutStart(
                fromCommit: nil, target: two.target.stamp, request: .init(), tenants: 4,
                pending: pending, process: 1))
        if wasCancelled { #expect(try fleet.catalog.requestCancel(id)) }
        // The process got as far as b's change, and no further in the catalog.
        try fleet.materializer.bring(fleet.store.file(TenantName("a")), to: two.target)
        try fleet.materializer.bring(fleet.store.file(TenantName("b")), to: two.target)
        try fleet.materializer.settle(fleet.journal)
        let states = try fleet.catalog.outcomes(of: id).map(\.state)
        #expect(states == [.applied, .applied, .pending, .pending])
        let record = try #require(try fleet.catalog.rollout(id))
        #expect(record.state == (wasCancelled ? .cancelled : .interrupted))
        #expect(try fleet.open("c").tenantStamp() == one.target.stamp)
    }

    @Test func aRolloutUnderWayIsNotSettledByOthers() throws {
        try fleet.create(["a"], at: one)
        let options = MaterializationOptions(fault: { _, point in
            guard point == .committed else { return }
            let other = try TestFleet([one, two], directory: fleet.directory)
            try other.materializer.settle(other.journal)
            #expect(try other.catalog.rollouts(limit: 1).map(\.state) == [.running])
            #expect(try other.catalog.outcomes(of: 1).map(\.state) == [.pending])
        })
        #expect(try fleet.outcomes(to: two, options) == [.applied])
        #expect(try fleet.catalog.rollouts(limit: 1).map(\.state) == [.done])
    }
}
