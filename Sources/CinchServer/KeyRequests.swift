import Cinch

/// Answers the requests about keys.
enum KeyRequests {
    /// Answers one; what goes wrong is a problem document.
    static func handle(
        _ request: APIRequest, _ parameters: [String: String], _ api: API
    ) -> APIResponse {
        do {
            guard request.access >= .admin else {
                throw CinchError(
                    code: .refused, message: "The key is not allowed to do this",
                    hint: "Use a key with the scope 'admin'.")
            }
            let name = request.query.last { $0.name == "db" }?.value
            guard let database = try api.database(name) else {
                throw CinchError(code: .notFound, message: "There is no such database")
            }
            return try answer(request, parameters, database)
        } catch {
            return APIProblem.response(for: error)
        }
    }

    private static func answer(
        _ request: APIRequest, _ parameters: [String: String], _ database: CinchDatabase
    ) throws -> APIResponse {
        let id = parameters["id"] ?? ""
        switch (request.method, request.path.count) {
        case ("GET", _):
            return APIResponse(.json(["keys": .array(try database.keys().map(\.json))]))
        case ("DELETE", _):
            try database.revokeKey(id)
            return APIResponse(.json(["id": .string(id)]))
        case ("POST", 4):
            let (key, information) = try database.rotateKey(id)
            return shown(key, information, status: 200)
        default:
            var fields = try Fields(request.body)
            let tenant = try fields.optionalText("tenant")
            let mayWrite = try fields.flag("write")
            let name = try fields.optionalText("name") ?? ""
            let seconds = try fields.integer("expires_in")
            try fields.finish()
            let (key, information) = try database.createKey(
                tenant: tenant, mayWrite: mayWrite, name: name, expiresIn: seconds)
            return shown(key, information, status: 201)
        }
    }

    private static func shown(
        _ key: APIKey, _ information: KeyInformation, status: Int
    ) -> APIResponse {
        guard case .object(let members) = information.json else { return APIResponse(.json(nil)) }
        return APIResponse(
            status: status, .json(.object([.init("key", .string(key.text))] + members)))
    }
}
