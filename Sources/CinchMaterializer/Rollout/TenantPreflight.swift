package import CinchSchema
import CinchSQLite
import Synchronization

/// Rows of one tenant that stand in a plan's way.
package struct PreflightFinding: Hashable, Sendable {
    /// The tenant.
    package var tenant: String
    /// What they don't meet.
    package var check: PreflightCheck
    /// How many there are, at least one.
    package var count: Int

    /// Builds a finding from its parts.
    package init(tenant: String, check: PreflightCheck, count: Int) {
        self.tenant = tenant
        self.check = check
        self.count = count
    }

    /// One line for people: `acme: users.email: 3 rows are NULL`.
    package var summary: String { "\(tenant): \(check.summary(count: count))" }
}

/// Asks the rows of tenants that are about to be changed what their plans want to know.
///
/// One read transaction a tenant, one statement a check; a tenant whose plan asks nothing is not
/// opened. Where a plan has data steps, what it asks afterwards depends on what they do, and where it
/// demands what no question is exactly right about, only trying tells: the plan is run, in a
/// transaction that is rolled back.
///
/// What can't be read, or is no longer what the plan was made for, has no findings: its change
/// says so later.
struct TenantPreflight {
    private let tasks: [TenantTask]
    private let options: MaterializationOptions

    /// Keeps those of a run that have something to ask.
    init(_ tasks: [TenantTask], _ options: MaterializationOptions) {
        self.tasks = tasks.filter(\.asksRows)
        self.options = options
    }

    /// Every finding, in the order of the tenants and of their plans' checks, and the sums of what
    /// becomes of rows.
    func run() -> ([PreflightFinding], [DataEffectCount]) {
        let found = Mutex<[Int: [PreflightFinding]]>([:])
        let effects = Mutex<[DataEffectCount.Key: DataEffectCount]>([:])
        let (tasks, options) = (tasks, options)
        WorkerThreads.forEach(tasks.count, jobs: options.jobs) { index in
            guard options.isCancelled?() != true else { return }
            let (findings, counts) = Self.findings(in: tasks[index], options.busyTimeout)
            effects.withLock { sums in
                for count in counts { sums[count.key, default: count.none].add(count) }
            }
            guard !findings.isEmpty else { return }
            found.withLock { $0[index] = findings }
        }
        let findings = found.withLock { found in
            found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
        return (findings, effects.withLock { $0.values.sorted() })
    }

    private static func findings(
        in task: TenantTask, _ busyTimeout: Int
    ) -> ([PreflightFinding], [DataEffectCount]) {
        guard case .change(let stamp, let digest, let plan, _) = task.work,
            let connection = try? TenantConnection.open(
                task.tenant.path, busyTimeout: busyTimeout)
        else { return ([], []) }
        defer { connection.rollback() }
        let isTried = plan.script.isTried
        do {
            if isTried {
                try connection.set(.foreignKeys, to: false)
                try connection.execute("BEGIN IMMEDIATE")
            } else {
                // Opened as for writing, since a reader would leave a -shm file behind.
                try connection.set(.queryOnly, to: true)
                try connection.execute("BEGIN")
            }
            guard try connection.tenantStamp() == stamp,
                try connection.schemaDigest() == digest
            else { return ([], []) }
        } catch {
            return ([], [])
        }
        guard isTried else { return ask(plan.script.parts[0], of: task.tenant.name, connection) }
        return trial(plan.script.parts, task.tenant.name, connection)
    }

    private static func ask(
        _ part: ChangeScript.Part, of tenant: String, _ connection: Connection
    ) -> ([PreflightFinding], [DataEffectCount]) {
        let findings: [PreflightFinding] = part.checks.compactMap { check in
            // An expression may fail on odd values: then so does the plan, and says where.
            guard check.rule != .trial,
                let count = try? connection.scalar(check.sql)?.integer, count > 0
            else {
                return nil
            }
            return PreflightFinding(tenant: tenant, check: check, count: Int(count))
        }
        let conversions = findings.filter { $0.check.rule == .loss }.map { finding in
            DataEffectCount(
                DataEffect(
                    .converted, table: finding.check.table, column: finding.check.columns.first,
                    sql: finding.check.sql), rows: finding.count)
        }
        let effects: [DataEffectCount] = part.effects.compactMap { effect in
            guard let rows = try? connection.scalar(effect.sql)?.integer, rows > 0 else {
                return nil
            }
            return DataEffectCount(effect, rows: Int(rows))
        }
        return (findings, conversions + effects)
    }

    /// Runs the parts one by one, up to the first with findings; whoever calls rolls back.
    private static func trial(
        _ parts: [ChangeScript.Part], _ tenant: String, _ connection: Connection
    ) -> ([PreflightFinding], [DataEffectCount]) {
        var findings: [PreflightFinding] = []
        var effects: [DataEffectCount] = []
        for part in parts {
            var statements = part.statements[...]
            if let name = part.dataStep {
                do {
                    try connection.execute(statements.removeFirst())
                } catch {
                    let check = PreflightCheck.dataStep(name, failure: error.message)
                    findings.append(PreflightFinding(tenant: tenant, check: check, count: 1))
                    break
                }
            }
            let answers = ask(part, of: tenant, connection)
            findings += answers.0
            effects += answers.1
            // Values that change may be allowed to.
            guard answers.0.allSatisfy({ $0.check.rule == .loss }) else { break }
            do {
                for statement in statements { try connection.execute(statement) }
            } catch {
                // Where nothing was to be tried, the change itself says what it met.
                if error.code == .constraint,
                    let check = part.checks.first(where: { $0.rule == .trial })
                {
                    let finding = check.failing(error.message)
                    findings.append(
                        PreflightFinding(tenant: tenant, check: finding, count: 1))
                }
                break
            }
        }
        return (findings, effects)
    }
}

extension TenantTask {
    /// Whether the tenant's plan wants to know anything of its rows.
    fileprivate var asksRows: Bool {
        guard case .change(_, _, let plan, _) = work else { return false }
        let first = plan.script.parts[0]
        return plan.script.hasDataSteps || !first.checks.isEmpty || !first.effects.isEmpty
    }
}
