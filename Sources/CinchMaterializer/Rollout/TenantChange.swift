import CinchSQLite
import CinchSchema
import Synchronization

/// Where in a tenant's change something can go wrong; tests stop, or die, there.
package enum FaultPoint: Hashable, Sendable {
    /// The file is open, nothing has happened.
    case opened
    /// The write lock is held, stamp and schema are as expected.
    case fenced
    /// That many statements have run.
    case statement(Int)
    /// All statements have run and the planner's statistics are back.
    case changed
    /// Foreign keys and schema are verified.
    case verified
    /// The stamp is written, not yet committed.
    case stamped
    /// The change is on disk.
    case committed
}

/// One tenant's change, in one transaction with its stamp.
///
/// Invariants
///   M1  Foreign keys are off before BEGIN, and seen to be off: inside a transaction the PRAGMA
///       does nothing, and DROP TABLE would delete the rows of children.
///   M2  The stamp and the schema's digest are read again under the write lock; what moved
///       meanwhile is left alone.
///   M3  The schema read back is the target's, or nothing is committed.
///   M4  The stamp is in the same transaction as the change.
///   M5  The file still has its name before the commit, and after it: what was put in its place
///       meanwhile is not called changed.
///
///     OPENED ──M1, BEGIN──▶ FENCED ──statements──▶ CHANGED ──checks──▶ VERIFIED ──stamp──▶ DONE
///        any error ──ROLLBACK──▶ as it was
struct TenantChange {
    let tenant: TenantFile
    let expected: TenantStamp
    let digest: SchemaDigest
    let plan: ProvenPlan
    let target: MaterializationTarget
    let accepted: AcceptedDigests
    let busyTimeout: Int
    let fault: (@Sendable (String, FaultPoint) throws -> Void)?

    /// Applies the change; the file is as it was unless the outcome is `.applied`.
    ///
    /// - Throws: `SQLiteError` or `.failed`, with the transaction rolled back.
    func apply() throws -> TenantOutcome {
        let connection = try TenantConnection.open(tenant.path, busyTimeout: busyTimeout)
        defer { connection.rollback() }
        try fault?(tenant.name, .opened)
        try connection.set(.foreignKeys, to: false)  // M1
        switch try attempt(connection, before: nil) {
        case .ended(let outcome): return outcome
        case .orphans(let renamed):
            // Rare: were they there before? That can only be seen without the change.
            let before = try ForeignKeyViolations(in: nil, connection) { renamed[$0] ?? $0 }
            guard case .ended(let outcome) = try attempt(connection, before: before) else {
                throw MaterializerError(.failed, "Its foreign keys can't be checked")
            }
            return outcome
        }
    }

    private enum Attempt {
        case ended(TenantOutcome)
        /// There are broken foreign keys; everything is rolled back. New table names by old ones.
        case orphans([String: String])
    }

    /// Goes through the transaction once.
    ///
    /// - Parameter before: The broken foreign keys that may stay; nil when not yet known.
    private func attempt(
        _ connection: Connection, before: ForeignKeyViolations?
    ) throws -> Attempt {
        try connection.execute("BEGIN IMMEDIATE")
        if let outcome = try fence(connection) { return .ended(outcome) }  // M2
        try fault?(tenant.name, .fenced)
        let names = try rootPages(connection)
        try change(connection)
        let after = try ForeignKeyViolations(in: plan.checkedTables, connection)
        if !after.isEmpty {
            guard let before else {
                let renamed = try newNames(names, connection)
                try connection.execute("ROLLBACK")
                return .orphans(renamed)
            }
            let (count, table) = after.new(since: before)
            guard count == 0 else { throw brokenKeys(count, table) }
        }
        try verify(connection)  // M3
        try fault?(tenant.name, .verified)
        try connection.writeTenantStamp(target.stamp)  // M4
        try fault?(tenant.name, .stamped)
        try demandName(connection)  // M5
        try connection.execute("COMMIT")
        try fault?(tenant.name, .committed)
        try demandName(connection)  // M5
        return .ended(.applied)
    }

    private func demandName(_ connection: Connection) throws {
        guard connection.hasMoved else { return }
        throw MaterializerError(
            .failed, "Its file was moved or replaced while it was changed",
            hint: "Materialize again.")
    }

    /// Nil if the tenant is what the plan was made for.
    private func fence(_ connection: Connection) throws -> TenantOutcome? {
        let stamp = try connection.tenantStamp()
        if stamp == target.stamp { return .upToDate }
        guard stamp?.tree == expected.tree else {
            throw MaterializerError(
                .failed, "Another process changed the tenant meanwhile",
                hint: "Materialize again.")
        }
        guard try connection.schemaDigest() == digest else {
            return .drifted("Its schema was changed while the rollout was under way")
        }
        guard try plan.script.parked.isEmpty || connection.parkedData() == plan.script.parked
        else {
            throw MaterializerError(
                .failed, "What is parked in the tenant was purged meanwhile",
                hint: "Materialize again.")
        }
        return nil
    }

    private func change(_ connection: Connection) throws {
        var count = 0
        for part in plan.script.parts {
            let statistics = try PlannerStatistics(of: part.rebuilds, connection)
            for statement in part.statements {
                try connection.execute(statement)
                count += 1
                try fault?(tenant.name, .statement(count))
            }
            try statistics.restore(connection)
        }
        if plan.script.parks { try connection.settleParkedData(from: expected, to: target.stamp) }
        try fault?(tenant.name, .changed)
    }

    private func verify(_ connection: Connection) throws {
        let entries = try connection.schemaEntries()
        let result = SchemaDigest(entries)
        guard !accepted.contains(result) else { return }
        let live = try Schema(entries: entries).withoutIDs
        let wanted = target.schema.withoutIDs
        guard live == wanted else {
            throw MaterializerError(
                .failed,
                "The change leads to another schema here: \(SchemaDifference.first(live, wanted))")
        }
        accepted.insert(result)
    }

    private func brokenKeys(_ count: Int, _ table: String) -> MaterializerError {
        let rows = count == 1 ? "1 row of table" : "\(count) rows, the first of table"
        return MaterializerError(
            .failed, "The change would leave \(rows) '\(table)' with a broken foreign key",
            hint: "Mend or remove those rows and materialize again.")
    }

    /// The root page of each table: what stays when a table is renamed.
    private func rootPages(_ connection: Connection) throws -> [Int64: String] {
        guard !plan.checkedTables.isEmpty else { return [:] }
        let rows = try connection.rows(
            "SELECT rootpage, name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0")
        return Dictionary(
            rows.map { ($0[0].integer ?? 0, $0[1].text ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    private func newNames(
        _ before: [Int64: String], _ connection: Connection
    ) throws -> [String: String] {
        let after = try rootPages(connection)
        // A dropped table's page may be taken by a new one: rebuilds are known by name instead.
        var renamed: [String: String] = [:]
        for (page, name) in before where !after.values.contains(name) {
            renamed[name] = after[page]
        }
        for rebuild in plan.script.parts.flatMap(\.rebuilds) { renamed[rebuild.from] = rebuild.to }
        return renamed
    }
}

/// Digests that were once parsed and found to be the target's schema.
final class AcceptedDigests: Sendable {
    private let digests = Mutex<Set<SchemaDigest>>([])

    /// Whether the digest was accepted before.
    func contains(_ digest: SchemaDigest) -> Bool { digests.withLock { $0.contains(digest) } }

    /// Accepts a digest from now on.
    func insert(_ digest: SchemaDigest) { digests.withLock { _ = $0.insert(digest) } }
}
