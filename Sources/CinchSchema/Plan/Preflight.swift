/// Derives the checks of a plan: what its statements will demand of rows that are there already.
///
/// A check may only be made where it is exactly right. Where none is, for a CHECK or a key, the plan's
/// statements are tried on the rows and taken back. What is left out still, references to rows
/// whose keys change, is found by the change itself, which then leaves that file as it was.
struct Preflight {
    let from: Schema
    let to: Schema
    let steps: [Step]
    private let renaming: Renaming
    /// Tables with rows, in order of their new names.
    private let transitions: [TableTransition]
    private let newIndexes: [Index]
    let parking: Parking

    /// - Parameter steps: The plan from one schema to the other.
    init(from: Schema, to: Schema, steps: [Step], parking: Parking) {
        self.from = from
        self.to = to
        self.steps = steps
        self.parking = parking
        renaming = Renaming(from: from, to: to)
        var rebuilt: Set<String> = []
        var indexes: [Index] = []
        for step in steps {
            switch step {
            case .rebuildTable(let rebuild): rebuilt.insert(rebuild.to.name.key)
            case .createIndex(let index) where index.isUnique: indexes.append(index)
            default: break
            }
        }
        newIndexes = indexes
        let renaming = renaming
        transitions = Matching<Table>(from, to).pairs.map { old, new in
            TableTransition(
                old, new, isRebuilt: rebuilt.contains(new.name.key), renaming: renaming)
        }
    }

    /// Every check, table by table.
    var checks: [PreflightCheck] { transitions.flatMap(checks) + restoredTables }

    private func checks(of table: TableTransition) -> [PreflightCheck] {
        var checks = missingValues(table) + keys(table)
        guard table.isRebuilt else { return checks }
        checks += nulls(table)
        checks += table.kept.flatMap { values($0, of: table) }
        checks += conditions(table)
        checks += orphans(table)
        return checks
    }

    // MARK: NULL

    private func nulls(_ table: TableTransition) -> [PreflightCheck] {
        table.kept.filter { table.new.refusesNull($0.new) && !table.old.refusesNull($0.old) }
            .map { column in
                PreflightCheck(
                    .notNull, table: table.new.name, columns: [column.new.name],
                    sql: "SELECT count(*) FROM \(table.old.name.quoted)"
                        + " WHERE \(column.stored) IS NULL")
            }
    }

    /// A new column without a default that refuses NULL: there may be no row at all.
    private func missingValues(_ table: TableTransition) -> [PreflightCheck] {
        let isNull = Expression(tokens: [Token(.word, "NULL")])
        let restored = parking.restored(table.old, table.new, from: table.old)
        let isRestored = Set(restored.map(\.column))
        return table.created.filter { column in
            column.generated == nil && table.new.refusesNull(column)
                && !isRestored.contains(column.name)
                && table.new.rowIDAlias?.name != column.name
                && (column.defaultValue.map { $0.rule == isNull } ?? true)
        }.map { column in
            PreflightCheck(
                .noDefault, table: table.new.name, columns: [column.name],
                sql: "SELECT count(*) FROM \(table.old.name.quoted)")
        } + missing(restored, in: table.new, of: table.old.name)
    }

    // MARK: Types

    /// Values a column's new type refuses, and those it would change for good.
    private func values(
        _ column: TableTransition.Kept, of table: TableTransition
    ) -> [PreflightCheck] {
        let conversion = ValueConversion(
            stored: column.stored, from: column.affinity.old, to: column.affinity.new)
        let type = column.new.declaredType
        let check = { (rule: PreflightCheck.Rule, condition: String) in
            PreflightCheck(
                rule, table: table.new.name, columns: [column.new.name], demand: type,
                sql: "SELECT count(*) FROM \(table.old.name.quoted) WHERE \(condition)")
        }
        let becomesRowID =
            table.new.rowIDAlias?.name == column.new.name
            && table.old.rowIDAlias?.name != column.old.name
        let isNewlyStrict =
            table.new.isStrict
            && !(table.old.isStrict && column.old.isOfType([type.asciiUppercased]))
        let refused: String? =
            if becomesRowID || isNewlyStrict && column.new.isOfType(["INT", "INTEGER"]) {
                conversion.isNoInteger
            } else if isNewlyStrict, column.new.isOfType(["REAL"]) {
                conversion.isNoNumber
            } else if isNewlyStrict, column.new.isOfType(["TEXT"]) {
                conversion.isBlob
            } else if isNewlyStrict, column.new.isOfType(["BLOB"]) {
                conversion.isNoBlob
            } else {
                nil
            }
        return [refused.map { check(.type, $0) }, conversion.loses.map { check(.loss, $0) }]
            .compactMap { $0 }
    }

