import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers requests over HTTP: who asks, how often, how long, and what the API says.
///
/// The API's calls block, so each runs on a thread of a pool of its own, never on an event loop.
struct Responder: HTTPResponder {
    typealias Context = BasicRequestContext

    let api: API
    let settings: ServerSettings
    let threads: NIOThreadPool
    let limiter: RateLimiter
    let metrics = Metrics()
    let audit: AuditLog?
    let tokens: TokenVerifier?
    let state: ServerState

    func respond(to request: Request, context: Context) async throws -> Response {
        let start = DeadlineClock.now
        metrics.begin()
        var facts = Facts()
        var response: Response
        do {
            response = try await answer(request, &facts)
        } catch let problem as HTTPProblem {
            response = Self.response(problem.response)
        } catch {
            response = Self.response(APIProblem.response(for: error))
        }
        facts.id.map { response.headers[.requestID] = $0 }
        if let origin = request.headers[.origin], isAllowed(origin: origin) {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.vary] = "Origin"
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        let seconds = Double(DeadlineClock.now - start) / 1e9
        metrics.end(
            route: facts.route, method: request.method.rawValue, status: response.status.code,
            seconds: seconds)
        if let audit, facts.isAudited { write(facts, request, response, seconds, to: audit) }
        return response
    }

    /// What is known of a request, for metrics and the audit.
    private struct Facts {
        var route = "none"
        var caller: String?
        var tenant: String?
        var database: String?
        var id: String?
        var isAudited = false
    }

    private func answer(_ request: Request, _ facts: inout Facts) async throws -> Response {
        let target = request.uri.string
        let (path, query) = try APIPath.parse(target.isEmpty ? "/" : target)
        if request.method == .options, let preflight = preflight(request) { return preflight }
        if let own = ownPage(request.method, path, &facts) { return own }
        facts.id = String(UInt64.random(in: .min ... .max), radix: 16)
        guard let (route, parameters) = Self.route(request.method.rawValue, path) else {
            return Self.response(api.handle(APIRequest(request.method.rawValue, path: path)))
        }
        facts.route = route.template
        facts.isAudited = true
        facts.tenant = parameters["tenant"]
        facts.database = parameters["db"] ?? query.last { $0.name == "db" }?.value
        guard !query.contains(where: { ["key", "api_key", "token"].contains($0.name) }) else {
            throw CinchError(
                code: .invalid, message: "Keys are not taken from the address: it ends up in logs",
                hint: "Send it as 'Authorization: Bearer KEY'.")
        }
        let proof = await proof(of: request)
        if case .none = proof { return Self.unauthenticated }
        var asked = APIRequest(
            request.method.rawValue, path: path, query: query,
            prefersText: request.headers[.accept]?.contains("text/plain") == true, access: .read)
        if route.body != nil {
            // Nobody may fill memory before it is known who they are.
            if case .key = proof, try await admitted(proof, facts.database) == nil {
                return Self.unauthenticated
            }
            asked.body = try await body(of: request)
        }
        asked.idempotencyKey = request.headers[.idempotencyKey]
        let isEvents =
            route.template.hasSuffix("/rollouts/{id}")
            && request.headers[.accept]?.contains("text/event-stream") == true
        let (final, database) = (asked, facts.database)
        let outcome = try await threads.runIfActive {
            answer(final, route, parameters, proof, database, isEvents: isEvents)
        }
        facts.caller = outcome.caller
        if let request = outcome.events { return try await events(request) }
        var response = Self.response(outcome.response)
        if outcome.response.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        if let decision = outcome.decision {
            decision.write(to: &response.headers)
            if !decision.isAllowed { response.headers[.retryAfter] = "\(decision.reset)" }
        }
        return response
    }

    private func admitted(_ proof: Proof, _ database: String?) async throws -> Caller? {
        try await threads.runIfActive { caller(proof, database: database) }
    }

    /// What a request came to.
    private struct Outcome: Sendable {
        var response: APIResponse
        var caller: String?
        var decision: RateLimiter.Decision?
        /// The request whose answer is told as it goes on; absent for all others.
        var events: APIRequest?
    }

