package import CinchSchema
import CinchSQLite

/// Compiles what an application could do with a schema and reports what SQLite refuses.
///
/// Every view is read; every table is inserted into, updated and deleted from, which also
/// compiles its triggers and foreign key actions. Nothing is run.
package struct SemanticCheck {
    /// Something SQLite refuses.
    package struct Failure: Hashable, Sendable {
        /// The entity whose text is at fault, as far as that can be told: a trigger rather than
        /// the table it stands on.
        package var entity: Identifier
        /// What SQLite said.
        package var message: String
    }

    /// What SQLite refuses, by what it was asked for: `table users`, `view open_tasks`,
    /// `insert into users`.
    package private(set) var failures: [String: Failure] = [:]
    /// Everything that was compiled, whether SQLite took it or not.
    package private(set) var compiled: Set<String> = []
    /// The columns of views that select `*`, in order.
    package private(set) var shapes: [Identifier: [String]] = [:]

    /// What was said of foreign keys already: statements that need them only repeat it.
    private var mismatches: Set<String> = []
    private let scratch: Scratch
    private var connection: Connection { scratch.connection }

    /// Checks a schema.
    ///
    /// - Parameters:
    ///   - strictNames: Whether a text in double quotes must be a name, so that it doesn't turn
    ///     into a string when its column is gone.
    ///   - isWritten: Tables that are written to, all unless told otherwise.
    /// - Throws: `SQLiteError` when there is no memory for a scratch database.
    package init(
        _ schema: Schema, strictNames: Bool = true,
        writing isWritten: (Table) -> Bool = { _ in true }
    ) throws {
        scratch = try Scratch()
        try build(schema)
        try connection.execute("PRAGMA foreign_keys = ON")
        if strictNames { try connection.refuseDoubleQuotedStrings() }
        for view in schema.views where failures["view \(view.name)"] == nil {
            compile("view \(view.name)", "SELECT * FROM \(view.name.quoted)", view.name)
            if view.select.selectsEverything {
                shapes[view.name] = (try? columns(of: view.name)) ?? []
            }
        }
        let written = schema.tables.filter {
            failures["table \($0.name)"] == nil && isWritten($0)
        }
        for table in written { checkForeignKeys(of: table) }
        for table in written {
            compile(table, in: schema)
        }
        for trigger in schema.triggers where trigger.timing == .insteadOf {
            compile(trigger, in: schema)
        }
    }

    /// Checks a part of a schema, of which nothing else is known: its foreign keys to tables that
    /// aren't in it are left out.
    package init(part: Schema) throws {
        try self.init(part.withoutForeignKeys { part.tables[$0] == nil })
    }

    /// Checks the views and triggers of a part of a schema, and nothing else about it.
    package init(readers part: Schema, strictNames: Bool = true) throws {
        let tables = Set(part.triggers.map(\.table.key))
        try self.init(
            part.withoutForeignKeys { _ in true }, strictNames: strictNames,
            writing: { tables.contains($0.name.key) })
    }

    // MARK: Building

    private mutating func build(_ schema: Schema) throws {
        try connection.execute("BEGIN")
        for table in schema.tables {
            create("table \(table.name)", table.ddl(ids: false), table.name)
        }
        for table in schema.virtualTables {
            create("table \(table.name)", table.ddl(ids: false), table.name)
        }
        for index in schema.indexes { create("index \(index.name)", index.ddl, index.name) }
        for view in schema.views { create("view \(view.name)", view.ddl, view.name) }
        for trigger in schema.triggers {
            create("trigger \(trigger.name)", trigger.ddl, trigger.name)
        }
        try connection.execute("COMMIT")
    }

    private mutating func create(_ what: String, _ sql: String, _ entity: Identifier) {
        do {
            try connection.execute(sql)
        } catch {
            failures[what] = Failure(entity: entity, message: error.message)
        }
    }

    // MARK: Compiling

    private mutating func compile(_ what: String, _ sql: String, _ entity: Identifier) {
        compiled.insert(what)
        if let message = refusal(of: sql), !mismatches.contains(message) {
            failures[what] = Failure(entity: entity, message: message)
        }
    }

    private func refusal(of sql: String) -> String? {
        do {
            _ = try connection.prepare("EXPLAIN " + sql)
            return nil
        } catch {
            return error.message
        }
    }

    /// Has SQLite look for the keys that a table's foreign keys refer to: the rows are none, but
    /// a parent without a key is refused (foreignkeys, section 3).
    private mutating func checkForeignKeys(of table: Table) {
        guard !table.foreignKeys.isEmpty else { return }
        let what = "foreign keys of \(table.name)"
        compiled.insert(what)
        do {
            try connection.execute("PRAGMA foreign_key_check(\(table.name.quoted))")
        } catch {
            failures[what] = Failure(entity: table.name, message: error.message)
            mismatches.insert(error.message)
        }
    }

    private mutating func compile(_ table: Table, in schema: Schema) {
        let name = table.name.quoted
        var statements = [
            ("insert into", "INSERT INTO \(name) DEFAULT VALUES"),
            ("delete from", "DELETE FROM \(name)"),
        ]
        let columns = table.columns.filter { $0.generated == nil }.map { $0.name.quoted }
        if !columns.isEmpty {
            let values = columns.map { "\($0) = \($0)" }.joined(separator: ", ")
            statements.append(("update", "UPDATE \(name) SET \(values)"))
        }
        for (verb, sql) in statements {
            let what = "\(verb) \(table.name)"
            compile(what, sql, table.name)
            guard let failure = failures[what] else { continue }
            failures[what] = Failure(
                entity: culprit(of: sql, on: table.name, in: schema), message: failure.message)
        }
    }

    /// The trigger without which the statement would do; the table itself if there is no one.
    private func culprit(of sql: String, on table: Identifier, in schema: Schema) -> Identifier {
        for trigger in schema.triggers {
            guard (try? connection.execute("SAVEPOINT culprit")) != nil else { continue }
            let isGone = (try? connection.execute("DROP TRIGGER \(trigger.name.quoted)")) != nil
            let works = isGone && refusal(of: sql) == nil
            _ = try? connection.execute("ROLLBACK TO culprit; RELEASE culprit")
            if works { return trigger.name }
        }
        return table
    }

    private mutating func compile(_ trigger: Trigger, in schema: Schema) {
        let name = trigger.table.quoted
        switch trigger.event {
        case .delete: compile("delete from \(trigger.table)", "DELETE FROM \(name)", trigger.name)
        case .insert:
            compile(
                "insert into \(trigger.table)", "INSERT INTO \(name) DEFAULT VALUES", trigger.name)
        case .update:
            // A view that is broken has no columns, and is reported for itself.
            guard let view = schema.views[trigger.table]?.name, failures["view \(view)"] == nil,
                let columns = try? columns(of: view)
            else { return }
            let values = columns.map { Identifier($0).quoted }.map { "\($0) = \($0)" }
            compile(
                "update \(trigger.table)",
                "UPDATE \(name) SET \(values.joined(separator: ", "))", trigger.name)
        }
    }

    private func columns(of view: Identifier) throws -> [String] {
        try connection.rows("SELECT name FROM pragma_table_xinfo(?)", [.text(view.text)])
            .compactMap { $0.first?.text }
    }
}
