/// The answer to a request.
package struct APIResponse: Hashable, Sendable {
    /// What an answer consists of.
    package enum Body: Hashable, Sendable {
        /// `application/json`.
        case json(JSONValue)
        /// `application/problem+json` (RFC 9457).
        case problem(JSONValue)
        /// `text/plain; charset=utf-8`.
        case text(String)
    }

    /// The HTTP status.
    package var status: Int
    /// The body.
    package var body: Body

    /// Makes an answer.
    package init(status: Int = 200, _ body: Body) {
        self.status = status
        self.body = body
    }
}