    /// Answers on a thread that may block: who asks, whether they may, and what the API says.
    private func answer(
        _ asked: APIRequest, _ route: Route, _ parameters: [String: String], _ proof: Proof,
        _ database: String?, isEvents: Bool
    ) -> Outcome {
        guard let caller = caller(proof, database: database) else {
            return Outcome(response: Self.noKey)
        }
        var outcome = Outcome(response: Self.noKey, caller: caller.id)
        outcome.decision = limiter.take(caller.id)
        if let decision = outcome.decision, !decision.isAllowed {
            outcome.response = APIProblem.response(
                status: 429, code: "rate-limited",
                detail: "The key has made its \(decision.limit) requests an hour",
                hint: "Try again in \(decision.reset) seconds.")
            return outcome
        }
        guard let access = caller.access(to: parameters),
            caller.tenant == nil || route.scope != .admin
        else {
            outcome.response = APIProblem.response(
                for: CinchError(
                    code: .refused, message: "The key is not for this",
                    hint: "A tenant's key opens that tenant's data and nothing else."))
            return outcome
        }
        var asked = asked
        asked.access = access
        if let key = asked.idempotencyKey {
            guard (1...255).contains(key.utf8.count) else {
                outcome.response = APIProblem.response(
                    for: CinchError(
                        code: .invalid, message: "An Idempotency-Key has 1 to 255 characters",
                        hint: "Use a random one for each request."))
                return outcome
            }
            asked.idempotencyKey = "\(caller.id)/\(key)"
        }
        if isEvents {
            outcome.events = asked
        } else if route.template.hasPrefix("/v1/keys") {
            outcome.response = KeyRequests.handle(asked, parameters, api)
        } else {
            outcome.response = api.handle(asked, deadline: settings.deadline)
        }
        return outcome
    }

    // MARK: Who

    /// What a request shows to be allowed.
    private enum Proof: Sendable {
        case none
        case key(String)
        case token(Caller)
    }

    private func proof(of request: Request) async -> Proof {
        guard let header = request.headers[.authorization], header.count > 7,
            header.prefix(7).lowercased() == "bearer "
        else { return .none }
        let text = String(header.dropFirst(7))
        if APIKey.isWellFormed(text) { return .key(text) }
        return await tokens?.caller(of: text).map { .token($0) } ?? .none
    }

    /// Who has shown it; looks into the catalog, so it may block.
    private func caller(_ proof: Proof, database: String?) -> Caller? {
        switch proof {
        case .none: return nil
        case .token(let caller): return caller
        case .key(let text):
            // A database that isn't there is nobody's to know of.
            guard let key = try? api.database(database)?.key(text) else { return nil }
            return Caller(id: key.id, tenant: key.tenant, access: key.access)
        }
    }

    // MARK: Bodies

