internal import GRDB
internal import GRDBSQLite

/// The calls that can be made on a tenant while its connection is held, alone or inside
/// ``TenantDatabase/transaction(_:)``. Valid only in the closure that received it.
package struct TenantSession {
    let shapes: TableShapes
    private let database: Database
    private let guardian: StatementGuard
    private let isReadOnly: Bool
    private let mask: ColumnMask
    private let resultBytes: Int?
    private let isInTransaction: Bool

    /// Wraps a connection whose authorizer is `guardian`.
    ///
    /// - Parameter resultBytes: How many bytes the values of an answer may have.
    init(
        database: Database, guardian: StatementGuard, shapes: TableShapes, isReadOnly: Bool = false,
        mask: ColumnMask = .none, resultBytes: Int? = nil, isInTransaction: Bool = false
    ) {
        self.database = database
        self.shapes = shapes
        self.guardian = guardian
        self.isReadOnly = isReadOnly
        self.mask = mask
        self.resultBytes = resultBytes
        self.isInTransaction = isInTransaction
    }

    /// Why a change was refused: the connection only reads. The cause of a ``CinchError``.
    package struct NeedsWriting: Error {}

    /// A comment nobody else can write.
    private static let mark =
        "/*\(UInt64.random(in: .min ... .max))\(UInt64.random(in: .min ... .max))*/ "

    private static var readOnlyError: CinchError {
        CinchError(
            code: .refused, message: "This would change rows, and the database is open for reading",
            hint: "Make the change where it is open for writing.", cause: NeedsWriting())
    }

    static var maskError: CinchError {
        CinchError(
            code: .refused, message: "With masked columns rows can only be read",
            hint: "A change could store what a masked column reads as; make it without.")
    }

    static var deadlineError: CinchError {
        CinchError(
            code: .interrupted, message: "The time for the request was over",
            hint: "Nothing was changed; ask for less, or give it more time.")
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

    /// The values of a statement's parameters in order, from values by name.
    ///
    /// - Parameter named: Names without the `:`, `@` or `$` before them.
    /// - Throws: `CinchError` with `.invalid` for a parameter without a value, one without a name,
    ///   and a value that no parameter takes.
    package func parameters(
        _ named: [(name: String, value: SQLValue)], of sql: String
    ) throws -> [SQLValue] {
        let statement = try compile(sql)
        let names = StatementExecution(
            statement.sqliteStatement, on: database.sqliteConnection
        ).parameterNames
        for (name, _) in named where !names.contains(name) {
            throw CinchError(
                code: .invalid,
                message: "The statement has no parameter ':\(TerminalText.escaped(name))'",
                hint: "Give values for the names that are in it.")
        }
        return try names.map { name in
            guard let found = named.last(where: { $0.name == name }) else {
                throw CinchError(
                    code: .invalid,
                    message: name.isEmpty
                        ? "A parameter of the statement has no name"
                        : "The parameter ':\(name)' has no value",
                    hint: "Give values for ':name' as an object, for '?' as an array.")
            }
            return found.value
        }
    }

    /// Runs `body` in a transaction that takes the write lock first.
    func inTransaction<Result>(_ body: (TenantSession) throws -> Result) throws -> Result {
        if isInTransaction { return try body(self) }
        if isReadOnly { throw Self.readOnlyError }
        var result: Result?
        try database.inTransaction(.immediate) {
            result = try body(
                TenantSession(
                    database: database, guardian: guardian, shapes: shapes, isReadOnly: isReadOnly,
                    mask: mask, resultBytes: resultBytes, isInTransaction: true))
            return .commit
        }
        guard let result else { preconditionFailure("A committed transaction has its result") }
        return result
    }

    /// Reads with a statement of our own, which may look at everything.
    ///
    /// It stays compiled, beside those of callers; the mark keeps a caller's statement of the same
    /// text from being taken for ours, which was compiled without the guard.
    func trusted(_ sql: String, _ parameters: [SQLValue] = []) throws -> [[SQLValue]] {
        let statement = try database.cachedStatement(sql: Self.mark + sql)
        let execution = StatementExecution(statement.sqliteStatement, on: database.sqliteConnection)
        do {
            try execution.bind(parameters)
            return try execution.collect().rows
        } catch {
            throw error.error()
        }
    }

    private func compile(_ sql: String) throws -> Statement {
        try guardian.during(.compiling, masks: mask.keys) {
            do {
                // What was compiled under a mask must not serve others, nor the other way round.
                guard mask.isEmpty else { return try database.makeStatement(sql: sql) }
                return try database.cachedStatement(sql: sql)
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
        if !execution.isReadOnly {
            guard !isReadOnly else { throw Self.readOnlyError }
            guard mask.isEmpty else { throw Self.maskError }
        }
        defer { execution.clearBindings() }
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
        try guardian.during(.running, masks: mask.keys) {
            // A change is run to its end whatever the limit: resetting it halfway would be
            // leaving it to SQLite what becomes of the rest.
            var result = try execution.collect(limit: limit, bytes: resultBytes)
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
