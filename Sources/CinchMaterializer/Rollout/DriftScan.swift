package import CinchSchema
import CinchSQLite

/// How a tenant's schema compares with the one its stamp names.
package struct DriftFinding: Hashable, Sendable {
    /// What was found.
    package enum State: Hashable, Sendable {
        /// The schema is what the stamp says.
        case clean(TenantStamp)
        /// It is another one.
        case drifted(Drift)
        /// The file, its stamp, or the schema that names can't be read; a sentence says why.
        case unreadable(String)
        /// The scan was stopped before.
        case skipped
    }

    /// The tenant.
    package var tenant: String
    /// How it compares.
    package var state: State

    /// The difference; nil when there is none, or none is known.
    package var drift: Drift? {
        if case .drifted(let drift) = state { drift } else { nil }
    }
}

/// A live schema that is not the stamped one.
package struct Drift: Hashable, Sendable {
    /// What the file says it is at.
    package var stamp: TenantStamp
    /// The schema of that stamp's tree, with its ids.
    package var stamped: Schema
    /// The schema the file has, with the ids of the stamped one where names agree; nil when it
    /// can't be read as a schema at all.
    package var live: Schema?
    /// One sentence: where the two differ first, or why the live one can't be read.
    package var reason: String

    /// What the file has come to differ in; empty when the live schema can't be read.
    package var changes: [SchemaChange] {
        live.map { SchemaDiff(from: stamped, to: $0).changes } ?? []
    }

    /// The way back to the stamped schema; nil when the live schema can't be read.
    package var wayBack: Plan? { live.map { Plan(from: $0, to: stamped) } }
}

extension Materializer {
    /// Reads the whole schema of every tenant and compares it with its stamp's.
    ///
    /// Each different pair of stamp and schema text is compared once, however many tenants have
    /// it. Nothing is written, and no rollout is waited for.
    ///
    /// - Parameter isCancelled: Looked at before each file.
    /// - Returns: A finding for each tenant, in the order given.
    package func findDrift(
        in tenants: [TenantFile], jobs: Int = 8, busyTimeout: Int = 5000,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) -> [DriftFinding] {
        let survey = TenantSurvey(
            tenants, jobs: jobs, busyTimeout: busyTimeout, isCancelled: isCancelled)
        var states: [TenantSurvey.Group: DriftFinding.State] = [:]
        for (group, entries) in survey.entries { states[group] = compare(group, entries) }
        return zip(tenants, survey.findings).map { tenant, finding in
            let state: DriftFinding.State =
                switch finding {
                case .found(let group): states[group] ?? .skipped
                case .decided(.drifted(let reason)), .decided(.failed(let reason)):
                    .unreadable(reason)
                case .decided: .skipped
                }
            return DriftFinding(tenant: tenant.name, state: state)
        }
    }

    private func compare(
        _ group: TenantSurvey.Group, _ entries: [SchemaEntry]
    ) -> DriftFinding.State {
        let stamp = TenantStamp(commit: group.commit, tree: group.tree)
        let stamped: Schema
        do {
            stamped = try loadSchema(group.tree)
        } catch {
            return .unreadable("The schema of its stamp can't be read: \(error)")
        }
        guard let reason = drift(entries, from: stamped) else { return .clean(stamp) }
        let live = try? Schema(entries: entries).identified(by: stamped)
        return .drifted(Drift(stamp: stamp, stamped: stamped, live: live, reason: reason))
    }
}
