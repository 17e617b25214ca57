import Synchronization

/// The requests of docs/http-api.md, answered from the files of a project.
///
/// Every call blocks until the answer is there and what it changed is on disk. Safe to use from
/// several threads.
package final class API: Sendable {
    /// What an API allows.
    package struct Settings: Hashable, Sendable {
        /// Tenants kept open, in each database.
        package var openTenants = 128
        /// How much a statement may take; absent for SQLite's own limits.
        package var limits: StatementLimits?
        /// Rows of an answer when the request says no number; absent for all.
        package var rows: Int?
        /// Rows of an answer at most.
        package var maximumRows = Int.max

        /// Settings for the project's own processes: no limits but SQLite's.
        package init() {}

        /// Settings for requests from outside.
        package static var guarded: Settings {
            var settings = Settings()
            settings.openTenants = 256
            settings.limits = StatementLimits()
            settings.rows = 1000
            settings.maximumRows = 10_000
            return settings
        }
    }

    /// A database with its open tenants.
    struct OpenDatabase: Sendable {
        var database: CinchDatabase
        var pool: TenantPool
    }

    /// The project.
    package let project: Project
    /// What is allowed.
    package let settings: Settings
    private let databases = Mutex<[StoredName: OpenDatabase]>([:])

    /// An API over a project; its databases are opened when they are first asked for.
    package init(project: Project, settings: Settings = Settings()) {
        self.project = project
        self.settings = settings
    }

    /// What may be asked.
    package static var routes: [Route] { endpoints.map(\.route) }

    private static let endpoints: [Endpoint] =
        rowEndpoints + keyValueEndpoints + historyEndpoints + schemaEndpoints + tenantEndpoints

    /// The endpoints by the number of components in their paths.
    private static let byLength = Dictionary(grouping: endpoints) { $0.route.components.count }

    /// The route of a request and the parameters in its path; absent when there is none.
    package static func route(
        _ method: String, _ path: [String]
    ) -> (route: Route, parameters: [String: String])? {
        endpoint(method, path).map { ($0.0.route, $0.1) }
    }

    /// The methods a path can be asked with; none when there is no such path.
    package static func methods(of path: [String]) -> [String] {
        (byLength[path.count] ?? []).filter { $0.route.parameters(in: path) != nil }
            .map(\.route.method)
    }

    /// How many tenants are open, in all databases.
    package var openTenants: Int {
        databases.withLock { databases in
            // The active database can be in it by two names.
            databases.filter { $0.key == $0.value.database.name }
                .values.reduce(0) { $0 + $1.pool.count }
        }
    }

    /// Closes tenants that nobody has used for a minute, so that other processes can rename or delete
    /// them.
    package func sweep() {
        let opened = databases.withLock { Array($0.values) }
        for database in opened { database.pool.sweep() }
    }

    /// Closes every tenant that is open.
    package func close() {
        let opened = databases.withLock { Array($0.values) }
        for database in opened { database.pool.closeAll() }
    }

    /// Answers a request. What goes wrong is a problem document, never an error.
    ///
    /// - Parameters:
    ///   - deadline: Seconds after which a statement is stopped; absent for none.
    ///   - cancellation: The caller's wish that it be; absent where there can be none.
    package func handle(
        _ request: APIRequest, deadline: Double? = nil, cancellation: Cancellation? = nil
    ) -> APIResponse {
        guard let (endpoint, parameters) = Self.endpoint(request.method, request.path) else {
            let methods = Self.methods(of: request.path)
            return methods.isEmpty
                ? APIProblem.response(
                    status: 404, code: "not-found", detail: "There is no such resource",
                    hint: "See /openapi.json.")
                : APIProblem.response(
                    status: 405, code: "invalid",
                    detail: "This resource can't be asked with \(request.method)",
                    hint: "Use \(methods.sorted().joined(separator: ", ")).")
        }
        let call = Call(
            api: self, request: request, route: endpoint.route, parameters: parameters,
            deadline: deadline.map(DeadlineClock.instant), cancellation: cancellation)
        do {
            guard request.access >= Self.access(for: endpoint.route.scope) else {
                throw CinchError(
                    code: .refused, message: "The key is not allowed to do this",
                    hint: "Use a key with the scope '\(endpoint.route.scope.rawValue)'.")
            }
            try Self.checkQuery(of: call)
            return try OperationScope.run { try endpoint.answer(call) }
        } catch {
            return APIProblem.response(for: error)
        }
    }

    static var readOnly: CinchError {
        CinchError(
            code: .refused, message: "This would change rows, and only reading is allowed",
            hint: "Use a key that may write.")
    }

    /// A database by its name, the active one if absent; absent itself when there is none.
    package func database(_ name: String?) throws -> CinchDatabase? {
        guard let name = try name ?? project.configuration().activeDatabase?.text else {
            return nil
        }
        return try open(name).database
    }

    /// The database of that name, or the active one by the name of the project's folder.
    func open(_ name: String) throws -> OpenDatabase {
        let stored = try StoredName(name, kind: "database")
        if let opened = databases.withLock({ $0[stored] }) { return opened }
        let database = try project.database(called: stored)
        let opened = OpenDatabase(
            database: database,
            pool: TenantPool(
                database: database, limit: settings.openTenants, limits: settings.limits))
        return databases.withLock { databases in
            let first = databases[database.name] ?? opened
            databases[database.name] = first
            databases[stored] = first
            return first
        }
    }

    private static func endpoint(
        _ method: String, _ path: [String]
    ) -> (Endpoint, [String: String])? {
        for endpoint in byLength[path.count] ?? [] where endpoint.route.method == method {
            if let parameters = endpoint.route.parameters(in: path) {
                return (endpoint, parameters)
            }
        }
        return nil
    }

    private static func access(for scope: Route.Scope) -> APIRequest.Access {
        switch scope {
        case .tenantRead: .read
        case .tenantWrite: .write
        case .admin: .admin
        }
    }

    private static func checkQuery(of call: Call) throws {
        for (name, _) in call.request.query
        where !call.route.query.contains(where: { $0.name == name }) {
            throw Fields.invalid("The request takes no '\(TerminalText.escaped(name))'")
        }
    }
}
