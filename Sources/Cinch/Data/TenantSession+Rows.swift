extension TenantSession {
    /// Inserts rows, each with its own choice of columns, and returns them as they are stored:
    /// defaults filled in, and what triggers made of them.
    ///
    /// A column left out gets its default. A row a trigger removed again is returned as it was
    /// inserted. Inside a transaction the rows inserted before a failing one stay; called on
    /// ``TenantDatabase`` it is all or none.
    ///
    /// - Parameters:
    ///   - table: A table, virtual table, or view with an INSTEAD OF trigger.
    ///   - rows: At least one row; a row can be empty, all defaults.
    /// - Returns: Every column of the table, and a row for each row given, in the same order.
    /// - Throws: `CinchError` with `.notFound` for an unknown table or column, `.exists` for a
    ///   duplicate key, `.invalid` for other values a constraint rejects.
    package func insert(into table: String, rows: [[Assignment]]) throws -> QueryResult {
        guard !rows.isEmpty else {
            throw CinchError(
                code: .invalid, message: "There is no row to insert",
                hint: "Give at least one row, such as {\"name\": \"Ada\"}.")
        }
        let shape = try shapes.shape(of: table, in: self)
        let inserted = try rows.map { try insert($0, into: shape) }
        // Reading them again comes last, when the triggers of all rows have run.
        let keyCount = shape.rowKey.count
        var result = QueryResult()
        for answer in inserted {
            let columns = shape.typed(answer.columns.dropLast(keyCount))
            result.columns = columns
            result.changes += answer.changes
            for row in answer.rows {
                let stored = try reread(Array(row.suffix(keyCount)), in: shape)
                result.rows.append(
                    stored ?? zip(columns, row).map { $0.isBoolean ? $1.asBoolean : $1 })
            }
        }
        return result
    }

    /// Changes the rows a filter holds for.
    ///
    /// - Parameter filter: Absent is refused, since every row is seldom meant.
    /// - Returns: How many rows were changed.
    /// - Throws: `CinchError` with `.notFound` for an unknown table or column, `.refused` for no
    ///   filter, `.exists` and `.invalid` for values a constraint rejects.
    package func update(
        _ table: String, set assignments: [Assignment], where filter: Filter?
    ) throws -> Int {
        guard !assignments.isEmpty else {
            throw CinchError(
                code: .invalid, message: "There is no column to update",
                hint: "Say which, such as '--set status=done'.")
        }
        let shape = try shapes.shape(of: table, in: self)
        let (columns, values) = try resolve(assignments, in: shape)
        let clause = try clause(filter, verb: "update", in: shape)
        let list = columns.map { "\(SQLText.quoted($0)) = ?" }.joined(separator: ", ")
        return try query(
            "UPDATE \(SQLText.quoted(shape.name)) SET \(list)\(clause.text)",
            parameters: values + clause.values
        ).changes
    }

    /// Deletes the rows a filter holds for.
    ///
    /// - Parameter filter: Absent is refused, since every row is seldom meant.
    /// - Returns: How many rows were deleted, without those of foreign key actions.
    /// - Throws: `CinchError` with `.notFound` for an unknown table or column, `.refused` for no
    ///   filter, `.invalid` if rows elsewhere refer to one of them.
    package func delete(from table: String, where filter: Filter?) throws -> Int {
        let shape = try shapes.shape(of: table, in: self)
        let clause = try clause(filter, verb: "delete", in: shape)
        return try query(
            "DELETE FROM \(SQLText.quoted(shape.name))\(clause.text)", parameters: clause.values
        ).changes
    }

    private func insert(_ row: [Assignment], into shape: TableShape) throws -> QueryResult {
        let (columns, values) = try resolve(row, in: shape)
        let names = columns.map(SQLText.quoted).joined(separator: ", ")
        let marks = values.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        let source = columns.isEmpty ? "DEFAULT VALUES" : "(\(names)) VALUES (\(marks))"
        let returned = (["*"] + shape.rowKey).joined(separator: ", ")
        return try query(
            "INSERT INTO \(SQLText.quoted(shape.name)) \(source) RETURNING \(returned)",
            parameters: values)
    }

    func reread(_ key: [SQLValue], in shape: TableShape) throws -> [SQLValue]? {
        guard !key.isEmpty else { return nil }
        let filter = shape.rowKey.enumerated().map { "\($1) IS ?\($0 + 1)" }
        return try query(
            """
            SELECT * FROM \(SQLText.quoted(shape.name)) WHERE \(filter.joined(separator: " AND "))
            """,
            parameters: key
        ).rows.first
    }

    /// Checks the columns, and reads the values for their types.
    func resolve(
        _ assignments: [Assignment], in shape: TableShape
    ) throws -> (columns: [String], values: [SQLValue]) {
        var columns: [String] = []
        var values: [SQLValue] = []
        for assignment in assignments {
            let column = try shape.column(assignment.column)
            guard !columns.contains(column.name) else {
                throw CinchError(
                    code: .invalid, message: "Column '\(column.name)' is given twice",
                    hint: "Give each column one value.")
            }
            guard !column.isGenerated else {
                throw CinchError(
                    code: .invalid,
                    message: "Column '\(shape.name).\(column.name)' is generated",
                    hint: "Leave it out; SQLite computes it.")
            }
            columns.append(column.name)
            values.append(try column.value(of: assignment.value))
        }
        return (columns, values)
    }

    /// The WHERE clause of a change; no filter at all needs to be meant.
    private func clause(
        _ filter: Filter?, verb: String, in shape: TableShape
    ) throws -> FilterClause {
        guard let filter else {
            throw CinchError(
                code: .refused,
                message: "Without a condition this would \(verb) every row of '\(shape.name)'",
                hint:
                    "Say which rows by a condition; for every row, say '--all', or {} as a filter.")
        }
        return try FilterClause(filter, in: shape)
    }
}
