import CinchSQLite
import CinchSchema
import Synchronization

/// Reads where tenants are before anything is changed.
///
/// Tenants with the same stamp, the same schema text and the same things parked form a group:
/// what is found out about one holds for all.
struct TenantSurvey {
    /// What makes tenants alike.
    struct Group: Hashable, Sendable {
        /// The commit in the stamp.
        var commit: String
        /// The tree in the stamp.
        var tree: String
        /// The digest of the schema's text.
        var digest: SchemaDigest
        /// What is parked in the file.
        var parked: [ParkedData]

        /// The stamp they have.
        var stamp: TenantStamp { TenantStamp(commit: commit, tree: tree) }
    }

    /// What one file says about itself.
    enum Finding: Sendable {
        /// It has a stamp; whether that is true is up to the group's verdict.
        case found(Group)
        /// It is decided already, with the tenant left alone.
        case decided(TenantOutcome)
    }

    /// One finding for each file, in the same order.
    let findings: [Finding]
    /// The schema's text of each group, from one of its members.
    let entries: [Group: [SchemaEntry]]

    /// Reads every file, from up to `jobs` threads: the bytes of those at rest, the others with
    /// SQLite.
    ///
    /// - Parameter isCancelled: Looked at before each file; those not read are `.skipped`.
    init(
        _ tenants: [TenantFile], jobs: Int, busyTimeout: Int,
        isCancelled: (@Sendable () -> Bool)?
    ) {
        let notes = Notes(count: tenants.count)
        WorkerThreads.forEach(tenants.count, jobs: jobs) { index in
            guard isCancelled?() != true else { return }
            let finding = Self.look(tenants[index], busyTimeout) { notes.keep($1, of: $0) }
            notes.findings.withLock { $0[index] = finding }
        }
        findings = notes.findings.withLock { $0 }
        entries = notes.entries.withLock { $0 }
    }

    /// What the threads write down.
    private final class Notes: Sendable {
        let findings: Mutex<[Finding]>
        let entries = Mutex<[Group: [SchemaEntry]]>([:])

        init(count: Int) {
            findings = Mutex(Array(repeating: .decided(.skipped), count: count))
        }

        /// Keeps a group's schema once, and gives the group as it was first kept: a fleet of
        /// thousands shares one text of each commit and tree.
        func keep(_ found: [SchemaEntry], of group: Group) -> Group {
            entries.withLock { entries in
                if let place = entries.index(forKey: group) { return entries[place].key }
                entries[group] = found
                return group
            }
        }
    }

    private static func look(
        _ tenant: TenantFile, _ busyTimeout: Int, _ keep: (Group, [SchemaEntry]) -> Group
    ) -> Finding {
        func found(_ state: TenantState) -> Finding {
            let group = keep(
                Group(
                    commit: state.stamp.commit, tree: state.stamp.tree,
                    digest: SchemaDigest(state.schema), parked: state.parked), state.schema)
            return .found(group)
        }
        if let state = TenantState.stored(in: tenant.path) { return found(state) }
        do {
            let connection = try TenantConnection.open(tenant.path, busyTimeout: busyTimeout)
            guard let stamp = try connection.tenantStamp() else {
                return .decided(.drifted("It has no stamp, so its schema is not known"))
            }
            if let name = try connection.strayName() {
                return .decided(
                    .drifted("It has '\(name)', and names that begin with _cinch_ are cinch's own"))
            }
            return found(
                TenantState(
                    stamp: stamp, schema: try connection.schemaEntries(),
                    parked: try connection.parkedData()))
        } catch {
            return .decided(.failed(TenantFailure.sentence(error)))
        }
    }
}

/// Words for why a tenant could not be changed.
enum TenantFailure {
    /// One sentence; SQLite's own message where there is one.
    static func sentence(_ error: any Error) -> String {
        guard let error = error as? SQLiteError else { return "\(error)" }
        switch error.code {
        case .busy, .locked: return "It is in use by another process: \(error)"
        case .cannotOpen: return "Its file is missing or can't be opened: \(error)"
        case .readOnly: return "Its file may not be written: \(error)"
        case .full: return "There is no room on its disk: \(error)"
        case .ioError: return "Its disk gave an error: \(error)"
        case .notADatabase, .corrupt: return "Its file is damaged: \(error)"
        default: return error.sql.map { "\(error), in: \($0.prefix(200))" } ?? "\(error)"
        }
    }
}
