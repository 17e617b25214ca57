import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is known of a request, for metrics and the audit.
struct RequestFacts {
    var route = "none"
    var caller: String?
    var tenant: String?
    var database: String?
    var id: String?
    var isAudited = false

    /// A line of the audit.
    func members(
        _ request: Request, _ status: HTTPResponse.Status, seconds: Double
    ) -> [JSONValue.Member] {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        let time = Date().ISO8601Format(.iso8601.time(includingFractionalSeconds: true))
        return [
            .init("time", .string(time)), .init("request", text(id)), .init("caller", text(caller)),
            .init("method", .string(request.method.rawValue)), .init("route", .string(route)),
            .init("database", text(database)), .init("tenant", text(tenant)),
            .init("status", .integer(Int64(status.code))),
            .init("milliseconds", .real((seconds * 1e5).rounded() / 100)),
        ]
    }
}
