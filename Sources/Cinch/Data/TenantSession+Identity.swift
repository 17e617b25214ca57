/// One row by what identifies it: the primary key's only column, or the rowid of a table whose
/// key has several columns or none.
extension TenantSession {
    /// The row with a key.
    ///
    /// - Returns: One row, or none when there is no such row.
    /// - Throws: `CinchError` with `.notFound` for an unknown table, `.invalid` for one whose rows
    ///   have no single key.
    package func row(_ table: String, id: SQLValue) throws -> QueryResult {
        let shape = try shapes.shape(of: table, in: self)
        let key = try shape.identity
        return try query(
            "SELECT * FROM \(SQLText.quoted(shape.name)) WHERE \(key) = ?", parameters: [id])
    }

    /// Changes the row with a key and returns it as it is stored.
    ///
    /// - Returns: One row, or none when there is no such row.
    package func update(
        _ table: String, id: SQLValue, set assignments: [Assignment]
    ) throws -> QueryResult {
        let shape = try shapes.shape(of: table, in: self)
        let key = try shape.identity
        let (columns, values) = try resolve(assignments, in: shape)
        guard !columns.isEmpty else { return try row(table, id: id) }
        let list = columns.map { "\(SQLText.quoted($0)) = ?" }.joined(separator: ", ")
        let place = shape.rowKey.joined(separator: ", ")
        // The update may change the key itself, so the row is found again by the new one.
        let changed = try query(
            """
            UPDATE \(SQLText.quoted(shape.name)) SET \(list) WHERE \(key) = ?
            RETURNING \(place)
            """,
            parameters: values + [id])
        var result = QueryResult(changes: changed.changes)
        guard let newKey = changed.rows.first else { return result }
        let stored = try reread(newKey, in: shape)
        result.columns = shape.columns.map { .init(name: $0.name, declaredType: $0.declaredType) }
        result.rows = stored.map { [$0] } ?? []
        return result
    }

    /// Deletes the row with a key.
    ///
    /// - Returns: 1, or 0 when there is no such row.
    package func delete(from table: String, id: SQLValue) throws -> Int {
        let shape = try shapes.shape(of: table, in: self)
        let key = try shape.identity
        return try query(
            "DELETE FROM \(SQLText.quoted(shape.name)) WHERE \(key) = ?", parameters: [id]
        ).changes
    }

    /// A page of a table's rows in the order of their keys.
    ///
    /// Rows inserted or deleted while pages are read are seen or not; no other row is left out
    /// or comes twice, since a page begins after the last key of the one before.
    ///
    /// - Parameters:
    ///   - after: The `next` of the page before; absent for the first.
    ///   - limit: Rows of a page, at least 1.
    /// - Returns: The rows, and what the next page comes after; absent at the end.
    package func page(
        of table: String, where filter: Filter = .everyRow, after: String? = nil, limit: Int
    ) throws -> (rows: QueryResult, next: String?) {
        let shape = try shapes.shape(of: table, in: self)
        let keys = shape.rowKey
        guard !keys.isEmpty else {
            throw CinchError(
                code: .invalid, message: "'\(shape.name)' has no key to read it in pages by",
                hint: "Query it with ORDER BY and LIMIT.")
        }
        var clause = try FilterClause(filter, in: shape)
        if let after {
            clause.require(
                "(\(keys.joined(separator: ", "))) > "
                    + "(\(keys.map { _ in "?" }.joined(separator: ", ")))",
                try Self.keyValues(after, count: keys.count))
        }
        let order = keys.joined(separator: ", ")
        var result = try query(
            """
            SELECT *, \(order) FROM \(SQLText.quoted(shape.name))\(clause.text)
            ORDER BY \(order) LIMIT ?
            """,
            parameters: clause.values + [.integer(Int64(limit) + 1)])
        let hasMore = result.rows.count > limit
        if hasMore { result.rows.removeLast() }
        let width = result.columns.count - keys.count
        let last = result.rows.last?.suffix(keys.count)
        result.columns.removeLast(keys.count)
        result.rows = result.rows.map { Array($0.prefix(width)) }
        guard hasMore, let last else { return (result, nil) }
        return (result, JSONValue.array(last.map(\.json)).text())
    }

    private static func keyValues(_ cursor: String, count: Int) throws -> [SQLValue] {
        guard case .array(let values)? = try? JSONValue(parsing: cursor), values.count == count
        else {
            throw CinchError(
                code: .invalid, message: "'after' is not the end of a page of this table",
                hint: "Give the 'next' of the page before, or leave it out for the first page.")
        }
        return try values.map { try SQLValue(json: $0) }
    }
}

extension TableShape {
    /// The SQL expression whose value identifies a row.
    fileprivate var identity: String {
        get throws {
            let primary = columns.filter { $0.keyPosition > 0 }
            if primary.count == 1 { return SQLText.quoted(primary[0].name) }
            guard rowKey.count == 1 else {
                throw CinchError(
                    code: .invalid, message: "Rows of '\(name)' have no single key",
                    hint: "Say which rows by a condition on its columns.")
            }
            return rowKey[0]
        }
    }
}
