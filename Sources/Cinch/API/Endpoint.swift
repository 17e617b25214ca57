/// A route and what answers it.
struct Endpoint: Sendable {
    var route: Route
    var answer: @Sendable (Call) throws -> APIResponse

    init(_ route: Route, _ answer: @escaping @Sendable (Call) throws -> APIResponse) {
        self.route = route
        self.answer = answer
    }
}

/// A request on its way: what was asked, of what.
struct Call {
    let api: API
    let request: APIRequest
    let route: Route
    let parameters: [String: String]
    /// The instant of ``DeadlineClock`` at which statements stop; absent for never.
    let deadline: UInt64?
    /// The caller's wish that they do; absent where there can be none.
    let cancellation: Cancellation?

    /// A parameter of the path.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// A member of the query; absent and empty are the same.
    func option(_ name: String) -> String? {
        request.query.last { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// A whole number of the query.
    func number(_ name: String, in range: ClosedRange<Int>, otherwise: Int) throws -> Int {
        guard let text = option(name) else { return otherwise }
        guard let number = Int(text), range.contains(number) else {
            throw Fields.invalid(
                "'\(name)' must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The members of the body.
    func fields() throws -> Fields { try Fields(request.body) }

    /// The database of the path.
    func database() throws -> API.OpenDatabase { try api.open(parameter("db")) }

    /// The tenant of the path.
    func tenant() throws -> PooledTenant {
        try database().pool.tenant(parameter("tenant"), branch: parameter("branch"))
    }

    /// Reads the tenant's rows.
    func reading<Result>(
        masking mask: ColumnMask = .none, _ body: (TenantSession) throws -> Result
    ) throws -> Result {
        try tenant().reading().run(until: deadline, or: cancellation, masking: mask, body)
    }

    /// Changes the tenant's rows, all or nothing; once, where the request says what it is known by.
    func changing(_ body: (TenantSession) throws -> APIResponse) throws -> APIResponse {
        let tenant = try tenant()
        defer { tenant.noteChange() }
        return try tenant.writing().run(until: deadline, or: cancellation) {
            try $0.replaying(request, body)
        }
    }
}
