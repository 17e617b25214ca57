extension MergeLedger {
    /// A merged table with what was decided about parts of it that nobody fights over: a foreign
    /// key or CHECK may have to go because of what it needs.
    mutating func applyingParts(to table: Table, of sides: TableSides) -> Table {
        guard !decisions.choices.isEmpty else { return table }
        var table = table
        for key in table.foreignKeys {
            guard let choice = choice("\(table.name).\(key.pathKey)") else { continue }
            let source: Table?
            switch choice {
            case .base: source = sides.base
            case .ours: source = sides.ours
            case .theirs: source = sides.theirs
            case .drop: source = nil
            case .sql: continue
            }
            if source?.foreignKeys.contains(key) != true { table.remove(key) }
        }
        for constraint in table.constraints
        where choice("\(table.name).\(constraint.key)") == .drop {
            table.constraints.removeAll { $0 == constraint }
        }
        for place in table.columns.indices {
            let path = "\(table.name).\(table.columns[place].name)"
            if choice("\(path).references") == .drop { table.columns[place].references = [] }
            if choice("\(path).check") == .drop { table.columns[place].checks = [] }
            if choice("\(path).unique") == .drop { table.columns[place].uniques = [] }
            if choice("\(path).default") == .drop { table.columns[place].defaultValue = nil }
        }
        return table
    }
}

extension Table {
    /// Takes a foreign key out, whether it stands on its column or on the table.
    fileprivate mutating func remove(_ key: ForeignKey) {
        constraints.removeAll { $0.rule == .foreignKey(key) }
        for place in columns.indices where key.columns == [columns[place].name] {
            var onColumn = key
            onColumn.columns = []
            columns[place].references.removeAll { $0.rule == onColumn }
        }
    }
}

extension Renaming {
    /// A path with new names in the place of old ones; absent when nothing in it is renamed.
    func path(_ path: String) -> String? {
        let wanted = Identifier(path).key
        // Columns are listed under their table's new name.
        for (table, names) in columns {
            for (old, new) in names {
                for prefix in [table] + tables.filter({ $0.value.key == table }).map(\.key) {
                    let start = "\(prefix).\(old)"
                    guard wanted == start || wanted.hasPrefix(start + ".") else { continue }
                    let owner = tables[prefix]?.text ?? String(path.prefix(prefix.count))
                    return "\(owner).\(new)" + path.dropFirst(start.count)
                }
            }
        }
        for (old, new) in tables where wanted == old || wanted.hasPrefix(old + ".") {
            return new.text + path.dropFirst(old.count)
        }
        return nil
    }
}
