/// What bringing parked data back demands of it and of the rows that came meanwhile.
extension Preflight {
    /// What the plan brings back.
    var restored: [DataEffect] {
        let columns = Matching<Table>(from, to).pairs.flatMap { old, new in
            parking.restored(old, new, from: old).map { effect($0, of: new, in: old.name) }
        }
        let tables = steps.flatMap { step -> [DataEffect] in
            guard case .restoreRows(let restoration) = step else { return [] }
            let (table, storage) = (restoration.table, restoration.data.storage)
            let rows = DataEffect(
                .restored, table, sql: "SELECT count(*) FROM \(storage.quoted)")
            return [rows]
                + restoration.values.filter { $0.data != nil }
                .map { effect($0, of: table, in: storage) }
        }
        return tables + columns
    }

    private func effect(
        _ value: RestoredColumn, of table: Table, in source: Identifier
    ) -> DataEffect {
        DataEffect(
            .restored, table, column: table.column(named: value.column),
            sql: "SELECT count(\(value.found)) FROM \(source.quoted)")
    }

    /// Rows that would have NULL in a restored column that refuses it.
    func missing(
        _ values: [RestoredColumn], in table: Table, of source: Identifier
    ) -> [PreflightCheck] {
        values.filter { value in
            table.rowIDAlias?.name != value.column
                && table.column(named: value.column).map(table.refusesNull) == true
        }.map { value in
            PreflightCheck(
                .noDefault, table: table.name, columns: [value.column],
                sql: "SELECT count(*) FROM \(source.quoted) WHERE (\(value.value)) IS NULL")
        }
    }

    /// What tables that come back demand of their own rows, and of the parents of those.
    var restoredTables: [PreflightCheck] {
        steps.flatMap { step -> [PreflightCheck] in
            guard case .restoreRows(let restoration) = step else { return [] }
            let (table, values) = (restoration.table, restoration.values)
            let storage = restoration.data.storage
            let given = Set(values.map(\.column))
            let created = table.columns.filter { column in
                column.generated == nil && !given.contains(column.name)
                    && table.refusesNull(column) && column.defaultSQL == "NULL"
                    && table.rowIDAlias != column
            }.map { column in
                PreflightCheck(
                    .noDefault, table: table.name, columns: [column.name],
                    sql: "SELECT count(*) FROM \(storage.quoted)")
            }
            return created + missing(values, in: table, of: storage)
                + table.foreignKeys.compactMap { orphans($0, of: restoration) }
        }
    }

    /// Rows that come back and whose parent went meanwhile.
    private func orphans(
        _ key: ForeignKey, of restoration: TableRestoration
    ) -> PreflightCheck? {
        let (table, storage) = (restoration.table, restoration.data.storage)
        guard let parent = to.tables[key.parent], let id = parent.id, to.hasParentKey(for: key),
            !parent.keys.contains(where: { $0.contains { $0.collation != nil } })
        else { return nil }
        let names = key.parentColumns.isEmpty ? parent.primaryKeyColumns : key.parentColumns
        let children = key.columns.compactMap { name in
            restoration.values.first { $0.column.matches(name) && $0.data == nil }?.value
        }
        // Where the parent's rows are before the plan: in its table, or parked as well.
        let source: Identifier
        let parents: [String?]
        if let old = from.tables.first(where: { $0.id == id }) {
            guard let new = transition(to: parent), names.allSatisfy(new.isSteady) else {
                return nil
            }
            source = old.name
            parents = names.map { new.oldName(of: $0)?.quoted }
        } else if let rows = steps.compactMap({ step -> TableRestoration? in
            if case .restoreRows(let other) = step, other.table.id == id { other } else { nil }
        }).first, zip(names, key.columns).allSatisfy({ isAlike($0, in: parent, $1, in: table) }) {
            source = rows.data.storage
            parents = names.map { name in
                parent.column(named: name)?.id.flatMap { rows.data.place(of: $0) }.map { "k\($0)" }
            }
        } else {
            return nil
        }
        guard !names.isEmpty, children.count == key.columns.count, parents.count == children.count,
            !parents.contains(nil)
        else { return nil }
        let match = zip(parents.compactMap { $0 }, children).map { "_cinch_q.\($0) = +\($1)" }
        let filters =
            children.map { "\($0) IS NOT NULL" }
            + [
                "NOT EXISTS (SELECT 1 FROM \(source.quoted) AS _cinch_q"
                    + " WHERE \(match.joined(separator: " AND ")))"
            ]
        return PreflightCheck(
            .foreignKey, table: table.name, columns: key.columns, demand: parent.name.text,
            sql: "SELECT count(*) FROM \(storage.quoted)"
                + " WHERE \(filters.joined(separator: " AND "))")
    }

    /// Whether two columns are compared in a storage as they are in their tables.
    private func isAlike(
        _ parentName: Identifier, in parent: Table, _ name: Identifier, in table: Table
    ) -> Bool {
        guard let one = parent.column(named: parentName), let other = table.column(named: name)
        else { return false }
        return one.collationKey == "binary"
            && parent.storedAffinity(of: one) == table.storedAffinity(of: other)
    }
}
