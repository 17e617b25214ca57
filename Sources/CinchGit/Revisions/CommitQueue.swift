/// Commits waiting to be looked at, newest first; of the same second, the one added first.
struct CommitQueue {
    private struct Item {
        var id: ObjectID
        var seconds: Int64
        var order: Int

        func precedes(_ other: Item) -> Bool {
            seconds != other.seconds ? seconds > other.seconds : order < other.order
        }
    }

    // A binary heap.
    private var items: [Item] = []
    private var added = 0

    /// The newest commit's time; nil when empty.
    var newest: Int64? { items.first?.seconds }

    mutating func push(_ id: ObjectID, seconds: Int64) {
        items.append(Item(id: id, seconds: seconds, order: added))
        added += 1
        var index = items.count - 1
        while index > 0, items[index].precedes(items[(index - 1) / 2]) {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop() -> ObjectID? {
        guard let first = items.first else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return first.id }
        items[0] = last
        var index = 0
        while true {
            var next = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < items.count && items[child].precedes(items[next]) {
                next = child
            }
            if next == index { return first.id }
            items.swapAt(index, next)
            index = next
        }
    }
}
