import CinchGit
package import CinchMaterializer

/// A rollout as people see it.
package struct RolloutInformation: Hashable, Sendable {
    /// What is written down of it.
    package var record: RolloutRecord
    /// How many of its tenants are in each state.
    package var counts: RolloutCounts
}

/// What going on with a rollout came to.
package struct RolloutResumption: Sendable {
    /// The rollout that was gone on with.
    package var rollout: RolloutRecord
    /// Whether the deploy branch has moved since: tenants are at its tip, not at the old target.
    package var hasMovedOn: Bool
    /// How tenants were brought along.
    package var report: MaterializationReport
}

extension CinchDatabase {
    func options(_ settings: RolloutSettings, from commit: String?) -> MaterializationOptions {
        MaterializationOptions(
            jobs: settings.jobs ?? configuration.materializeJobs ?? 8,
            fromCommit: commit, isCancelled: settings.isCancelled)
    }

    /// Brings tenants to the deploy branch.
    ///
    /// - Parameters:
    ///   - request: Which tenants, and at what pace. A retry that finds nothing to do is no
    ///     rollout; its report has no entries.
    ///   - isDryRun: Reads and proves, and changes nothing.
    /// - Throws: `.notFound` when a pattern matches no tenant, `.busy` when another rollout is
    ///   under way.
    package func materialize(
        _ request: RolloutRequest = RolloutRequest(), isDryRun: Bool = false,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> MaterializationReport {
        let files = try tenants().store.allFiles()
        for pattern in request.patterns where !files.contains(where: { pattern.matches($0.name) }) {
            throw CinchError(
                code: .notFound, message: "No tenant matches '\(pattern)'",
                hint: "See 'cinch tenant list'; quote a pattern, or the shell reads it.")
        }
        var selected = files.filter { request.covers($0.name) }
        if request.isRetry {
            let last = try rollouts(limit: 1).first?.record
            let failed = try last.map(failures) ?? []
            selected.removeAll { !failed.contains($0.name) }
        }
        return try roll(out: request, to: selected, isDryRun: isDryRun, settings)
    }

    private func failures(of rollout: RolloutRecord) throws -> Set<String> {
        let outcomes = try tenants().catalog.outcomes(of: rollout.id)
        return Set(outcomes.filter { $0.state == .failed || $0.state == .drifted }.map(\.tenant))
    }

    private func roll(
        out request: RolloutRequest, to files: [TenantFile], isDryRun: Bool,
        _ settings: RolloutSettings
    ) throws -> MaterializationReport {
        let fleet = try tenants()
        let branch = try ReferenceName.branch(deployBranch)
        let tip = try branchTip(branch)
        let target = try target(tip)
        guard !files.isEmpty || request.isForAll else {
            return MaterializationReport(target: target.stamp, entries: [], milliseconds: 0)
        }
        var options = options(settings, from: try origin())
        options.request = request
        options.isDryRun = isDryRun
        options.isCurrent = { [self] in (try? branchTip(branch)) == tip }
        let event = HookEvent(
            occasion: .other("materialize"), branch: branch.shortName,
            from: options.fromCommit.flatMap { ObjectID(hex: $0) }, to: tip)
        if !isDryRun { try ask(.preMaterialize, event.concerning(tenants: files.count), settings) }
        let report = try fleet.materializer.materialize(
            files, to: target, options: options, journal: fleet.journal,
            progress: settings.progress)
        if !isDryRun { tell(.postMaterialize, event.concerning(report), settings) }
        return report
    }

    /// The commit tenants were at before the rollouts that are not finished.
    private func origin() throws -> String? {
        guard let last = try tenants().catalog.rollouts(limit: 1).first else { return nil }
        return last.state == .done ? last.target.commit : last.fromCommit
    }
}

// MARK: - The journal

extension CinchDatabase {
    /// The last rollouts, newest first. One whose process died reads as interrupted.
    package func rollouts(limit: Int) throws -> [RolloutInformation] {
        let fleet = try tenants()
        try fleet.materializer.settle(fleet.journal)
        return try fleet.catalog.rollouts(limit: limit).map(information)
    }

