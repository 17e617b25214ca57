import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOPosix

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
        var facts = RequestFacts()
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
        if let audit, facts.isAudited {
            audit.write(facts.members(request, response.status, seconds: seconds))
        }
        return response
    }

    private func answer(_ request: Request, _ facts: inout RequestFacts) async throws -> Response {
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
}
