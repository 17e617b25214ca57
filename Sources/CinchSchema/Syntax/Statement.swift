/// One CREATE statement, read as SQLite 3.40's grammar reads it.
public enum Statement: Hashable, Sendable {
    /// CREATE TABLE.
    case table(Table)
    /// CREATE VIRTUAL TABLE.
    case virtualTable(VirtualTable)
    /// CREATE INDEX.
    case index(Index)
    /// CREATE VIEW.
    case view(View)
    /// CREATE TRIGGER.
    case trigger(Trigger)

    /// Reads a single CREATE statement, with or without a semicolon at its end.
    ///
    /// - Parameter tables: The tables an index may stand on: what a double-quoted word in it
    ///   means depends on their columns.
    /// - Throws: ``SchemaError`` with the place of the first token that doesn't fit.
    public init(parsing sql: String, tables: NameSorted<Table> = NameSorted())
        throws(SchemaError)
    {
        var parser = Parser(try Lexer(sql))
        self = try parser.statement(tables: tables)
    }

    init(parsing sql: String, about name: String, tables: NameSorted<Table>)
        throws(SchemaError)
    {
        do {
            try self.init(parsing: sql, tables: tables)
        } catch {
            throw error.about(name)
        }
    }

    /// The canonical text with ids, as a schema tree has it but for the line feed at its end.
    public var ddl: String {
        switch self {
        case .table(let table): table.ddl(ids: true)
        case .virtualTable(let table): table.ddl(ids: true)
        case .index(let index): index.ddl
        case .view(let view): view.ddl
        case .trigger(let trigger): trigger.ddl
        }
    }

    /// The canonical text without ids.
    var withoutIDs: String {
        switch self {
        case .table(let table): table.ddl(ids: false)
        case .virtualTable(let table): table.ddl(ids: false)
        default: ddl
        }
    }

    var isIndex: Bool { if case .index = self { true } else { false } }

    /// The entity's name.
    public var name: Identifier {
        switch self {
        case .table(let table): table.name
        case .virtualTable(let table): table.name
        case .index(let index): index.name
        case .view(let view): view.name
        case .trigger(let trigger): trigger.name
        }
    }
}
