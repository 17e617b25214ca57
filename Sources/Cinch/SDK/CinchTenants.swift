/// The tenants of a database.
public struct CinchTenants: Sendable {
    let connection: CinchConnection

    /// One customer's file.
    public struct Tenant: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// When it was created: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
        public var createdAt: String
        /// Bytes of its file.
        public var size: Int64
        /// `current`, `behind`, `failed`, `drifted` or `unreadable`.
        public var status: String
        /// The commit it is at; absent when its file can't be read.
        public var commit: String?

        init(json: JSONValue) throws {
            name = try json.text("name")
            createdAt = try json.text("created_at")
            size = try json.integer("size")
            status = try json.text("status")
            commit = try json.optionalText("commit")
        }
    }

    /// Creates a tenant with the deployed schema and no rows.
    @discardableResult
    public func create(_ name: String) async throws -> Tenant {
        guard let tenant = try await create([name]).first else { throw JSONValue.unexpected }
        return tenant
    }

    /// Creates tenants, all of them or none.
    @discardableResult
    public func create(_ names: [String]) async throws -> [Tenant] {
        try await ask("POST", [], ["names": .array(names.map { .string($0) })])
            .list("tenants").map(Tenant.init(json:))
    }

    /// Every tenant, in name order.
    public func list() async throws -> [Tenant] {
        try await ask("GET").list("tenants").map(Tenant.init(json:))
    }

    /// One tenant.
    public func get(_ name: String) async throws -> Tenant {
        try await Tenant(json: ask("GET", [name]))
    }

    /// Gives a tenant another name. Nobody else may have it open.
    @discardableResult
    public func rename(_ name: String, to newName: String) async throws -> Tenant {
        try await Tenant(json: ask("PATCH", [name], ["name": .string(newName)]))
    }

    /// Copies a tenant with its rows.
    @discardableResult
    public func copy(_ name: String, to newName: String) async throws -> Tenant {
        try await Tenant(json: ask("POST", [name, "copy"], ["to": .string(newName)]))
    }

    /// Deletes a tenant with all its rows. Nobody else may have it open.
    public func delete(_ name: String) async throws { _ = try await ask("DELETE", [name]) }

    /// Rewrites a tenant's file without its unused pages.
    ///
    /// - Returns: Its size in bytes before and after.
    @discardableResult
    public func vacuum(_ name: String) async throws -> (before: Int64, after: Int64) {
        let sizes = try await ask("POST", [name, "vacuum"])
        return (try sizes.integer("before"), try sizes.integer("after"))
    }

    private func ask(
        _ method: String, _ path: [String] = [], _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await connection.ask(method, ["tenants"] + path, body)
    }
}
