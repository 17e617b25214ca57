internal import CinchSQLite
package import GRDB
internal import GRDBSQLite

/// A tenant's file as GRDB has it, for an application's own code: records, the query interface and
/// observation work as they do without us.
///
/// It is a connection of its own, since GRDB learns from SQLite's authorizer what a statement reads
/// and changes, and a connection has only one. What keeps the schema and our own tables from
/// changing stands around the transaction instead: one that did either is not committed.
package final class LentDatabase: Sendable {
    private let queue: DatabaseQueue

    /// Opens an existing file.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.acceptsDoubleQuotedStringLiterals = true
        configuration.label = "cinch.lent"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = EXTRA")
            guard let connection = database.sqliteConnection else { return }
            try DefensiveMode.enable(on: connection)
            sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        }
        queue = try Self.translating { try DatabaseQueue(path: path, configuration: configuration) }
        queue.add(transactionObserver: OwnTables(), extent: .databaseLifetime)
    }

    /// Reads.
    package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translating { try queue.read(body) }
    }

    /// Changes rows, all of it or nothing.
    ///
    /// - Throws: `CinchError` with `.refused`, and nothing is changed, when the schema or a table of
    ///   cinch is not what it was.
    package func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translating {
            try queue.write { database in
                let before = try Int64.fetchOne(database, sql: "PRAGMA schema_version")
                let result = try body(database)
                guard try Int64.fetchOne(database, sql: "PRAGMA schema_version") == before else {
                    throw Refusal.statement(["CREATE"]).error
                }
                return result
            }
        }
    }

    /// What observations watch.
    package var reader: any DatabaseReader { queue }

    /// Tells observations that rows were changed by another connection.
    package func noteChange() {
        // GRDB tells observers when a transaction ends; this one changes nothing.
        queue.asyncWrite({ try $0.notifyChanges(in: .fullDatabase) }, completion: { _, _ in })
    }

    private static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw SQLiteFailure(error).error()
        }
    }
}

/// Vetoes what changes a table of cinch.
private final class OwnTables: TransactionObserver {
    private var changed: String?

    func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
        switch kind {
        case .insert(let table), .delete(let table), .update(let table, _):
            EntityName.isInternal(table)
        }
    }

    func databaseDidChange(with event: DatabaseEvent) { changed = event.tableName }

    func databaseWillCommit() throws {
        guard let table = changed else { return }
        changed = nil
        throw Refusal.internalTable(table).error
    }

    func databaseDidCommit(_ db: Database) { changed = nil }
    func databaseDidRollback(_ db: Database) { changed = nil }
}
