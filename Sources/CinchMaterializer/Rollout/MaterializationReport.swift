/// What became of one tenant.
package enum TenantOutcome: Hashable, Sendable {
    /// It was at the target already.
    case upToDate
    /// Its schema was the target's; only the commit in its stamp is new.
    case restamped
    /// It was changed, and is at the target.
    case applied
    /// A dry run would change it.
    case pending
    /// Its schema is not what its stamp says; it was left alone. The reason is a sentence.
    case drifted(String)
    /// No plan for it could be proven; it was left alone. The reason is a sentence.
    case unproven(String)
    /// It could not be changed and is as it was. The reason is a sentence.
    case failed(String)
    /// It was not tried: the run was stopped before.
    case skipped

    /// Whether the tenant is at the target.
    package var isAtTarget: Bool {
        switch self {
        case .upToDate, .restamped, .applied: true
        case .pending, .drifted, .unproven, .failed, .skipped: false
        }
    }

    /// Whether this stops a run when an error shall, or the tenant is a canary.
    package var isFailure: Bool {
        switch self {
        case .drifted, .unproven, .failed: true
        case .upToDate, .restamped, .applied, .pending, .skipped: false
        }
    }
}

/// Why a run ended before every tenant was tried.
package enum RolloutStop: String, Hashable, Sendable {
    /// Whoever runs it wanted it to, as with Ctrl-C.
    case interrupted
    /// Another process asked for it through the catalog.
    case cancelled
    /// A tenant failed, and that was to be the end.
    case error
    /// One of the tenants that went first failed.
    case canary
}

/// The result of a run over many tenants.
package struct MaterializationReport: Hashable, Sendable {
    /// One tenant's part.
    package struct Entry: Hashable, Sendable {
        /// The tenant.
        package var name: String
        /// What became of it.
        package var outcome: TenantOutcome
        /// How long its own change took.
        package var milliseconds: Int

        /// Builds an entry from its parts.
        package init(name: String, outcome: TenantOutcome, milliseconds: Int) {
            self.name = name
            self.outcome = outcome
            self.milliseconds = milliseconds
        }
    }

    /// What tenants were brought to.
    package var target: TenantStamp
    /// Every tenant of the run, in name order.
    package var entries: [Entry]
    /// How long the run took.
    package var milliseconds: Int
    /// Why tenants were not tried; nil when all were.
    package var stop: RolloutStop?
    /// The tenants that went first, in name order; empty where none were chosen.
    package var canaries: [String] = []
    /// Why outcomes are missing in the catalog; nil when all are there. The tenants' stamps are
    /// right all the same.
    package var recordingError: String?
    /// Rows that stand in the way; only a dry run looks for them.
    package var findings: [PreflightFinding] = []
    /// What becomes of rows and values in all tenants together; only a dry run counts them.
    package var effects: [DataEffectCount] = []

    /// Builds a report from its parts.
    package init(
        target: TenantStamp, entries: [Entry], milliseconds: Int, stop: RolloutStop? = nil,
        recordingError: String? = nil
    ) {
        self.target = target
        self.entries = entries
        self.milliseconds = milliseconds
        self.stop = stop
        self.recordingError = recordingError
    }

    /// Whether it ended early because somebody wanted it to.
    package var wasCancelled: Bool { stop == .interrupted || stop == .cancelled }

    /// How many were not tried.
    package var skipped: Int { entries.count { $0.outcome == .skipped } }

    /// How many tenants are at the target now.
    package var atTarget: Int { entries.count { $0.outcome.isAtTarget } }

    /// How many were changed by this run.
    package var applied: Int { entries.count { $0.outcome == .applied } }

    /// The tenants with findings, in name order.
    package var tenantsWithFindings: [String] {
        findings.reduce(into: []) { names, finding in
            if names.last != finding.tenant { names.append(finding.tenant) }
        }
    }

    /// The tenants that drifted or failed, in name order.
    package var failures: [Entry] { entries.filter(\.outcome.isFailure) }
}
