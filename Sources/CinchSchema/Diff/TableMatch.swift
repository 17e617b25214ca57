/// Which entities of two schemas are the same one.
///
/// Tables and columns match by id. Where a side has no id they match by name; two entities with
/// one name and different ids are a drop and a creation.
struct Matching<Value: Named> {
    var pairs: [(from: Value, to: Value)] = []
    var dropped: [Value] = []
    var created: [Value] = []

    init(_ from: some Sequence<Value>, _ to: some Sequence<Value>, id: (Value) -> StableID?) {
        let (olds, news) = (Array(from), Array(to))
        // What is the same at the same place, most of the time all of it, needs no looking up.
        let shared = zip(olds, news).prefix { old, new in
            id(old) == id(new) && (id(old) != nil || old.name.matches(new.name))
        }.count
        var matches = (0..<shared).map { (from: $0, to: $0) }
        match(olds, news, from: shared, id: id, into: &matches)
        pairs = matches.sorted { news[$0.to].name < news[$1.to].name }
            .map { (olds[$0.from], news[$0.to]) }
    }

    /// Matches by id, then by name, what stands from a place on.
    private mutating func match(
        _ olds: [Value], _ news: [Value], from start: Int, id: (Value) -> StableID?,
        into matches: inout [(from: Int, to: Int)]
    ) {
        guard start < olds.count else {
            created = Array(news[start...])
            return
        }
        var byID: [StableID: Int] = [:]
        var byName: [String: Int] = [:]
        for place in start..<olds.count {
            if let id = id(olds[place]) { byID[id] = place }
            byName[olds[place].name.key] = place
        }
        var isTaken = [Bool](repeating: false, count: olds.count)
        var unmatched: [Int] = []
        for new in start..<news.count {
            if let id = id(news[new]), let place = byID[id], !isTaken[place] {
                isTaken[place] = true
                matches.append((place, new))
            } else {
                unmatched.append(new)
            }
        }
        for new in unmatched {
            if let place = byName[news[new].name.key], !isTaken[place],
                id(news[new]) == nil || id(olds[place]) == nil
            {
                isTaken[place] = true
                matches.append((place, new))
            } else {
                created.append(news[new])
            }
        }
        dropped = (start..<olds.count).filter { !isTaken[$0] }.map { olds[$0] }
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
