/// The order in which a run's tenants are changed.
struct RolloutStages {
    /// Tenants between two pauses.
    struct Stage {
        /// Their places in the run's tasks.
        var places: [Int]
        /// Whether they go first, and all must succeed.
        var isCanary: Bool
    }

    /// The places of the tenants that go first, those included that need nothing.
    let canaries: Set<Int>
    /// Every tenant that is to be changed, in stages.
    let all: [Stage]

    /// Divides the tenants of a run.
    init(_ tasks: [TenantTask], _ request: RolloutRequest, for tree: String) {
        let canaries =
            request.canary?.choice(from: tasks.map(\.tenant.name), for: tree) ?? []
        let open = tasks.indices.filter { tasks[$0].needsWork }
        let first = open.filter { canaries.contains($0) }
        let rest = open.filter { !canaries.contains($0) }
        var stages = first.isEmpty ? [] : [Stage(places: first, isCanary: true)]
        let size = max(1, request.batch ?? rest.count)
        for start in stride(from: 0, to: rest.count, by: size) {
            stages.append(
                Stage(places: Array(rest[start..<min(start + size, rest.count)]), isCanary: false))
        }
        self.canaries = canaries
        all = stages
    }
}
