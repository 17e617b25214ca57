/// The branches of a database.
public struct CinchBranches: Sendable {
    let connection: CinchConnection

    /// A branch and the commit it is at.
    public struct Branch: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The commit's object id.
        public var commit: String
        /// Whether it is the one tenants follow.
        public var isDeployed: Bool
    }

    /// Creates a branch.
    ///
    /// - Parameter revision: Where it begins; absent for the deployed branch's commit.
    /// - Returns: The commit it is at.
    @discardableResult
    public func create(_ name: String, from revision: String? = nil) async throws -> String {
        try await connection.ask(
            "POST", ["branches"],
            ["name": .string(name), "from": revision.map { .string($0) } ?? .null]
        ).text("commit")
    }

    /// Every branch, in name order.
    public func list() async throws -> [Branch] {
        try await connection.ask("GET", ["branches"]).list("branches").map { json in
            Branch(
                name: try json.text("name"), commit: try json.text("commit"),
                isDeployed: try json.flag("is_deployed"))
        }
    }

    /// Deletes a branch; one whose commits are nowhere else only with `force`.
    public func delete(_ name: String, force: Bool = false) async throws {
        _ = try await connection.ask(
            "DELETE", ["branches", name], query: [("force", force ? "true" : nil)])
    }
}
