package import CinchSQLite
import Synchronization

extension TenantStamp {
    /// The stamp in a file at rest, from the bytes of a few of its pages; nil when only SQLite can
    /// tell, whatever the reason.
    ///
    /// It is what `Connection.tenantStamp()` would say: a file that is in use, has something to
    /// recover, or is in any way unusual, is not answered for. `DatabaseFile` says why the bytes
    /// can be relied on. SQLite's `user_version` has no part in it: it is the application's.
    package static func stored(in path: String) -> TenantStamp? {
        DatabaseFile.whileShared(path) { file in
            DatabasePages(file).flatMap(stored)
        }
    }

    static func stored(in pages: DatabasePages) -> TenantStamp? {
        guard case .at(let root) = pages.find(table, madeBy: storedSQL) else { return nil }
        var stamp: TenantStamp?
        let isRead = pages.readRows(root: root) { row in
            guard row.rowID == 1 else { return true }
            guard let fields = row.fields(3), let commit = fields[1].string,
                let tree = fields[2].string
            else { return nil }
            stamp = TenantStamp(commit: commit, tree: tree)
            return false
        }
        return isRead ? stamp : nil
    }

    /// The stamp of a file; nil when it has none.
    ///
    /// From its bytes if it is at rest, else with SQLite.
    package static func read(
        from path: String, busyTimeout: Int = 5000
    ) throws(SQLiteError) -> TenantStamp? {
        if let stamp = stored(in: path) { return stamp }
        return try Connection(path: path, access: .readOnly, busyTimeout: busyTimeout)
            .tenantStamp()
    }
}

/// What a tenant's file says when it is asked for its stamp.
package enum StampFinding: Hashable, Sendable {
    /// The file is at this stamp.
    case stamp(TenantStamp)
    /// There is none to be read; a sentence says why.
    case unreadable(String)

    /// The stamp; nil where there is none.
    package var stamp: TenantStamp? {
        if case .stamp(let stamp) = self { stamp } else { nil }
    }

    /// Reads one file's stamp.
    package init(readingFrom path: String, busyTimeout: Int = 5000) {
        do {
            guard let stamp = try TenantStamp.read(from: path, busyTimeout: busyTimeout) else {
                self = .unreadable("It has no stamp, so its schema is not known")
                return
            }
            self = .stamp(stamp)
        } catch {
            self = .unreadable(TenantFailure.sentence(error))
        }
    }

    /// Reads the stamps of many files, one finding for each in the same order.
    package static func read(_ files: [TenantFile], jobs: Int) -> [StampFinding] {
        let findings = StampFindings(count: files.count)
        // In runs, so that the threads don't queue for the list.
        let run = 64
        WorkerThreads.forEach((files.count + run - 1) / run, jobs: jobs) { index in
            let range = (index * run)..<min((index + 1) * run, files.count)
            findings.set(range.map { StampFinding(readingFrom: files[$0].path) }, from: range)
        }
        return findings.all
    }
}

/// What the threads write down.
private final class StampFindings: Sendable {
    private let findings: Mutex<[StampFinding]>

    init(count: Int) {
        findings = Mutex(Array(repeating: .unreadable("It was not looked at"), count: count))
    }

    var all: [StampFinding] { findings.withLock { $0 } }

    func set(_ some: [StampFinding], from range: Range<Int>) {
        findings.withLock { $0.replaceSubrange(range, with: some) }
    }
}
