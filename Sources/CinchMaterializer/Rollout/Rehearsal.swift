import CinchSQLite
import CinchSchema

/// A rollout tried on copies of tenants, a few at a time; the copies go when they were dealt with.
///
/// What is tried is the real thing: the same plan, proven the same way, in the same transactions,
/// synced. The tenants' own files are only read.
///
/// Invariants
///   H1  A tenant's file is never written: it is copied in one read transaction, and what is only
///       in its -wal stays there. SQLite itself may roll back what a crash left half done, as it
///       does for whoever reads a file.
///   H2  Copies are in one folder, which nobody but the holder of its lock uses. What a crash left
///       in it goes before the next rehearsal begins.
package struct Rehearsal: Sendable {
    private let directory: String
    private let materializer: Materializer

    /// Sets up a rehearsal; nothing happens yet.
    ///
    /// - Parameters:
    ///   - directory: The folder for the copies, made and removed.
    ///   - materializer: One whose lock no rollout of the tenants' own files takes.
    package init(directory: String, materializer: Materializer) {
        self.directory = directory
        self.materializer = materializer
    }

    /// Copies each tenant, asks and changes the copy, and removes it.
    ///
    /// - Parameter options: `jobs`, `busyTimeout` and `isCancelled` count.
    /// - Throws: `.busy` when another rehearsal of these tenants is under way, `.io`.
    package func run(
        _ tenants: [TenantFile], to target: MaterializationTarget,
        options: MaterializationOptions = MaterializationOptions(),
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> RehearsalReport {
        try FileLock.hold(directory + ".lock", purpose: "A rehearsal is") {  // H2
            try Files.removeFolder(directory)
            defer { try? Files.removeFolder(directory) }
            try Files.makeDirectory(directory)
            var report = RehearsalReport(target: target.stamp)
            let started = ContinuousClock.now
            let width = max(1, options.jobs)
            for start in stride(from: 0, to: tenants.count, by: width) {
                if options.isCancelled?() == true {
                    report.wasCancelled = true
                    break
                }
                let some = Array(tenants[start..<min(start + width, tenants.count)])
                try rehearse(some, target, options, &report)
                progress?(start + some.count, tenants.count)
            }
            report.milliseconds = (ContinuousClock.now - started).wholeMilliseconds
            return report
        }
    }

    private func rehearse(
        _ tenants: [TenantFile], _ target: MaterializationTarget,
        _ options: MaterializationOptions, _ report: inout RehearsalReport
    ) throws {
        var entries: [String: RehearsalReport.Entry] = [:]
        var copies: [TenantFile] = []
        for tenant in tenants {
            let copy = TenantFile(name: tenant.name, path: "\(directory)/\(tenant.name).db")
            var entry = RehearsalReport.Entry(tenant: tenant.name)
            do {
                try DatabaseCopy.write(reading: tenant.path, options.busyTimeout, to: copy.path)
                entry.bytesBefore = Files.size(copy.path) ?? 0
                // What is no schema has no plan either, and the change says so.
                entry.rowsBefore = try? rows(in: copy.path)
                copies.append(copy)
            } catch {
                entry.outcome = .failed(TenantFailure.sentence(error))
            }
            entries[tenant.name] = entry
        }
        var asking = MaterializationOptions(
            jobs: options.jobs, isDryRun: true, isCancelled: options.isCancelled)
        for copy in copies {
            let answers = try materializer.materialize([copy], to: target, options: asking)
            report.findings += answers.findings
            entries[copy.name]?.effects = answers.effects
        }
        asking.isDryRun = false
        let run = try materializer.materialize(copies, to: target, options: asking)
        for outcome in run.entries {
            entries[outcome.name]?.outcome = outcome.outcome
            entries[outcome.name]?.milliseconds = outcome.milliseconds
        }
        for copy in copies {
            entries[copy.name]?.bytesAfter = Files.size(copy.path) ?? 0
            if entries[copy.name]?.outcome.isAtTarget == true {
                entries[copy.name]?.rowsAfter = try rows(in: copy.path)
            }
            try Files.remove(copy.path)
            try SidecarFiles.remove(of: copy.path)
        }
        report.entries += tenants.compactMap { entries[$0.name] }
    }

    private func rows(in path: String) throws -> Int {
        let connection = try TenantConnection.open(path, busyTimeout: 0)
        return try Self.rows(of: Schema(entries: connection.schemaEntries()), connection)
    }

    private static func rows(of schema: Schema, _ connection: Connection) throws -> Int {
        try schema.tables.reduce(0) { sum, table in
            let sql = "SELECT count(*) FROM main.\(table.name.quoted)"
            return sum + Int(try connection.scalar(sql)?.integer ?? 0)
        }
    }
}

extension DatabaseCopy {
    /// Copies a live file without writing to it.
    fileprivate static func write(
        reading source: String, _ busyTimeout: Int, to path: String
    ) throws {
        let live = try Connection(path: source, access: .readWrite, busyTimeout: busyTimeout)
        // H1: the last connection to close would otherwise copy a left -wal into the file. One
        // for reading only can't be used instead: it would leave a -shm file behind.
        if Files.size(source + "-wal") ?? 0 > 0 { try live.refuseCheckpointOnClose() }
        try live.set(.queryOnly, to: true)
        try writeUnsynced(live, to: path)
    }
}
