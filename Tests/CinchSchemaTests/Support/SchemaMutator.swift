import CinchSQLite
import CinchSchema

/// Changes a schema at random, in ways that data the generator makes can follow.
struct SchemaMutator {
    var generator: SchemaGenerator
    /// What the changes began with.
    private let original: Schema

    init(_ original: Schema, seed: Int) {
        generator = SchemaGenerator(seed: seed, firstID: UInt32(seed) &* 1_000_003 &+ 100_000)
        self.original = original
    }

    /// The schema after `count` changes, each of which SQLite accepts.
    mutating func mutated(_ count: Int) -> Schema {
        var schema = original
        var left = count
        var attempts = 0
        while left > 0, attempts < 200 {
            attempts += 1
            guard let next = try? change(schema), next != schema, isFit(next),
                next.refusal() == nil
            else { continue }
            schema = next
            left -= 1
        }
        return schema
    }

    private mutating func change(_ schema: Schema) throws -> Schema {
        switch Int.random(in: 0..<16, using: &generator.random) {
        case 0: try renamed(schema) { $0.renameTable(in: schema, &$1) }
        case 1, 2: try renamed(schema) { $0.renameColumn(in: schema, &$1) }
        case 3: try renamed(schema) { $0.swap(in: schema, &$1) }
        case 4: dropTable(schema)
        case 5: dropColumn(schema)
        case 6: edited(schema) { $0.dropColumnOnly(&$1) }
        case 7, 8: edited(schema) { $0.addColumn(&$1) }
        case 9: edited(schema) { $0.changeAttribute(&$1) }
        case 10: edited(schema) { $0.changeConstraint(&$1) }
        case 11: edited(schema) { $1.columns.shuffle(using: &$0.generator.random) }
        case 12: edited(schema) { $0.changeOptions(&$1) }
        case 13: addTable(schema)
        case 14: edited(schema) { $0.replaceColumn(&$1) }
        default: changeEntities(schema)
        }
    }

    // MARK: Names

    private mutating func renamed(
        _ schema: Schema, _ choose: (inout SchemaMutator, inout Renaming) -> Void
    ) throws -> Schema {
        var renaming = Renaming()
        choose(&self, &renaming)
        return try schema.renamed(renaming)
    }

    private mutating func renameTable(in schema: Schema, _ renaming: inout Renaming) {
        guard let table = generator.random.pick(schema.tables) else { return }
        renaming.tables[table.name.key] = generator.name(besides: schema.entityNames)
    }

    private mutating func renameColumn(in schema: Schema, _ renaming: inout Renaming) {
        guard let table = generator.random.pick(schema.tables),
            let column = generator.random.pick(table.columns)
        else { return }
        let name =
            generator.random.oneIn(6)
            ? Identifier(column.name.text.uppercased())
            : generator.name(besides: table.columns.map(\.name))
        renaming.columns[table.name.key] = [column.name.key: name]
    }

    private mutating func swap(in schema: Schema, _ renaming: inout Renaming) {
        let tables = schema.tables.shuffled(using: &generator.random)
        if tables.count > 1, generator.random.oneIn(2) {
            renaming.tables = [
                tables[0].name.key: tables[1].name, tables[1].name.key: tables[0].name,
            ]
        } else if let table = tables.first, table.columns.count > 1 {
            let columns = table.columns.shuffled(using: &generator.random)
            renaming.columns[table.name.key] = [
                columns[0].name.key: columns[1].name, columns[1].name.key: columns[0].name,
            ]
        }
    }

    // MARK: Tables

    private mutating func addTable(_ schema: Schema) -> Schema {
        var copy = schema
        copy.tables.insert(generator.table(in: schema))
        return copy.normalized
    }

    /// Drops a table and everything that names it; half the time one of its name follows.
    private mutating func dropTable(_ schema: Schema) -> Schema {
        guard schema.tables.count > 1, let table = generator.random.pick(schema.tables) else {
            return schema
        }
        var copy = schema
        copy.tables[table.name] = nil
        copy.dropEverything(naming: table.name)
        if generator.random.oneIn(2) {
            var next = generator.table(in: copy)
            next.name = table.name
            copy.tables.insert(next)
        }
        return copy.normalized
    }

