/// The API's description for machines (OpenAPI 3.1).
package enum OpenAPI {
    /// The document of routes, in their order.
    ///
    /// - Parameter routes: Those of ``API/routes``, and a server's own.
    package static func document(routes: [Route]) -> JSONValue {
        var paths: [(path: String, operations: [JSONValue.Member])] = []
        for route in routes {
            let member = JSONValue.Member(route.method.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.path == route.template }) {
                paths[index].operations.append(member)
            } else {
                paths.append((route.template, [member]))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": "CinchDB", "version": .string(CinchVersion.number)],
            "paths": .object(paths.map { .init($0.path, .object($0.operations)) }),
            "components": [
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
                "schemas": ["Problem": problem],
            ],
            "security": [["key": []]],
        ]
    }

    private static func operation(_ route: Route) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("operationId", .string(identifier(route))),
            .init("summary", .string(route.summary)),
            .init("x-scope", .string(route.scope.rawValue)),
        ]
        let inPath = route.components.filter { $0.hasPrefix("{") }.map { component -> JSONValue in
            let name = String(component.dropFirst().dropLast())
            return [
                "name": .string(name), "in": "path", "required": true,
                "schema": ["type": "string", "minLength": 1],
            ]
        }
        let inQuery = route.query.map { parameter -> JSONValue in
            ["name": .string(parameter.name), "in": "query", "schema": parameter.schema]
        }
        if !(inPath + inQuery).isEmpty {
            members.append(.init("parameters", .array(inPath + inQuery)))
        }
        if let body = route.body {
            members.append(
                .init(
                    "requestBody",
                    ["required": true, "content": ["application/json": ["schema": body]]])
            )
        }
        let success: JSONValue = [
            "description": "Done.", "content": ["application/json": ["schema": route.answer]],
        ]
        let failure: JSONValue = [
            "description": "What could not be done, and what to do.",
            "content": [
                "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
            ],
        ]
        members.append(
            .init(
                "responses",
                .object([
                    .init("\(route.status)", success), .init("4XX", failure), .init("503", failure),
                ])))
        return .object(members)
    }

    /// `post_db_branch_tenant_query`.
    private static func identifier(_ route: Route) -> String {
        let words = route.components.dropFirst().map { component in
            component.filter { $0.isLetter || $0.isNumber }
        }
        return ([route.method.lowercased()] + words).joined(separator: "_")
    }

    private static let problem = JSONShape.object(
        [
            "type": JSONShape.text, "title": JSONShape.text, "status": JSONShape.integer,
            "code": JSONShape.text, "detail": JSONShape.text, "hint": JSONShape.orNull("string"),
        ], isOpen: true)
}
