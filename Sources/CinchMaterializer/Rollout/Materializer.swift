package import CinchSchema
import CinchSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Brings tenant files to a commit's schema, each in one transaction of its own.
///
/// Before any tenant is touched, all are read, and every plan needed is proven on scratch
/// databases. A crash leaves each tenant exactly old or exactly new; running again finishes.
package final class Materializer: Sendable {
    /// Loads the schema of a tree, with its ids.
    package typealias LoadSchema = @Sendable (_ tree: String) throws -> Schema
    /// Loads the data steps that lie between two trees, in any order.
    package typealias LoadDataSteps =
        @Sendable (_ from: String, _ to: String) throws -> [DataStep]
    /// Makes the script that leads from one schema to another in files with these things parked.
    package typealias MakeScript =
        @Sendable (
            _ from: Schema, _ to: Schema, _ dataSteps: [DataStep], _ parked: [ParkedData]
        ) throws -> ChangeScript
    /// Names the trees of commits that took over drift from tenants at commit `stamp`, and are in
    /// the history of commit `target`.
    package typealias FindAdoptions =
        @Sendable (_ stamp: String, _ target: String) throws -> [String]

    private struct Step: Hashable {
        var from: String
        var to: String
        var parked: [ParkedData]
    }

    private struct Memory {
        var plans: [Step: ProvenPlan] = [:]
        var genuine: Set<TenantSurvey.Group> = []
        var accepted: [String: AcceptedDigests] = [:]
    }

    let lockPath: String
    let loadSchema: LoadSchema
    let loadDataSteps: LoadDataSteps
    let makeScript: MakeScript
    let findAdoptions: FindAdoptions
    private let memory = Mutex(Memory())

    /// Sets up a materializer for one database's tenants. It remembers proven plans.
    ///
    /// - Parameters:
    ///   - lockPath: The file whose lock makes rollouts take turns (`rollout.lock`).
    ///   - makeScript: The plan's script; the default makes it from
    ///     `Plan(from:to:dataSteps:parked:)`.
    ///   - findAdoptions: Where a drifted tenant may go on from; the default knows of none.
    package init(
        lockPath: String, loadSchema: @escaping LoadSchema,
        loadDataSteps: @escaping LoadDataSteps = { _, _ in [] },
        makeScript: @escaping MakeScript = {
            ChangeScript(try Plan(from: $0, to: $1, dataSteps: $2, parked: $3), parked: $3)
        },
        findAdoptions: @escaping FindAdoptions = { _, _ in [] }
    ) {
        self.lockPath = lockPath
        self.loadSchema = loadSchema
        self.loadDataSteps = loadDataSteps
        self.makeScript = makeScript
        self.findAdoptions = findAdoptions
    }

    /// Brings many tenants to `target`.
    ///
    /// What happens to a tenant is in the report and, given a journal, recorded there; a tenant
    /// that fails or has drifted stays as it was.
    ///
    /// - Parameter progress: Called after each tenant, one call at a time, from worker threads.
    /// - Throws: `.busy` when another rollout is under way, naming its process, `.superseded`;
    ///   errors of the catalog before the first tenant is touched.
    package func materialize(
        _ tenants: [TenantFile], to target: MaterializationTarget,
        options: MaterializationOptions = MaterializationOptions(),
        journal: RolloutJournal? = nil,
        progress: (@Sendable (MaterializationProgress) -> Void)? = nil
    ) throws -> MaterializationReport {
        guard !options.isDryRun else {
            return try run(tenants, to: target, options, nil, progress)
        }
        return try takingTurn(journal) { turn in
            try turn.materialize(tenants, to: target, options: options, progress: progress)
        }
    }

    /// Runs `body` while no other process or thread can roll out. Before, an end is made of a
    /// rollout that crashed.
    ///
    /// - Throws: `.busy` when another rollout is under way, saying in which process, since when
    ///   and how far it is; what `body` throws.
    package func takingTurn<Result>(
        _ journal: RolloutJournal?, _ body: (Turn) throws -> Result
    ) throws -> Result {
        var isOurs = false
        do {
            return try FileLock.hold(lockPath, purpose: "Materializing is") {
                isOurs = true
                try journal?.settle()
                return try body(Turn(materializer: self, journal: journal))
            }
        } catch let error as MaterializerError where !isOurs && error.code == .busy {
            throw journal?.explain(error, process: FileLock.holder(lockPath)) ?? error
        }
    }

    /// The right to roll out; it ends with the closure it was given to.
    package struct Turn {
        fileprivate let materializer: Materializer
        fileprivate let journal: RolloutJournal?

        /// Brings many tenants to `target`; see `Materializer`.
        package func materialize(
            _ tenants: [TenantFile], to target: MaterializationTarget,
            options: MaterializationOptions,
            progress: (@Sendable (MaterializationProgress) -> Void)? = nil
        ) throws -> MaterializationReport {
            try materializer.run(tenants, to: target, options, journal, progress)
        }
    }

    /// Makes an end of a rollout whose process died, unless one is under way.
    package func settle(_ journal: RolloutJournal) throws {
        guard try journal.catalog.rollouts(limit: 1).first?.state.isUnderWay == true else { return }
        do {
            try takingTurn(journal) { _ in }
        } catch let error as MaterializerError where error.code == .busy {
            return
        }
    }

    /// Brings one file to `target`: a tenant that is behind when it is opened, or a preview.
    ///
    /// It does not wait for a rollout under way; whoever comes second finds the work done.
    ///
    /// - Parameter isCurrent: Asked once the file was read: false when it is to be brought
    ///   somewhere else by now.
    /// - Throws: `.superseded`, `.drifted`, `.failed`; the file is as it was then.
    @discardableResult
    package func bring(
        _ tenant: TenantFile, to target: MaterializationTarget, busyTimeout: Int = 5000,
        isCurrent: (@Sendable () -> Bool)? = nil
    ) throws(MaterializerError) -> TenantOutcome {
        let options = MaterializationOptions(
            jobs: 1, busyTimeout: busyTimeout, isCurrent: isCurrent)
        let report: MaterializationReport
        do {
            report = try run([tenant], to: target, options, nil, nil)
        } catch let error as MaterializerError where error.code == .superseded {
            throw error
        } catch {
            throw MaterializerError(.failed, "'\(tenant.name)' can't be brought along: \(error)")
        }
        let outcome = report.entries.first?.outcome ?? .skipped
        switch outcome {
        case .drifted(let reason):
            throw MaterializerError(
                .drifted, "'\(tenant.name)' is left alone: \(reason)")
        case .failed(let reason), .unproven(let reason):
            throw MaterializerError(.failed, "'\(tenant.name)' can't be brought along: \(reason)")
        default: return outcome
        }
    }
}