    private mutating func dropColumn(_ schema: Schema) -> Schema {
        guard let table = generator.random.pick(schema.tables),
            let column = generator.random.pick(table.columns)
        else { return schema }
        var copy = schema
        var shorter = table
        shorter.columns.removeAll { $0 == column }
        shorter.constraints.removeAll { $0.rule.mentions(column.name) }
        copy.tables.insert(shorter)
        copy.dropEverything(naming: column.name)
        return copy.normalized
    }

    private mutating func edited(
        _ schema: Schema, _ edit: (inout SchemaMutator, inout Table) -> Void
    ) -> Schema {
        guard var table = generator.random.pick(schema.tables) else { return schema }
        edit(&self, &table)
        var copy = schema
        copy.tables.insert(table)
        return copy.normalized
    }

    private mutating func dropColumnOnly(_ table: inout Table) {
        guard let place = table.columns.indices.randomElement(using: &generator.random) else {
            return
        }
        table.columns.remove(at: place)
    }

    private mutating func addColumn(_ table: inout Table) {
        switch Int.random(in: 0..<4, using: &generator.random) {
        case 0: generator.addGenerated(to: &table)
        case 1: generator.addForeignKey(to: &table, in: original)
        default:
            var column = generator.column(in: table)
            if column.defaultValue?.rule.sql == "NULL" || column.defaultValue == nil {
                column.notNull = nil
            }
            if table.isStrict { column.defaultValue = nil; column.notNull = nil }
            let place =
                generator.random.oneIn(3)
                ? Int.random(in: 0...table.columns.count, using: &generator.random)
                : table.columns.count
            table.columns.insert(column, at: place)
        }
    }

    /// A column goes and another takes its name.
    private mutating func replaceColumn(_ table: inout Table) {
        guard table.columns.count > 1,
            let gone = table.columns.indices.randomElement(using: &generator.random)
        else { return }
        let name = table.columns.remove(at: gone).name
        if generator.random.oneIn(2),
            let heir = table.columns.indices.randomElement(using: &generator.random)
        {
            table.columns[heir].name = name
        } else {
            var column = Column(id: generator.id(), name: name)
            column.declaredType = table.isStrict ? "ANY" : ""
            table.columns.append(column)
        }
    }

    private mutating func changeAttribute(_ table: inout Table) {
        guard let place = table.columns.indices.randomElement(using: &generator.random) else {
            return
        }
        switch Int.random(in: 0..<7, using: &generator.random) {
        case 0:
            table.columns[place].declaredType =
                generator.random.pick(["INTEGER", "TEXT", "", "NUMERIC"]) ?? ""
        case 1:
            table.columns[place].notNull =
                table.columns[place].notNull == nil ? Constraint(Column.Demand()) : nil
        case 2:
            let sql = generator.random.pick(SchemaGenerator.defaults) ?? "0"
            table.columns[place].defaultValue = Constraint(generator.default_(sql))
        case 3: table.columns[place].defaultValue = nil
        case 4: table.columns[place].checks = []
        case 5:
            table.columns[place].collation =
                table.columns[place].collation == nil ? Constraint("RTRIM") : nil
        default:
            if table.columns[place].generated == nil {
                table.columns[place].primaryKey =
                    table.columns[place].primaryKey == nil
                    ? Constraint(Column.PrimaryKey()) : nil
            } else {
                table.columns[place].generated?.rule.isStored.toggle()
            }
        }
    }

    private mutating func changeConstraint(_ table: inout Table) {
        if generator.random.oneIn(2),
            let place = table.constraints.indices.randomElement(using: &generator.random)
        {
            table.constraints.remove(at: place)
        } else if generator.random.oneIn(2) {
            generator.addCheck(to: &table)
        } else {
            generator.addUnique(to: &table)
        }
    }

