/// What is known of an API key. The key itself is known to its holder alone.
package struct KeyRecord: Hashable, Sendable {
    /// What it is called in lists and audits; no part of the key.
    package var id: String
    /// SHA-256 of the key.
    package var digest: [UInt8]
    /// The tenant it is for; absent for administrators.
    package var tenant: String?
    /// Whether it may change rows.
    package var mayWrite: Bool
    /// What people call it; may be empty.
    package var name: String
    /// When it was made: `YYYY-MM-DD HH:MM:SS.SSS`, UTC.
    package var createdAt: String
    /// Seconds since 1970 from which on it is refused; absent for never.
    package var expiresAt: Int64?

    /// Builds a record from its parts.
    package init(
        id: String, digest: [UInt8], tenant: String?, mayWrite: Bool, name: String,
        createdAt: String, expiresAt: Int64?
    ) {
        self.id = id
        self.digest = digest
        self.tenant = tenant
        self.mayWrite = mayWrite
        self.name = name
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
