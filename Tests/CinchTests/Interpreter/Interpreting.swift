import Cinch
import CinchSchema

extension SchemaInterpreter {
    /// An interpreter whose schema is what `sql` creates, with ids as a commit would give them.
    static func after(_ sql: String) throws -> (interpreter: SchemaInterpreter, schema: Schema) {
        let blank = try SchemaInterpreter(Schema())
        try blank.run(sql)
        let schema = try blank.schema().numbered()
        return (try SchemaInterpreter(schema), schema)
    }

    /// What a script makes of the schema another script creates.
    static func schema(_ sql: String, then change: String) throws -> (before: Schema, after: Schema)
    {
        let (interpreter, before) = try after(sql)
        try interpreter.run(change)
        return (before, try interpreter.schema())
    }
}

extension Schema {
    /// Every table and column with an id of its own.
    func numbered() -> Schema {
        var copy = self
        var next: UInt32 = 0
        let number = {
            next += 1
            return StableID(next)
        }
        copy.tables = tables.mapValues { table in
            var table = table
            table.id = number()
            for place in table.columns.indices { table.columns[place].id = number() }
            return table
        }
        return copy
    }

    /// The id of a table, or of a column given as `table.column`.
    func id(_ path: String) -> StableID? {
        let parts = path.split(separator: ".").map { Identifier(String($0)) }
        guard let table = tables[parts[0]] else { return nil }
        return parts.count == 1 ? table.id : table.column(named: parts[1])?.id
    }

    /// The names of everything in it.
    var names: [String] {
        tables.map(\.name.text) + virtualTables.map(\.name.text) + indexes.map(\.name.text)
            + views.map(\.name.text) + triggers.map(\.name.text)
    }
}
