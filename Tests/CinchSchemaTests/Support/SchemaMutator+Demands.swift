import CinchSchema

extension SchemaMutator {
    /// The schema after up to `count` changes that rows may well not fit.
    mutating func demanding(_ count: Int, of schema: Schema) -> Schema {
        var schema = schema
        for _ in 0..<count {
            guard let table = generator.random.pick(schema.tables),
                let place = table.columns.indices.randomElement(using: &generator.random)
            else { continue }
            var next = schema
            next.tables.insert(demanding(table, at: place, in: schema))
            if generator.random.oneIn(3) { addUniqueIndex(on: table, to: &next) }
            next = next.normalized
            if next.refusal() == nil { schema = next }
        }
        return schema
    }

    private mutating func demanding(_ table: Table, at place: Int, in schema: Schema) -> Table {
        var table = table
        let column = table.columns[place]
        let name = column.name.quoted
        switch Int.random(in: 0..<8, using: &generator.random) {
        case 0: table.columns[place].notNull = Constraint(Column.Demand())
        case 1: table.columns[place].uniques = [Constraint(Column.Demand())]
        case 2:
            let forms = [
                "\(name) > 1", "length(\(name)) < 3", "\(name) <> 'a'", "typeof(\(name)) = 'text'",
            ]
            let rule = generator.expression(generator.random.pick(forms) ?? "1", table)
            table.columns[place].checks.append(Constraint(rule))
        case 3:
            guard let parent = generator.random.pick(schema.tables), let key = parent.singleKey
            else { break }
            table.columns[place].references = [
                Constraint(ForeignKey(parent: parent.name, parentColumns: [key.name]))
            ]
        case 4, 5:
            table.columns[place].declaredType =
                generator.random.pick(["INTEGER", "TEXT", "REAL", "BLOB", "ANY", "NUMERIC"]) ?? ""
        case 6:
            table.isStrict = true
            for place in table.columns.indices {
                let types = SchemaGenerator.types + ["ANY"]
                if !types.contains(table.columns[place].declaredType) {
                    table.columns[place].declaredType = generator.random.pick(types) ?? "ANY"
                }
            }
        default:
            var added = generator.column(in: table)
            added.notNull = Constraint(Column.Demand())
            if generator.random.oneIn(2) { added.defaultValue = nil }
            table.columns.append(added)
        }
        return table
    }

    private mutating func addUniqueIndex(on table: Table, to schema: inout Schema) {
        guard let column = generator.random.pick(table.columns),
            let other = generator.random.pick(table.columns)
        else { return }
        let lower = generator.expression("lower(\(column.name.quoted))", table)
        var index = Index(
            name: generator.name(besides: schema.entityNames), table: table.name, isUnique: true,
            terms: [
                generator.random.oneIn(3)
                    ? IndexedColumn(.expression(lower))
                    : IndexedColumn(
                        .column(column.name),
                        collation: generator.random.oneIn(2) ? "NOCASE" : nil)
            ])
        if generator.random.oneIn(3) {
            index.condition = generator.expression("\(other.name.quoted) > 1", table)
        }
        schema.indexes.insert(index)
    }
}
