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
    /// is recorded as under way has crashed and becomes `.interrupted`.
    func beginRollout(_ start: RolloutStart) throws -> Int64

    /// Records outcomes; a later one for the same tenant replaces the earlier.
    func record(_ outcomes: [RolloutOutcome], rollout: Int64) throws

    /// Records that a rollout ended.
    func finishRollout(_ id: Int64, state: RolloutState) throws

    /// Records that a rollout under way is to stop; false when it is not under way.
    func requestCancel(_ id: Int64) throws -> Bool

    /// Where a rollout is; nil when there is none of that number.
    func state(ofRollout id: Int64) throws -> RolloutState?

    /// The last rollouts, newest first.
    func rollouts(limit: Int) throws -> [RolloutRecord]

    /// One rollout; nil when there is none of that number.
    func rollout(_ id: Int64) throws -> RolloutRecord?

    /// How many tenants of a rollout are in each state.
    func counts(of rollout: Int64) throws -> RolloutCounts

    /// A rollout's outcomes in name order.
    func outcomes(of rollout: Int64) throws -> [RolloutOutcome]

    /// A number that differs when another process has changed anything.
    func version() throws -> Int64

    /// The API keys, oldest first. A tenant's go with it, and keep to it when it is renamed.
    func keys() throws -> [KeyRecord]

    /// The key with a digest; nil when there is none.
    func key(digest: [UInt8]) throws -> KeyRecord?

    /// Adds a key.
    ///
    /// - Throws: `.notFound` when its tenant isn't there.
    func add(_ key: KeyRecord) throws

    /// Gives a key another digest, so that the old key is refused; false when there is none.
    func replaceKey(_ id: String, digest: [UInt8]) throws -> Bool

    /// Removes a key; false when there is none.
    func removeKey(_ id: String) throws -> Bool
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
