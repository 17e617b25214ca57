extension API {
    static var keyValueEndpoints: [Endpoint] {
        [
            Endpoint(
                Route(
                    "GET", "\(tenantPath)/kv", .tenantRead, "Keys in byte order.",
                    query: [
                        .init("prefix", JSONShape.text), .init("after", JSONShape.text),
                        .init("limit", JSONShape.integer(1...10_000)),
                    ],
                    answer: JSONShape.object([
                        "keys": JSONShape.texts, "next": JSONShape.orNull("string"),
                    ]))
            ) { call in
                let limit = try call.number("limit", in: 1...10_000, otherwise: 1000)
                var keys = try call.reading {
                    try $0.keys(
                        prefix: call.option("prefix") ?? "", after: call.option("after"),
                        limit: limit + 1)
                }
                let hasMore = keys.count > limit
                if hasMore { keys.removeLast() }
                return APIResponse(
                    .json([
                        "keys": .array(keys.map { .string($0) }),
                        "next": hasMore ? keys.last.map { .string($0) } ?? .null : .null,
                    ]))
            },
            Endpoint(
                Route(
                    "POST", "\(tenantPath)/kv", .tenantRead,
                    "Get, set or delete several values at once; the latter two change them.",
                    body: [
                        "oneOf": [
                            JSONShape.object(["get": JSONShape.texts]),
                            JSONShape.object(["set": JSONShape.row, "ttl?": JSONShape.number]),
                            JSONShape.object(["delete": JSONShape.texts]),
                        ]
                    ])
            ) { try several($0) },
            Endpoint(
                Route(
                    "GET", "\(tenantPath)/kv/{key}", .tenantRead, "One value.",
                    answer: JSONShape.object([
                        "key": JSONShape.text, "value": JSONShape.anything,
                        "ttl": JSONShape.orNull("number"),
                    ]))
            ) { call in
                let key = call.parameter("key")
                guard let entry = try call.reading({ try $0.values(of: [key]) }).first else {
                    throw noKey(key)
                }
                return APIResponse(
                    .json([
                        "key": .string(key), "value": entry.value,
                        "ttl": entry.timeToLive.map { .real($0) } ?? .null,
                    ]))
            },
            Endpoint(
                Route(
                    "PUT", "\(tenantPath)/kv/{key}", .tenantWrite, "Set a value.",
                    body: JSONShape.object([
                        "value": JSONShape.anything, "ttl?": JSONShape.number,
                        "only_new?": JSONShape.flag,
                    ]),
                    answer: JSONShape.object(["set": JSONShape.flag]))
            ) { call in
                // null is a value here, not the lack of one.
                guard let value = call.request.body?["value"] else {
                    throw Fields.invalid("The body lacks 'value'")
                }
                var fields = try call.fields()
                _ = fields.take("value")
                let ttl = try fields.number("ttl")
                let onlyNew = try fields.flag("only_new")
                try fields.finish()
                return try call.changing {
                    let count = try $0.set(
                        [(call.parameter("key"), value)], timeToLive: ttl, onlyNew: onlyNew)
                    return APIResponse(.json(["set": .boolean(count > 0)]))
                }
            },
            Endpoint(
                Route(
                    "PATCH", "\(tenantPath)/kv/{key}", .tenantWrite,
                    "Add to a whole number, or set a time to live in seconds; null lets it stay.",
                    body: [
                        "oneOf": [
                            JSONShape.object(["increment": JSONShape.integer]),
                            JSONShape.object(["ttl": ["type": ["number", "null"]]]),
                        ]
                    ])
            ) { try change($0) },
            Endpoint(
                Route(
                    "DELETE", "\(tenantPath)/kv/{key}", .tenantWrite, "Delete a value.",
                    answer: JSONShape.object(["deleted": JSONShape.integer]))
            ) { call in
                try call.changing {
                    let count = try $0.deleteValues(of: [call.parameter("key")])
                    return APIResponse(.json(["deleted": .integer(Int64(count))]))
                }
            },
        ]
    }

    private static func several(_ call: Call) throws -> APIResponse {
        var fields = try call.fields()
        if let keys = try fields.texts("get") {
            try fields.finish()
            let found = try call.reading { try $0.values(of: keys) }
            let values = Dictionary(
                found.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            var seen: Set<String> = []
            let members = keys.filter { seen.insert($0).inserted }.map {
                JSONValue.Member($0, values[$0] ?? .null)
            }
            return APIResponse(.json(["values": .object(members)]))
        }
        guard call.request.access >= .write else { throw readOnly }
        if let keys = try fields.texts("delete") {
            try fields.finish()
            return try call.changing {
                APIResponse(.json(["deleted": .integer(Int64(try $0.deleteValues(of: keys)))]))
            }
        }
        guard case .object(let members)? = fields.take("set") else {
            throw Fields.invalid("The body needs one of 'get', 'set' and 'delete'")
        }
        let ttl = try fields.number("ttl")
        try fields.finish()
        return try call.changing {
            let count = try $0.set(members.map { ($0.key, $0.value) }, timeToLive: ttl)
            return APIResponse(.json(["set": .integer(Int64(count))]))
        }
    }

    private static func change(_ call: Call) throws -> APIResponse {
        let key = call.parameter("key")
        var fields = try call.fields()
        if let amount = try fields.integer("increment") {
            try fields.finish()
            return try call.changing {
                APIResponse(.json(["value": .integer(try $0.increment(key, by: amount))]))
            }
        }
        guard call.request.body?["ttl"] != nil else {
            throw Fields.invalid("The body needs 'increment' or 'ttl'")
        }
        let ttl = try fields.number("ttl")
        try fields.finish()
        return try call.changing {
            APIResponse(.json(["changed": .boolean(try $0.expire(key, in: ttl))]))
        }
    }

    private static func noKey(_ key: String) -> CinchError {
        CinchError(
            code: .notFound, message: "There is no value under '\(TerminalText.escaped(key))'",
            hint: "Set it first; a value whose time to live is over is gone.")
    }
}
