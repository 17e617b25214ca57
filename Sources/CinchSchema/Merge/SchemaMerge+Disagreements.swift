extension SchemaMerge {
    /// Where two merges of the same sides, by way of different bases, come out differently: which
    /// side is the newer is open there.
    package static func disagreements(
        between one: Schema, and other: Schema, ours: Schema, theirs: Schema
    ) -> [Conflict] {
        var conflicts: [Conflict] = []
        func add(_ entity: String, _ attribute: String?, _ text: (Schema) -> String?) {
            let conflict = Conflict(
                .bothModified, entity: entity, attribute: attribute,
                sides: ThreeWay(base: nil, ours: text(ours), theirs: text(theirs)))
            if !conflicts.contains(conflict) { conflicts.append(conflict) }
        }
        for name in Set((one.tables.map(\.name) + other.tables.map(\.name)).map(\.key)).sorted() {
            let name = Identifier(name)
            let (left, right) = (one.tables[name], other.tables[name])
            guard left?.withoutIDs != right?.withoutIDs else { continue }
            let spelled = (left ?? right)?.name.text ?? name.text
            guard let left, let right, left.columns.map(\.name) == right.columns.map(\.name),
                left.constraints == right.constraints, left.isStrict == right.isStrict,
                left.isWithoutRowID == right.isWithoutRowID
            else {
                add(spelled, nil) { $0.tables[name]?.ddl(ids: false) }
                continue
            }
            for (mine, twin) in zip(left.columns, right.columns) {
                for attribute in mine.differences(from: twin) {
                    add("\(spelled).\(mine.name)", attribute) {
                        $0.tables[name]?.column(named: mine.name)?.ddl
                    }
                }
            }
        }
        func compare<Value: Named>(
            _ values: KeyPath<Schema, NameSorted<Value>>, _ text: @escaping (Value) -> String
        ) {
            let (left, right) = (one[keyPath: values], other[keyPath: values])
            for value in Array(left) + Array(right)
            where left[value.name].map(text) != right[value.name].map(text) {
                add(value.name.text, nil) { $0[keyPath: values][value.name].map(text) }
            }
        }
        compare(\.virtualTables) { $0.ddl(ids: false) }
        compare(\.indexes, \.ddl)
        compare(\.views, \.ddl)
        compare(\.triggers, \.ddl)
        return conflicts
    }
}
