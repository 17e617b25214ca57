/// Which tenants there are, and how rollouts went for each.
///
/// It is the answer to "is there such a tenant?": a file without a row is not served. It is not the
/// answer to "at which schema?": that is the stamp in the tenant's file, and a row of a rollout
/// may lag behind it after a crash.
package protocol TenantCatalog: Sendable {
    /// The tenants that are in service, in name order.
    func tenants() throws -> [TenantRecord]

    /// The tenant, also one being deleted; nil when there is none.
    func tenant(_ name: TenantName) throws -> TenantRecord?

    /// Adds tenants in service, all or none.
    ///
    /// - Throws: `.exists`.
    func add(_ names: [TenantName]) throws

    /// Takes a tenant out of service; its row stays until `remove`.
    func markDeleting(_ name: TenantName) throws

    /// The tenants whose deletion has begun and not ended.
    func tenantsBeingDeleted() throws -> [TenantName]

    /// Removes a tenant's row.
    func remove(_ name: TenantName) throws

    /// Gives a tenant's row a new name and leaves the old name being deleted, in one step.
    ///
    /// - Throws: `.exists`, `.notFound`.
    func rename(_ name: TenantName, to newName: TenantName) throws

    /// Records that a rollout begins, with tenants still to be changed as `.pending`. Whatever
    /// is recorded as running has crashed and becomes `.interrupted`.
    func beginRollout(
        from commit: String?, to stamp: TenantStamp, pending: [String]
    ) throws -> Int64

    /// Records outcomes; a later one for the same tenant replaces the earlier.
    func record(_ outcomes: [RolloutOutcome], rollout: Int64) throws

    /// Records that a rollout ended.
    func finishRollout(_ id: Int64, state: RolloutState) throws

    /// The last rollouts, newest first.
    func rollouts(limit: Int) throws -> [RolloutRecord]

    /// A rollout's outcomes in name order.
    func outcomes(of rollout: Int64) throws -> [RolloutOutcome]
}

/// One tenant of the catalog.
package struct TenantRecord: Hashable, Sendable {
    /// Its name.
    package var name: TenantName
    /// When it was created: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    package var createdAt: String
    /// Whether it is served; false while it is being deleted.
    package var isActive: Bool

    /// Builds a record from its parts.
    package init(name: TenantName, createdAt: String, isActive: Bool) {
        self.name = name
        self.createdAt = createdAt
        self.isActive = isActive
    }
}

/// Where a rollout as a whole is.
package enum RolloutState: String, Hashable, Sendable {
    /// At work, or crashed and not yet noticed.
    case running
    /// Every tenant is at the target.
    case done
    /// Some tenants are not, and why is with each.
    case failed
    /// Stopped by the user or by the first error; the rest was not tried.
    case stopped
    /// The process died.
    case interrupted
}

/// One run of the materializer.
package struct RolloutRecord: Hashable, Sendable {
    /// Counts up.
    package var id: Int64
    /// The commit the deploy branch was at before; nil when not known.
    package var fromCommit: String?
    /// What tenants are brought to.
    package var target: TenantStamp
    /// When it began, UTC.
    package var startedAt: String
    /// When it ended, UTC; nil while running or after a crash.
    package var finishedAt: String?
    /// Where it is.
    package var state: RolloutState

    /// Builds a record from its parts.
    package init(
        id: Int64, fromCommit: String?, target: TenantStamp, startedAt: String,
        finishedAt: String?, state: RolloutState
    ) {
        self.id = id
        self.fromCommit = fromCommit
        self.target = target
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.state = state
    }
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
