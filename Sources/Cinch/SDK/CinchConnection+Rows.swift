public import GRDB

extension CinchConnection {
    // MARK: Statements

    /// Runs one statement and returns its rows.
    ///
    /// - Parameters:
    ///   - parameters: Values for `?` in order.
    ///   - maxRows: Rows at most; absent for all, or as many as a server gives.
    public func query(
        _ sql: String, _ parameters: [SQLValue] = [], maxRows: Int? = nil
    ) async throws -> [CinchRow] {
        try await run(sql, .array(parameters.map(\.json)), maxRows).rows
    }

    /// Runs one statement with values for its `:names`.
    public func query(
        _ sql: String, named parameters: [String: SQLValue], maxRows: Int? = nil
    ) async throws -> [CinchRow] {
        let members = parameters.map { JSONValue.Member($0.key, $0.value.json) }
        return try await run(sql, .object(members), maxRows).rows
    }

    /// Runs one statement and returns its rows as a type; see ``CinchRow/decode(_:)``.
    public func query<Value: Decodable & Sendable>(
        _ sql: String, _ parameters: [SQLValue] = [], as type: Value.Type
    ) async throws -> [Value] {
        try await query(sql, parameters).map { try $0.decode(type) }
    }

    /// Runs one statement that changes rows.
    ///
    /// - Returns: How many it changed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [SQLValue] = []) async throws -> Int {
        let body: JSONValue = ["sql": .string(sql), "params": .array(parameters.map(\.json))]
        return try Self.changes(await ask("POST", tenantPath + ["execute"], body))
    }

    /// Runs statements as one change, all of them or none.
    ///
    /// - Returns: Each one's rows.
    @discardableResult
    public func batch(
        _ statements: [(sql: String, parameters: [SQLValue])]
    ) async throws -> [[CinchRow]] {
        let listed = statements.map { statement -> JSONValue in
            [
                "sql": .string(statement.sql),
                "params": .array(statement.parameters.map(\.json)),
            ]
        }
        let answer = try await ask(
            "POST", tenantPath + ["batch"], ["statements": .array(listed)])
        return try answer.list("results").map { try $0.list("rows").map(CinchRow.init(json:)) }
    }

    private func run(
        _ sql: String, _ parameters: JSONValue, _ maxRows: Int?
    ) async throws -> (rows: [CinchRow], changes: Int) {
        var body: [JSONValue.Member] = [.init("sql", .string(sql)), .init("params", parameters)]
        if let maxRows { body.append(.init("max_rows", .integer(Int64(maxRows)))) }
        if !maskedColumns.isEmpty {
            body.append(.init("mask", .array(maskedColumns.map { .string($0) })))
        }
        let answer = try await ask("POST", tenantPath + ["query"], .object(body))
        return (try answer.list("rows").map(CinchRow.init(json:)), try Self.changes(answer))
    }

    // MARK: Rows

    /// Inserts a row and returns it as it is stored, `id` and times filled in.
    @discardableResult
    public func insert(_ table: String, _ row: [String: SQLValue]) async throws -> CinchRow {
        guard let stored = try await insert(table, [row]).first else {
            throw CinchError(code: .failed, message: "The answer has no row where one must be")
        }
        return stored
    }

    /// Inserts rows, all of them or none, and returns them as they are stored, in the same order.
    @discardableResult
    public func insert(_ table: String, _ rows: [[String: SQLValue]]) async throws -> [CinchRow] {
        let answer = try await ask(
            "POST", rowsPath(table), .array(rows.map(Self.object)))
        return try answer.list("rows").map(CinchRow.init(json:))
    }

    /// The row with a key; absent where there is none.
    public func get(_ table: String, id: SQLValue) async throws -> CinchRow? {
        do {
            return try await CinchRow(json: ask("GET", rowPath(table, id)))
        } catch let error as CinchError where error.code == .notFound && error.isAboutRow {
            return nil
        }
    }

    /// Changes one row and returns it as it is stored.
    ///
    /// - Throws: `CinchError` with `.notFound` where there is none.
    @discardableResult
    public func update(
        _ table: String, id: SQLValue, _ values: [String: SQLValue]
    ) async throws -> CinchRow {
        try await CinchRow(json: ask("PATCH", rowPath(table, id), Self.object(values)))
    }

    /// Deletes one row.
    ///
    /// - Throws: `CinchError` with `.notFound` where there is none.
    public func delete(_ table: String, id: SQLValue) async throws {
        _ = try await ask("DELETE", rowPath(table, id))
    }

    /// Changes every row a filter holds for.
    ///
    /// - Returns: How many.
    @discardableResult
    public func updateWhere(
        _ table: String, _ values: [String: SQLValue], _ filter: Filter
    ) async throws -> Int {
        try Self.changes(
            await ask(
                "PATCH", rowsPath(table), ["set": Self.object(values), "where": filter.json]))
    }

    /// Deletes every row a filter holds for.
    ///
    /// - Returns: How many.
    @discardableResult
    public func deleteWhere(_ table: String, _ filter: Filter) async throws -> Int {
        try Self.changes(
            await ask(
                "DELETE", rowsPath(table), query: [("filter", filter.json.text())]))
    }

    /// A table's rows in the order of their keys, a page at a time.
    ///
    /// - Parameter after: The `next` of the page before; absent for the first.
    /// - Returns: The rows, and what the next page comes after; absent at the end.
    public func page(
        _ table: String, where filter: Filter = .everyRow, after: String? = nil, limit: Int = 100
    ) async throws -> (rows: [CinchRow], next: String?) {
        let answer = try await ask(
            "GET", rowsPath(table),
            query: [("filter", filter.json.text()), ("after", after), ("limit", "\(limit)")])
        return (try answer.list("rows").map(CinchRow.init(json:)), try answer.optionalText("next"))
    }

    // MARK: GRDB itself

    /// Reads with GRDB's own connection: records, query interface, cursors. Local only.
    ///
    /// - Throws: `CinchError` with `.refused` over a server, and for what is refused in a query.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        let tenant = try pooled("reads")
        return try await LocalTransport.blocking { try tenant().lending().read(body) }
    }

    /// Changes rows with GRDB's own connection, in one transaction that takes the write lock first:
    /// all of it or, if `body` throws, nothing. Local only.
    ///
    /// - Throws: `CinchError` with `.refused` over a server, and for what is refused in a query.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        let tenant = try pooled("writes")
        return try await LocalTransport.blocking { try tenant().lending().write(body) }
    }

    /// The same as ``write(_:)``, by the name other SDKs have for it. Over a server there is
    /// ``batch(_:)``.
    public func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result { try await write(body) }

    /// What GRDB's observations watch: changes that this process makes, by whichever call. Local only.
    ///
    /// A tenant that is observed stays open, and can't be renamed or deleted by other processes.
    ///
    /// - Throws: `CinchError` with `.refused` over a server.
    public func observed() async throws -> any DatabaseReader {
        let tenant = try pooled("observations")
        return try await LocalTransport.blocking { try tenant().observing() }
    }

    private func pooled(_ what: String) throws -> @Sendable () throws -> PooledTenant {
        guard let api = (transport as? LocalTransport)?.api else {
            throw CinchError(
                code: .refused, message: "There are no \(what) with GRDB over a server",
                hint: "Use query, or batch for several statements as one change.")
        }
        guard maskedColumns.isEmpty else {
            throw CinchError(
                code: .refused, message: "There are no \(what) with GRDB where columns are masked",
                hint: "Use query.")
        }
        let (database, branch, tenant) = (database, branch, tenant)
        return { try api.open(database).pool.tenant(tenant, branch: branch) }
    }

    // MARK: Pieces

    private func rowsPath(_ table: String) -> [String] { tenantPath + ["tables", table, "rows"] }

    private func rowPath(_ table: String, _ id: SQLValue) throws -> [String] {
        switch id {
        case .integer(let number): rowsPath(table) + ["\(number)"]
        case .text(let text): rowsPath(table) + [text]
        default:
            throw CinchError(
                code: .invalid, message: "A row's id is a whole number or a text",
                hint: "Find other rows with a filter.")
        }
    }

    private static func object(_ row: [String: SQLValue]) -> JSONValue {
        .object(row.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) })
    }

    private static func changes(_ answer: JSONValue) throws -> Int {
        guard case .integer(let count)? = answer["changes"] else { throw JSONValue.unexpected }
        return Int(count)
    }
}

extension CinchError {
    /// Whether what wasn't found is a row, and not the table or the tenant it would be in.
    fileprivate var isAboutRow: Bool { message.contains(" has no row ") }
}
