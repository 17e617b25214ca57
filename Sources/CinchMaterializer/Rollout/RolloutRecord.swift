/// Where a rollout as a whole is.
package enum RolloutState: String, Hashable, Sendable {
    /// At work, or crashed and not yet noticed.
    case running
    /// At work, and asked to stop.
    case cancelling
    /// Every tenant is at the target.
    case done
    /// Some tenants are not, and why is with each.
    case failed
    /// Stopped by the user, by the first error or by a canary; the rest was not tried.
    case stopped
    /// The process died.
    case interrupted
    /// Given up; nobody is reminded of it.
    case cancelled

    /// Whether a process is at work on it, unless it has crashed.
    package var isUnderWay: Bool { self == .running || self == .cancelling }

    /// Whether tenants may be left for another run.
    package var isResumable: Bool {
        switch self {
        case .failed, .stopped, .interrupted, .cancelled: true
        case .running, .cancelling, .done: false
        }
    }
}

/// One run of the materializer.
package struct RolloutRecord: Hashable, Sendable {
    /// Counts up.
    package var id: Int64
    /// The commit the tenants were at before; nil when not known.
    package var fromCommit: String?
    /// What tenants are brought to.
    package var target: TenantStamp
    /// When it began, UTC.
    package var startedAt: String
    /// When it ended, UTC; nil while running or after a crash.
    package var finishedAt: String?
    /// Where it is.
    package var state: RolloutState
    /// How many tenants it is about.
    package var tenants: Int
    /// The process that runs or ran it; nil when not known.
    package var process: Int32?
    /// What was asked for.
    package var request: RolloutRequest
}

/// How many tenants of a rollout are in each state.
package struct RolloutCounts: Hashable, Sendable {
    /// Not tried, or not yet written down.
    package var pending = 0
    /// At the target.
    package var applied = 0
    /// Left as they were.
    package var failed = 0
    /// Left alone, since somebody else changed their schema.
    package var drifted = 0

    /// How many have an outcome.
    package var done: Int { applied + failed + drifted }
}

/// What a rollout did to one tenant.
package struct RolloutOutcome: Hashable, Sendable {
    /// The catalog's four states.
    package enum State: String, Hashable, Sendable {
        /// Not tried yet, or the process died before it was written down.
        case pending
        /// At the target.
        case applied
        /// Left at the old schema.
        case failed
        /// Left alone, since its schema is not what its stamp says.
        case drifted
    }

    /// The tenant's name.
    package var tenant: String
    /// What became of it.
    package var state: State
    /// Why; nil when it went well.
    package var error: String?
    /// How long it took.
    package var milliseconds: Int

    /// Builds an outcome from its parts.
    package init(tenant: String, state: State, error: String?, milliseconds: Int) {
        self.tenant = tenant
        self.state = state
        self.error = error
        self.milliseconds = milliseconds
    }
}

/// What is known of a rollout when it begins.
package struct RolloutStart: Hashable, Sendable {
    /// The commit the tenants were at before; nil when not known.
    package var fromCommit: String?
    /// What tenants are brought to.
    package var target: TenantStamp
    /// What was asked for.
    package var request: RolloutRequest
    /// How many tenants it is about.
    package var tenants: Int
    /// Those still to be changed.
    package var pending: [String]
    /// The process at work.
    package var process: Int32

    /// Builds a start from its parts.
    package init(
        fromCommit: String?, target: TenantStamp, request: RolloutRequest, tenants: Int,
        pending: [String], process: Int32
    ) {
        self.fromCommit = fromCommit
        self.target = target
        self.request = request
        self.tenants = tenants
        self.pending = pending
        self.process = process
    }
}
