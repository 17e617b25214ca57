/// What a plan parks of what it drops, and what it brings back of what was parked before.
struct Parking {
    private let from: Schema
    private let to: Schema
    /// What is parked in the file already, oldest first.
    let parked: [ParkedData]
    /// What is parked before anything is dropped, tables and columns by their old names.
    private(set) var copies: [ParkedCopy] = []
    /// What becomes of rows and values, apart from what preflight asks.
    private(set) var effects: [DataEffect] = []

    /// - Parameter parked: What is in the file; nil parks nothing and brings nothing back.
    init(from: Schema, to: Schema, parked: [ParkedData]?) {
        self.from = from
        self.to = to
        self.parked = parked ?? []
        let isOn = parked != nil
        for table in Matching<Table>(from, to).dropped { drop(table, isOn) }
        for (old, new) in Matching<Table>(from, to).pairs {
            for column in Self.going(old, new) { drop(column, of: old, new, isOn) }
        }
        let virtual = Matching<VirtualTable>(from, to)
        let remade = virtual.pairs.filter { !$0.from.isSameModule(as: $0.to) }.map(\.from)
        for table in virtual.dropped + remade {
            effects.append(DataEffect(.lost, table: table.name, sql: Self.count(table.name)))
        }
    }

    private static func count(_ table: Identifier, of column: Identifier? = nil) -> String {
        "SELECT count(\(column?.quoted ?? "*")) FROM \(table.quoted)"
    }

    // MARK: What goes

    /// Columns whose stored values are not taken over: dropped, or computed from now on.
    private static func going(_ old: Table, _ new: Table) -> [Column] {
        let columns = Matching<Column>(old, new)
        let computed = columns.pairs.filter { $0.to.generated != nil }.map(\.from)
        let names = Set((columns.dropped + computed).map(\.name.key))
        return old.columns.filter { $0.generated == nil && names.contains($0.name.key) }
    }

    private mutating func drop(_ table: Table, _ isOn: Bool) {
        let columns = table.columns.filter { $0.generated == nil }
        guard isOn, let id = table.id, columns.allSatisfy({ $0.id != nil }) else {
            effects.append(DataEffect(.lost, table, sql: Self.count(table.name)))
            return
        }
        var parts: [ParkedData.Part] = []
        var values: [String] = []
        for column in columns {
            guard let id = column.id else { continue }
            parts.append(.column(id, table.storedAffinity(of: column)))
            values.append(column.name.quoted)
        }
        if let rowID = table.freeRowIDName {
            parts.append(.rowID)
            values.append(rowID)
        }
        copies.append(
            ParkedCopy(
                data: ParkedData(storage: storage(id, nil), table: id, parts: parts),
                table: table.name, source: table.name, values: values,
                counter: table.isAutoincrement ? table.name : nil))
        effects.append(DataEffect(.parked, table, sql: Self.count(table.name)))
    }

    private mutating func drop(_ column: Column, of old: Table, _ new: Table, _ isOn: Bool) {
        let count = Self.count(old.name, of: column.name)
        guard isOn, let table = old.id, let id = column.id, let key = Self.key(of: old, new) else {
            effects.append(DataEffect(.lost, old, column: column, sql: count))
            return
        }
        copies.append(
            ParkedCopy(
                data: ParkedData(
                    storage: storage(table, id), table: table, column: id, parts: key.parts),
                table: old.name, column: column.name, source: old.name, values: key.values,
                value: column.name.quoted, isKeyedByNumber: key.isNumber,
                isKeyUnique: key.isUnique, keepsNull: column.defaultSQL != "NULL"))
        effects.append(DataEffect(.parked, old, column: column, sql: count))
    }

    private func storage(_ table: StableID, _ column: StableID?) -> Identifier {
        let base = "_cinch_parked_\(table)" + (column.map { "_\($0)" } ?? "")
        let taken = Set(parked.map(\.storage.text) + copies.map(\.data.storage.text))
        var name = base
        var number = 2
        while taken.contains(name) {
            name = "\(base)_\(number)"
            number += 1
        }
        return Identifier(name)
    }

    // MARK: Keys

    private struct Key {
        var parts: [ParkedData.Part]
        var values: [String]
        var isNumber = false
        var isUnique = true
    }

    /// How the rows of a table can be told when a column comes back; nil when nothing that tells
    /// them outlives the plan.
    private static func key(of old: Table, _ new: Table) -> Key? {
        if let key = key(old.primaryKeyColumns, of: old, new) { return key }
        if keepsRowIDs(old, new) {
            return old.freeRowIDName.map { Key(parts: [.rowID], values: [$0], isNumber: true) }
        }
        let columns = Matching<Column>(old, new)
        let names = new.primaryKeyColumns.compactMap { name in
            columns.pairs.first { $0.to.name.matches(name) }?.from.name
        }
        guard names.count == new.primaryKeyColumns.count,
            var key = key(names, of: old, new)
        else { return nil }
        key.isUnique = false
        key.isNumber = false
        return key
    }

