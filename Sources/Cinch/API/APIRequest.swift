/// One request, however it arrived.
package struct APIRequest: Hashable, Sendable {
    /// What a caller has shown to be allowed.
    package enum Access: Int, Comparable, Hashable, Sendable {
        /// Reading rows of one tenant.
        case read
        /// Changing them too.
        case write
        /// Everything.
        case admin

        package static func < (one: Access, other: Access) -> Bool { one.rawValue < other.rawValue }
    }

    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    package var method: String
    /// The path's components, percent-decoded: `["v1", "db", "shop", "branches"]`.
    package var path: [String]
    /// The query's members, percent-decoded, in the order they came.
    package var query: [(name: String, value: String)]
    /// The body; absent when there is none.
    package var body: JSONValue?
    /// Whether the caller asks for plain text where there is one.
    package var prefersText: Bool
    /// What the caller may do.
    package var access: Access
    /// What a request that may come twice is known by, among all callers; absent for others.
    package var idempotencyKey: String?

    /// Makes a request.
    package init(
        _ method: String, path: [String], query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, prefersText: Bool = false, access: Access = .admin,
        idempotencyKey: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.prefersText = prefersText
        self.access = access
        self.idempotencyKey = idempotencyKey
    }

    package static func == (one: APIRequest, other: APIRequest) -> Bool {
        one.method == other.method && one.path == other.path && one.body == other.body
            && one.prefersText == other.prefersText && one.access == other.access
            && one.idempotencyKey == other.idempotencyKey
            && one.query.elementsEqual(other.query) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(path)
        hasher.combine(body)
    }
}