// MARK: - A run

extension Materializer {
    private func run(
        _ unordered: [TenantFile], to target: MaterializationTarget,
        _ options: MaterializationOptions, _ journal: RolloutJournal?,
        _ progress: (@Sendable (MaterializationProgress) -> Void)?
    ) throws -> MaterializationReport {
        let started = ContinuousClock.now
        let tenants = unordered.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let survey = TenantSurvey(
            tenants, jobs: options.jobs, busyTimeout: options.busyTimeout,
            isCancelled: options.isCancelled)
        // A tenant found beyond the target was brought there after the target had moved on: what
        // is not noticed here is noticed under the tenant's write lock, where its stamp is read.
        guard options.isCurrent?() != false else {
            throw MaterializerError(
                .superseded, "The deploy branch has moved while tenants were looked at",
                hint: "Run the command again.")
        }
        var works: [TenantSurvey.Group: TenantTask.Work] = [:]
        for (group, entries) in survey.entries {
            let verdict = verdict(on: group, entries, target)
            works[group] = TenantTask.Work(verdict, on: group, target)
        }
        let tasks = zip(tenants, survey.findings).map { tenant, finding in
            TenantTask(tenant: tenant, finding: finding, works: works)
        }
        let recorder = try journal.map {
            try RolloutRecorder(
                $0.catalog,
                RolloutStart(
                    fromCommit: options.fromCommit, target: target.stamp,
                    request: options.request, tenants: tasks.count,
                    pending: tasks.filter(\.needsWork).map(\.tenant.name), process: getpid()))
        }
        let rollout = TenantRollout(
            tasks: tasks, target: target, options: options, recorder: recorder,
            progress: progress)
        var report = rollout.run(since: started)
        if options.isDryRun {
            (report.findings, report.effects) = TenantPreflight(tasks, options).run()
        }
        return report
    }

    /// What a group's tenants have coming; decided once for all of them.
    private func verdict(
        on group: TenantSurvey.Group, _ entries: [SchemaEntry], _ target: MaterializationTarget
    ) -> Verdict {
        do {
            let isTarget = group.tree == target.stamp.tree
            let step = Step(from: group.tree, to: target.stamp.tree, parked: group.parked)
            let known = memory.withLock { memory in
                (
                    memory.genuine.contains(group),
                    memory.plans[step]
                )
            }
            if known.0, isTarget { return .atTarget }
            if known.0, let plan = known.1 { return .change(plan, accepted(target)) }
            let source = isTarget ? target.schema : try loadSchema(group.tree)
            if let drift = drift(entries, from: source) {
                return try adoptedVerdict(on: group, entries, target) ?? .drifted(drift)
            }
            remember { $0.genuine.insert(group) }
            guard !isTarget else { return .atTarget }
            if let plan = known.1 { return .change(plan, accepted(target)) }
            let script = try makeScript(
                source, target.schema, loadDataSteps(group.tree, target.stamp.tree), group.parked)
            let plan = try ProvenPlan(script, from: source, to: target.schema)
            remember { $0.plans[step] = plan }
            return .change(plan, accepted(target))
        } catch {
            return .failed("There is no way from tree \(group.tree.prefix(12)): \(error)")
        }
    }

    /// Why the live schema is not the stamped one; nil when it is.
    func drift(_ entries: [SchemaEntry], from source: Schema) -> String? {
        do {
            let live = try Schema(entries: entries).withoutIDs
            let wanted = source.withoutIDs
            guard live != wanted else { return nil }
            return "Its schema is not what its stamp says: \(SchemaDifference.first(live, wanted))"
        } catch {
            return "Its schema can't be read: \(error)"
        }
    }

    func accepted(_ target: MaterializationTarget) -> AcceptedDigests {
        memory.withLock { memory in
            if let digests = memory.accepted[target.stamp.tree] { return digests }
            let digests = AcceptedDigests()
            memory.accepted[target.stamp.tree] = digests
            return digests
        }
    }

    private func remember(_ change: (inout Memory) -> Void) {
        memory.withLock { memory in
            // Far above what a fleet has at one time; a server must not grow for ever.
            if memory.plans.count > 1000 || memory.genuine.count > 10_000 { memory = Memory() }
            change(&memory)
        }
    }
}

/// What is to be done with a group's tenants.
enum Verdict: Sendable {
    /// The schema is the target's.
    case atTarget
    /// The plan leads to the target.
    case change(ProvenPlan, AcceptedDigests)
    /// The schema is not the stamped one; a sentence says where.
    case drifted(String)
    /// There is no proven plan; a sentence says why.
    case failed(String)
}