    /// One rollout.
    ///
    /// - Parameter id: Absent means the last one.
    /// - Throws: `.notFound`.
    package func rollout(_ id: Int64? = nil) throws -> RolloutInformation {
        let fleet = try tenants()
        try fleet.materializer.settle(fleet.journal)
        let record =
            try id.map { try fleet.catalog.rollout($0) } ?? fleet.catalog.rollouts(limit: 1).first
        guard let record else {
            throw CinchError(
                code: .notFound,
                message: id.map { "There is no rollout \($0)" } ?? "There was no rollout yet",
                hint: "See 'cinch rollout list'.")
        }
        return try information(record)
    }

    private func information(_ record: RolloutRecord) throws -> RolloutInformation {
        RolloutInformation(record: record, counts: try tenants().catalog.counts(of: record.id))
    }

    /// What became of each tenant of a rollout: those that failed first, then those that drifted,
    /// those not tried, and those at the target; in name order each.
    package func outcomes(of rollout: RolloutRecord) throws -> [RolloutOutcome] {
        let outcomes = try tenants().catalog.outcomes(of: rollout.id)
        return [RolloutOutcome.State.failed, .drifted, .pending, .applied].flatMap { state in
            outcomes.filter { $0.state == state }
        }
    }

    /// Whether no rollout has left tenants behind that nobody has gone on with or given up; true
    /// when there never was one.
    package func isRolloutFinished() throws -> Bool {
        guard let last = try unfinishedRollout() else { return true }
        return last.state == .cancelled
    }

    /// The newest rollout that left tenants behind; nil when a later one went on with it, or
    /// brought all tenants along.
    private func unfinishedRollout() throws -> RolloutRecord? {
        let fleet = try tenants()
        try fleet.materializer.settle(fleet.journal)
        var resumed: Set<Int64> = []
        for rollout in try fleet.catalog.rollouts(limit: 100) {
            if rollout.state == .done, rollout.request.isForAll { return nil }
            if rollout.state.isResumable, !resumed.contains(rollout.id) { return rollout }
            if let earlier = rollout.request.resumes { resumed.insert(earlier) }
        }
        return nil
    }

    /// Goes on with a rollout that left tenants behind: the same tenants at the same pace, now to
    /// the deploy branch's tip. It is a rollout of its own in the journal.
    ///
    /// - Parameter id: Absent means the last one that is not finished.
    /// - Throws: `.notFound`, `.busy` when one is under way, `.failed` when there is nothing to
    ///   go on with.
    package func resumeRollout(
        _ id: Int64? = nil, settings: RolloutSettings = RolloutSettings()
    ) throws -> RolloutResumption {
        let last = try rollouts(limit: 1).first?.record
        let underWay = last.flatMap { $0.state.isUnderWay ? $0 : nil }
        let record = try id.map { try rollout($0).record } ?? underWay ?? unfinishedRollout()
        guard let record, record.state.isResumable || record.state.isUnderWay else {
            throw CinchError(
                code: .failed,
                message: record.map { "Rollout \($0.id) is done" } ?? "No rollout is unfinished",
                hint: "Run 'cinch materialize' to bring tenants to the deploy branch.")
        }
        var request = record.request
        request.resumes = record.id
        // A retry is about the tenants it had; a pattern is about those it matches now.
        let own = try request.isRetry ? tenants().catalog.outcomes(of: record.id).map(\.tenant) : []
        let names = Set(own)
        let files = try tenants().store.allFiles().filter { file in
            request.covers(file.name) && (!request.isRetry || names.contains(file.name))
        }
        let report = try roll(out: request, to: files, isDryRun: false, settings)
        return RolloutResumption(
            rollout: record, hasMovedOn: report.target.commit != record.target.commit,
            report: report)
    }

    /// Asks a rollout under way to stop after the tenants in hand, or gives up one that is not.
    /// No tenant is changed by this.
    ///
    /// - Parameter id: Absent means the last one.
    /// - Returns: The rollout as it is now: `.cancelling` while its process has yet to notice.
    /// - Throws: `.notFound`, `.failed` when it is done.
    package func cancelRollout(_ id: Int64? = nil) throws -> RolloutRecord {
        let catalog = try tenants().catalog
        var record = try rollout(id).record
        if record.state.isUnderWay, try catalog.requestCancel(record.id) {
            record.state = .cancelling
            return record
        }
        record = try rollout(record.id).record
        guard record.state != .done else {
            throw CinchError(
                code: .failed, message: "Rollout \(record.id) is done; there is nothing to cancel",
                hint: "See 'cinch rollout list'.")
        }
        if record.state != .cancelled { try catalog.finishRollout(record.id, state: .cancelled) }
        record.state = .cancelled
        return record
    }
}
