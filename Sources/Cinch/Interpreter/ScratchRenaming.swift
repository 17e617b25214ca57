import CinchSchema

extension Renaming {
    /// Gives a schema these names by ALTER TABLE on a scratch database, so that views and
    /// triggers are rewritten as SQLite does it.
    ///
    /// Where SQLite refuses, since a view was broken before, tables and indexes are renamed and
    /// views and triggers are left as they are.
    func rename(_ schema: Schema) throws -> Schema {
        do {
            let interpreter = try SchemaInterpreter(schema)
            try interpreter.run(statements(for: schema).joined(separator: "\n"))
            return try interpreter.schema()
        } catch is CinchError {
            var copy = schema
            copy.tables = schema.tables.mapValues { apply(to: $0) }
            copy.indexes = schema.indexes.mapValues { apply(to: $0) }
            copy.virtualTables = schema.virtualTables.mapValues { virtual in
                var virtual = virtual
                virtual.name = table(virtual.name)
                return virtual
            }
            return copy
        }
    }
}
