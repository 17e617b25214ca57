import CinchGit
import CinchRepository
import CinchMaterializer

extension CinchDatabase {
    /// Creates tenants with the deploy branch's schema; all of them or none.
    package func createTenants(_ names: [String]) throws {
        let names = try names.map { try TenantName($0) }
        let tip = try branchTip(.branch(deployBranch))
        for name in names { try discardPreviews(of: name) }
        try tenants().store.create(names, at: target(tip))
    }

    /// Removes what was private to a tenant of this name, so that none who gets the name later
    /// finds rows of another.
    private func discardPreviews(of name: TenantName) throws {
        let fleet = try tenants()
        guard try fleet.store.find(name) == nil else { return }
        try fleet.previews.discard(tenant: name)
    }

    /// Every tenant, in name order.
    package func tenantNames() throws -> [(name: String, createdAt: String)] {
        try tenants().store.list().map { ($0.name.rawValue, $0.createdAt) }
    }

    /// Gives a tenant another name.
    package func renameTenant(_ name: String, to new: String) throws {
        try refuseMain(name, "renamed")
        let (old, new) = (try TenantName(name), try TenantName(new))
        let fleet = try tenants()
        defer { keyCache.clear() }
        try discardPreviews(of: new)
        try fleet.store.rename(old, to: new)
        try fleet.previews.discard(tenant: old)
    }

    /// Copies a tenant with its rows.
    package func copyTenant(_ name: String, to new: String) throws {
        let new = try TenantName(new)
        try discardPreviews(of: new)
        try tenants().store.copy(TenantName(name), to: new)
    }

    /// Deletes a tenant with its rows and its previews.
    package func deleteTenant(_ name: String) throws {
        try refuseMain(name, "deleted")
        let fleet = try tenants()
        let tenant = try TenantName(name)
        defer { keyCache.clear() }
        try fleet.store.delete(tenant)
        try fleet.previews.discard(tenant: tenant)
    }

    /// Rewrites a tenant's file without its unused pages.
    ///
    /// - Returns: The database's size in bytes before and after.
    package func vacuumTenant(_ name: String) throws -> (before: Int64, after: Int64) {
        try tenants().store.vacuum(TenantName(name))
    }

    private func refuseMain(_ name: String, _ what: String) throws {
        guard name != "main" else {
            throw CinchError(
                code: .refused, message: "Tenant 'main' can't be \(what): it always exists",
                hint: "Delete its rows with 'cinch data delete' if they are not wanted.")
        }
    }

    // MARK: Data

    /// Opens a tenant's rows: its own file on the deploy branch, its preview on any other.
    ///
    /// A tenant that is behind is brought along first unless the policy is `manual`.
    ///
    /// - Parameter branch: Absent means the current one.
    package func open(tenant name: String, branch: String? = nil, readOnly: Bool = false) throws
        -> TenantDatabase
    {
        let branch = try branch.map { try ReferenceName.branch($0) } ?? currentBranch()
        let path = try broughtAlong(
            try TenantName(name), on: branch, at: try branchTip(branch))
        return try TenantDatabase(path: path, access: readOnly ? .readOnly : .readWrite)
    }

    /// The file of a tenant's rows on a branch, at the branch's schema unless the policy is
    /// `manual`.
    ///
    /// - Parameter tip: The commit the branch is at.
    func broughtAlong(
        _ tenant: TenantName, on branch: ReferenceName, at tip: ObjectID
    ) throws -> String {
        let fleet = try tenants()
        guard try fleet.store.find(tenant) != nil else { throw try noTenant(tenant.rawValue) }
        let file = try fleet.store.file(tenant)
        guard branch.shortName == deployBranch else {
            return try fleet.previews.open(
                branch: branch.shortName, tenant: tenant, source: file.path, target: target(tip))
        }
        if configuration.materializePolicy != .manual { try bringAlong(file, on: branch) }
        return file.path
    }

    /// Brings a tenant to the tip of its branch, wherever that goes meanwhile.
    private func bringAlong(_ file: TenantFile, on branch: ReferenceName) throws {
        let fleet = try tenants()
        while true {
            let tip = try branchTip(branch)
            guard try TenantStamp.read(from: file.path)?.commit != tip.hex else { return }
            let isCurrent = { @Sendable [self] in (try? branchTip(branch)) == tip }
            do {
                try fleet.materializer.bring(file, to: target(tip), isCurrent: isCurrent)
                return
            } catch {
                // Somebody else may have brought it where the branch is by now.
                if isCurrent() { throw error }
            }
        }
    }
}
