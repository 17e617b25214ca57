import CinchSQLite
import CinchSchema

extension Schema {
    /// Reads a script of CREATE statements without running it.
    init(script: String) throws {
        let connection = try Connection()
        try connection.execute(script)
        try self.init(of: connection)
    }

    /// Reads the schema of a live database.
    init(of connection: Connection) throws { try self.init(entries: connection.schemaEntries()) }

    /// The schema with ids on every table and column, counted up from `first`.
    func numbered(from first: UInt32 = 1) -> Schema {
        var next = first
        func id() -> StableID {
            defer { next += 1 }
            return StableID(next)
        }
        var copy = self
        copy.tables = tables.mapValues { table in
            var table = table
            table.id = table.id ?? id()
            for place in table.columns.indices where table.columns[place].id == nil {
                table.columns[place].id = id()
            }
            return table
        }
        copy.virtualTables = virtualTables.mapValues { table in
            var table = table
            table.id = table.id ?? id()
            return table
        }
        return copy
    }

    /// The schema with these names, views and triggers included, as ALTER TABLE rewrites them.
    func renamed(_ renaming: Renaming) throws -> Schema {
        try altered(by: renaming.statements(for: self))
    }

    /// The schema after these statements, with ids followed through them.
    func altered(by statements: [String]) throws -> Schema {
        let scratch = try Scratch(statements: self.statements(ids: false))
        var tracker = IdentityTracker(self)
        for sql in statements {
            let event = IdentityEvent(sql)
            let columns = { (table: Identifier) in
                let rows = try? scratch.connection.rows(
                    "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", [.text(table.text)])
                return (rows ?? []).compactMap { $0[0].text.map { Identifier($0) } }
            }
            if case .copyRows? = event, let event { tracker.record(event, columns: columns) }
            try scratch.connection.execute(sql)
            if case .copyRows? = event { continue }
            if let event { tracker.record(event, columns: columns) }
        }
        return tracker.assign(to: try Schema(of: scratch.connection))
    }

    /// Why SQLite can't build the schema, compile a view or a change of a table in it, or rename
    /// a column; nil when it can.
    func refusal() -> String? {
        do {
            let scratch = try Scratch(statements: statements(ids: false))
            try scratch.connection.execute("PRAGMA foreign_keys = ON")
            for view in views {
                _ = try scratch.connection.prepare("EXPLAIN SELECT * FROM \(view.name.quoted)")
            }
            for table in tables {
                let name = table.name.quoted
                let columns = table.columns.filter { $0.generated == nil }.map {
                    "\($0.name.quoted) = 1"
                }
                let update = "UPDATE \(name) SET " + columns.joined(separator: ", ")
                for sql in ["INSERT INTO \(name) DEFAULT VALUES", "DELETE FROM \(name)", update] {
                    _ = try scratch.connection.prepare("EXPLAIN " + sql)
                }
            }
            // SQLite looks at everything there is when a column is renamed.
            try scratch.connection.execute(
                "CREATE TABLE \"a probe\" (a); ALTER TABLE \"a probe\" RENAME a TO b")
            return nil
        } catch {
            return "\(error)"
        }
    }
}
