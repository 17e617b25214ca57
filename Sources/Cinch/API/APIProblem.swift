/// Errors as problem documents (RFC 9457).
package enum APIProblem {
    /// The document of an error.
    package static func response(for error: any Error) -> APIResponse {
        let error = CinchError(translating: error)
        return response(
            status: status(of: error.code), code: "\(error.code)", detail: error.message,
            hint: error.hint)
    }

    /// A document.
    ///
    /// - Parameters:
    ///   - code: The word callers branch on.
    ///   - detail: What could not be done, and to what.
    ///   - hint: What to do next; absent when there is nothing to advise.
    ///   - more: Members of this one problem.
    package static func response(
        status: Int, code: String, detail: String, hint: String?, more: [JSONValue.Member] = []
    ) -> APIResponse {
        APIResponse(
            status: status,
            .problem(
                .object(
                    [
                        .init("type", .string("urn:cinch:\(code)")),
                        .init("title", .string(titles[status] ?? "Error")),
                        .init("status", .integer(Int64(status))), .init("code", .string(code)),
                        .init("detail", .string(detail)),
                        .init("hint", hint.map { .string($0) } ?? .null),
                    ] + more)))
    }

    /// The HTTP status of an error's code.
    package static func status(of code: CinchError.Code) -> Int {
        switch code {
        case .invalid, .usage: 400
        case .refused: 403
        case .notFound: 404
        case .interrupted: 408
        case .exists, .conflict, .stopped, .tenantsFailed: 409
        case .busy: 503
        default: 500
        }
    }

    private static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict",
        413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content",
        429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]
}
