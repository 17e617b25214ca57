import CinchGit
import CinchMaterializer
package import GRDB
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The tenants of a database that are open, so that the next request finds them open.
///
/// Invariants
///   P1  What is handed out is at the commit its branch was at when it was asked for, unless the
///       policy is `manual`.
///   P2  It is the file its path leads to: one that was replaced is opened anew.
///   P3  At most `limit` tenants are kept; those unused for longest go first, and those unused for
///       a minute go in any case, since an open file keeps its tenant from being renamed or
///       deleted. One that goes is closed when its last user is done with it. One that is observed
///       stays, so that observations hear of every change.
package final class TenantPool: Sendable {
    private struct Key: Hashable {
        var branch: String
        var tenant: String
    }

    private struct Slot {
        var tenant: PooledTenant
        var lastUse: UInt64
    }

    private struct State {
        var slots: [Key: Slot] = [:]
        var nextSweep: UInt64 = 0
    }

    private static let idleSeconds = 60.0

    private let database: CinchDatabase
    private let limit: Int
    private let limits: StatementLimits?
    private let state = Mutex(State())

    /// A pool with nothing in it.
    ///
    /// - Parameters:
    ///   - limit: How many tenants are kept; each takes up to six file descriptors.
    ///   - limits: How much a statement may take; absent for SQLite's own limits.
    package init(database: CinchDatabase, limit: Int = 128, limits: StatementLimits? = nil) {
        self.database = database
        self.limit = max(1, limit)
        self.limits = limits
    }

    /// How many tenants are open.
    package var count: Int { state.withLock { $0.slots.count } }

    /// The tenant, brought along if need be.
    ///
    /// - Throws: `CinchError` for tenants and branches there are not, and what stands in the way of
    ///   bringing it along.
    package func tenant(_ name: String, branch: String) throws -> PooledTenant {
        let reference = try ReferenceName.branch(branch)
        let tip = try database.branchTip(reference)
        let key = Key(branch: branch, tenant: name)
        let now = DeadlineClock.now
        let kept = state.withLock { state -> PooledTenant? in
            if now >= state.nextSweep { Self.sweep(&state, at: now, idle: Self.idleSeconds) }
            state.slots[key]?.lastUse = now
            return state.slots[key]?.tenant
        }
        if let kept, kept.commit == tip, kept.isInPlace { return kept }
        let path = try database.broughtAlong(try TenantName(name), on: reference, at: tip)
        if let kept, kept.isInPlace, kept.path == path {
            kept.moved(to: tip)
            return kept
        }
        let opened = try PooledTenant(path: path, commit: tip, limits: limits)
        let evicted = state.withLock { state -> [Slot] in
            let old = state.slots.updateValue(Slot(tenant: opened, lastUse: now), forKey: key)
            return [old].compactMap { $0 } + Self.shrink(&state, to: limit)
        }
        // Closing files takes a while and is not done under the lock.
        withExtendedLifetime(evicted) {}
        return opened
    }

    /// Lets go of a tenant on every branch, so that its file can be renamed or removed.
    package func close(_ name: String) {
        let closed = state.withLock { state -> [Slot] in
            let keys = state.slots.keys.filter { $0.tenant == name }
            return keys.compactMap { state.slots.removeValue(forKey: $0) }
        }
        withExtendedLifetime(closed) {}
    }

    /// Lets go of every tenant.
    package func closeAll() {
        let closed = state.withLock { state -> [Key: Slot] in
            defer { state.slots = [:] }
            return state.slots
        }
        withExtendedLifetime(closed) {}
    }

    /// Lets go of tenants nobody has used for a while. Asking for one does the same; who may not
    /// be asked for long calls it now and then.
    package func sweep(idle seconds: Double = 60) {
        let now = DeadlineClock.now
        let before = state.withLock { state in
            defer { Self.sweep(&state, at: now, idle: seconds) }
            return state.slots
        }
        withExtendedLifetime(before) {}
    }

    private static func sweep(_ state: inout State, at now: UInt64, idle seconds: Double) {
        let oldest = now - min(now, UInt64(seconds * 1e9))
        state.slots = state.slots.filter {
            $0.value.lastUse >= oldest || $0.value.tenant.isObserved
        }
        state.nextSweep = now + 10_000_000_000
    }

    /// Takes away an eighth at once, so that looking for the oldest is paid for by many.
    private static func shrink(_ state: inout State, to limit: Int) -> [Slot] {
        guard state.slots.count > limit else { return [] }
        let excess = state.slots.count - limit + limit / 8
        let oldest = state.slots.filter { !$0.value.tenant.isObserved }
            .sorted { $0.value.lastUse < $1.value.lastUse }.prefix(excess)
        return oldest.compactMap { state.slots.removeValue(forKey: $0.key) }
    }
}

/// One open tenant: a connection that reads, once somebody writes one that writes, and once
/// somebody wants GRDB's own, that.
package final class PooledTenant: Sendable {
    /// The file.
    package let path: String
    private let limits: StatementLimits?
    private let place: FilePlace
    private let at: Mutex<ObjectID>
    private let reader = Mutex<TenantDatabase?>(nil)
    private let writer = Mutex<TenantDatabase?>(nil)
    private let lent = Mutex<LentDatabase?>(nil)
    private let observed = Atomic(false)

    init(path: String, commit: ObjectID, limits: StatementLimits?) throws {
        self.path = path
        self.limits = limits
        guard let place = FilePlace(of: path) else {
            throw CinchError(
                code: .notFound, message: "There is no database file at '\(path)'",
                hint: "See 'cinch tenant status'.")
        }
        self.place = place
        at = Mutex(commit)
    }

    var commit: ObjectID { at.withLock { $0 } }
    var isInPlace: Bool { FilePlace(of: path) == place }
    func moved(to commit: ObjectID) { at.withLock { $0 = commit } }

    /// The connection that reads.
    package func reading() throws -> TenantDatabase {
        try Self.opened(reader) {
            try TenantDatabase(path: path, access: .readOnly, limits: limits)
        }
    }

    /// The connection that reads and writes.
    package func writing() throws -> TenantDatabase {
        try Self.opened(writer) { try TenantDatabase(path: path, limits: limits) }
    }

    /// The connection for an application's own code.
    package func lending() throws -> LentDatabase {
        try Self.opened(lent) { try LentDatabase(path: path) }
    }

    /// What observations watch; from now on the tenant stays open.
    package func observing() throws -> any DatabaseReader {
        observed.store(true, ordering: .relaxed)
        return try lending().reader
    }

    var isObserved: Bool { observed.load(ordering: .relaxed) }

    /// Tells those who observe that rows were changed through another connection.
    func noteChange() { lent.withLock { $0 }?.noteChange() }

    private static func opened<Connection: Sendable>(
        _ connection: borrowing Mutex<Connection?>, _ open: () throws -> Connection
    ) throws -> Connection {
        try connection.withLock { connection in
            if let connection { return connection }
            let opened = try open()
            connection = opened
            return opened
        }
    }
}

/// Which file a path leads to.
struct FilePlace: Hashable {
    private let device: UInt64
    private let number: UInt64

    /// Absent when there is no file.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
