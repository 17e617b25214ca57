package import Cinch

/// The routes a server has besides the API's.
package enum ServerRoutes {
    /// Keys, for administrators.
    static let keys = [
        Route(
            "GET", "/v1/keys", .admin, "The keys of a database, oldest first.", query: [database],
            answer: listed),
        Route(
            "POST", "/v1/keys", .admin, "Make a key. It is shown once.", query: [database],
            body: [
                "type": "object", "additionalProperties": false,
                "properties": [
                    "tenant": ["type": ["string", "null"]], "write": ["type": "boolean"],
                    "name": ["type": "string", "maxLength": 200],
                    "expires_in": ["type": "integer", "minimum": 1, "maximum": 3_153_600_000],
                ],
            ], status: 201),
        Route(
            "DELETE", "/v1/keys/{id}", .admin, "Revoke a key.", query: [database]),
        Route(
            "POST", "/v1/keys/{id}/rotate", .admin, "Make a new key in place of one.",
            query: [database]),
    ]

    /// Everything `/openapi.json` describes.
    package static var all: [Route] { API.routes + keys }

    private static let database = Route.Parameter("db", ["type": "string"])
    private static let listed: JSONValue = [
        "type": "object", "properties": ["keys": ["type": "array", "items": ["type": "object"]]],
        "required": ["keys"],
    ]
}