    private mutating func changeOptions(_ table: inout Table) {
        switch Int.random(in: 0..<3, using: &generator.random) {
        case 0: table.isStrict.toggle()
        case 1: table.isWithoutRowID.toggle()
        default:
            for place in table.columns.indices {
                table.columns[place].primaryKey?.rule.isAutoincrement.toggle()
            }
        }
    }

    // MARK: The rest

    private mutating func changeEntities(_ schema: Schema) -> Schema {
        var copy = schema
        switch Int.random(in: 0..<6, using: &generator.random) {
        case 0: generator.addIndex(to: &copy)
        case 1: generator.addView(to: &copy)
        case 2: generator.addTrigger(to: &copy)
        case 3: generator.random.pick(schema.indexes).map { copy.indexes[$0.name] = nil }
        case 4: generator.random.pick(schema.triggers).map { copy.triggers[$0.name] = nil }
        default: generator.random.pick(schema.views).map { copy.views[$0.name] = nil }
        }
        return copy.normalized
    }

    /// Whether the rows the generator makes for the original satisfy the schema.
    private func isFit(_ schema: Schema) -> Bool {
        let tables = Dictionary(
            original.tables.compactMap { table in table.id.map { ($0, table) } },
            uniquingKeysWith: { first, _ in first })
        for table in schema.tables {
            guard let id = table.id, let before = tables[id] else { continue }
            for column in table.columns where !isFit(column, in: table, before) { return false }
            let key = table.primaryKeyNames
            let distinct =
                table.uniqueNames
                + schema.indexes.filter {
                    $0.isUnique && $0.table.matches(table.name)
                }.compactMap { $0.terms.first?.columnName } + key.prefix(1)
            for name in distinct {
                guard let column = table.column(named: name),
                    let known = before.columns.first(where: { $0.id == column.id }),
                    known.generated == nil, column.generated == nil,
                    !before.isChild(known.name), known.declaredType == column.declaredType
                else { return false }
            }
            if table.isWithoutRowID, key.isEmpty { return false }
        }
        return true
    }

    private func isFit(_ column: Column, in table: Table, _ before: Table) -> Bool {
        guard let known = before.columns.first(where: { $0.id == column.id }) else {
            // A new column takes its default in every row.
            let value = column.defaultValue?.rule.sql ?? "NULL"
            return column.generated != nil
                || (column.notNull == nil || value != "NULL") && column.primaryKey == nil
                    && !(table.isStrict && value != "NULL")
        }
        if table.isStrict, !before.isStrict || known.declaredType != column.declaredType {
            return known.declaredType == column.declaredType
                && SchemaGenerator.types.contains(column.declaredType)
                && known.generated == nil && column.generated == nil
                && !before.isChild(known.name)
        }
        if column.notNull != nil, known.notNull == nil {
            return known.generated == nil && !before.isChild(known.name)
        }
        return true
    }
}

extension Schema {
    fileprivate mutating func dropEverything(naming name: Identifier) {
        for index in indexes where index.table.matches(name) || index.mentions(name) {
            indexes[index.name] = nil
        }
        for trigger in triggers where trigger.mentions(name) { triggers[trigger.name] = nil }
        for view in views where view.select.mentions(name) { views[view.name] = nil }
    }
}

extension IndexedColumn {
    /// The column the term is; nil for an expression.
    fileprivate var columnName: Identifier? {
        if case .column(let name) = term { name } else { nil }
    }
}

extension Table {
    fileprivate var primaryKeyNames: [Identifier] {
        columns.filter { $0.primaryKey != nil }.map(\.name)
            + constraints.flatMap { constraint -> [Identifier] in
                if case .primaryKey(let terms, _, _) = constraint.rule {
                    terms.compactMap(\.columnName)
                } else {
                    []
                }
            }
    }

    fileprivate var uniqueNames: [Identifier] {
        constraints.flatMap { constraint -> [Identifier] in
            if case .unique(let terms, _) = constraint.rule {
                terms.prefix(1).compactMap(\.columnName)
            } else {
                []
            }
        }
    }
}
