/// The answer to a request.
public struct APIResponse: Hashable, Sendable {
    /// What an answer consists of.
    public enum Body: Hashable, Sendable {
        /// `application/json`.
        case json(JSONValue)
        /// `application/problem+json` (RFC 9457).
        case problem(JSONValue)
        /// `text/plain; charset=utf-8`.
        case text(String)
    }

    /// The HTTP status.
    public var status: Int
    /// The body.
    public var body: Body

    /// Makes an answer.
    public init(status: Int = 200, _ body: Body) {
        self.status = status
        self.body = body
    }
}
