/// A table or view as the open database has it now, for checking names against.
struct TableShape {
    /// A column that rows can be given a value for.
    struct Column: Hashable, Sendable {
        /// The name as it was created.
        var name: String
        /// The type it was declared with; `nil` for none.
        var declaredType: String?
        /// Generated columns are read, never written.
        var isGenerated: Bool
        /// Place in the primary key from 1; 0 outside it.
        var keyPosition: Int64

        /// The value an operand means here.
        func value(of operand: Operand) throws -> SQLValue {
            do {
                return try operand.value(declaredType: declaredType)
            } catch var error as CinchError {
                error.message = "Column '\(name)': \(error.message)"
                throw error
            }
        }
    }

    /// The name as it was created.
    var name: String
    /// In table order, hidden columns of virtual tables included.
    var columns: [Column]
    /// What finds a row again after it was inserted, as SQL expressions: the rowid, or the
    /// primary key of a WITHOUT ROWID table; empty for views and virtual tables.
    var rowKey: [String]

    /// Looks a table up, ignoring ASCII case.
    ///
    /// - Throws: `CinchError` with `.notFound`, or `.refused` for tables of cinch and SQLite.
    init(named table: String, in session: TenantSession) throws {
        guard !EntityName.isInternal(table), !SQLText.folded(table).hasPrefix("sqlite_") else {
            throw Refusal.internalTable(table).error
        }
        let found = try session.trusted(
            "SELECT name, type, wr FROM pragma_table_list(?1) WHERE schema = 'main'",
            [.text(table)])
        guard let row = found.first, case .text(let name) = row[0] else {
            throw try Self.notFound(table, in: session)
        }
        self.name = name
        columns = try session.trusted(
            "SELECT name, type, hidden, pk FROM pragma_table_xinfo(?1)", [.text(name)]
        ).map { row in
            Column(
                name: row[0].textValue ?? "",
                declaredType: row[1].textValue.flatMap { $0.isEmpty ? nil : $0 },
                isGenerated: row[2] == .integer(2) || row[2] == .integer(3),
                keyPosition: row[3].integerValue ?? 0)
        }
        rowKey = []
        if row[1] == .text("table") {
            rowKey = row[2] == .integer(1) ? primaryKey : rowIdentifier.map { [$0] } ?? []
        }
    }

    /// The column of that name, ignoring ASCII case.
    ///
    /// - Throws: `CinchError` with `.notFound`, suggesting a near name.
    func column(_ name: String) throws -> Column {
        let folded = SQLText.folded(name)
        if let column = columns.first(where: { SQLText.folded($0.name) == folded }) {
            return column
        }
        let near = Suggestion.nearest(to: name, among: columns.map(\.name))
        throw CinchError(
            code: .notFound, message: "Table '\(self.name)' has no column '\(name)'",
            hint: near.map { "Did you mean '\($0)'?" }
                ?? "See the columns with 'cinch table info'.")
    }

    /// The columns of an answer with the table's types, which SQLite doesn't report for
    /// RETURNING.
    func typed(_ answer: some Sequence<QueryResult.Column>) -> [QueryResult.Column] {
        answer.map { column in
            let folded = SQLText.folded(column.name)
            var column = column
            column.declaredType =
                columns.first { SQLText.folded($0.name) == folded }?.declaredType
            return column
        }
    }

    private var primaryKey: [String] {
        columns.filter { $0.keyPosition > 0 }
            .sorted { $0.keyPosition < $1.keyPosition }
            .map { SQLText.quoted($0.name) }
    }

    /// A name of the rowid that no column hides.
    private var rowIdentifier: String? {
        let names = Set(columns.map { SQLText.folded($0.name) })
        return ["rowid", "_rowid_", "oid"].first { !names.contains($0) }
    }

    private static func notFound(_ table: String, in session: TenantSession) throws -> CinchError {
        let names = try session.trusted(
            """
            SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cinch\\_%' ESCAPE '\\'
            ORDER BY name
            """
        ).compactMap { $0[0].textValue }
        let near = Suggestion.nearest(to: table, among: names)
        return CinchError(
            code: .notFound, message: "There is no table '\(table)'",
            hint: near.map { "Did you mean '\($0)'?" }
                ?? "List the tables with 'cinch table list'.")
    }
}

extension SQLValue {
    /// The text of a TEXT value.
    fileprivate var textValue: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The number of an INTEGER value.
    fileprivate var integerValue: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }
}
