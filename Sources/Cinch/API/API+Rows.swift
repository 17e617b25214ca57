/// Where a tenant's data is.
let tenantPath = "/v1/db/{db}/branch/{branch}/tenant/{tenant}"

extension API {
    static var rowEndpoints: [Endpoint] {
        [
            Endpoint(
                Route(
                    "POST", "\(tenantPath)/query", .tenantRead, "Run one statement.",
                    body: statementShape(
                        more: [
                            "max_rows?": JSONShape.integer(1...1_000_000), "mask?": JSONShape.texts,
                        ]),
                    answer: resultShape)
            ) { try query($0) },
            Endpoint(
                Route(
                    "POST", "\(tenantPath)/execute", .tenantWrite,
                    "Run one statement that may change rows.", body: statementShape(more: [:]),
                    answer: resultShape)
            ) { call in
                var fields = try call.fields()
                let (sql, values) = try statement(&fields)
                try fields.finish()
                return try call.changing {
                    try answer($0.query(sql, parameters: values($0), limit: call.limit(nil)))
                }
            },
            Endpoint(
                Route(
                    "POST", "\(tenantPath)/batch", .tenantWrite,
                    "Run statements as one change: all of them or none.",
                    body: JSONShape.object([
                        "statements": JSONShape.list(of: statementShape(more: [:]))
                    ]),
                    answer: JSONShape.object(["results": JSONShape.list(of: resultShape)]))
            ) { try batch($0) },
            Endpoint(
                Route(
                    "GET", "\(tenantPath)/tables/{table}/rows", .tenantRead,
                    "Rows in the order of their keys, a page at a time.",
                    query: [
                        .init("filter", JSONShape.text),
                        .init("limit", JSONShape.integer(1...10_000)),
                        .init("after", JSONShape.text),
                    ],
                    answer: JSONShape.object([
                        "rows": JSONShape.list(of: JSONShape.row),
                        "next": JSONShape.orNull("string"),
                    ]))
            ) { call in
                let limit = try call.number("limit", in: 1...10_000, otherwise: 100)
                let filter = try call.filter() ?? .everyRow
                let page = try call.reading {
                    try $0.page(
                        of: call.parameter("table"), where: filter, after: call.option("after"),
                        limit: limit)
                }
                return APIResponse(
                    .json([
                        "rows": .array(page.rows.jsonRows),
                        "next": page.next.map { .string($0) } ?? .null,
                    ]))
            },
            Endpoint(
                Route(
                    "POST", "\(tenantPath)/tables/{table}/rows", .tenantWrite,
                    "Insert rows, all of them or none.",
                    body: [
                        "oneOf": [JSONShape.row, JSONShape.list(of: JSONShape.row)]
                    ],
                    status: 201,
                    answer: JSONShape.object(["rows": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let rows = try Assignment.rows(json: call.request.body ?? .null)
                return try call.changing {
                    let result = try $0.insert(into: call.parameter("table"), rows: rows)
                    return APIResponse(status: 201, .json(["rows": .array(result.jsonRows)]))
                }
            },
            Endpoint(
                Route(
                    "PATCH", "\(tenantPath)/tables/{table}/rows", .tenantWrite,
                    "Change every row a filter holds for.",
                    body: JSONShape.object(["set": JSONShape.row, "where": JSONShape.row]),
                    answer: JSONShape.object(["changes": JSONShape.integer]))
            ) { call in
                var fields = try call.fields()
                guard let set = fields.take("set") else {
                    throw Fields.invalid("The body lacks 'set'")
                }
                let assignments = try Assignment.list(json: set)
                let filter = try fields.take("where").map { try Filter(json: $0) }
                try fields.finish()
                return try call.changing {
                    changes(
                        try $0.update(call.parameter("table"), set: assignments, where: filter))
                }
            },
            Endpoint(
                Route(
                    "DELETE", "\(tenantPath)/tables/{table}/rows", .tenantWrite,
                    "Delete every row a filter holds for.",
                    query: [.init("filter", JSONShape.text)],
                    answer: JSONShape.object(["changes": JSONShape.integer]))
            ) { call in
                let filter = try call.filter()
                return try call.changing {
                    changes(try $0.delete(from: call.parameter("table"), where: filter))
                }
            },
            Endpoint(
                Route(
                    "GET", "\(tenantPath)/tables/{table}/rows/{id}", .tenantRead,
                    "One row by its key.", answer: JSONShape.row)
            ) { call in
                try oneRow(
                    call,
                    call.reading { try $0.row(call.parameter("table"), id: call.rowID) })
            },
            Endpoint(
                Route(
                    "PATCH", "\(tenantPath)/tables/{table}/rows/{id}", .tenantWrite,
                    "Change one row.", body: JSONShape.row, answer: JSONShape.row)
            ) { call in
                let assignments = try Assignment.list(json: call.request.body ?? .null)
                return try call.changing {
                    try oneRow(
                        call,
                        $0.update(call.parameter("table"), id: call.rowID, set: assignments))
                }
            },
            Endpoint(
                Route(
                    "DELETE", "\(tenantPath)/tables/{table}/rows/{id}", .tenantWrite,
                    "Delete one row.", answer: JSONShape.object(["changes": JSONShape.integer]))
            ) { call in
                try call.changing {
                    let count = try $0.delete(from: call.parameter("table"), id: call.rowID)
                    guard count > 0 else { throw noRow(call) }
                    return changes(count)
                }
            },
        ]
    }

    private static func query(_ call: Call) throws -> APIResponse {
        var fields = try call.fields()
        let (sql, values) = try statement(&fields)
        let limit = call.limit(try fields.integer("max_rows"))
        let mask = try ColumnMask(fields.texts("mask") ?? [])
        try fields.finish()
        let tenant = try call.tenant()
        do {
            return try answer(
                tenant.reading().run(
                    until: call.deadline, or: call.cancellation, masking: mask
                ) {
                    try $0.query(sql, parameters: values($0), limit: limit)
                })
        } catch let error as CinchError where error.cause is TenantSession.NeedsWriting {
            guard call.request.access >= .write else { throw readOnly }
            guard mask.isEmpty else { throw TenantSession.maskError }
            return try call.changing {
                try answer($0.query(sql, parameters: values($0), limit: limit))
            }
        }
    }

    private static func batch(_ call: Call) throws -> APIResponse {
        var fields = try call.fields()
        let statements = try (fields.list("statements") ?? []).map { json in
            var fields = try Fields(json, in: "A statement")
            let statement = try statement(&fields)
            try fields.finish()
            return statement
        }
        try fields.finish()
        return try call.changing { session in
            let results = try statements.map { sql, values in
                try session.query(sql, parameters: values(session), limit: call.limit(nil))
            }
            return APIResponse(.json(["results": .array(results.map(json))]))
        }
    }

    /// A statement and its values. Those given by name are put in order once SQLite has told it.
    private static func statement(
        _ fields: inout Fields
    ) throws -> (sql: String, values: (TenantSession) throws -> [SQLValue]) {
        let sql = try fields.text("sql")
        switch fields.take("params") {
        case nil: return (sql, { _ in [] })
        case .array(let values)?:
            let parameters = try values.map { try SQLValue(json: $0) }
            return (sql, { _ in parameters })
        case .object(let members)?:
            let named = try members.map { ($0.key, try SQLValue(json: $0.value)) }
            return (sql, { try $0.parameters(named, of: sql) })
        default: throw Fields.invalid("'params' must be an array, or an object for :names")
        }
    }

    private static func answer(_ result: QueryResult) -> APIResponse {
        APIResponse(.json(json(result)))
    }

    private static func json(_ result: QueryResult) -> JSONValue {
        let columns = zip(result.keys, result.columns).map { key, column -> JSONValue in
            ["name": .string(key), "type": column.declaredType.map { .string($0) } ?? .null]
        }
        return [
            "columns": .array(columns), "rows": .array(result.jsonRows),
            "changes": .integer(Int64(result.changes)), "truncated": .boolean(result.truncated),
        ]
    }

    private static func changes(_ count: Int) -> APIResponse {
        APIResponse(.json(["changes": .integer(Int64(count))]))
    }

    private static func oneRow(_ call: Call, _ result: QueryResult) throws -> APIResponse {
        guard let row = result.jsonRows.first else { throw noRow(call) }
        return APIResponse(.json(row))
    }

    private static func noRow(_ call: Call) -> CinchError {
        CinchError(
            code: .notFound,
            message: "Table '\(call.parameter("table"))' has no row"
                + " '\(TerminalText.escaped(call.parameter("id")))'",
            hint: "Query the table for the keys it has.")
    }

    /// A statement's shape, with the members that go with it in one request.
    private static func statementShape(more: KeyValuePairs<String, JSONValue>) -> JSONValue {
        JSONShape.object(["sql": JSONShape.text, "params?": parametersShape], and: more)
    }

    private static let parametersShape: JSONValue = [
        "oneOf": [JSONShape.list(of: JSONShape.anything), JSONShape.row]
    ]

    private static let resultShape = JSONShape.object([
        "columns": JSONShape.list(
            of: JSONShape.object(["name": JSONShape.text, "type": JSONShape.orNull("string")])),
        "rows": JSONShape.list(of: JSONShape.row), "changes": JSONShape.integer,
        "truncated": JSONShape.flag,
    ])
}

extension Call {
    /// The row's key in the path: a number where it is one in its shortest form, else text. SQLite
    /// compares either with the column's affinity.
    fileprivate var rowID: SQLValue {
        let text = parameter("id")
        if let number = Int64(text), "\(number)" == text { return .integer(number) }
        return .text(text)
    }

    /// The filter of the query; absent when there is none.
    fileprivate func filter() throws -> Filter? {
        try option("filter").map { try Filter(json: JSONValue(parsing: $0)) }
    }

    /// How many rows an answer may have.
    fileprivate func limit(_ asked: Int64?) -> Int? {
        guard let limit = asked.map({ Int(clamping: $0) }) ?? api.settings.rows else { return nil }
        return min(max(limit, 1), api.settings.maximumRows)
    }
}
