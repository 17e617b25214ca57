import CinchSQLite
import CinchSchema

/// Makes random schemas that SQLite can build, in odd names, with ids, and rows for them.
struct SchemaGenerator {
    var random: SeededGenerator
    private var nextID: UInt32

    /// - Parameter firstID: Where ids start, so that two generators give different ones.
    init(seed: Int, firstID: UInt32 = 1) {
        random = SeededGenerator(seed: seed)
        nextID = firstID
    }

    mutating func id() -> StableID {
        defer { nextID += 1 }
        return StableID(nextID)
    }

    static let names: [Identifier] = [
        "users", "Order", "select", "a b", "x\"y", "größe", "t-1", "[brk]", "it's", "key", "Index",
        "new", "text", "value", "100%", "line\nbreak", "rowid", "oid", "true", "camelCase", "z9",
        "status", "parent", "_under", "group", "日本", "--", "end", "\u{301}x",
    ]

    /// A name no one in `taken` has.
    mutating func name(besides taken: some Sequence<Identifier>) -> Identifier {
        let keys = Set(taken.map(\.key))
        let free = Self.names.filter { !keys.contains($0.key) }
        if let name = random.pick(free), !random.oneIn(8) { return name }
        var number = 0
        while keys.contains("n\(number)") { number += 1 }
        return Identifier("n\(number)")
    }

    // MARK: Schemas

    /// A schema of one to five tables with what stands on them.
    mutating func schema() -> Schema {
        var schema = Schema()
        for _ in 0...Int.random(in: 0...4, using: &random) {
            let table = table(in: schema)
            schema.tables.insert(table)
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) { addIndex(to: &schema) }
        for _ in 0..<Int.random(in: 0...2, using: &random) { addView(to: &schema) }
        for _ in 0..<Int.random(in: 0...2, using: &random) { addTrigger(to: &schema) }
        return schema.refusal() == nil ? schema.normalized : self.schema()
    }

    /// A new table; its foreign keys go to tables of the schema or to itself.
    mutating func table(in schema: Schema) -> Table {
        var table = Table(id: id(), name: name(besides: schema.entityNames), columns: [])
        table.isStrict = random.oneIn(5)
        if !random.oneIn(4) {
            var key = column(in: table)
            key.declaredType = random.oneIn(3) ? "TEXT" : "INTEGER"
            key.primaryKey = Constraint(Column.PrimaryKey())
            key.defaultValue = nil
            if key.declaredType == "INTEGER" {
                var rule = Column.PrimaryKey()
                rule.isAutoincrement = random.oneIn(3)
                rule.isDescending = !rule.isAutoincrement && random.oneIn(6)
                key.primaryKey = Constraint(rule)
            } else {
                table.isWithoutRowID = random.oneIn(2)
            }
            table.columns.append(key)
        }
        for _ in 0...Int.random(in: 0...4, using: &random) {
            table.columns.append(column(in: table))
        }
        if random.oneIn(2) { addGenerated(to: &table) }
        if random.oneIn(2) { addCheck(to: &table) }
        if random.oneIn(3) { addUnique(to: &table) }
        if random.oneIn(2) { addForeignKey(to: &table, in: schema) }
        return table
    }

    static let types = ["INTEGER", "TEXT", "REAL", "BLOB"]

    /// A plain column, perhaps with a default, NOT NULL, a CHECK or a collation.
    mutating func column(in table: Table) -> Column {
        var column = Column(id: id(), name: name(besides: table.columns.map(\.name)))
        column.declaredType = random.pick(Self.types) ?? "TEXT"
        if !table.isStrict, random.oneIn(4) {
            column.declaredType =
                random.pick(["", "VARCHAR(20)", "\"odd type\"", "NUMERIC(4,2)"]) ?? ""
        }
        if random.oneIn(3) {
            column.defaultValue = Constraint(default_(random.pick(Self.defaults) ?? "0"))
        }
        if random.oneIn(4) { column.notNull = Constraint(Column.Demand()) }
        if random.oneIn(5) { column.collation = Constraint("NOCASE") }
        if random.oneIn(5) {
            var known = table
            known.columns.append(column)
            let check = "\(column.name.quoted) IS NULL OR length(\(column.name.quoted)) < 1000"
            column.checks = [
                Constraint(name: random.oneIn(2) ? "ck" : nil, expression(check, known))
            ]
        }
        return column
    }

