extension API {
    /// Opens the project a folder is in; see ``Project/find(in:explicit:)``.
    package static func open(
        folder: String? = nil, settings: Settings = Settings()
    ) throws -> API {
        API(project: try Project.find(in: .current(), explicit: folder), settings: settings)
    }

    /// Answers a request that comes as JSON: `{"method", "path", "body"}`, the path as in a URL.
    ///
    /// - Returns: `{"status", "body"}`.
    package func answer(toEnvelope text: String) -> JSONValue {
        do {
            return handle(try Self.request(text)).envelope
        } catch {
            return APIProblem.response(for: error).envelope
        }
    }

    private static func request(_ text: String) throws -> APIRequest {
        // Taken apart by hand: a body of null is one, not the lack of one.
        let envelope = try JSONValue(parsing: text)
        guard case .string(let method)? = envelope["method"],
            case .string(let target)? = envelope["path"]
        else { throw Fields.invalid("A request must have 'method' and 'path'") }
        let (path, query) = try APIPath.parse(target)
        return APIRequest(
            method, path: path, query: query, body: envelope["body"],
            prefersText: envelope["text"] == .boolean(true))
    }
}

extension APIResponse {
    /// The body as JSON; plain text as a string.
    package var jsonBody: JSONValue {
        switch body {
        case .json(let value), .problem(let value): value
        case .text(let text): .string(text)
        }
    }

    /// The answer as one JSON object.
    package var envelope: JSONValue {
        ["status": .integer(Int64(status)), "body": jsonBody]
    }
}