    // MARK: UNIQUE

    private func keys(_ table: TableTransition) -> [PreflightCheck] {
        var wanted: [(terms: [IndexedColumn], condition: Expression?)] = []
        if table.isRebuilt { wanted += table.new.keys.map { ($0, nil) } }
        for index in newIndexes where index.table.matches(table.new.name) {
            guard !isKnown(index, of: table) else { continue }
            wanted.append((index.terms, index.condition))
        }
        let known = knownKeys(table)
        var checks: [PreflightCheck] = []
        for key in wanted where !isKnown(key.terms, of: table, known) {
            let check =
                uniqueness(key.terms, key.condition, table)
                ?? filled(key.terms, key.condition, table)
            if let check, !checks.contains(check) { checks.append(check) }
        }
        return checks
    }

    /// Whether the terms, or some of them, are unique already.
    private func isKnown(
        _ terms: [IndexedColumn], of table: TableTransition, _ known: [Set<KeyTerm>]
    ) -> Bool {
        let named = Set(terms.compactMap { keyTerm($0, of: table.new) })
        return known.contains { !$0.isEmpty && $0.isSubset(of: named) }
    }

    /// What is asked of a key with columns that are new, or that can't be asked for exactly.
    ///
    /// - Returns: Nil where a column that is new is NULL in every row: NULLs are never the same.
    private func filled(
        _ terms: [IndexedColumn], _ condition: Expression?, _ table: TableTransition
    ) -> PreflightCheck? {
        let restored = Set(parking.restored(table.old, table.new, from: table.old).map(\.column))
        let isNull = Expression(tokens: [Token(.word, "NULL")])
        let columns = terms.compactMap { term in
            term.columnName.flatMap { name in table.created.first { $0.name.matches(name) } }
        }.filter { $0.generated == nil && !restored.contains($0.name) }
        let isNullInAll = { (column: Column) in
            column.defaultValue.map { $0.rule == isNull } ?? true
                && table.new.rowIDAlias?.name != column.name
        }
        guard !columns.contains(where: isNullInAll) else { return nil }
        let names = terms.compactMap(\.columnName)
        let isConstant = columns.allSatisfy { $0.defaultValue?.rule.isLiteral == true }
        guard columns.count == terms.count, condition == nil, isConstant else {
            return trial(table, names)
        }
        // The same value in every row.
        return PreflightCheck(
            .unique, table: table.new.name, columns: names,
            sql: "SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END"
                + " FROM \(table.old.name.quoted)")
    }

    private func trial(_ table: TableTransition, _ columns: [Identifier]) -> PreflightCheck {
        PreflightCheck(.trial, table: table.new.name, columns: columns, sql: "")
    }

    private struct KeyTerm: Hashable {
        var column: String
        var collation: String
    }

    private func keyTerm(_ term: IndexedColumn, of table: Table) -> KeyTerm? {
        guard let name = term.columnName, let column = table.column(named: name) else { return nil }
        return KeyTerm(
            column: name.key, collation: term.collation?.key ?? column.collationKey)
    }

