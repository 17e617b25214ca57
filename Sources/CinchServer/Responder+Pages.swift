import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

extension Responder {
    func ownPage(
        _ method: HTTPRequest.Method, _ path: [String], _ facts: inout RequestFacts
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

    static func route(
        _ method: String, _ path: [String]
    ) -> (route: Route, parameters: [String: String])? {
        if let found = API.route(method, path) { return found }
        for route in ServerRoutes.keys where route.method == method {
            if let parameters = route.parameters(in: path) { return (route, parameters) }
        }
        return nil
    }

    func isAllowed(origin: String) -> Bool {
        settings.corsOrigins.contains(origin) || settings.corsOrigins.contains("*")
    }

    func preflight(_ request: Request) -> Response? {
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
}
