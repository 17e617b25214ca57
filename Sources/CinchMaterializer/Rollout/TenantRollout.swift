import CinchSQLite
import Synchronization

/// What is to be done with one tenant.
struct TenantTask: Sendable {
    /// The tenant.
    let tenant: TenantFile
    /// What to do.
    let work: Work

    enum Work: Sendable {
        /// Nothing; this is the outcome.
        case decided(TenantOutcome)
        /// Write the new commit into the stamp.
        case restamp(TenantSurvey.Group)
        /// Run the plan.
        case change(TenantStamp, SchemaDigest, ProvenPlan, AcceptedDigests)
    }

    /// Combines what the file says with the verdict on its group.
    init(
        tenant: TenantFile, finding: TenantSurvey.Finding,
        verdicts: [TenantSurvey.Group: Verdict], target: MaterializationTarget
    ) {
        self.tenant = tenant
        switch finding {
        case .decided(let outcome): work = .decided(outcome)
        case .found(let stamp, let group):
            switch verdicts[group] {
            case .atTarget:
                work = stamp == target.stamp ? .decided(.upToDate) : .restamp(group)
            case .change(let plan, let accepted):
                work = .change(stamp, group.digest, plan, accepted)
            case .drifted(let reason): work = .decided(.drifted(reason))
            case .failed(let reason): work = .decided(.unproven(reason))
            case nil: work = .decided(.failed("Its group was not judged"))
            }
        }
    }

    /// Whether the file is to be written.
    var needsWork: Bool {
        if case .decided = work { false } else { true }
    }
}

/// Goes through the tenants of one run, several at a time.
final class TenantRollout: Sendable {
    private struct State {
        var entries: [MaterializationReport.Entry] = []
        var isStopped = false
        var wasCancelled = false
    }

    private let tasks: [TenantTask]
    private let target: MaterializationTarget
    private let options: MaterializationOptions
    private let progress: (@Sendable (MaterializationProgress) -> Void)?
    private let recorder: RolloutRecorder?
    private let state = Mutex(State())

    /// Sets up a run; nothing happens yet.
    init(
        tasks: [TenantTask], target: MaterializationTarget, options: MaterializationOptions,
        recorder: RolloutRecorder?,
        progress: (@Sendable (MaterializationProgress) -> Void)?
    ) {
        self.tasks = tasks
        self.target = target
        self.options = options
        self.recorder = recorder
        self.progress = progress
    }

    /// Deals with every tenant. Those that are decided come first, so that under `onError: .stop`
    /// one that has drifted keeps all others untouched.
    func run(since started: ContinuousClock.Instant) -> MaterializationReport {
        for task in tasks {
            if case .decided(let outcome) = task.work { note(task, outcome, milliseconds: 0) }
        }
        let open = tasks.filter(\.needsWork)
        WorkerThreads.forEach(open.count, jobs: options.jobs) { self.deal(with: open[$0]) }
        return report(since: started)
    }

    private func deal(with task: TenantTask) {
        if options.isCancelled?() == true {
            state.withLock { ($0.isStopped, $0.wasCancelled) = (true, true) }
        }
        guard !state.withLock({ $0.isStopped }) else {
            note(task, .skipped, milliseconds: 0)
            return
        }
        let clock = ContinuousClock()
        let started = clock.now
        let outcome = outcome(of: task)
        note(task, outcome, milliseconds: (clock.now - started).wholeMilliseconds)
    }

    private func outcome(of task: TenantTask) -> TenantOutcome {
        guard !options.isDryRun else { return .pending }
        do {
            switch task.work {
            case .decided(let outcome): return outcome
            case .restamp(let group): return try restamp(task.tenant, group)
            case .change(let stamp, let digest, let plan, let accepted):
                let change = TenantChange(
                    tenant: task.tenant, expected: stamp, digest: digest, plan: plan,
                    target: target, accepted: accepted, busyTimeout: options.busyTimeout,
                    fault: options.fault)
                return try change.apply()
            }
        } catch {
            return .failed(TenantFailure.sentence(error))
        }
    }

    private func restamp(
        _ tenant: TenantFile, _ group: TenantSurvey.Group
    ) throws -> TenantOutcome {
        let connection = try TenantConnection.open(tenant.path, busyTimeout: options.busyTimeout)
        return try connection.transaction { () throws -> TenantOutcome in
            guard try connection.tenantStamp()?.tree == group.tree,
                try connection.schemaDigest() == group.digest
            else {
                throw MaterializerError(.failed, "Another process changed the tenant meanwhile")
            }
            try connection.writeTenantStamp(target.stamp)
            return .restamped
        }
    }

    private func note(_ task: TenantTask, _ outcome: TenantOutcome, milliseconds: Int) {
        let entry = MaterializationReport.Entry(
            name: task.tenant.name, outcome: outcome, milliseconds: milliseconds)
        recorder?.record(entry)
        state.withLock { state in
            state.entries.append(entry)
            if outcome.isFailure, options.onError == .stop { state.isStopped = true }
            // Under the lock, so that counts arrive in order.
            progress?(
                MaterializationProgress(
                    done: state.entries.count, total: tasks.count, entry: entry))
        }
    }

    private func report(since started: ContinuousClock.Instant) -> MaterializationReport {
        let ended = state.withLock { $0 }
        let isCancelled = ended.wasCancelled || options.isCancelled?() == true
        var report = MaterializationReport(
            target: target.stamp,
            entries: ended.entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            milliseconds: (ContinuousClock.now - started).wholeMilliseconds,
            wasCancelled: isCancelled && ended.entries.contains { $0.outcome == .skipped })
        let end: RolloutState =
            report.atTarget == report.entries.count
            ? .done : report.entries.contains { $0.outcome == .skipped } ? .stopped : .failed
        report.recordingError = recorder?.finish(end)
        return report
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
