import CinchGit
package import CinchMaterializer
import CinchRepository
import CinchSchema

extension CinchDatabase {
    /// Compares the whole schema of tenants with what their stamps say.
    ///
    /// - Parameters:
    ///   - names: The tenants; none means all of them.
    ///   - isCancelled: Looked at before each file; those left are `.skipped`.
    /// - Returns: A finding for each tenant, in name order.
    /// - Throws: `.notFound` for a name that is no tenant's, before any is looked at.
    package func findDrift(
        in names: [String] = [], jobs: Int? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) throws -> [DriftFinding] {
        let fleet = try tenants()
        let files = try names.isEmpty ? fleet.store.allFiles() : Set(names).sorted().map(tenantFile)
        return fleet.materializer.findDrift(
            in: files, jobs: jobs ?? configuration.materializeJobs ?? 8,
            isCancelled: isCancelled)
    }

    private func tenantFile(_ name: String) throws -> TenantFile {
        let fleet = try tenants()
        guard let record = try fleet.store.find(TenantName(name)) else {
            throw try noTenant(name)
        }
        return fleet.store.file(of: record)
    }

    /// Makes a branch of a tenant's drift: one commit on top of the one its stamp names, with the
    /// schema the tenant has. Tables and columns keep their identity by name.
    ///
    /// Nothing else moves, and the tenant's file is only read. Until the branch is merged into
    /// the deploy branch the tenant counts as drifted and is left alone: brought along before, it
    /// would lose what was adopted. From the merge on a rollout knows its schema for the commit's
    /// and goes on from there, as for all other tenants that drifted the same way from the same
    /// commit.
    ///
    /// - Parameter branch: Absent means `drift/<tenant>`. One that has the very schema already is
    ///   left as it is.
    /// - Throws: `.notFound`, `.refused` when there is no drift, `.invalid` when its schema can't be
    ///   kept, `.exists` when the branch is another's.
    package func adoptDrift(of tenant: String, branch: String? = nil) throws -> DriftAdoption {
        let name = branch ?? "drift/\(tenant)"
        let reference = try ReferenceName.branch(name)
        let finding = try findDrift(in: [tenant], jobs: 1)[0]
        let drift = try Self.adoptable(finding)
        guard let stamp = ObjectID(hex: drift.stamp.commit), let live = drift.live,
            let parent = try? history.git.readCommit(stamp), parent.tree.hex == drift.stamp.tree
        else {
            throw CinchError(
                code: .corrupt,
                message: "The commit in the stamp of '\(tenant)' is not in this repository",
                hint: "Fetch the history it comes from; the tenant was left as it is.")
        }
        _ = try SchemaInterpreter(live)
        var adoption = DriftAdoption(
            tenant: tenant, branch: name, commit: stamp, changes: drift.changes, isNew: true)
        let message = DriftAdoption.message(tenant: tenant, adoption.changes)
        adoption.commit = try history.write(
            live, parents: [stamp], message: message, signature: signature(),
            author: signature(.author))
        if let tip = try history.git.findTarget(reference) {
            let (old, new) = (
                try history.git.readCommit(tip), try history.git.readCommit(adoption.commit)
            )
            guard DriftAdoption.isAdoption(old, from: stamp), old.tree == new.tree else {
                throw CinchError(
                    code: .exists, message: "There is a branch '\(name)' already",
                    hint: "Choose another name with --branch.")
            }
            (adoption.commit, adoption.isNew) = (tip, false)
        } else {
            try move(
                [.create(reference, adoption.commit)],
                message: "branch: Created from drift of tenant \(tenant)")
        }
        return adoption
    }

    private static func adoptable(_ finding: DriftFinding) throws -> Drift {
        switch finding.state {
        case .drifted(let drift) where drift.live != nil: return drift
        case .drifted(let drift):
            throw CinchError(
                code: .invalid,
                message: "The schema of '\(finding.tenant)' can't be kept: \(drift.reason)",
                hint: "Change or drop in its file what can't be read, and adopt the rest.")
        case .unreadable(let reason):
            throw CinchError(
                code: .failed, message: "Tenant '\(finding.tenant)' can't be read: \(reason)",
                hint: "See 'cinch tenant status'.")
        case .clean, .skipped:
            throw CinchError(
                code: .refused, message: "Tenant '\(finding.tenant)' has not drifted",
                hint: "Its schema is what its stamp says; there is nothing to adopt.")
        }
    }
}
