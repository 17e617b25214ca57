/// Columns whose values are not shown.
///
/// A masked column reads as NULL wherever a query names it: in its result, inside expressions and
/// conditions, and below views and subqueries, so no detour leads to its values. Who masks
/// columns can only read: a change could store the NULLs.
public struct ColumnMask: Hashable, Sendable {
    /// The columns as SQLite's authorizer names them, `table.column` in lower case.
    let keys: Set<String>

    /// No column is masked.
    public static let none = ColumnMask(keys: [])

    /// Whether nothing is masked.
    public var isEmpty: Bool { keys.isEmpty }

    private init(keys: Set<String>) { self.keys = keys }

    /// Masks columns.
    ///
    /// - Parameter columns: `table.column` each; the table is the one that has the column, not a view.
    /// - Throws: `CinchError` with `.invalid` for a text without a table or a column.
    public init(_ columns: [String]) throws {
        keys = try Set(
            columns.map { text in
                let parts = text.split(separator: ".", maxSplits: 1)
                guard parts.count == 2 else {
                    throw CinchError(
                        code: .invalid, message: "'\(text)' names no column to mask",
                        hint: "Write table.column, such as users.email.")
                }
                return Self.key(String(parts[0]), String(parts[1]))
            })
    }

    /// A column of a table, both compared as SQLite does.
    static func key(_ table: String, _ column: String) -> String {
        SQLText.folded(table) + "." + SQLText.folded(column)
    }
}
