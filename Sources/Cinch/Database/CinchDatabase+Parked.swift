package import CinchMaterializer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Rows and values that were dropped and are still in tenants' files.
extension CinchDatabase {
    /// What is parked in tenants.
    ///
    /// - Parameter tenant: Only this one; absent means all.
    /// - Throws: `.notFound` when there is no such tenant.
    package func parked(in tenant: String? = nil) throws -> ParkedReport {
        let fleet = try tenants()
        if let tenant { _ = try self.tenant(tenant) }
        let files = try fleet.store.allFiles().filter { tenant == nil || $0.name == tenant }
        return fleet.materializer.parked(in: files, jobs: configuration.materializeJobs ?? 8)
    }

    /// Deletes what is parked in tenants for good.
    ///
    /// - Parameters:
    ///   - pattern: Which tenants, as a shell pattern: `acme*`; absent means all.
    ///   - seconds: Only what was parked that long ago or longer; absent means all.
    /// - Throws: `.notFound` when no tenant matches, `.busy` while a rollout is under way.
    package func purge(
        olderThan seconds: Int?, tenants pattern: String? = nil, isDryRun: Bool = false,
        vacuums: Bool = false, settings: RolloutSettings = RolloutSettings()
    ) throws -> ParkedReport {
        let fleet = try tenants()
        let files = try fleet.store.allFiles().filter { file in
            pattern.map { fnmatch($0, file.name, 0) == 0 } ?? true
        }
        if let pattern, files.isEmpty {
            throw CinchError(
                code: .notFound, message: "No tenant's name matches '\(pattern)'",
                hint: "See 'cinch tenant list'.")
        }
        return try fleet.materializer.purge(
            files,
            PurgeOptions(
                olderThan: seconds, isDryRun: isDryRun, vacuums: vacuums,
                jobs: settings.jobs ?? configuration.materializeJobs ?? 8,
                isCancelled: settings.isCancelled))
    }
}
