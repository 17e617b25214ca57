package import CinchSchema

/// A foreign key as diagrams draw it.
package struct Relation: Hashable, Sendable {
    /// The table that has the key.
    package var child: Identifier
    /// Its columns.
    package var childColumns: [Identifier]
    /// The table it refers to.
    package var parent: Identifier
    /// The columns it refers to; empty where these can't be told: the parent isn't there, or has
    /// no primary key of as many columns.
    package var parentColumns: [Identifier]
    /// Whether a child may have no parent: one of its columns takes NULL.
    package var isOptional: Bool
    /// Whether a parent has at most one child: the columns are a key of theirs.
    package var isUnique: Bool

    /// `orders.customer_id → customers.id`.
    package var summary: String {
        "\(Self.list(child, childColumns)) → \(Self.list(parent, parentColumns))"
    }

    private static func list(_ table: Identifier, _ columns: [Identifier]) -> String {
        switch columns.count {
        case 0: table.text
        case 1: "\(table).\(columns[0])"
        default: "\(table) (\(columns.map(\.text).joined(separator: ", ")))"
        }
    }
}

extension Schema {
    /// Every foreign key, table by table in order of appearance, once each.
    package var relations: [Relation] {
        var seen: Set<Relation> = []
        var relations: [Relation] = []
        for table in tables {
            let keys = table.foreignKeys
            guard !keys.isEmpty else { continue }
            let unique = uniqueKeys(of: table)
            for key in keys {
                let parent = tables[key.parent]
                let relation = Relation(
                    child: table.name,
                    childColumns: key.columns.map { table.column(named: $0)?.name ?? $0 },
                    parent: parent?.name ?? key.parent,
                    parentColumns: Self.columns(key, in: parent),
                    isOptional: key.columns.contains { table.takesNull($0) },
                    isUnique: unique.contains(Set(key.columns.map(\.key))))
                if seen.insert(relation).inserted { relations.append(relation) }
            }
        }
        return relations
    }

    private static func columns(_ key: ForeignKey, in parent: Table?) -> [Identifier] {
        guard let parent else { return key.parentColumns }
        let names = key.parentColumns.isEmpty ? parent.primaryKeyColumns : key.parentColumns
        guard names.count == key.columns.count else { return [] }
        return names.map { parent.column(named: $0)?.name ?? $0 }
    }

    /// The sets of columns that no two rows of a table have in common.
    private func uniqueKeys(of table: Table) -> Set<Set<String>> {
        var keys: Set<Set<String>> = [Set(table.primaryKeyColumns.map(\.key))]
        for column in table.columns where !column.uniques.isEmpty {
            keys.insert([column.name.key])
        }
        for case .unique(let terms, _) in table.constraints.map(\.rule) {
            if let columns = Self.columns(terms) { keys.insert(columns) }
        }
        for index in indexes
        where index.isUnique && index.condition == nil && index.table.matches(table.name) {
            if let columns = Self.columns(index.terms) { keys.insert(columns) }
        }
        keys.remove([])
        return keys
    }

    private static func columns(_ terms: [IndexedColumn]) -> Set<String>? {
        var keys: Set<String> = []
        for term in terms {
            guard case .column(let name) = term.term else { return nil }
            keys.insert(name.key)
        }
        return keys
    }
}

extension Table {
    /// The primary key's columns in order; empty where there is none, or one of something else.
    package var primaryKeyColumns: [Identifier] {
        if let column = columns.first(where: { $0.primaryKey != nil }) { return [column.name] }
        for case .primaryKey(let terms, _, _) in constraints.map(\.rule) {
            let names = terms.compactMap { term -> Identifier? in
                if case .column(let name) = term.term { name } else { nil }
            }
            return names.count == terms.count ? names : []
        }
        return []
    }

    /// Whether a column may be NULL: it isn't NOT NULL, nor the rowid, nor in the key of a table
    /// without one.
    package func takesNull(_ name: Identifier) -> Bool {
        guard let column = column(named: name), column.notNull == nil else { return false }
        if rowIDAlias?.name == column.name { return false }
        return !(isWithoutRowID && primaryKeyColumns.contains { $0.matches(name) })
    }
}
