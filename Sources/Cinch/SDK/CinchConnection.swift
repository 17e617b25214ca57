/// A database, seen from one branch and one tenant, here or on a server.
///
/// A value: making another of it, for another tenant or branch, costs nothing. Safe to use from
/// several tasks. Every call waits without blocking a thread of Swift's pool, and what it changed
/// is on disk when it returns.
public struct CinchConnection: Sendable {
    /// What brings requests to their answers.
    public let transport: any CinchTransport
    /// The database's name.
    public let database: String
    /// The branch. On any but the deployed one, rows are those of a private preview.
    public let branch: String
    /// The tenant.
    public let tenant: String
    /// Columns that read as NULL.
    public private(set) var maskedColumns: [String] = []

    /// Makes a connection over any transport.
    public init(_ transport: any CinchTransport, database: String, branch: String, tenant: String) {
        self.transport = transport
        self.database = database
        self.branch = branch
        self.tenant = tenant
    }

    /// Whether it works on this machine's files, without a server.
    public var isLocal: Bool { transport.isLocal }

    /// The same database, seen from another tenant. Whether there is one turns out with the first
    /// call.
    public func switchTenant(_ name: String) -> CinchConnection {
        var other = CinchConnection(transport, database: database, branch: branch, tenant: name)
        other.maskedColumns = maskedColumns
        return other
    }

    /// The same database, seen from another branch.
    public func switchBranch(_ name: String) -> CinchConnection {
        var other = CinchConnection(transport, database: database, branch: name, tenant: tenant)
        other.maskedColumns = maskedColumns
        return other
    }

    /// The same with more columns masked: they read as NULL wherever a query names them, below
    /// views and inside expressions too, and rows can only be read.
    ///
    /// - Parameter columns: `table.column` each.
    public func masking(_ columns: [String]) -> CinchConnection {
        var other = self
        other.maskedColumns += columns
        return other
    }

    /// The tenants.
    public var tenants: CinchTenants { CinchTenants(connection: self) }
    /// The branches.
    public var branches: CinchBranches { CinchBranches(connection: self) }
    /// Values under keys, of this tenant.
    public var kv: CinchKeyValues { CinchKeyValues(connection: self) }

    // MARK: Asking

    /// Sends a request and returns the answer's body.
    ///
    /// - Throws: The `CinchError` of its problem document where there is one.
    func ask(
        _ method: String, _ path: [String], query: [(name: String, value: String?)] = [],
        _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        let given = query.compactMap { member in member.value.map { (name: member.name, value: $0) }
        }
        let response = try await transport.answer(
            APIRequest(method, path: ["v1", "db", database] + path, query: given, body: body))
        guard response.status < 400 else { throw CinchError(problem: response) }
        return response.jsonBody
    }

    /// The path of this tenant.
    var tenantPath: [String] { ["branch", branch, "tenant", tenant] }
}

extension CinchError {
    /// The error a problem document describes.
    public init(problem response: APIResponse) {
        let document = response.jsonBody
        let text = { (name: String) -> String? in
            guard case .string(let text)? = document[name] else { return nil }
            return text
        }
        self.init(
            code: Code(named: text("code") ?? "failed"),
            message: text("detail") ?? "The request failed with status \(response.status)",
            hint: text("hint"), cause: Problem(response: response))
    }

    /// A problem document as it came, for what the error itself has no place for.
    public struct Problem: Error, Sendable {
        /// The answer.
        public let response: APIResponse
    }
}
