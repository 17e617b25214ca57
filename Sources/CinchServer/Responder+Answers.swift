import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

extension Responder {
    static func response(_ response: APIResponse) -> Response {
        let (type, text) =
            switch response.body {
            case .json(let value): ("application/json", value.text())
            case .problem(let value): ("application/problem+json", value.text())
            case .text(let text): ("text/plain; charset=utf-8", text)
            }
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        if response.status == 503 { headers[.retryAfter] = "1" }
        return Response(
            status: .init(code: response.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static var unauthenticated: Response {
        var response = response(noKey)
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    static var noKey: APIResponse {
        APIProblem.response(
            status: 401, code: "unauthenticated",
            detail: "The request has no key, or one that is wrong, expired or revoked",
            hint: "Send 'Authorization: Bearer KEY'; 'cinch key create' makes one.")
    }
}

extension RateLimiter.Decision {
    /// RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers).
    func write(to headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = "\"key\";q=\(limit);w=3600"
        headers[.rateLimit] = "\"key\";r=\(remaining);t=\(reset)"
    }
}

extension HTTPField.Name {
    private static func named(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("'\(text)' is a header's name") }
        return name
    }

    static let requestID = named("X-Request-Id")
    static let idempotencyKey = named("Idempotency-Key")
    static let rateLimit = named("RateLimit")
    static let rateLimitPolicy = named("RateLimit-Policy")
}
