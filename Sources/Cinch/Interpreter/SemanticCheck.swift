package import CinchSchema
import CinchSQLite

/// Compiles what an application could do with a schema and reports what SQLite refuses.
///
/// Every view is read; every table is inserted into, updated and deleted from, which also
/// compiles its triggers and foreign key actions. Nothing is run.
package struct SemanticCheck {
    /// What SQLite said, by what it was about: `view open_tasks`, `insert into users`.
    package let failures: [String: String]

    /// Everything that was compiled, whether SQLite took it or not.
    package private(set) var compiled: Set<String> = []

    /// Checks a schema.
    ///
    /// - Parameter strictNames: Whether a text in double quotes must be a name, so that it doesn't
    ///   turn into a string when its column is gone.
    /// - Throws: `SQLiteError` when the schema can't even be built.
    package init(_ schema: Schema, strictNames: Bool = true) throws {
        let scratch = try Scratch(statements: schema.statements(ids: false))
        let connection = scratch.connection
        try connection.execute("PRAGMA foreign_keys = ON")
        if strictNames { try connection.refuseDoubleQuotedStrings() }
        var failures: [String: String] = [:]
        var compiled: Set<String> = []
        func compile(_ what: String, _ sql: String) {
            compiled.insert(what)
            do {
                _ = try connection.prepare("EXPLAIN " + sql)
            } catch {
                failures[what] = error.message
            }
        }
        for view in schema.views {
            compile("view \(view.name)", "SELECT * FROM \(view.name.quoted)")
        }
        for table in schema.tables {
            let name = table.name.quoted
            compile("insert into \(table.name)", "INSERT INTO \(name) DEFAULT VALUES")
            compile("delete from \(table.name)", "DELETE FROM \(name)")
            let columns = table.columns.filter { $0.generated == nil }.map { $0.name.quoted }
            if !columns.isEmpty {
                let values = columns.map { "\($0) = \($0)" }.joined(separator: ", ")
                compile("update \(table.name)", "UPDATE \(name) SET \(values)")
            }
        }
        for trigger in schema.triggers where trigger.timing == .insteadOf {
            let name = trigger.table.quoted
            switch trigger.event {
            case .delete: compile("delete from \(trigger.table)", "DELETE FROM \(name)")
            case .insert:
                compile("insert into \(trigger.table)", "INSERT INTO \(name) DEFAULT VALUES")
            case .update:
                // A view that is broken has no columns, and is reported for itself.
                guard let view = schema.views[trigger.table]?.name,
                    failures["view \(view)"] == nil
                else { continue }
                let columns = try connection.rows(
                    "SELECT name FROM pragma_table_xinfo(?)", [.text(view.text)])
                let values = columns.compactMap { $0.first?.text.map { Identifier($0).quoted } }
                    .map { "\($0) = \($0)" }
                compile(
                    "update \(trigger.table)",
                    "UPDATE \(name) SET \(values.joined(separator: ", "))")
            }
        }
        self.failures = failures
        self.compiled = compiled
    }

    /// What fails in a merged schema and in neither side that was merged.
    package static func conflicts(ours: Schema, theirs: Schema, merged: Schema) -> [Conflict] {
        let after: [String: String]
        do {
            after = try SemanticCheck(merged).failures
        } catch {
            let message = (error as? SQLiteError)?.message ?? "\(error)"
            return [
                Conflict(
                    .semantic, entity: "schema", attribute: message,
                    sides: ThreeWay(base: nil, ours: nil, theirs: nil))
            ]
        }
        guard !after.isEmpty else { return [] }
        let before = [ours, theirs].compactMap { try? SemanticCheck($0).failures }
        return after.keys.sorted().compactMap { what in
            guard let message = after[what], !before.contains(where: { $0[what] != nil }) else {
                return nil
            }
            return Conflict(
                .semantic, entity: what, attribute: message,
                sides: ThreeWay(base: nil, ours: nil, theirs: nil))
        }
    }

    /// Triggers `UPDATE OF` columns that are not there: they would never fire, and SQLite says
    /// nothing.
    package static func deadColumns(in schema: Schema) -> [(trigger: Trigger, column: Identifier)] {
        schema.triggers.flatMap { trigger -> [(trigger: Trigger, column: Identifier)] in
            guard case .update(let columns) = trigger.event,
                let table = schema.tables[trigger.table]
            else { return [] }
            return columns.filter { table.column(named: $0) == nil }.map { (trigger, $0) }
        }
    }
}
