/// A column of a table to be created.
public struct CinchColumn: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its type, such as `TEXT`, `INTEGER` or `DECIMAL(10,2)`.
    public var type: String
    /// Whether NULL is allowed.
    public var isNullable: Bool
    /// Whether no two rows may have the same value.
    public var isUnique: Bool
    /// The default as SQL: `'draft'` with its quotes, `0`, `CURRENT_TIMESTAMP`.
    public var defaultValue: String?
    /// What must hold for a value, as SQL.
    public var check: String?
    /// The row it refers to: `table` or `table.column`.
    public var references: String?

    /// Describes a column, NOT NULL unless said otherwise.
    public init(
        _ name: String, _ type: String = "TEXT", isNullable: Bool = false, isUnique: Bool = false,
        defaultValue: String? = nil, check: String? = nil, references: String? = nil
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.isUnique = isUnique
        self.defaultValue = defaultValue
        self.check = check
        self.references = references
    }

    fileprivate var json: JSONValue {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        return [
            "name": .string(name), "type": .string(type), "nullable": .boolean(isNullable),
            "unique": .boolean(isUnique), "default": text(defaultValue), "check": text(check),
            "references": text(references),
        ]
    }
}

extension CinchConnection {
    /// Creates a table on this connection's branch, in one commit.
    ///
    /// On the deployed branch every tenant has it when this returns.
    ///
    /// - Parameter isPlain: Leaves out `id`, `created_at` and `updated_at`.
    public func createTable(
        _ name: String, _ columns: [CinchColumn], isPlain: Bool = false
    ) async throws {
        _ = try await change(
            "POST", ["tables"],
            [
                "name": .string(name), "columns": .array(columns.map(\.json)),
                "plain": .boolean(isPlain),
            ])
    }

    /// Creates an index on this connection's branch, in one commit.
    public func createIndex(
        _ table: String, _ columns: [String], name: String? = nil, isUnique: Bool = false
    ) async throws {
        _ = try await change(
            "POST", ["indexes"],
            [
                "table": .string(table), "columns": .array(columns.map { .string($0) }),
                "name": name.map { .string($0) } ?? .null, "unique": .boolean(isUnique),
            ])
    }

    /// Creates a view of a SELECT on this connection's branch, in one commit.
    public func createView(_ name: String, as select: String) async throws {
        _ = try await change(
            "POST", ["views"], ["name": .string(name), "sql": .string(select)])
    }

    /// Drops a table on this connection's branch; on the deployed one its rows are parked.
    public func dropTable(_ name: String) async throws {
        _ = try await change("DELETE", ["tables", name])
    }

    /// Drops an index on this connection's branch.
    public func dropIndex(_ name: String) async throws {
        _ = try await change("DELETE", ["indexes", name])
    }

    /// Drops a view on this connection's branch.
    public func dropView(_ name: String) async throws {
        _ = try await change("DELETE", ["views", name])
    }

    /// Runs DDL on this connection's branch, in one commit.
    public func ddl(_ sql: String, message: String? = nil) async throws {
        _ = try await change(
            "POST", ["ddl"],
            ["sql": .string(sql), "message": message.map { .string($0) } ?? .null])
    }

    /// The schema as SQL.
    ///
    /// - Parameter revision: Absent means this connection's branch.
    public func schema(at revision: String? = nil) async throws -> String {
        try await ask("GET", ["schema.sql"], query: [("at", revision ?? branch)]).text("sql")
    }

    /// The schema as JSON: `tables` with their `columns`, `indexes`, `views`, `triggers`.
    ///
    /// - Parameter revision: Absent means this connection's branch.
    public func schemaDescription(at revision: String? = nil) async throws -> JSONValue {
        try await ask("GET", ["schema.json"], query: [("at", revision ?? branch)])
    }

    // MARK: History

    /// What a merge came to.
    public struct Merge: Hashable, Sendable {
        /// `up-to-date`, `fast-forward`, `merged` or `preview`.
        public var result: String
        /// The commit the branch is at; absent for a preview.
        public var commit: String?
        /// What changed, or would, in a line each.
        public var changes: [String]
        /// Everything that was answered.
        public var description: JSONValue
    }

    /// Merges a branch into another.
    ///
    /// - Parameters:
    ///   - source: The branch, or any revision.
    ///   - target: Absent means this connection's branch.
    ///   - isPreview: Says what would come of it, and changes nothing.
    /// - Throws: `CinchError` with `.conflict` where both sides can't be had; nothing has moved.
    @discardableResult
    public func merge(
        _ source: String, into target: String? = nil, message: String? = nil,
        isPreview: Bool = false
    ) async throws -> Merge {
        let answer = try await ask(
            "POST", ["merge"],
            [
                "source": .string(source), "target": .string(target ?? branch),
                "message": message.map { .string($0) } ?? .null, "preview": .boolean(isPreview),
            ])
        let changes = answer["changes"] == nil ? [] : try answer.list("changes")
        return Merge(
            result: try answer.text("result"), commit: try answer.optionalText("commit"),
            changes: try changes.map { try $0.text("summary") }, description: answer)
    }

    /// The statements that lead from one revision to another, in order.
    ///
    /// - Parameter revision: Where they lead; absent for this connection's branch.
    public func diff(from: String, to revision: String? = nil) async throws -> [String] {
        try await ask("GET", ["diff"], query: [("from", from), ("to", revision ?? branch)])
            .list("statements").map { statement in
                guard case .string(let text) = statement else { throw JSONValue.unexpected }
                return text
            }
    }

    /// A commit.
    public struct Commit: Hashable, Sendable {
        /// Its object id.
        public var id: String
        /// Those it comes from.
        public var parents: [String]
        /// Its message.
        public var message: String
        /// Who made the change.
        public var author: String
    }

    /// Commits, newest first.
    ///
    /// - Parameter revision: Absent means this connection's branch.
    public func history(_ revision: String? = nil, limit: Int = 100) async throws -> [Commit] {
        try await ask(
            "GET", ["log"], query: [("rev", revision ?? branch), ("limit", "\(limit)")]
        ).list("commits").map { json in
            Commit(
                id: try json.text("commit"),
                parents: try json.list("parents").map { parent in
                    guard case .string(let id) = parent else { throw JSONValue.unexpected }
                    return id
                },
                message: try json.text("message"),
                author: try json["author"]?.text("name") ?? "")
        }
    }

    private func change(
        _ method: String, _ path: [String], _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await ask(method, ["branch", branch] + path, body)
    }
}
