import CinchGit
import CinchMaterializer
import CinchRepository
import CinchSchema

extension API {
    static var historyEndpoints: [Endpoint] {
        [
            Endpoint(
                Route(
                    "GET", "/v1/db/{db}/branches", .admin, "The branches.",
                    answer: JSONShape.object(["branches": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let database = try call.database().database
                let branches = try database.branches().map { branch -> JSONValue in
                    [
                        "name": .string(branch.name), "commit": .string(branch.commit.hex),
                        "is_deployed": .boolean(branch.name == database.deployBranch),
                    ]
                }
                return APIResponse(.json(["branches": .array(branches)]))
            },
            Endpoint(
                Route(
                    "POST", "/v1/db/{db}/branches", .admin, "Create a branch.",
                    body: JSONShape.object(["name": JSONShape.text, "from?": JSONShape.text]),
                    status: 201,
                    answer: JSONShape.object(["name": JSONShape.text, "commit": JSONShape.text]))
            ) { call in
                var fields = try call.fields()
                let name = try fields.text("name")
                let database = try call.database().database
                let from = try fields.optionalText("from") ?? database.deployBranch
                try fields.finish()
                let commit = try database.createBranch(name, from: from)
                return APIResponse(
                    status: 201, .json(["name": .string(name), "commit": .string(commit.hex)]))
            },
            Endpoint(
                Route(
                    "DELETE", "/v1/db/{db}/branches/{branch}", .admin, "Delete a branch.",
                    query: [.init("force", ["type": "string", "enum": ["true", "false"]])],
                    answer: JSONShape.object(["name": JSONShape.text]))
            ) { call in
                let name = call.parameter("branch")
                try call.database().database.deleteBranch(
                    name, force: call.option("force") == "true")
                return APIResponse(.json(["name": .string(name)]))
            },
            Endpoint(
                Route(
                    "GET", "/v1/db/{db}/diff", .admin, "What differs between two revisions.",
                    query: [.init("from", JSONShape.text), .init("to", JSONShape.text)])
            ) { call in
                let database = try call.database().database
                let deployed = database.deployBranch
                let (from, to) = (call.option("from") ?? deployed, call.option("to") ?? deployed)
                let diff = SchemaDiff(
                    from: try database.schema(at: from), to: try database.schema(at: to))
                let plan = try database.plan(from: from, to: to, parks: false)
                return APIResponse(
                    .json([
                        "changes": .array(diff.changes.map(\.json)),
                        "statements": .array(plan.statements.map { .string($0) }),
                    ]))
            },
            Endpoint(
                Route(
                    "GET", "/v1/db/{db}/log", .admin, "Commits, newest first.",
                    query: [
                        .init("rev", JSONShape.text), .init("limit", JSONShape.integer(1...10_000)),
                    ],
                    answer: JSONShape.object(["commits": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let database = try call.database().database
                let entries = try database.log(
                    call.option("rev") ?? database.deployBranch,
                    limit: call.number("limit", in: 1...10_000, otherwise: 100),
                    topological: false)
                return APIResponse(
                    .json(["commits": .array(entries.map { .object($0.jsonMembers) })]))
            },
            Endpoint(
                Route(
                    "POST", "/v1/db/{db}/merge", .admin,
                    "Merge a branch; conflicts move nothing and keep nothing.",
                    body: JSONShape.object([
                        "source": JSONShape.text, "target?": JSONShape.text,
                        "message?": JSONShape.text,
                        "strategy?": ["type": "string", "enum": ["ours", "theirs"]],
                        "preview?": JSONShape.flag,
                    ]))
            ) { try merge($0) },
            Endpoint(
                Route(
                    "GET", "/v1/db/{db}/rollouts", .admin, "The last rollouts, newest first.",
                    query: [.init("limit", JSONShape.integer(1...1000))],
                    answer: JSONShape.object(["rollouts": JSONShape.list(of: JSONShape.row)]))
            ) { call in
                let limit = try call.number("limit", in: 1...1000, otherwise: 20)
                let rollouts = try call.database().database.rollouts(limit: limit)
                return APIResponse(
                    .json(["rollouts": .array(rollouts.map { .object($0.jsonMembers) })]))
            },
            Endpoint(
                Route("GET", "/v1/db/{db}/rollouts/{id}", .admin, "One rollout.")
            ) { call in
                guard let id = Int64(call.parameter("id")) else {
                    throw Fields.invalid("The number of a rollout must be a whole number")
                }
                return APIResponse(
                    .json(.object(try call.database().database.rollout(id).jsonMembers)))
            },
        ]
    }

    private static func merge(_ call: Call) throws -> APIResponse {
        var fields = try call.fields()
        let source = try fields.text("source")
        let database = try call.database().database
        let target = try fields.optionalText("target") ?? database.deployBranch
        var options = MergeOptions(message: try fields.optionalText("message"))
        if let word = try fields.optionalText("strategy") {
            guard let side = MergeSide(rawValue: word) else {
                throw Fields.invalid("'strategy' takes ours or theirs")
            }
            options.strategy = side
        }
        let isPreview = try fields.flag("preview")
        try fields.finish()
        let preview = try database.preview(source, into: target, options: options)
        guard preview.conflicts.isEmpty else { return conflicts(preview.conflicts, source) }
        guard !isPreview else {
            return APIResponse(
                .json([
                    "result": "preview", "outcome": .string(preview.verdict),
                    "changes": .array(preview.changes.map(\.json)),
                    "notes": .array(preview.notes.map { .string($0) }),
                    "warnings": .array(preview.warnings.map(\.json)),
                ]))
        }
        switch try database.merge(source, into: target, options: options) {
        case .upToDate(let commit):
            return APIResponse(
                .json(["result": "up-to-date", "commit": .string(commit.hex)]))
        case .fastForward(let publication):
            return try published(
                publication, status: 200, more: [.init("result", "fast-forward")])
        case .merged(let publication):
            return try published(publication, status: 200, more: [.init("result", "merged")])
        case .conflicts(let open):
            // A branch has moved since the preview; nobody is there to resolve it piece by piece.
            _ = try database.abortMerge()
            return conflicts(open, source)
        }
    }

    private static func conflicts(_ open: [OpenConflict], _ source: String) -> APIResponse {
        APIProblem.response(
            status: 409, code: "conflict",
            detail: "\(open.count) conflict\(open.count == 1 ? "" : "s") in the merge of"
                + " '\(TerminalText.escaped(source))'; nothing has moved",
            hint: "Resolve them with 'cinch merge', or give a strategy.",
            more: [.init("conflicts", .array(open.map(\.json)))])
    }
}
