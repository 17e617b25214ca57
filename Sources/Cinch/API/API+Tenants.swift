extension API {
    static var tenantEndpoints: [Endpoint] {
        [
            Endpoint(
                Route(
                    "GET", "/v1/db/{db}/tenants", .admin, "Every tenant, in name order.",
                    answer: JSONShape.object(["tenants": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let tenants = try call.database().database.tenantStatus()
                return APIResponse(.json(["tenants": .array(tenants.map(\.json))]))
            },
            Endpoint(
                Route(
                    "POST", "/v1/db/{db}/tenants", .admin,
                    "Create tenants with the deployed schema, all of them or none.",
                    body: [
                        "oneOf": [
                            JSONShape.object(["name": JSONShape.text]),
                            JSONShape.object(["names": JSONShape.texts]),
                        ]
                    ], status: 201,
                    answer: JSONShape.object(["tenants": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                var fields = try call.fields()
                let names = try fields.texts("names") ?? [fields.text("name")]
                try fields.finish()
                let database = try call.database().database
                try database.createTenants(names)
                return APIResponse(
                    status: 201,
                    .json(["tenants": .array(try names.map { try database.tenant($0).json })]))
            },
            Endpoint(Route("GET", "/v1/db/{db}/tenants/{tenant}", .admin, "One tenant.")) { call in
                APIResponse(
                    .json(try call.database().database.tenant(call.parameter("tenant")).json))
            },
            Endpoint(
                Route(
                    "PATCH", "/v1/db/{db}/tenants/{tenant}", .admin, "Rename a tenant.",
                    body: JSONShape.object(["name": JSONShape.text]))
            ) { call in
                var fields = try call.fields()
                let name = try fields.text("name")
                try fields.finish()
                let opened = try call.database()
                opened.pool.close(call.parameter("tenant"))
                try opened.database.renameTenant(call.parameter("tenant"), to: name)
                return APIResponse(.json(try opened.database.tenant(name).json))
            },
            Endpoint(
                Route(
                    "DELETE", "/v1/db/{db}/tenants/{tenant}", .admin,
                    "Delete a tenant with all its rows.",
                    answer: JSONShape.object(["name": JSONShape.text]))
            ) { call in
                let name = call.parameter("tenant")
                let opened = try call.database()
                opened.pool.close(name)
                try opened.database.deleteTenant(name)
                return APIResponse(.json(["name": .string(name)]))
            },
            Endpoint(
                Route(
                    "POST", "/v1/db/{db}/tenants/{tenant}/copy", .admin,
                    "Copy a tenant with its rows.",
                    body: JSONShape.object(["to": JSONShape.text]), status: 201)
            ) { call in
                var fields = try call.fields()
                let name = try fields.text("to")
                try fields.finish()
                let database = try call.database().database
                try database.copyTenant(call.parameter("tenant"), to: name)
                return APIResponse(status: 201, .json(try database.tenant(name).json))
            },
            Endpoint(
                Route(
                    "POST", "/v1/db/{db}/tenants/{tenant}/vacuum", .admin,
                    "Rewrite a tenant's file without its unused pages.",
                    answer: JSONShape.object([
                        "name": JSONShape.text, "before": JSONShape.integer,
                        "after": JSONShape.integer,
                    ]))
            ) { call in
                let name = call.parameter("tenant")
                let sizes = try call.database().database.vacuumTenant(name)
                return APIResponse(
                    .json([
                        "name": .string(name), "before": .integer(sizes.before),
                        "after": .integer(sizes.after),
                    ]))
            },
        ]
    }
}

extension TenantInformation {
    /// The tenant as JSON; where its file is stays the server's own business.
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "created_at": .string(createdAt), "size": .integer(size),
            "status": .string(status.rawValue), "commit": commit.map { .string($0) } ?? .null,
            "behind": behind.map { .integer(Int64($0)) } ?? .null,
            "reason": reason.map { .string($0) } ?? .null,
        ]
    }
}