    /// What is unique already, in new names.
    private func knownKeys(_ table: TableTransition) -> [Set<KeyTerm>] {
        let indexes = from.indexes.filter {
            $0.isUnique && $0.condition == nil && $0.table.matches(table.old.name)
        }
        return (table.old.keys + indexes.map(\.terms)).compactMap { terms in
            let terms = terms.map { term -> KeyTerm? in
                guard let key = keyTerm(term, of: table.old), let name = term.columnName,
                    let new = table.newName(of: name), table.isSteady(new)
                else { return nil }
                return KeyTerm(column: new.key, collation: key.collation)
            }
            return terms.contains(nil) ? nil : Set(terms.compactMap { $0 })
        }
    }

    /// Whether the index was there before and is only made again.
    private func isKnown(_ index: Index, of table: TableTransition) -> Bool {
        from.indexes.contains { old in
            guard old.isUnique, old.table.matches(table.old.name) else { return false }
            let renamed = renaming.apply(to: old)
            return renamed.terms == index.terms && renamed.condition == index.condition
                && table.new.columns.filter { index.mentions($0.name) }
                    .allSatisfy { table.isSteady($0.name) }
        }
    }

    private func uniqueness(
        _ terms: [IndexedColumn], _ condition: Expression?, _ table: TableTransition
    ) -> PreflightCheck? {
        var sources: [String: (name: Identifier, value: String)] = [:]
        var groups: [String] = []
        var filters: [String] = []
        let qualifier = table.new.name.quoted + "."
        for term in terms {
            let value: String
            let collation: String
            if let name = term.columnName {
                guard let key = keyTerm(term, of: table.new), TableTransition.canName(name),
                    ["binary", "nocase", "rtrim"].contains(key.collation)
                else { return nil }
                if let column = table.kept(name) {
                    let conversion = ValueConversion(
                        stored: column.stored, from: column.affinity.old, to: column.affinity.new)
                    sources[name.key] = (name, conversion.result)
                } else if table.isSteady(name), let old = table.oldName(of: name) {
                    sources[name.key] = (name, old.quoted)
                } else {
                    return nil
                }
                value = qualifier + name.quoted
                collation = key.collation
            } else {
                guard case .expression(let expression) = term.term,
                    !expression.tokens.contains(where: { $0.keyword == "COLLATE" }),
                    let values = table.values(for: expression)
                else { return nil }
                for value in values { sources[value.name.key] = value }
                value = "(\(expression.sql))"
                collation = "binary"
            }
            groups.append("\(value) COLLATE \(collation.asciiUppercased)")
            filters.append("\(value) IS NOT NULL")
        }
        if let condition {
            guard let values = table.values(for: condition) else { return nil }
            for value in values { sources[value.name.key] = value }
            filters.append("(\(condition.sql))")
        }
        let columns = table.new.columns.map(\.name).filter { sources[$0.key] != nil }
        let source = table.source(columns.compactMap { sources[$0.key] })
        return PreflightCheck(
            .unique, table: table.new.name,
            columns: terms.compactMap(\.columnName).count == terms.count
                ? terms.compactMap(\.columnName) : columns,
            sql: "SELECT coalesce(sum(_cinch_count), 0) FROM (SELECT count(*) AS _cinch_count"
                + " FROM \(source) WHERE \(filters.joined(separator: " AND "))"
                + " GROUP BY \(groups.joined(separator: ", ")) HAVING count(*) > 1)")
    }

    // MARK: CHECK

    private func conditions(_ table: TableTransition) -> [PreflightCheck] {
        let known = table.oldChecks
        var seen: Set<Expression> = []
        return table.new.checks.compactMap { column, expression in
            let isKnown = known.contains(expression) || !seen.insert(expression).inserted
            guard !isKnown else { return nil }
            guard let values = table.values(for: expression) else {
                return trial(table, column.map { [$0] } ?? [])
            }
            return PreflightCheck(
                .check, table: table.new.name, columns: column.map { [$0] } ?? [],
                demand: expression.sql,
                sql: "SELECT count(*) FROM \(table.source(values)) WHERE NOT (\(expression.sql))")
        }
    }

    // MARK: FOREIGN KEY

    private func orphans(_ table: TableTransition) -> [PreflightCheck] {
        let keys = table.new.foreignKeys
        // One key SQLite can't check keeps it from checking the table at all.
        guard keys.allSatisfy(canCheck) else { return [] }
        return keys.compactMap { key in
            isNew(key, of: table) ? orphans(key, of: table) : nil
        }
    }

