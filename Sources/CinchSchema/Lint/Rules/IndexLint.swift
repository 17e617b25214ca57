/// Indexes: those that take long to make, and those that are of no use.
enum IndexLint: LintGroup {
    static let bigTableIndex = LintRule(
        "big-table-index", "An index or UNIQUE on a big table", .warning,
        why: """
            Making an index reads and sorts every row, while the tenant's file is locked for writing. \
            Which tables are big is said by `big_tables` in `[lint]`.
            """,
        example: """
            -- with big_tables = ["events", "logs_*"]
            CREATE INDEX idx_events_kind ON events (kind);
            """,
        fix: """
            Run `cinch rehearse` to see how long it takes, and roll it out when little is written: \
            `policy = "manual"` and `cinch materialize`.
            """)

    static let redundantIndex = LintRule(
        "redundant-index", "An index that another one makes useless", .warning,
        why: """
            What an index finds is found as well by a key or by another index that starts with the same \
            terms. It costs space, and time with every write, and gives nothing.
            """,
        example: """
            CREATE INDEX idx_tasks_project ON tasks (project_id);
            CREATE INDEX idx_tasks_project_due ON tasks (project_id, due);
            """,
        fix: "Drop the shorter one.")

    static let rules = [bigTableIndex, redundantIndex]

    static func findings(in change: LintedChange) -> [LintFinding] {
        bigTables(change) + redundant(change)
    }

    // MARK: Big tables

    private static func bigTables(_ change: LintedChange) -> [LintFinding] {
        guard !change.settings.bigTables.isEmpty else { return [] }
        let earlier = NameSorted(change.earlierIndexes)
        let indexes = change.after.indexes.filter { index in
            isBig(index.table, change) && earlier[index.name] != index
        }.map { index in
            LintFinding(
                bigTableIndex, index.name.text,
                "index \(index.name) is made on \(index.table), which is big",
                suggestion: "Run 'cinch rehearse' to see how long it takes.",
                at: LintPlace(.index, index.name))
        }
        return indexes
            + change.after.tables.filter { isBig($0.name, change) }.flatMap { uniques($0, change) }
    }

    /// A big table that is there already: a new one has no rows.
    private static func isBig(_ table: Identifier, _ change: LintedChange) -> Bool {
        guard let old = change.old(table) else { return false }
        return change.settings.isBig(table) || change.settings.isBig(old.name)
    }

    private static func uniques(_ table: Table, _ change: LintedChange) -> [LintFinding] {
        guard let earlier = change.earlier[table.name.key], earlier != table else { return [] }
        let known = earlier.keys.map { $0.map(\.ddl) }
        return table.keys.filter { !known.contains($0.map(\.ddl)) }.map { terms in
            let names = terms.map { $0.columnName?.text ?? $0.ddl }
            let entity = "\(table.name).\(names.joined(separator: ","))"
            return LintFinding(
                bigTableIndex, entity,
                "\(table.name), which is big, is to be unique in \(names.joined(separator: ", "))",
                suggestion: "Run 'cinch rehearse' to see how long it takes.",
                at: LintPlace(column: terms.first?.columnName, of: table))
        }
    }

    // MARK: Redundant

    private static func redundant(_ change: LintedChange) -> [LintFinding] {
        let indexes = Dictionary(grouping: change.after.indexes) { $0.table.key }
        let earlierIndexes = Dictionary(grouping: change.earlierIndexes) { $0.table.key }
        return change.after.tables.flatMap { table -> [LintFinding] in
            let name = table.name.key
            guard let own = indexes[name] else { return [] }
            let before = change.earlier[name]
            let earlier = earlierIndexes[name] ?? []
            guard before != table || own != earlier else { return [] }
            return own.compactMap { index in
                guard let better = table.replacement(of: index, among: own) else { return nil }
                // It was so before: not what this change brings.
                if let before, earlier.contains(index),
                    before.replacement(of: index, among: earlier) != nil
                {
                    return nil
                }
                return LintFinding(
                    redundantIndex, index.name.text,
                    "index \(index.name) finds nothing that \(better) doesn't find",
                    suggestion: "DROP INDEX \(index.name.quoted);",
                    at: LintPlace(.index, index.name))
            }
        }
    }
}

extension Table {
    /// What makes an index of this table useless, for people; absent when nothing does.
    fileprivate func replacement(of index: Index, among indexes: [Index]) -> String? {
        let terms = self.terms(index.terms)
        if index.condition == nil {
            for (place, key) in keys.enumerated() {
                let key = self.terms(key)
                if index.isUnique ? key == terms : key.starts(withIndexed: terms) {
                    let isPrimary = place == 0 && !primaryKeyColumns.isEmpty
                    return isPrimary ? "the primary key" : "a UNIQUE of the table"
                }
            }
        }
        for other in indexes where other.name != index.name && other.condition == index.condition {
            let others = self.terms(other.terms)
            let isSame = others == terms
            guard index.isUnique ? isSame && other.isUnique : others.starts(withIndexed: terms)
            else { continue }
            // Of two that are the same, the one that isn't unique, or else the later by name.
            if isSame, index.isUnique == other.isUnique, index.name < other.name { continue }
            return "index \(other.name)"
        }
        return nil
    }

    private func terms(_ terms: [IndexedColumn]) -> [IndexTerm] {
        terms.map { term in
            let column = term.columnName.flatMap(self.column(named:))
            return IndexTerm(
                what: term.columnName?.key ?? term.ddl,
                collation: term.collation?.key ?? column?.collationKey ?? "",
                isDescending: term.isDescending)
        }
    }
}

private struct IndexTerm: Hashable {
    var what: String
    var collation: String
    var isDescending: Bool
}

extension [IndexTerm] {
    /// Whether an index of these terms serves as one of fewer: read backwards as well.
    fileprivate func starts(withIndexed others: [IndexTerm]) -> Bool {
        guard others.count <= count else { return false }
        let first = prefix(others.count)
        let backwards = others.map { term in
            IndexTerm(
                what: term.what, collation: term.collation, isDescending: !term.isDescending)
        }
        return Array(first) == others || Array(first) == backwards
    }
}
