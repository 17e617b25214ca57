/// Foreign keys and what finds their children.
enum ForeignKeyLint: LintGroup {
    static let withoutIndex = LintRule(
        "fk-without-index", "A foreign key whose children no index finds", .warning,
        why: """
            Whenever a row of the parent is deleted or its key changes, SQLite looks for its children. \
            Without an index that starts with the child's columns it reads all of the child table, each \
            time.
            """,
        example: """
            CREATE TABLE tasks (
                id INTEGER PRIMARY KEY,
                project_id INTEGER REFERENCES projects (id) ON DELETE CASCADE
            );
            """,
        fix: "Add the index: `CREATE INDEX idx_tasks_project_id ON tasks (project_id);`")

    static let rules = [withoutIndex]

    static func findings(in change: LintedChange) -> [LintFinding] {
        let indexes = Dictionary(grouping: change.after.indexes) { $0.table.key }
        let earlierIndexes = Dictionary(grouping: change.earlierIndexes) { $0.table.key }
        return change.after.tables.flatMap { table -> [LintFinding] in
            let name = table.name.key
            let own = indexes[name] ?? []
            let before = change.earlier[name]
            guard before != table || own != earlierIndexes[name] ?? [] else { return [] }
            return table.foreignKeys.compactMap { key in
                guard !table.finds(key, own) else { return nil }
                // It was so before: not what this change brings.
                if let before, before.foreignKeys.contains(where: { $0.isSame(as: key) }),
                    !before.finds(key, earlierIndexes[name] ?? [])
                {
                    return nil
                }
                return finding(key, table)
            }
        }
    }

    private static func finding(_ key: ForeignKey, _ table: Table) -> LintFinding {
        let columns = key.columns.map(\.text)
        let name = Identifier("idx_\(table.name)_\(columns.joined(separator: "_"))")
        let index = Index(
            name: name, table: table.name, terms: key.columns.map { IndexedColumn(.column($0)) })
        return LintFinding(
            withoutIndex, "\(table.name).\(columns.joined(separator: ","))",
            "no index of \(table.name) starts with \(columns.joined(separator: ", ")), so each DELETE"
                + " from \(key.parent) reads all of it",
            suggestion: index.ddl, at: LintPlace(foreignKey: key, of: table))
    }
}

extension Table {
    /// Whether the children of a foreign key are found by a key, an index or the rowid.
    fileprivate func finds(_ key: ForeignKey, _ indexes: [Index]) -> Bool {
        let wanted = Set(key.columns.map(\.key))
        let starts = { (terms: [IndexedColumn]) in
            let first = terms.prefix(wanted.count).map { $0.columnName?.key }
            return Set(first) == Set(wanted.map(Optional.some))
        }
        return keys.contains(where: starts)
            || indexes.contains { index in
                let isComplete =
                    index.condition.map { condition in
                        wanted.count == 1 && wanted.contains { condition.isNotNull(of: $0) }
                    } ?? true
                return isComplete && starts(index.terms)
            }
    }
}

extension Expression {
    /// Whether it says that a column is not NULL, and nothing else.
    fileprivate func isNotNull(of column: String) -> Bool {
        guard tokens.first?.name?.key == column else { return false }
        let rest = tokens.dropFirst().map(\.keyword)
        return rest == ["IS", "NOT", "NULL"] || rest == ["NOTNULL"] || rest == ["NOT", "NULL"]
    }
}