    private func canCheck(_ key: ForeignKey) -> Bool {
        guard let parent = to.tables[key.parent], to.hasParentKey(for: key) else { return false }
        let hasOwnCollation = parent.keys.contains { $0.contains { $0.collation != nil } }
        return !hasOwnCollation && !parentColumns(of: key, parent).isEmpty
    }

    func transition(to table: Table) -> TableTransition? {
        transitions.first { $0.new.name.matches(table.name) }
    }

    private func parentColumns(of key: ForeignKey, _ parent: Table) -> [Identifier] {
        key.parentColumns.isEmpty ? parent.primaryKeyColumns : key.parentColumns
    }

    /// Whether the old table has no such key. Rows it may leave without a parent are counted
    /// with those that were without one before, a table and its parent at a time: where another
    /// key to that parent goes or changes its meaning, nothing is certain.
    private func isNew(_ key: ForeignKey, of table: TableTransition) -> Bool {
        let before = table.old.foreignKeys.map { renamed($0, of: table) }
        let after = table.new.foreignKeys
        guard !before.contains(where: { $0?.isSame(as: key) == true }) else { return false }
        return zip(table.old.foreignKeys, before).allSatisfy { old, new in
            guard renaming.table(old.parent).matches(key.parent) else { return true }
            guard let new, after.contains(where: { $0.isSame(as: new) }) else { return false }
            return isSteady(new, of: table)
        }
    }

    /// A key of the old table in new names; nil when a column of it goes.
    private func renamed(_ key: ForeignKey, of table: TableTransition) -> ForeignKey? {
        var copy = key
        copy.columns = key.columns.compactMap { table.newName(of: $0) }
        guard copy.columns.count == key.columns.count else { return nil }
        copy.parent = renaming.table(key.parent)
        copy.parentColumns = key.parentColumns.map { renaming.column($0, of: key.parent) }
        return copy
    }

    private func isSteady(_ key: ForeignKey, of table: TableTransition) -> Bool {
        guard key.columns.allSatisfy(table.isSteady), let parent = to.tables[key.parent] else {
            return false
        }
        guard let before = transition(to: parent) else { return true }
        return parentColumns(of: key, parent).allSatisfy(before.isSteady)
    }

    private func orphans(_ key: ForeignKey, of table: TableTransition) -> PreflightCheck? {
        guard isSteady(key, of: table), let parent = to.tables[key.parent] else { return nil }
        let children = key.columns.compactMap { table.oldName(of: $0) }.map { "c.\($0.quoted)" }
        var filters = children.map { "\($0) IS NOT NULL" }
        if let before = transition(to: parent) {
            let parents = parentColumns(of: key, parent).compactMap { before.oldName(of: $0) }
            guard parents.count == children.count else { return nil }
            // The plus sign takes the child's affinity away: SQLite applies the parent's.
            let match = zip(parents, children).map { "p.\($0.quoted) = +\($1)" }
            filters.append(
                "NOT EXISTS (SELECT 1 FROM \(before.old.name.quoted) AS p"
                    + " WHERE \(match.joined(separator: " AND ")))")
        }
        return PreflightCheck(
            .foreignKey, table: table.new.name, columns: key.columns, demand: parent.name.text,
            sql: "SELECT count(*) FROM \(table.old.name.quoted) AS c"
                + " WHERE \(filters.joined(separator: " AND "))")
    }
}

extension ForeignKey {
    /// Whether both find the same parents for the same children.
    func isSame(as other: ForeignKey) -> Bool {
        columns.map(\.key) == other.columns.map(\.key) && parent.matches(other.parent)
            && parentColumns.map(\.key) == other.parentColumns.map(\.key)
    }
}

extension Expression {
    /// Whether it is one value as it is written.
    fileprivate var isLiteral: Bool {
        tokens.count == 1 && [.string, .number, .blob].contains(tokens[0].kind)
    }
}
