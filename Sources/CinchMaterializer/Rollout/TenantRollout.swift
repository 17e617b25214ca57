import CinchSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What is to be done with one tenant.
struct TenantTask: Sendable {
    /// The tenant.
    let tenant: TenantFile
    /// What to do.
    let work: Work

    /// The same for all tenants of a group, and one value they share: there are few groups and
    /// many tenants.
    enum Work: Sendable {
        /// Nothing; this is the outcome.
        case decided(TenantOutcome)
        /// Write the new commit into the stamp.
        indirect case restamp(TenantSurvey.Group)
        /// Run the plan.
        indirect case change(TenantStamp, SchemaDigest, ProvenPlan, AcceptedDigests)

        /// What a verdict means for a group's tenants.
        init(_ verdict: Verdict, on group: TenantSurvey.Group, _ target: MaterializationTarget) {
            switch verdict {
            case .atTarget:
                self = group.stamp == target.stamp ? .decided(.upToDate) : .restamp(group)
            case .change(let plan, let accepted):
                self = .change(group.stamp, group.digest, plan, accepted)
            case .drifted(let reason): self = .decided(.drifted(reason))
            case .failed(let reason): self = .decided(.unproven(reason))
            }
        }
    }

    /// Combines what the file says with what is to be done for its group.
    init(
        tenant: TenantFile, finding: TenantSurvey.Finding, works: [TenantSurvey.Group: Work]
    ) {
        self.tenant = tenant
        switch finding {
        case .decided(let outcome): work = .decided(outcome)
        case .found(let group):
            work = works[group] ?? .decided(.failed("Its group was not judged"))
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
        var stop: RolloutStop?
    }

    private let tasks: [TenantTask]
    private let target: MaterializationTarget
    private let options: MaterializationOptions
    private let progress: (@Sendable (MaterializationProgress) -> Void)?
    private let recorder: RolloutRecorder?
    private let stages: RolloutStages
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
        stages = RolloutStages(tasks, options.request, for: target.stamp.tree)
    }

    /// Deals with every tenant. Those that are decided come first, so that one that has drifted
    /// keeps all others untouched where an error shall, or where it is a canary.
    func run(since started: ContinuousClock.Instant) -> MaterializationReport {
        for (index, task) in tasks.enumerated() {
            guard case .decided(let outcome) = task.work else { continue }
            note(task, outcome, milliseconds: 0)
            if outcome.isFailure, stages.canaries.contains(index) { stop(.canary) }
        }
        for (number, stage) in stages.all.enumerated() {
            if number > 0 { pause() }
            WorkerThreads.forEach(stage.places.count, jobs: options.jobs) { index in
                let outcome = self.deal(with: self.tasks[stage.places[index]])
                if stage.isCanary, outcome.isFailure { self.stop(.canary) }
            }
        }
        return report(since: started)
    }

    /// Has the tenants not yet begun left alone. A dry run goes on after errors: it has none.
    private func stop(_ reason: RolloutStop) {
        guard !options.isDryRun || reason == .interrupted else { return }
        state.withLock { $0.stop = $0.stop ?? reason }
    }

    /// Whether the tenants not yet begun are to be left.
    private func isStopped() -> Bool {
        if options.isCancelled?() == true {
            stop(.interrupted)
        } else if recorder?.isCancelRequested == true {
            stop(.cancelled)
        }
        return state.withLock { $0.stop != nil }
    }

    /// Waits between two stages, unless there is a reason to stop.
    private func pause() {
        guard options.request.pause > 0, !options.isDryRun else { return }
        recorder?.flush()
        let end = ContinuousClock.now + .milliseconds(options.request.pause)
        while !isStopped(), ContinuousClock.now < end {
            usleep(UInt32(clamping: min(50, (end - .now).wholeMilliseconds + 1) * 1000))
        }
    }

    private func deal(with task: TenantTask) -> TenantOutcome {
        guard !isStopped() else {
            note(task, .skipped, milliseconds: 0)
            return .skipped
        }
        let clock = ContinuousClock()
        let started = clock.now
        let outcome = outcome(of: task)
        note(task, outcome, milliseconds: (clock.now - started).wholeMilliseconds)
        return outcome
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
        if outcome.isFailure, options.request.onError == .stop { stop(.error) }
        state.withLock { state in
            state.entries.append(entry)
            // Under the lock, so that counts arrive in order.
            progress?(
                MaterializationProgress(
                    done: state.entries.count, total: tasks.count, entry: entry))
        }
    }

    private func report(since started: ContinuousClock.Instant) -> MaterializationReport {
        let ended = state.withLock { $0 }
        let hasSkipped = ended.entries.contains { $0.outcome == .skipped }
        var report = MaterializationReport(
            target: target.stamp,
            entries: ended.entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            milliseconds: (ContinuousClock.now - started).wholeMilliseconds,
            // Tenants may be skipped before they were read, too.
            stop: hasSkipped ? ended.stop ?? .interrupted : nil)
        report.canaries = stages.canaries.sorted().map { tasks[$0].tenant.name }
        report.recordingError = recorder?.finish(Self.end(of: report))
        return report
    }

    private static func end(of report: MaterializationReport) -> RolloutState {
        if report.atTarget == report.entries.count { return .done }
        switch report.stop {
        case nil: return .failed
        case .cancelled: return .cancelled
        case .interrupted, .error, .canary: return .stopped
        }
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
