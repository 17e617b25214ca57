import CinchMaterializer

/// A key as people see it in lists.
package struct KeyInformation: Hashable, Sendable {
    /// What it is called; no part of the key.
    package var id: String
    /// The tenant it is for; absent for administrators.
    package var tenant: String?
    /// What it allows.
    package var access: APIRequest.Access
    /// What people call it; may be empty.
    package var name: String
    /// When it was made: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    package var createdAt: String
    /// Seconds since 1970 from which on it is refused; absent for never.
    package var expiresAt: Int64?

    /// The key as JSON.
    package var json: JSONValue {
        [
            "id": .string(id), "tenant": tenant.map { .string($0) } ?? .null,
            "scope": .string(access.scope), "name": .string(name), "created_at": .string(createdAt),
            "expires_at": expiresAt.map {
                .string(Timestamp(seconds: $0, offsetMinutes: 0).isoText)
            } ?? .null,
        ]
    }
}

extension APIRequest.Access {
    /// `admin`, `tenant:write`, `tenant:read`.
    package var scope: String {
        switch self {
        case .admin: "admin"
        case .write: "tenant:write"
        case .read: "tenant:read"
        }
    }
}

extension CinchDatabase {
    /// Makes a key.
    ///
    /// - Parameters:
    ///   - tenant: Absent for an administrator's.
    ///   - mayWrite: Whether a tenant's key may change rows.
    ///   - seconds: How long it is good for; absent for good.
    /// - Returns: The key, which can't be had again, and what is known of it.
    package func createKey(
        tenant: String?, mayWrite: Bool, name: String = "", expiresIn seconds: Int64? = nil
    ) throws -> (key: APIKey, information: KeyInformation) {
        if let seconds, seconds <= 0 {
            throw CinchError(
                code: .invalid, message: "A key must be good for at least a second",
                hint: "Leave the expiry out for a key that is good until it is revoked.")
        }
        guard name.utf8.count <= 200, TerminalText.escaped(name) == name else {
            throw CinchError(
                code: .invalid, message: "The name of a key has at most 200 plain characters",
                hint: "Choose a shorter one.")
        }
        if let tenant { _ = try TenantName(tenant) }
        let key = APIKey(tenant: tenant)
        let record = KeyRecord(
            id: Self.newKeyID(), digest: APIKey.digest(of: key.text), tenant: tenant,
            mayWrite: mayWrite || tenant == nil, name: name, createdAt: context.now().storedText,
            expiresAt: seconds.map { context.now().seconds + $0 })
        try tenants().catalog.add(record)
        return (key, KeyInformation(record))
    }

    /// Every key, oldest first.
    package func keys() throws -> [KeyInformation] {
        try tenants().catalog.keys().map(KeyInformation.init)
    }

    /// The key a caller has shown; absent when there is none like it, or it has expired.
    package func key(_ text: String) throws -> KeyInformation? {
        let digest = APIKey.digest(of: text)
        let catalog = try tenants().catalog
        guard
            let record = try keyCache.key(
                digest, version: catalog.version(), find: { try catalog.key(digest: digest) }),
            APIKey.areEqual(record.digest, digest),
            record.expiresAt ?? .max > context.now().seconds
        else { return nil }
        return KeyInformation(record)
    }

    /// Takes a key back: requests with it are refused from now on.
    package func revokeKey(_ id: String) throws {
        defer { keyCache.clear() }
        guard try tenants().catalog.removeKey(id) else { throw Self.noKey(id) }
    }

    /// Makes a new key in place of an old one, which is refused from now on.
    package func rotateKey(_ id: String) throws -> (key: APIKey, information: KeyInformation) {
        guard let old = try keys().first(where: { $0.id == id }) else { throw Self.noKey(id) }
        let key = APIKey(tenant: old.tenant)
        defer { keyCache.clear() }
        guard try tenants().catalog.replaceKey(id, digest: APIKey.digest(of: key.text)) else {
            throw Self.noKey(id)
        }
        return (key, old)
    }

    private static func newKeyID() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 16)
        return "k" + String(repeating: "0", count: 16 - text.count) + text
    }

    private static func noKey(_ id: String) -> CinchError {
        CinchError(
            code: .notFound, message: "There is no key '\(TerminalText.escaped(id))'",
            hint: "See 'cinch key list'.")
    }
}

extension KeyInformation {
    fileprivate init(_ record: KeyRecord) {
        self.init(
            id: record.id, tenant: record.tenant,
            access: record.tenant == nil ? .admin : record.mayWrite ? .write : .read,
            name: record.name, createdAt: record.createdAt, expiresAt: record.expiresAt)
    }
}
