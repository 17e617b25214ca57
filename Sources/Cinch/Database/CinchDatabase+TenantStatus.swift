import CinchGit
import CinchMaterializer
import CinchRepository

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A tenant as people see it.
package struct TenantInformation: Hashable, Sendable {
    /// Where a tenant is, seen from the deploy branch.
    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// Its stamp names the deploy branch's schema.
        case current
        /// Its stamp names another one.
        case behind
        /// The same, and the last rollout could not change it.
        case failed
        /// Its schema is not what its stamp says, as a rollout has found and is still so.
        case drifted
        /// Its file, or the stamp in it, can't be read.
        case unreadable
    }

    /// Its name.
    package var name: String
    /// When it was created: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    package var createdAt: String
    /// Its file.
    package var path: String
    /// The file's size in bytes; 0 when there is none.
    package var size: Int64
    /// The commit it is at; absent when the file can't be read.
    package var commit: String?
    /// The tree it is at.
    package var tree: String?
    /// Where it is.
    package var status: Status
    /// How many commits of the deploy branch its own has not in its history; absent when the
    /// history doesn't have its commit.
    package var behind: Int?
    /// What the last rollout that dealt with it came to; `applied`, `failed` or `drifted`.
    package var outcome: String?
    /// Why it is `failed`, `drifted` or `unreadable`; absent for others.
    package var reason: String?
}

extension CinchDatabase {
    /// What is known of a tenant.
    package func tenant(_ name: String) throws -> TenantInformation {
        let fleet = try tenants()
        let name = try TenantName(name)
        guard let record = try fleet.store.find(name) else { throw try noTenant(name.rawValue) }
        return try information(on: [record])[0]
    }

    /// What is known of every tenant, in name order.
    ///
    /// A file at rest is answered for by a few of its bytes; one that is in use is opened. Whole
    /// schemas are read only of tenants a rollout found drifted: others that have drifted since
    /// are found by ``findDrift(in:jobs:isCancelled:)``.
    package func tenantStatus(jobs: Int? = nil) throws -> [TenantInformation] {
        try information(on: tenants().store.list(), jobs: jobs)
    }

    /// What is thrown for a tenant that isn't there.
    func noTenant(_ name: String) throws -> CinchError {
        CinchError(
            code: .notFound, message: "There is no tenant '\(name)'",
            hint: Suggestion.hint(
                for: name, among: try tenants().catalog.tenants().map { "\($0.name)" },
                otherwise: "See 'cinch tenant list', or run 'cinch tenant create \(name)'."))
    }

    private func information(
        on records: [TenantRecord], jobs: Int? = nil
    ) throws -> [TenantInformation] {
        let fleet = try tenants()
        let tip = try branchTip(.branch(deployBranch))
        let tree = try history.git.readCommit(tip).tree
        let files = records.map { fleet.store.file(of: $0) }
        let jobs = jobs ?? configuration.materializeJobs ?? 8
        let findings = StampFinding.read(files, jobs: jobs)
        let outcomes = try fleet.catalog.lastOutcomes(of: records)
        let suspects = files.filter { outcomes[$0.name]?.outcome.state == .drifted }
        let drifts = Dictionary(
            fleet.materializer.findDrift(in: suspects, jobs: jobs)
                .map { ($0.tenant, $0.drift?.reason) },
            uniquingKeysWith: { first, _ in first })
        var distances: [String: Int?] = [:]
        return records.indices.map { index in
            let record = records[index]
            let name = record.name.rawValue
            let last = outcomes[name]?.outcome
            var tenant = TenantInformation(
                name: name, createdAt: record.createdAt, path: files[index].path,
                size: Self.size(of: files[index].path), status: .unreadable)
            tenant.outcome = last?.state.rawValue
            switch findings[index] {
            case .unreadable(let reason): tenant.reason = reason
            case .stamp(let stamp):
                (tenant.commit, tenant.tree) = (stamp.commit, stamp.tree)
                let behind = distances[stamp.commit] ?? distance(from: stamp.commit, to: tip)
                distances[stamp.commit] = behind
                tenant.behind = behind
                if let drift = drifts[name] ?? nil {
                    (tenant.status, tenant.reason) = (.drifted, drift)
                } else if stamp.tree == tree.hex {
                    tenant.status = .current
                } else if let last, last.state == .failed {
                    (tenant.status, tenant.reason) = (.failed, last.error)
                } else {
                    tenant.status = .behind
                }
            }
            return tenant
        }
    }

    /// How many commits one history has that another has not; absent where it can't be told.
    private func distance(from commit: String, to tip: ObjectID) -> Int? {
        guard let id = ObjectID(hex: commit) else { return nil }
        if id == tip { return 0 }
        var walk = RevisionWalk(history.git, from: [tip], excluding: [id])
        // A stamp may be of a commit that is not in this repository.
        return (try? walk.all())?.count
    }

    /// Bytes the disk of a folder has left for us; nil when it doesn't say.
    static func freeSpace(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, isTooMuch) = Int(status.f_bavail)
            .multipliedReportingOverflow(by: Int(status.f_frsize))
        return isTooMuch ? nil : bytes
    }

    static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}
