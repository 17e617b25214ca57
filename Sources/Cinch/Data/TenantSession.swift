internal import GRDB
internal import GRDBSQLite

/// The calls that can be made on a tenant while its connection is held, alone or inside
/// ``TenantDatabase/transaction(_:)``. Valid only in the closure that received it.
package struct TenantSession {
    private let database: Database
    private let guardian: StatementGuard
    private let isInTransaction: Bool

    /// Wraps a connection whose authorizer is `guardian`.
    init(database: Database, guardian: StatementGuard, isInTransaction: Bool = false) {
        self.database = database
        self.guardian = guardian
        self.isInTransaction = isInTransaction
    }

    /// Runs one statement; see ``TenantDatabase/query(_:parameters:limit:)``. Inside a
    /// transaction a statement that fails leaves no trace, and the transaction can go on.
    package func query(
        _ sql: String, parameters: [SQLValue] = [], limit: Int? = nil
    ) throws -> QueryResult {
        guard !sql.utf8.contains(0) else {
            throw CinchError(
                code: .invalid, message: "The SQL text holds a NUL character",
                hint: "Pass values as parameters.")
        }
        let (words, hasMore) = SQLText.outline(sql)
        guard let first = words.first else {
            throw CinchError(
                code: .invalid, message: "There is no SQL statement in the text",
                hint: "Write one, such as 'SELECT * FROM users'.")
        }
        if let refusal = Refusal(keywords: words) { throw refusal.error }
        guard !hasMore else {
            throw CinchError(
                code: .invalid, message: "The text holds more than one SQL statement",
                hint: "Run them one at a time; each is a transaction of its own.")
        }
        let statement = try compile(sql)
        // Whatever SQLite may learn to compile later is not a query until it is listed.
        guard Refusal.allowedKeywords.contains(first) || first == "EXPLAIN" else {
            throw Refusal.statement(words).error
        }
        return try run(statement, sql, parameters, limit)
    }

    /// Runs `body` in a transaction that takes the write lock first.
    func inTransaction<Result>(_ body: (TenantSession) throws -> Result) throws -> Result {
        if isInTransaction { return try body(self) }
        var result: Result?
        try database.inTransaction(.immediate) {
            result = try body(
                TenantSession(database: database, guardian: guardian, isInTransaction: true))
            return .commit
        }
        guard let result else { preconditionFailure("A committed transaction has its result") }
        return result
    }

    /// Reads with a statement of our own, which may look at everything.
    func trusted(_ sql: String, _ parameters: [SQLValue] = []) throws -> [[SQLValue]] {
        let statement = try database.makeStatement(sql: sql)
        let execution = StatementExecution(statement.sqliteStatement, on: database.sqliteConnection)
        do {
            try execution.bind(parameters)
            return try execution.collect(limit: nil).rows
        } catch {
            throw error.error()
        }
    }

    private func compile(_ sql: String) throws -> Statement {
        try guardian.during(.compiling) {
            do {
                return try database.makeStatement(sql: sql)
            } catch let error as DatabaseError {
                if let refusal = guardian.refusal { throw refusal.error }
                throw SQLiteFailure(error, on: database.sqliteConnection).error(sql: sql)
            }
        }
    }

    private func run(
        _ statement: Statement, _ sql: String, _ parameters: [SQLValue], _ limit: Int?
    ) throws -> QueryResult {
        let execution = StatementExecution(statement.sqliteStatement, on: database.sqliteConnection)
        guard parameters.count == execution.parameterCount else {
            throw Self.countError(parameters.count, for: execution.parameterCount)
        }
        guard !isInTransaction || database.isInsideTransaction else {
            throw CinchError(
                code: .failed, message: "The transaction was rolled back by an earlier statement",
                hint: "Nothing was changed; start again without OR ROLLBACK.")
        }
        do {
            try execution.bind(parameters)
            if execution.isReadOnly || isInTransaction { return try step(execution, limit) }
            var result = QueryResult()
            try database.inTransaction(.immediate) {
                result = try step(execution, limit)
                return .commit
            }
            return result
        } catch let failure as SQLiteFailure {
            if let refusal = guardian.refusal { throw refusal.error }
            throw failure.error(sql: sql)
        }
    }

    private func step(_ execution: StatementExecution, _ limit: Int?) throws -> QueryResult {
        try guardian.during(.running) {
            // A change is run to its end whatever the limit: resetting it halfway would be
            // leaving it to SQLite what becomes of the rest.
            var result = try execution.collect(limit: limit)
            result.changes = execution.isReadOnly ? 0 : database.changesCount
            return result
        }
    }

    private static func countError(_ given: Int, for expected: Int) -> CinchError {
        func count(_ number: Int) -> String {
            number == 1 ? "1 parameter" : "\(number) parameters"
        }
        return CinchError(
            code: .invalid, message: "The statement takes \(count(expected)), \(given) given",
            hint: "Give one value for each '?' or ':name', in order ('--param VALUE').")
    }
}
