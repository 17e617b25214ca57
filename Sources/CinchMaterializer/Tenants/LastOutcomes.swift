/// What the rollouts came to for one tenant, as far as they were written down.
package struct LastOutcome: Hashable, Sendable {
    /// The rollout that last dealt with the tenant.
    package var rollout: Int64
    /// What it aimed at.
    package var target: TenantStamp
    /// What became of the tenant in it; never `.pending`.
    package var outcome: RolloutOutcome
}

extension TenantCatalog {
    /// The last outcome of each tenant, by name; tenants no rollout has dealt with are absent.
    ///
    /// Rollouts are read newest first, and no more of them than it takes: a tenant is not looked
    /// for in those that began before it was there.
    package func lastOutcomes(of tenants: [TenantRecord]) throws -> [String: LastOutcome] {
        var found: [String: LastOutcome] = [:]
        var missing = Dictionary(
            tenants.map { ($0.name.rawValue, $0.createdAt) },
            uniquingKeysWith: { first, _ in first })
        for rollout in try rollouts(limit: .max) {
            missing = missing.filter { $0.value <= rollout.startedAt }
            if missing.isEmpty { break }
            for outcome in try outcomes(of: rollout.id) where outcome.state != .pending {
                guard missing.removeValue(forKey: outcome.tenant) != nil else { continue }
                found[outcome.tenant] = LastOutcome(
                    rollout: rollout.id, target: rollout.target, outcome: outcome)
            }
        }
        return found
    }
}
