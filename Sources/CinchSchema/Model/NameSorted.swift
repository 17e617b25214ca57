/// A value with a name SQLite would find it by.
public protocol Named: Hashable, Sendable {
    /// The name.
    var name: Identifier { get }
}

extension Table: Named {}
extension VirtualTable: Named {}
extension Index: Named {}
extension View: Named {}
extension Trigger: Named {}
extension Column: Named {}

/// Values kept in the order of their names, so that nothing printed depends on hashing.
public struct NameSorted<Value: Named>: Hashable, Sendable, RandomAccessCollection {
    private var values: [Value] = []
    private var keys: [String] = []

    /// Makes an empty collection.
    public init() {}

    /// Makes a collection; of two values with one name the later wins.
    public init(_ values: some Sequence<Value>) {
        let sorted = values.enumerated().map { (key: $1.name.key, place: $0, value: $1) }
            .sorted { ($0.key, $0.place) < ($1.key, $1.place) }
        for item in sorted {
            if keys.last == item.key {
                self.values[self.values.count - 1] = item.value
            } else {
                keys.append(item.key)
                self.values.append(item.value)
            }
        }
    }

    /// The first place.
    public var startIndex: Int { 0 }
    /// The place after the last.
    public var endIndex: Int { values.count }
    /// The value at a place in name order.
    public subscript(position: Int) -> Value { values[position] }

    /// The value SQLite would find under this name; absent when there is none.
    ///
    /// - Complexity: O(log *n*) to read, O(*n*) to write.
    public subscript(name: Identifier) -> Value? {
        get {
            let key = name.key
            let place = place(of: key)
            return place < keys.count && keys[place] == key ? values[place] : nil
        }
        set {
            let key = name.key
            let place = place(of: key)
            if place < keys.count, keys[place] == key {
                keys.remove(at: place)
                values.remove(at: place)
            }
            guard let newValue else { return }
            let newKey = newValue.name.key
            let newPlace = self.place(of: newKey)
            precondition(
                newPlace == keys.count || keys[newPlace] != newKey, "one entity for each name")
            keys.insert(newKey, at: newPlace)
            values.insert(newValue, at: newPlace)
        }
    }

    /// Puts the value in place of the one with its name, if there is one.
    public mutating func insert(_ value: Value) { self[value.name] = value }

    /// The same values, each changed; names must stay different from one another.
    public func mapValues(_ change: (Value) throws -> Value) rethrows -> NameSorted {
        NameSorted(try values.map(change))
    }

    private func place(of key: String) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