    static let defaults = [
        "0", "-1", "'x'", "'it''s'", "\"quoted\"", "TRUE", "x'00ff'", "1.5", "(1 + 2)", "(5)",
        "CURRENT_TIMESTAMP", "(lower('A'))", "NULL", "word",
    ]

    func default_(_ sql: String) -> Expression {
        let table = try? Statement(parsing: "CREATE TABLE t (a DEFAULT \(sql))").table
        return table?.columns[0].defaultValue?.rule ?? Expression(tokens: [])
    }

    /// An expression over a table's columns.
    func expression(_ sql: String, _ table: Table) -> Expression {
        let columns = table.columns.map(\.name.quoted).joined(separator: ", ")
        let text = "CREATE TABLE t (\(columns), CHECK (\(sql)))"
        if case .check(let rule, _) = try? Statement(parsing: text).table?.constraints[0].rule {
            return rule
        }
        return Expression(tokens: [])
    }

    mutating func addGenerated(to table: inout Table) {
        guard let source = random.pick(table.columns.filter { $0.generated == nil }) else { return }
        var column = Column(id: id(), name: name(besides: table.columns.map(\.name)))
        column.declaredType = table.isStrict ? "ANY" : random.oneIn(2) ? "" : "TEXT"
        let formulas = ["length(?)", "? || 'x'", "coalesce(?, 'none')", "CASE WHEN ? THEN 1 END"]
        let formula = (random.pick(formulas) ?? "?")
            .replacing("?", with: source.name.quoted)
        column.generated = Constraint(
            Column.Generated(expression: expression(formula, table), isStored: random.oneIn(2)))
        table.columns.insert(column, at: Int.random(in: 0...table.columns.count, using: &random))
    }

    mutating func addCheck(to table: inout Table) {
        guard let column = random.pick(table.columns) else { return }
        let prefix = random.oneIn(3) ? table.name.quoted + "." : ""
        let forms = ["? IS NULL OR ? = ?", "? <> \"never\"", "typeof(?) != 'x' OR ? > -1"]
        let sql = (random.pick(forms) ?? "?").replacing("?", with: prefix + column.name.quoted)
        let name: Identifier? = random.oneIn(2) ? self.name(besides: []) : nil
        table.constraints.append(
            Constraint(name: name, .check(expression(sql, table), onConflict: nil)))
    }

    mutating func addUnique(to table: inout Table) {
        let columns = table.columns.filter { $0.generated == nil && !table.isChild($0.name) }
        guard let first = random.pick(columns) else { return }
        table.constraints.append(
            Constraint(.unique([IndexedColumn(.column(first.name))], onConflict: nil)))
    }

    /// Adds a column that refers to a table's key.
    mutating func addForeignKey(to table: inout Table, in schema: Schema) {
        var candidates = schema.tables.filter { $0.singleKey != nil }
        if table.singleKey != nil { candidates.append(table) }
        guard let parent = random.pick(candidates), let key = parent.singleKey else { return }
        var column = Column(id: id(), name: name(besides: table.columns.map(\.name)))
        column.declaredType = table.isStrict ? "ANY" : key.declaredType
        var reference = ForeignKey(
            parent: parent.name, parentColumns: random.oneIn(3) ? [] : [key.name])
        reference.onDelete = random.pick(ForeignKey.Action.allCases)
        reference.deferral = random.oneIn(3) ? .initiallyDeferred : nil
        if random.oneIn(2) {
            column.references = [Constraint(reference)]
        } else {
            reference.columns = [column.name]
            table.constraints.append(Constraint(.foreignKey(reference)))
        }
        table.columns.append(column)
    }

    // MARK: What stands on tables

