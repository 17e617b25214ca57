/// A row of `sqlite_schema` (fileformat2, section 2.6).
public struct SchemaEntry: Hashable, Sendable {
    /// The `type` column.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case table, index, view, trigger
    }

    /// The `type` column.
    public var kind: Kind
    /// The entity's name.
    public var name: String
    /// The table it stands on, or its own name.
    public var tableName: String
    /// The CREATE statement as SQLite stores it.
    public var sql: String

    /// Makes a row.
    public init(kind: Kind, name: String, tableName: String, sql: String) {
        self.kind = kind
        self.name = name
        self.tableName = tableName
        self.sql = sql
    }
}

/// A SQLite schema: tables, indexes, views and triggers.
///
/// Two schemas are equal exactly when their canonical texts are; ids are part of that text.
public struct Schema: Hashable, Sendable {
    /// The ordinary tables.
    public var tables: NameSorted<Table>
    /// The virtual tables.
    public var virtualTables: NameSorted<VirtualTable>
    /// The indexes, without those SQLite makes for constraints.
    public var indexes: NameSorted<Index>
    /// The views.
    public var views: NameSorted<View>
    /// The triggers.
    public var triggers: NameSorted<Trigger>

    /// Makes an empty schema.
    public init() {
        tables = NameSorted()
        virtualTables = NameSorted()
        indexes = NameSorted()
        views = NameSorted()
        triggers = NameSorted()
    }

    /// Reads the rows of `sqlite_schema`, in any order.
    ///
    /// - Throws: ``SchemaError`` naming the entity for text that isn't SQLite's or can't be kept.
    public init(entries: some Sequence<SchemaEntry>) throws(SchemaError) {
        var statements: [Statement] = []
        var indexes: [SchemaEntry] = []
        for entry in entries {
            if entry.kind == .index {
                indexes.append(entry)
            } else {
                let statement = try Statement(
                    parsing: entry.sql, about: entry.name, tables: NameSorted())
                guard !statement.isIndex else {
                    throw .syntax("CREATE INDEX in the place of another", offset: 0)
                        .about(entry.name)
                }
                statements.append(statement)
            }
        }
        try self.init(statements: statements)
        // Last, since what a double-quoted word in an index means depends on the table's columns.
        var parsed: [Index] = []
        for entry in indexes {
            guard
                case .index(let index) = try Statement(
                    parsing: entry.sql, about: entry.name, tables: tables)
            else { throw .syntax("not CREATE INDEX", offset: 0).about(entry.name) }
            parsed.append(index)
        }
        self.indexes = NameSorted(parsed)
        guard self.indexes.count == parsed.count else { throw Self.duplicate }
    }

    /// Puts parsed statements together, in any order.
    ///
    /// - Throws: ``SchemaError`` when two entities of a kind have one name.
    public init(statements: some Sequence<Statement>) throws(SchemaError) {
        self.init()
        var tables: [Table] = []
        var virtualTables: [VirtualTable] = []
        var views: [View] = []
        var triggers: [Trigger] = []
        var indexes: [Index] = []
        for statement in statements {
            switch statement {
            case .table(let table): tables.append(table)
            case .virtualTable(let table): virtualTables.append(table)
            case .view(let view): views.append(view)
            case .trigger(let trigger): triggers.append(trigger)
            case .index(let index): indexes.append(index)
            }
        }
        self.tables = NameSorted(tables)
        self.virtualTables = NameSorted(virtualTables)
        self.views = NameSorted(views)
        self.triggers = NameSorted(triggers)
        self.indexes = NameSorted(indexes)
        guard
            self.tables.count == tables.count, self.virtualTables.count == virtualTables.count,
            self.views.count == views.count, self.triggers.count == triggers.count,
            self.indexes.count == indexes.count
        else { throw Self.duplicate }
    }

    private static let duplicate = SchemaError(.duplicate(name: "a table, index, view or trigger"))

    /// The definitions without identities: what a tenant file can be compared with.
    public var withoutIDs: Schema {
        var copy = self
        copy.tables = tables.mapValues(\.withoutIDs)
        copy.virtualTables = virtualTables.mapValues(\.withoutID)
        return copy
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool {
        tables.isEmpty && virtualTables.isEmpty && indexes.isEmpty && views.isEmpty
            && triggers.isEmpty
    }

    /// The CREATE statements in an order SQLite can run, each ended by a semicolon.
    public func statements(ids: Bool) -> [String] {
        tables.map { $0.ddl(ids: ids) } + virtualTables.map { $0.ddl(ids: ids) }
            + indexes.map(\.ddl) + views.map(\.ddl) + triggers.map(\.ddl)
    }

    /// All statements as one text, a blank line between two.
    public func ddl(ids: Bool) -> String {
        statements(ids: ids).map { $0 + "\n" }.joined(separator: "\n")
    }
}
