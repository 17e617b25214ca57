package import CinchGit
import CinchRepository
package import CinchMaterializer
package import CinchSchema

/// What a command that may commit has done.
package struct Publication: Sendable {
    /// The branch that moved.
    package var branch: String
    /// The commit it is at now.
    package var commit: ObjectID
    /// What changed in the schema.
    package var changes: [SchemaChange]
    /// How the tenants were brought along; absent when they were not concerned.
    package var rollout: MaterializationReport?
    /// What people should know: data statements that are not recorded, settled merges.
    package var notes: [String] = []
    /// What is clean in a merge and may surprise.
    package var warnings: [MergeWarning] = []
    /// The data steps that came with it.
    package var dataSteps: [DataStep] = []

    /// How a merge went, in one word: `clean`, `notes` or `warnings`.
    package var verdict: String {
        warnings.isEmpty ? notes.isEmpty ? "clean" : "notes" : "warnings"
    }
}

/// How tenants are brought along, and watched on the way.
package struct RolloutSettings: Sendable {
    /// What columns hold in rows that have nothing to put there; recorded in the commit.
    package var backfills: [Backfill] = []
    /// Tenants changed at the same time; absent means the configured number.
    package var jobs: Int?
    /// How many rows may be parked, and how many may lose a value for good, whatever is
    /// configured; absent leaves it to the configuration.
    package var allowedLoss: Int?
    /// Whether `pre-commit` and `pre-merge` hooks are asked.
    package var isVerified = true
    /// Looked at between tenants: true finishes those in hand and stops.
    package var isCancelled: (@Sendable () -> Bool)?
    /// Called after each tenant, one call at a time.
    package var progress: (@Sendable (MaterializationProgress) -> Void)?

    /// Makes settings.
    package init(
        jobs: Int? = nil, allowedLoss: Int? = nil, isCancelled: (@Sendable () -> Bool)? = nil,
        progress: (@Sendable (MaterializationProgress) -> Void)? = nil
    ) {
        self.jobs = jobs
        self.allowedLoss = allowedLoss
        self.isCancelled = isCancelled
        self.progress = progress
    }
}

extension CinchDatabase {
    // Invariants of moving the deploy branch
    //   M1  Every plan the fleet needs is proven before the branch moves.
    //   M2  No tenant that can be read has rows which stand in its plan's way, as far as that can
    //       be told without changing it.
    //   M3  The branch moves by compare-and-swap, its reflog line first.
    //   M4  Tenants change after the branch has moved, each in a transaction of its own; a crash
    //       leaves the rest behind, and `materialize` finishes. So do rows that came to be in the
    //       way since M2: their tenant stays as it was.
    //   M5  Where tenants are changed at once, the branch does not move while another rollout is
    //       under way: they would be left behind.
    //   M6  Hooks that may say no are asked before any lock is taken, and told once all are free.

    /// Moves a branch, and brings all tenants along where it is the deploy branch.
    func publish(
        _ commit: ObjectID, on branch: ReferenceName, from expected: ObjectID, action: String,
        occasion: Occasion = .commit(), settings: RolloutSettings
    ) throws -> MaterializationReport? {
        let event = HookEvent(
            occasion: occasion, branch: branch.shortName, from: expected, to: commit)
        try ask(occasion.before, event, settings)  // M6
        var hasMoved = false
        defer { if hasMoved { tell(occasion.after, event, settings) } }
        let isDeployed = branch.shortName == deployBranch && !isRepositoryAlone
        let move = {
            try self.move([.update(branch, to: commit, expecting: expected)], message: action)
            hasMoved = true
        }
        guard isDeployed else {
            try move()
            return nil
        }
        let fleet = try tenants()
        let target = try target(commit)
        let files = try fleet.store.allFiles()
        guard configuration.materializePolicy == .eager else {
            // Whoever opens a tenant later must not be the one to find out.
            _ = try preflight(target, files, settings)
            try move()
            return nil
        }
        try ask(.preMaterialize, event.concerning(tenants: files.count), settings)
        let report = try fleet.materializer.takingTurn(fleet.journal) { turn in  // M5
            let effects = try preflight(target, files, settings)
            try move()
            do {
                var report = try turn.materialize(
                    files, to: target, options: options(settings, from: expected.hex),
                    progress: settings.progress)
                report.effects = effects
                return report
            } catch {
                throw Self.leftBehind(by: branch, at: commit, error)
            }
        }
        tell(.postMaterialize, event.concerning(report), settings)
        return report
    }

    /// What to say when no tenant could be looked at, and the branch has moved all the same.
    private static func leftBehind(
        by branch: ReferenceName, at commit: ObjectID, _ error: any Error
    ) -> CinchError {
        let reason = CinchError(translating: error).message
        return CinchError(
            code: .tenantsFailed,
            message: "'\(branch.shortName)' is at \(commit.abbreviated()) now, and no tenant was"
                + " brought along: \(reason)",
            hint: "Run 'cinch materialize'; nothing needs to be committed again.", cause: error)
    }

    /// A tenant may need twice its size while it is changed: for its log, and for what is copied.
    /// When it is done most of that is free again, and can be used by its own rows.
    private func demandRoom(
        for report: MaterializationReport, _ files: [TenantFile], jobs: Int
    ) throws {
        let pending = Set(report.entries.filter { $0.outcome == .pending }.map(\.name))
        let sizes = files.filter { pending.contains($0.name) }.map { Self.size(of: $0.path) }
        let needed = sizes.sorted(by: >).prefix(jobs).reduce(0, +) * 2
        guard needed > 0, let free = Self.freeSpace(layout.tenants), free < needed else { return }
        throw CinchError(
            code: .stopped,
            message: "The tenants' disk has \(free) bytes left, and \(jobs) at a time may take"
                + " \(needed) while they are changed",
            hint: "Nothing has moved; make room there, or run the command again with --jobs 1.")
    }

    /// M1, M2: a plan that can't be proven, and rows it can't be run on, stop everything before
    /// anything has moved. A tenant whose file can't be read, or has drifted, does not: it is left
    /// behind and reported.
    ///
    /// - Returns: What becomes of rows and values, counted.
    private func preflight(
        _ target: MaterializationTarget, _ files: [TenantFile], _ settings: RolloutSettings
    ) throws -> [DataEffectCount] {
        var options = options(settings, from: nil)
        options.isDryRun = true
        let report = try tenants().materializer.materialize(files, to: target, options: options)
        let failures = report.failures.filter { entry in
            if case .unproven = entry.outcome { true } else { false }
        }
        if let first = failures.first, case .unproven(let reason) = first.outcome {
            throw CinchError(
                code: .stopped,
                message: "\(failures.count) of \(files.count) tenants can't be brought to this"
                    + " schema, '\(first.name)' first: \(reason)",
                hint: "Nothing has moved; see 'cinch plan' for the statements.")
        }
        try demandRoom(for: report, files, jobs: options.jobs)
        let budget = LossBudget(configuration, settings)
        if let stop = PreflightStop(budget.findings(report)) {
            throw stop.error(tenants: files.count, isLossOnly: budget.isLossOnly(report))
        }
        try budget.check(report)
        if settings.isCancelled?() == true {
            throw CinchError(
                code: .interrupted, message: "Interrupted while rows were looked at",
                hint: "Nothing has moved; run the command again.")
        }
        return report.effects
    }
}
