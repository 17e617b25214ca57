/// Which layer each box is in: a child to the right of its parents, and no layer much taller than the
/// whole is to be.
struct Layering {
    private(set) var layers: [Int]

    init(heights: [Double], widths: [Double], edges: [LayeredGraph.Edge]) {
        let count = heights.count
        layers = Array(repeating: 0, count: count)
        var parents: [[Int]] = Array(repeating: [], count: count)
        for edge in edges where !parents[edge.child].contains(edge.parent) {
            parents[edge.child].append(edge.parent)
        }
        let order = Self.acyclicOrder(parents)
        var rank: [Int] = Array(repeating: 0, count: count)
        for (place, box) in order.enumerated() { rank[box] = place }
        // A foreign key against the order is one of a cycle, and is drawn the other way round.
        var before: [[Int]] = Array(repeating: [], count: count)
        var after: [[Int]] = Array(repeating: [], count: count)
        for child in 0..<count {
            for parent in parents[child] {
                let (first, second) = rank[parent] < rank[child] ? (parent, child) : (child, parent)
                before[second].append(first)
                after[first].append(second)
            }
        }
        // How far each is from the last of its children's children: who has many generations below
        // it comes first, and leaves fill the room that is left, beside their parents.
        var depths = Array(repeating: 0, count: count)
        for box in order.reversed() {
            depths[box] = (after[box].map { depths[$0] }.max() ?? -1) + 1
        }
        let limit = Self.height(heights, widths)
        var filled: [Double] = []
        var waiting = Set(0..<count)
        func first(_ box: Int) -> Int { (before[box].map { layers[$0] }.max() ?? -1) + 1 }
        while let deepest = waiting.map({ depths[$0] }).max() {
            // Parents have a greater depth than their children, and so a layer already.
            let generation = waiting.filter { depths[$0] == deepest }
                .map { (layer: first($0), box: $0) }
                .sorted { ($0.layer, rank[$0.box]) < ($1.layer, rank[$1.box]) }
            for (start, box) in generation {
                var layer = start
                while layer < filled.count, filled[layer] > 0, filled[layer] + heights[box] > limit
                {
                    layer += 1
                }
                while layer >= filled.count { filled.append(0) }
                filled[layer] += heights[box] + 26
                layers[box] = layer
                waiting.remove(box)
            }
        }
        // Who has no parents goes to its children.
        for box in order.reversed() where before[box].isEmpty {
            guard let last = after[box].map({ layers[$0] }).min() else { continue }
            for layer in stride(from: last - 1, to: layers[box], by: -1)
            where filled[layer] + heights[box] <= limit {
                filled[layers[box]] -= heights[box] + 26
                filled[layer] += heights[box] + 26
                layers[box] = layer
                break
            }
        }
        close()
    }

    /// Leaves no layer empty.
    private mutating func close() {
        let used = Set(layers).sorted()
        var place: [Int: Int] = [:]
        for (index, layer) in used.enumerated() { place[layer] = index }
        layers = layers.map { place[$0] ?? 0 }
    }

    /// Parents before children, as far as they aren't each other's.
    private static func acyclicOrder(_ parents: [[Int]]) -> [Int] {
        var order: [Int] = []
        var state = Array(repeating: 0, count: parents.count)
        for start in parents.indices where state[start] == 0 {
            // Not recursive: a chain of tables may be long.
            var stack = [(box: start, next: 0)]
            state[start] = 1
            while let (box, next) = stack.last {
                if next < parents[box].count {
                    stack[stack.count - 1].next += 1
                    let parent = parents[box][next]
                    if state[parent] == 0 {
                        state[parent] = 1
                        stack.append((parent, 0))
                    }
                } else {
                    stack.removeLast()
                    state[box] = 2
                    order.append(box)
                }
            }
        }
        return order
    }

    /// How tall the whole is to be for it to be half again as wide as tall.
    private static func height(_ heights: [Double], _ widths: [Double]) -> Double {
        let area = zip(heights, widths).reduce(0) { $0 + ($1.0 + 26) * ($1.1 + 70) }
        return max(heights.max() ?? 0, (area / 1.5).squareRoot())
    }
}