    private static func key(_ names: [Identifier], of old: Table, _ new: Table) -> Key? {
        let kept = Matching<Column>(old, new).pairs
        var key = Key(parts: [], values: [])
        var mayBeNull = false
        for name in names {
            guard let column = old.column(named: name), let id = column.id,
                column.generated == nil,
                kept.contains(where: { $0.from == column && $0.to.generated == nil })
            else { return nil }
            key.parts.append(.column(id, old.storedAffinity(of: column)))
            key.values.append(column.name.quoted)
            mayBeNull = mayBeNull || !old.refusesNull(column)
        }
        guard !key.parts.isEmpty else { return nil }
        key.isNumber = names.count == 1 && old.rowIDAlias?.name.matches(names[0]) == true
        if mayBeNull, keepsRowIDs(old, new), let rowID = old.freeRowIDName {
            let isNull = key.values.map { "\($0) IS NULL" }.joined(separator: " OR ")
            key.parts.append(.rowID)
            key.values.append("CASE WHEN \(isNull) THEN \(rowID) END")
        }
        return key
    }

    /// Whether every row has the rowid it had: no other column has become its name.
    private static func keepsRowIDs(_ old: Table, _ new: Table) -> Bool {
        guard old.freeRowIDName != nil, new.freeRowIDName != nil else { return false }
        guard let alias = new.rowIDAlias else { return true }
        let before = Matching<Column>(old, new).pairs.first { $0.to == alias }?.from
        return before == nil || before == old.rowIDAlias
    }

    /// What is parked by rowids that are about to change: it would be given to other rows.
    var outdated: [ParkedData] {
        let kept = Matching<Table>(from, to)
        var tables = kept.pairs.filter { !Self.keepsRowIDs($0.from, $0.to) }.map(\.to.id)
        tables += kept.created.filter { table in
            guard let data = ParkedData.last(in: parked, table: table.id, column: nil) else {
                return false
            }
            return table.rowIDAlias?.id.map { data.place(of: $0) != nil } ?? false
        }.map(\.id)
        return parked.filter { data in
            data.column != nil && data.placeOfRowID != nil && tables.contains(data.table)
        }
    }

    // MARK: What comes back

    /// The columns of a table that are filled with parked values.
    ///
    /// - Parameter source: The old table under the names it is read by.
    func restored(_ old: Table, _ new: Table, from source: Table) -> [RestoredColumn] {
        guard let table = new.id, old.id == table,
            parked.contains(where: { $0.table == table && $0.column != nil })
        else { return [] }
        let kept = Matching<Column>(old, new).pairs
        let rows = ParkedRows(of: source, parked: parked)
        return new.columns.compactMap { column in
            guard column.generated == nil, let id = column.id else { return nil }
            var fallback = column.defaultSQL
            if let before = kept.first(where: { $0.to == column })?.from {
                // Computed until now.
                guard before.generated != nil, let value = rows.column(id) else { return nil }
                fallback = value
            } else if new.rowIDAlias == column, let rowID = source.freeRowIDName {
                fallback = "\(source.name.quoted).\(rowID)"
            }
            return rows.value(of: id, otherwise: fallback).map {
                RestoredColumn(
                    column: column.name, value: $0.sql, found: $0.found, data: $0.data)
            }
        }
    }

    /// How a table that is made again gets its rows; nil when none are parked.
    func restoration(of table: Table) -> TableRestoration? {
        guard let data = ParkedData.last(in: parked, table: table.id, column: nil),
            !data.parts.isEmpty
        else { return nil }
        let rows = ParkedRows(in: data, parked: parked)
        let values: [RestoredColumn] = table.columns.compactMap { column in
            guard column.generated == nil, let id = column.id else { return nil }
            if let value = rows.column(id) {
                return RestoredColumn(column: column.name, value: value, found: value)
            }
            return rows.value(of: id, otherwise: column.defaultSQL).map {
                RestoredColumn(
                    column: column.name, value: $0.sql, found: $0.found, data: $0.data)
            }
        }
        return TableRestoration(table: table, data: data, values: values)
    }

    /// Values that come with a parked table which has no column for them any more: they are
    /// parked by themselves.
    func leftOver(_ restoration: TableRestoration) -> [ParkedCopy] {
        let (data, table) = (restoration.data, restoration.table)
        let rows = ParkedRows(in: data, parked: [])
        var parts: [ParkedData.Part] = []
        var values: [String] = []
        for name in table.primaryKeyColumns {
            guard let id = table.column(named: name)?.id, let place = data.place(of: id) else {
                (parts, values) = ([], [])
                break
            }
            parts.append(data.parts[place])
            values.append("k\(place)")
        }
        let isByRowID = parts.isEmpty
        if isByRowID, let place = data.placeOfRowID, table.freeRowIDName != nil {
            (parts, values) = ([.rowID], ["k\(place)"])
        }
        return data.parts.compactMap { part in
            guard case .column(let id, _) = part, rows.column(id) != nil,
                !table.columns.contains(where: { $0.id == id && $0.generated == nil }),
                let place = data.place(of: id)
            else { return nil }
            return ParkedCopy(
                data: ParkedData(
                    storage: storage(data.table, id), table: data.table, column: id, parts: parts),
                table: table.name, column: Identifier("\(id)"), source: data.storage,
                values: values, value: "k\(place)", isKeyUnique: false)
        }
    }
}