    mutating func addIndex(to schema: inout Schema) {
        guard let table = random.pick(schema.tables) else { return }
        let columns = table.columns
        guard let first = random.pick(columns), let second = random.pick(columns) else { return }
        var index = Index(
            name: name(besides: schema.entityNames), table: table.name,
            terms: [
                IndexedColumn(.column(first.name), isDescending: random.oneIn(3)),
                random.oneIn(2)
                    ? IndexedColumn(.expression(expression("lower(\(second.name.quoted))", table)))
                    : IndexedColumn(.column(second.name), collation: "NOCASE"),
            ])
        if random.oneIn(3) {
            index.condition = expression("\(first.name.quoted) <> \"nothing\"", table)
        }
        index.isUnique =
            random.oneIn(4) && !table.isChild(first.name) && first.generated == nil
            && index.condition == nil
        schema.indexes.insert(index)
    }

    mutating func addView(to schema: inout Schema) {
        guard let table = random.pick(schema.tables), let other = random.pick(schema.tables),
            let first = random.pick(table.columns), let second = random.pick(other.columns)
        else { return }
        let selects = [
            "SELECT \(first.name.quoted), count(*) AS n FROM \(table.name.quoted)"
                + " GROUP BY \(first.name.quoted)",
            "SELECT l.\(first.name.quoted) AS a, r.\(second.name.quoted) AS b"
                + " FROM \(table.name.quoted) AS l, \(other.name.quoted) AS r",
            "WITH c AS (SELECT \(first.name.quoted) AS x FROM \(table.name.quoted))"
                + " SELECT x FROM c WHERE x IN (SELECT \(second.name.quoted)"
                + " FROM \(other.name.quoted))",
        ]
        let name = name(besides: schema.entityNames)
        let sql = "CREATE VIEW \(name.quoted) AS " + (random.pick(selects) ?? "")
        if case .view(let view) = try? Statement(parsing: sql) { schema.views.insert(view) }
    }

    mutating func addTrigger(to schema: inout Schema) {
        guard let table = random.pick(schema.tables), let other = random.pick(schema.tables),
            let watched = random.pick(table.columns),
            let changed = random.pick(
                other.columns.filter { $0.generated == nil && $0.primaryKey == nil })
        else { return }
        let events = ["DELETE", "INSERT", "UPDATE OF \(watched.name.quoted)"]
        let event = random.pick(events) ?? "INSERT"
        let row = event == "DELETE" ? "old" : "new"
        let bodies = [
            "DELETE FROM \(other.name.quoted);",
            "UPDATE \(other.name.quoted) SET \(changed.name.quoted) = NULL"
                + " WHERE \(changed.name.quoted) = \(row).\(watched.name.quoted);",
        ]
        let name = name(besides: schema.triggers.map(\.name))
        let sql =
            "CREATE TRIGGER \(name.quoted) AFTER \(event) ON \(table.name.quoted)"
            + " WHEN \(row).\(watched.name.quoted) IS NOT NULL BEGIN "
            + (random.pick(bodies) ?? "") + " END"
        if case .trigger(let trigger) = try? Statement(parsing: sql) {
            schema.triggers.insert(trigger)
        }
    }
}

extension Schema {
    /// Every name of the space tables, views and indexes share.
    var entityNames: [Identifier] {
        tables.map(\.name) + virtualTables.map(\.name) + indexes.map(\.name) + views.map(\.name)
    }

    /// The schema as it is read back from its own text, with its ids.
    var normalized: Schema {
        var entries = tables.map {
            SchemaEntry(kind: .table, name: "", tableName: "", sql: $0.ddl(ids: true))
        }
        entries += virtualTables.map {
            SchemaEntry(kind: .table, name: "", tableName: "", sql: $0.ddl(ids: true))
        }
        entries += indexes.map {
            SchemaEntry(kind: .index, name: "", tableName: "", sql: $0.ddl)
        }
        entries += views.map { SchemaEntry(kind: .view, name: "", tableName: "", sql: $0.ddl) }
        entries += triggers.map {
            SchemaEntry(kind: .trigger, name: "", tableName: "", sql: $0.ddl)
        }
        return (try? Schema(entries: entries)) ?? Schema()
    }
}

extension Table {
    /// The column that is the primary key on its own.
    var singleKey: Column? { columns.first { $0.primaryKey != nil } }

    /// Whether the column refers to another table.
    func isChild(_ column: Identifier) -> Bool {
        foreignKeys.contains { $0.columns.contains(where: column.matches) }
    }
}