    private func body(of request: Request) async throws -> JSONValue? {
        if let type = request.headers[.contentType],
            !type.lowercased().hasPrefix("application/json")
        {
            throw HTTPProblem(
                415, "The body must be JSON", "Send 'Content-Type: application/json'.")
        }
        let limit = settings.maxBody
        let seconds = settings.timeout
        let buffer = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await request.body.collect(upTo: limit)
                } catch is NIOTooManyBytesError {
                    throw HTTPProblem(
                        413, "The body is larger than \(limit) bytes", "Send less at once.",
                        code: "too-large")
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let buffer = first else {
                throw HTTPProblem(
                    408, "The body didn't arrive within \(Int(seconds)) seconds", "Send it faster.",
                    code: "interrupted")
            }
            return buffer
        }
        guard buffer.readableBytes > 0 else { return nil }
        guard let text = buffer.getString(at: buffer.readerIndex, length: buffer.readableBytes),
            text.utf8.count == buffer.readableBytes
        else {
            throw CinchError(
                code: .invalid, message: "The body is not UTF-8", hint: "Send JSON in UTF-8.")
        }
        return try JSONValue(parsing: text)
    }

    // MARK: Events

    /// A rollout as it goes on: an event for each change, until it has ended (server-sent events).
    private func events(_ request: APIRequest) async throws -> Response {
        let (api, threads, state) = (api, threads, state)
        let first = try await threads.runIfActive { api.handle(request) }
        guard first.status == 200 else { return Self.response(first) }
        let body = ResponseBody { writer in
            var last: APIResponse? = nil
            var current = first
            while true {
                if current != last {
                    try await writer.write(
                        ByteBuffer(string: "event: rollout\ndata: \(current.jsonBody.text())\n\n"))
                    last = current
                }
                guard current.status == 200, current.jsonBody["finished_at"] == .null,
                    !state.isDraining
                else { break }
                try await Task.sleep(for: .milliseconds(250))
                current = try await threads.runIfActive { api.handle(request) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    // MARK: Pages of the server's own

    private func ownPage(
        _ method: HTTPRequest.Method, _ path: [String], _ facts: inout Facts
    ) -> Response? {
        guard path.count == 1, method == .get || method == .head else { return nil }
        let response: APIResponse
        switch path[0] {
        case "healthz": response = APIResponse(.json(["status": "ok"]))
        case "readyz":
            response =
                state.isDraining
                ? APIProblem.response(
                    status: 503, code: "busy", detail: "The server is stopping", hint: nil)
                : APIResponse(.json(["status": "ready"]))
        case "metrics": response = APIResponse(.text(metrics.text(openTenants: api.openTenants)))
        case "openapi.json":
            response = APIResponse(.json(OpenAPI.document(routes: ServerRoutes.all)))
        default: return nil
        }
        facts.route = "/\(path[0])"
        return Self.response(response)
    }

    private static func route(
        _ method: String, _ path: [String]
    ) -> (route: Route, parameters: [String: String])? {
        if let found = API.route(method, path) { return found }
        for route in ServerRoutes.keys where route.method == method {
            if let parameters = route.parameters(in: path) { return (route, parameters) }
        }
        return nil
    }

    // MARK: CORS

    private func isAllowed(origin: String) -> Bool {
        settings.corsOrigins.contains(origin) || settings.corsOrigins.contains("*")
    }

    private func preflight(_ request: Request) -> Response? {
        guard let origin = request.headers[.origin], isAllowed(origin: origin),
            request.headers[.accessControlRequestMethod] != nil
        else { return nil }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, POST, PUT, PATCH, DELETE",
                .accessControlAllowHeaders: "Authorization, Content-Type, Idempotency-Key",
                .accessControlMaxAge: "600",
            ])
    }

    // MARK: Answers

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

    private static var unauthenticated: Response {
        var response = response(noKey)
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    private static var noKey: APIResponse {
        APIProblem.response(
            status: 401, code: "unauthenticated",
            detail: "The request has no key, or one that is wrong, expired or revoked",
            hint: "Send 'Authorization: Bearer KEY'; 'cinch key create' makes one.")
    }

    private func write(
        _ facts: Facts, _ request: Request, _ response: Response, _ seconds: Double,
        to audit: AuditLog
    ) {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        audit.write([
            .init(
                "time",
                .string(Date().ISO8601Format(.iso8601.time(includingFractionalSeconds: true)))),
            .init("request", text(facts.id)), .init("caller", text(facts.caller)),
            .init("method", .string(request.method.rawValue)),
            .init("route", .string(facts.route)), .init("database", text(facts.database)),
            .init("tenant", text(facts.tenant)),
            .init("status", .integer(Int64(response.status.code))),
            .init("milliseconds", .real((seconds * 1e5).rounded() / 100)),
        ])
    }
}

/// Whether the server is on its way out.
final class ServerState: Sendable {
    private let draining = Atomic(false)

    var isDraining: Bool { draining.load(ordering: .relaxed) }
    func drain() { draining.store(true, ordering: .relaxed) }
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

    fileprivate static let requestID = named("X-Request-Id")
    fileprivate static let idempotencyKey = named("Idempotency-Key")
    fileprivate static let rateLimit = named("RateLimit")
    fileprivate static let rateLimitPolicy = named("RateLimit-Policy")
}
