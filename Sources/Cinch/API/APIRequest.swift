/// One request, however it arrived.
public struct APIRequest: Sendable {
    /// What a caller has shown to be allowed.
    public enum Access: Int, Comparable, Hashable, Sendable {
        /// Reading rows of one tenant.
        case read
        /// Changing them too.
        case write
        /// Everything.
        case admin

        /// By how much it allows.
        public static func < (one: Access, other: Access) -> Bool { one.rawValue < other.rawValue }
    }

    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    public var method: String
    /// The path's components, percent-decoded: `["v1", "db", "shop", "branches"]`.
    public var path: [String]
    /// The query's members, percent-decoded, in the order they came.
    public var query: [(name: String, value: String)]
    /// The body; absent when there is none.
    public var body: JSONValue?
    /// Whether the caller asks for plain text where there is one.
    public var prefersText: Bool
    /// What the caller may do.
    public var access: Access
    /// What a request that may come twice is known by, among all callers; absent for others.
    public var idempotencyKey: String?

    /// Makes a request.
    public init(
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
}
