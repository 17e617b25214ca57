package import CinchSchema

/// A table to be created from the shorthand, with the system columns unless it is plain.
package struct TableSpecification: Hashable, Sendable {
    /// The columns every table gets that is not plain, in the order they are created: `id`
    /// first, the two times last.
    package static let systemColumnNames = ["id", "created_at", "updated_at"]

    /// The table's name.
    package var name: String
    /// The columns the user asked for.
    package var columns: [ColumnSpecification]
    /// Whether the system columns are left out.
    package var isPlain: Bool

    /// Checks a table. Whether the name is free is SQLite's to say.
    ///
    /// - Throws: `CinchError` with `.invalid` for reserved or unusable names, a system column given
    ///   by hand, two columns of one name (ASCII case ignored), more than one primary key, or
    ///   a plain table without columns.
    package init(name: String, columns: [ColumnSpecification], plain isPlain: Bool = false) throws {
        self.name = name
        self.columns = columns
        self.isPlain = isPlain
        try EntityName.validate(name, kind: "table")
        var names: Set<String> = []
        for column in columns {
            try EntityName.validate(column.name, kind: "column")
            let folded = SQLText.folded(column.name)
            guard isPlain || !Self.systemColumnNames.contains(folded) else {
                throw CinchError(
                    code: .invalid, message: "Every table has a column '\(folded)' already",
                    hint: "Leave '\(column.name)' out, or use --plain for a table without"
                        + " id, created_at and updated_at.")
            }
            guard names.insert(folded).inserted else {
                throw CinchError(
                    code: .invalid, message: "The column '\(column.name)' is given twice",
                    hint: "Give each column a name of its own; upper and lower case are the same.")
            }
        }
        let keys = columns.filter(\.isPrimaryKey)
        guard keys.count <= (isPlain ? 1 : 0) else {
            throw CinchError(
                code: .invalid, message: "Table '\(name)' would have more than one primary key",
                hint: isPlain
                    ? "Write a key of several columns with 'cinch ddl'."
                    : "The key is 'id'; use --plain to choose another.")
        }
        guard !isPlain || !columns.isEmpty else {
            throw CinchError(
                code: .invalid, message: "Table '\(name)' would have no columns",
                hint: "Give at least one, such as name:TEXT.")
        }
    }

    /// The statements that create the table, each complete without a semicolon: CREATE TABLE,
    /// and for a table that is not plain the trigger that keeps `updated_at`.
    ///
    /// An INSERT from any tool fills the system columns. An UPDATE that leaves `updated_at` as
    /// it was gets the current time; one that sets it keeps what it set.
    package var statements: [String] {
        let table = Identifier(name).quoted
        let definitions =
            isPlain
            ? columns.map(\.definition)
            : ["\"id\" TEXT PRIMARY KEY NOT NULL DEFAULT (\(Self.uuid))"]
                + columns.map(\.definition)
                + ["created_at", "updated_at"].map {
                    "\"\($0)\" TEXT NOT NULL DEFAULT (\(Self.now))"
                }
        let list = definitions.map { "\n    \($0)" }.joined(separator: ",")
        let creation = "CREATE TABLE \(table) (\(list)\n)"
        return isPlain ? [creation] : [creation, touch]
    }

    /// The statements that give the trigger of a table which was renamed the name it would have
    /// had; none when the table has no such trigger.
    ///
    /// - Parameter schema: The schema before the table is renamed.
    package static func touchRenaming(of table: Table, to new: Identifier, in schema: Schema)
        -> [String]
    {
        let old = "\(table.name.text)_touch"
        guard let trigger = schema.triggers[Identifier(old)], trigger.table.matches(table.name),
            case .trigger(let made)? = try? Statement(parsing: touch(of: table.name.text)),
            trigger == made
        else { return [] }
        return ["DROP TRIGGER \(trigger.name.quoted)", touch(of: new.text)]
    }

    /// The name of the trigger that keeps `updated_at`.
    package var triggerName: String { "\(name)_touch" }

    /// The trigger. With recursive triggers on, its own UPDATE calls it again: that one differs
    /// in `updated_at`, so WHEN ends it; and when the time is the same millisecond as before,
    /// the last condition keeps the UPDATE from happening at all.
    private var touch: String { Self.touch(of: name) }

    private static func touch(of name: String) -> String {
        let table = Identifier(name).quoted
        return """
            CREATE TRIGGER \(Identifier("\(name)_touch").quoted) AFTER UPDATE ON \(table)
            FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at
            BEGIN
                UPDATE \(table) SET updated_at = \(Self.now)
                WHERE id = NEW.id AND updated_at IS NOT \(Self.now);
            END
            """
    }

    /// UTC with milliseconds, which sorts and compares with what `datetime('now')` gives.
    private static let now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"

    /// A random UUID (RFC 9562 version 4) from functions every SQLite has. The mask keeps clear of
    /// abs(), which fails for the smallest integer.
    private static let uuid =
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'"
        + " || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (random() & 3), 1)"
        + " || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
}
