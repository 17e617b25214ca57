import CinchGit
import CinchSchema

/// Where a branch's schema is changed.
private let branchPath = "/v1/db/{db}/branch/{branch}"

extension API {
    static var schemaEndpoints: [Endpoint] {
        [
            Endpoint(
                Route(
                    "GET", "/v1/db", .admin, "The databases.",
                    answer: JSONShape.object(["databases": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let project = call.api.project
                let configuration = try project.configuration()
                let folder = ProjectLayout.split(project.layout.root).name
                let databases = try project.databases().map { name -> JSONValue in
                    [
                        "name": .string(name.text),
                        "deploy_branch": .string(configuration.deployBranch(of: name)),
                        "is_active": .boolean(configuration.activeDatabase == name),
                        "project": .string(folder),
                    ]
                }
                return APIResponse(.json(["databases": .array(databases)]))
            },
            Endpoint(schemaRoute("schema")) { try schema($0, asText: $0.request.prefersText) },
            Endpoint(schemaRoute("schema.json")) { try schema($0, asText: false) },
            Endpoint(schemaRoute("schema.sql")) { call in
                let database = try call.database().database
                let sql = try database.schema(at: call.option("at") ?? database.deployBranch)
                    .ddl(ids: false)
                return APIResponse(
                    call.request.prefersText ? .text(sql) : .json(["sql": .string(sql)]))
            },
            Endpoint(
                Route(
                    "POST", "\(branchPath)/tables", .admin, "Create a table.",
                    body: JSONShape.object([
                        "name": JSONShape.text, "columns?": JSONShape.list(of: columnShape),
                        "plain?": JSONShape.flag, "message?": JSONShape.text,
                    ]), status: 201)
            ) { call in
                var fields = try call.fields()
                let table = try TableSpecification(
                    name: fields.text("name"),
                    columns: (fields.list("columns") ?? []).map {
                        try ColumnSpecification(json: $0)
                    },
                    plain: fields.flag("plain"))
                return try edit(
                    call, fields, subject: "Create table \(table.name)", status: 201
                ) {
                    try Lookup.demandFree(table.name, in: $0)
                    return table.statements
                }
            },
            Endpoint(
                Route(
                    "POST", "\(branchPath)/indexes", .admin, "Create an index.",
                    body: JSONShape.object([
                        "table": JSONShape.text, "columns": JSONShape.texts,
                        "name?": JSONShape.text, "unique?": JSONShape.flag,
                        "where?": JSONShape.text, "message?": JSONShape.text,
                    ]), status: 201)
            ) { call in
                var fields = try call.fields()
                let index = IndexSpecification(
                    table: try fields.text("table"), terms: try fields.texts("columns") ?? [],
                    name: try fields.optionalText("name"), isUnique: try fields.flag("unique"),
                    condition: try fields.optionalText("where"))
                return try edit(call, fields, status: 201) { [try index.statement(in: $0)] }
            },
            Endpoint(
                Route(
                    "POST", "\(branchPath)/views", .admin, "Create a view.",
                    body: JSONShape.object([
                        "name": JSONShape.text, "sql": JSONShape.text, "message?": JSONShape.text,
                    ]), status: 201)
            ) { call in
                var fields = try call.fields()
                let (name, select) = (try fields.text("name"), try fields.text("sql"))
                try EntityName.validate(name, kind: "view")
                return try edit(call, fields, status: 201) {
                    try Lookup.demandFree(name, in: $0)
                    return ["CREATE VIEW \(Identifier(name).quoted) AS \(select)\n"]
                }
            },
            Endpoint(
                Route(
                    "POST", "\(branchPath)/ddl", .admin, "Run DDL in one commit.",
                    body: JSONShape.object(["sql": JSONShape.text, "message?": JSONShape.text]),
                    status: 201)
            ) { call in
                var fields = try call.fields()
                let sql = try fields.text("sql")
                let message = try fields.optionalText("message")
                try fields.finish()
                let database = try call.database().database
                return try published(
                    database.run(
                        ddl: sql, on: call.parameter("branch"), message: message,
                        soundness: .demanded),
                    status: 201)
            },
            dropping("table") { name, schema in
                let table = try Lookup.anyTable(name, in: schema)
                try Lookup.refuseUsed(table, in: schema)
                return "DROP TABLE \(table.quoted)"
            },
            dropping("index", plural: "indexes") { name, schema in
                "DROP INDEX \(try Lookup.index(name, in: schema).name.quoted)"
            },
            dropping("view") { name, schema in
                let view = try Lookup.view(name, in: schema)
                try Lookup.refuseUsed(view, in: schema)
                return "DROP VIEW \(view.name.quoted)"
            },
        ]
    }

    private static func schemaRoute(_ name: String) -> Route {
        Route(
            "GET", "/v1/db/{db}/\(name)", .admin, "The schema at a revision.",
            query: [.init("at", JSONShape.text)])
    }

    private static func schema(_ call: Call, asText: Bool) throws -> APIResponse {
        let database = try call.database().database
        let schema = try database.schema(at: call.option("at") ?? database.deployBranch)
        return APIResponse(
            asText ? .text(schema.ddl(ids: false)) : .json(.object(SchemaJSON.schema(schema))))
    }

    private static func dropping(
        _ kind: String, plural: String? = nil,
        _ statement: @escaping @Sendable (String, Schema) throws -> String
    ) -> Endpoint {
        let route = Route(
            "DELETE", "\(branchPath)/\(plural ?? kind + "s")/{name}", .admin,
            "Drop \(kind == "index" ? "an" : "a") \(kind).")
        return Endpoint(route) { call in
            try edit(call, Fields(nil), status: 200) { [try statement(call.parameter("name"), $0)] }
        }
    }

    /// Commits statements on the branch of the path.
    private static func edit(
        _ call: Call, _ fields: Fields, subject: String? = nil, status: Int,
        _ statements: (Schema) throws -> [String]
    ) throws -> APIResponse {
        var fields = fields
        let message = try fields.optionalText("message")
        try fields.finish()
        let database = try call.database().database
        let branch = call.parameter("branch")
        let schema = try database.schema(of: database.branchTip(.branch(branch)))
        return try published(
            database.run(
                statements: statements(schema), on: branch, message: message ?? subject),
            status: status)
    }

    /// What a change of the schema came to; tenants that could not follow are in the answer.
    static func published(
        _ publication: Publication?, status: Int, more: [JSONValue.Member] = []
    ) throws -> APIResponse {
        guard let publication else {
            return APIResponse(.json(.object(more + [.init("changed", false)])))
        }
        return APIResponse(
            status: status,
            .json(.object(more + [.init("changed", true)] + publication.jsonMembers)))
    }

    private static let columnShape = JSONShape.object([
        "name": JSONShape.text, "type?": JSONShape.text, "nullable?": JSONShape.flag,
        "unique?": JSONShape.flag, "primary_key?": JSONShape.flag, "default?": JSONShape.anything,
        "check?": JSONShape.text, "collation?": JSONShape.text, "references?": JSONShape.text,
        "on_delete?": JSONShape.text,
    ])
}
