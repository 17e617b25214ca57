/// Values under keys, kept in the tenant's own file. Each call is atomic, whoever else calls.
public struct CinchKeyValues: Sendable {
    let connection: CinchConnection

    /// The value of a key; absent where there is none.
    public func get(_ key: String) async throws -> JSONValue? {
        do {
            guard let value = try await ask("GET", key)["value"] else { throw JSONValue.unexpected }
            return value
        } catch let error as CinchError
            where error.code == .notFound && error.message.hasPrefix("There is no value")
        {
            // Not `nil`: a JSON value can be written so, and would be null.
            return .none
        }
    }

    /// Sets a value.
    ///
    /// - Parameter seconds: How long it stays; absent for good.
    public func set(_ key: String, _ value: JSONValue, ttl seconds: Double? = nil) async throws {
        _ = try await ask("PUT", key, Self.body(["value": value], seconds))
    }

    /// Sets a value unless there is one.
    ///
    /// - Returns: Whether it did.
    @discardableResult
    public func setnx(
        _ key: String, _ value: JSONValue, ttl seconds: Double? = nil
    ) async throws -> Bool {
        try await ask("PUT", key, Self.body(["value": value, "only_new": true], seconds))
            .flag("set")
    }

    /// Sets several values, all of them or none.
    public func mset(_ values: [String: JSONValue], ttl seconds: Double? = nil) async throws {
        let members = values.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value) }
        _ = try await all("POST", Self.body(["set": .object(members)], seconds))
    }

    /// The values of keys as they were at one instant; keys without one, or with
    /// null, are left out.
    public func mget(_ keys: [String]) async throws -> [String: JSONValue] {
        let answer = try await all("POST", ["get": .array(keys.map { .string($0) })])
        guard case .object(let members)? = answer["values"] else { throw JSONValue.unexpected }
        return members.reduce(into: [:]) { values, member in
            if member.value != .null { values[member.key] = member.value }
        }
    }

    /// Deletes values.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func delete(_ keys: String...) async throws -> Int {
        let answer = try await all("POST", ["delete": .array(keys.map { .string($0) })])
        return Int(try answer.integer("deleted"))
    }

    /// Whether there is a value.
    public func exists(_ key: String) async throws -> Bool { try await get(key) != .none }

    /// A page of the keys in byte order.
    ///
    /// - Parameter after: The key they come after; absent for the first.
    public func keys(
        prefix: String = "", after: String? = nil, limit: Int = 1000
    ) async throws -> [String] {
        let answer = try await connection.ask(
            "GET", connection.tenantPath + ["kv"],
            query: [("prefix", prefix), ("after", after), ("limit", "\(limit)")])
        return try answer.list("keys").map { key in
            guard case .string(let text) = key else { throw JSONValue.unexpected }
            return text
        }
    }

    /// Seconds until a value is gone; absent where it stays.
    ///
    /// - Throws: `CinchError` with `.notFound` where there is none.
    public func ttl(_ key: String) async throws -> Double? {
        switch try await ask("GET", key)["ttl"] {
        case .real(let seconds)?: seconds
        case .integer(let seconds)?: Double(seconds)
        default: nil
        }
    }

    /// Lets a value go after some seconds.
    ///
    /// - Returns: False where there is none.
    @discardableResult
    public func expire(_ key: String, in seconds: Double) async throws -> Bool {
        try await ask("PATCH", key, ["ttl": .real(seconds)]).flag("changed")
    }

    /// Lets a value stay.
    ///
    /// - Returns: False where there is none.
    @discardableResult
    public func persist(_ key: String) async throws -> Bool {
        try await ask("PATCH", key, ["ttl": .null]).flag("changed")
    }

    /// Adds to a whole number, which is 0 where there is none.
    ///
    /// - Returns: The sum.
    @discardableResult
    public func increment(_ key: String, by amount: Int64 = 1) async throws -> Int64 {
        try await ask("PATCH", key, ["increment": .integer(amount)]).integer("value")
    }

    private func ask(
        _ method: String, _ key: String, _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await connection.ask(method, connection.tenantPath + ["kv", key], body)
    }

    private func all(_ method: String, _ body: JSONValue) async throws -> JSONValue {
        try await connection.ask(method, connection.tenantPath + ["kv"], body)
    }

    private static func body(
        _ members: KeyValuePairs<String, JSONValue>, _ seconds: Double?
    ) -> JSONValue {
        var listed = members.map { JSONValue.Member($0.key, $0.value) }
        if let seconds { listed.append(.init("ttl", .real(seconds))) }
        return .object(listed)
    }
}
