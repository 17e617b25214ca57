/// Which entities of two schemas are the same one.
///
/// Tables and columns match by id. Where a side has no id they match by name; two entities with
/// one name and different ids are a drop and a creation.
struct Matching<Value: Named> {
    var pairs: [(from: Value, to: Value)] = []
    var dropped: [Value] = []
    var created: [Value] = []

    init(_ from: some Sequence<Value>, _ to: some Sequence<Value>, id: (Value) -> StableID?) {
        let olds = Array(from)
        var byID: [StableID: Int] = [:]
        var byName: [String: Int] = [:]
        for (place, old) in olds.enumerated() {
            if let id = id(old) { byID[id] = place }
            byName[old.name.key] = place
        }
        var isTaken = [Bool](repeating: false, count: olds.count)
        var unmatched: [Value] = []
        var matches: [(from: Int, to: Value)] = []
        for new in to {
            if let id = id(new), let place = byID[id], !isTaken[place] {
                isTaken[place] = true
                matches.append((place, new))
            } else {
                unmatched.append(new)
            }
        }
        for new in unmatched {
            if let place = byName[new.name.key], !isTaken[place],
                id(new) == nil || id(olds[place]) == nil
            {
                isTaken[place] = true
                matches.append((place, new))
            } else {
                created.append(new)
            }
        }
        pairs = matches.sorted { $0.to.name < $1.to.name }.map { (olds[$0.from], $0.to) }
        dropped = olds.indices.filter { !isTaken[$0] }.map { olds[$0] }
    }
}

extension Matching where Value == Table {
    init(_ from: Schema, _ to: Schema) { self.init(from.tables, to.tables) { $0.id } }
}

extension Matching where Value == VirtualTable {
    init(_ from: Schema, _ to: Schema) { self.init(from.virtualTables, to.virtualTables) { $0.id } }
}

extension Matching where Value == Column {
    init(_ from: Table, _ to: Table) { self.init(from.columns, to.columns) { $0.id } }
}
