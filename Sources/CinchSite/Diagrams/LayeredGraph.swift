/// Boxes in layers, left to right, with what connects them; edges that pass a layer have a place in
/// it, between its boxes. Edges that lead to the same row of a box share their way.
///
/// After Sugiyama, Tagawa and Toda (1981): layers first, then the order in each, then places.
struct LayeredGraph {
    /// An edge as it was asked for: places of boxes, and where on their sides it ends.
    struct Edge: Hashable {
        var child: Int
        var childOffset: Double
        var parent: Int
        var parentOffset: Double
    }

    /// A box, or the place where a shared way passes through a layer.
    struct Node {
        var box: Int?
        var layer: Int
        var height: Double
        var top = 0.0
    }

    /// A piece of an edge between two layers that are side by side.
    struct Segment: Hashable {
        /// The node on the left.
        var left: Int
        var leftOffset: Double
        var right: Int
        var rightOffset: Double
        /// Whether the child is on the right, as it usually is.
        var pointsLeft: Bool
    }

    private struct Way: Hashable {
        var parent: Int
        var offset: Double
        var layer: Int
        var pointsLeft: Bool
    }

    private(set) var nodes: [Node] = []
    /// The nodes of each layer, from the top.
    private(set) var layers: [[Int]] = []
    /// The pieces, those that edges share once, and for each its edges.
    private(set) var segments: [(segment: Segment, edges: [Int])] = []

    private static let gap = 26.0
    private static let wayHeight = 4.0

    /// - Parameter heights: Of the boxes.
    init(heights: [Double], widths: [Double], edges: [Edge]) {
        let assigned = Layering(heights: heights, widths: widths, edges: edges).layers
        layers = Array(repeating: [], count: (assigned.max() ?? -1) + 1)
        for box in heights.indices {
            nodes.append(Node(box: box, layer: assigned[box], height: heights[box]))
            layers[assigned[box]].append(box)
        }
        var ways: [Way: Int] = [:]
        var places: [Segment: Int] = [:]
        for (number, edge) in edges.enumerated() {
            let (from, to) = (assigned[edge.parent], assigned[edge.child])
            let pointsLeft = from < to
            var (last, offset) = (edge.parent, edge.parentOffset)
            let step = pointsLeft ? 1 : -1
            func connect(_ next: Int, _ nextOffset: Double) {
                let segment =
                    pointsLeft
                    ? Segment(
                        left: last, leftOffset: offset, right: next, rightOffset: nextOffset,
                        pointsLeft: true)
                    : Segment(
                        left: next, leftOffset: nextOffset, right: last, rightOffset: offset,
                        pointsLeft: false)
                if let place = places[segment] {
                    segments[place].edges.append(number)
                } else {
                    places[segment] = segments.count
                    segments.append((segment, [number]))
                }
                (last, offset) = (next, nextOffset)
            }
            for layer in stride(from: from + step, to: to, by: step) {
                let way = Way(
                    parent: edge.parent, offset: edge.parentOffset, layer: layer,
                    pointsLeft: pointsLeft)
                let node = ways[way] ?? nodes.count
                if node == nodes.count {
                    nodes.append(Node(box: nil, layer: layer, height: Self.wayHeight))
                    layers[layer].append(node)
                    ways[way] = node
                }
                connect(node, Self.wayHeight / 2)
            }
            connect(edge.child, edge.childOffset)
        }
        order()
        place()
    }

    // MARK: Order in the layers

    private mutating func order() {
        for layer in layers.indices { stack(layer) }
        var best = (length: totalLength, layers: layers)
        for round in 0..<12 {
            let forward = round % 2 == 0
            for layer in forward ? Array(layers.indices) : layers.indices.reversed() {
                let centers = desiredTops(in: layer, left: forward, right: !forward)
                let sorted = layers[layer].enumerated().sorted { first, second in
                    (centers[first.offset], first.offset) < (centers[second.offset], second.offset)
                }
                layers[layer] = sorted.map(\.element)
                stack(layer)
            }
            let length = totalLength
            if length < best.length { best = (length, layers) }
        }
        layers = best.layers
        for layer in layers.indices { stack(layer) }
    }

    private mutating func stack(_ layer: Int) {
        var top = 0.0
        for node in layers[layer] {
            nodes[node].top = top
            top += nodes[node].height + Self.gap
        }
    }

    /// Where each node of a layer would be if only its edges to the sides had a say.
    private func desiredTops(in layer: Int, left: Bool, right: Bool) -> [Double] {
        var sums: [Int: (sum: Double, count: Double)] = [:]
        for (segment, edges) in segments {
            // A way that many share pulls as many.
            let weight = Double(edges.count)
            if left, nodes[segment.right].layer == layer {
                let top = nodes[segment.left].top + segment.leftOffset - segment.rightOffset
                let old = sums[segment.right] ?? (0, 0)
                sums[segment.right] = (old.sum + top * weight, old.count + weight)
            }
            if right, nodes[segment.left].layer == layer {
                let top = nodes[segment.right].top + segment.rightOffset - segment.leftOffset
                let old = sums[segment.left] ?? (0, 0)
                sums[segment.left] = (old.sum + top * weight, old.count + weight)
            }
        }
        return layers[layer].map { node in
            sums[node].map { $0.sum / $0.count } ?? nodes[node].top
        }
    }

    private var totalLength: Double {
        segments.reduce(0) { length, piece in
            let (segment, edges) = piece
            let left = nodes[segment.left].top + segment.leftOffset
            let right = nodes[segment.right].top + segment.rightOffset
            return length + abs(left - right) * Double(edges.count)
        }
    }

    // MARK: Places

    private mutating func place() {
        // The whole is no taller than the layer that has most in it.
        let total = layers.map { layer in
            layer.reduce(-Self.gap) { $0 + nodes[$1].height + Self.gap }
        }
        let tallest = total.max() ?? 0
        for round in 0..<8 {
            for layer in round % 2 == 0 ? Array(layers.indices) : layers.indices.reversed() {
                settle(
                    layer, desiredTops(in: layer, left: true, right: true),
                    room: tallest - total[layer])
            }
        }
        let top = nodes.map(\.top).min() ?? 0
        for node in nodes.indices { nodes[node].top = (nodes[node].top - top).rounded() }
    }

    /// Moves the nodes of a layer as near as can be to where they want to be, in their order and
    /// without touching: the isotonic regression of what they want, by pooling who are in each
    /// other's way.
    ///
    /// - Parameter room: How far the topmost may be from the top: what remains below the layer when it
    ///   is stacked there.
    private mutating func settle(_ layer: Int, _ wanted: [Double], room: Double) {
        var blocks: [(sum: Double, count: Int)] = []
        var offsets: [Double] = []
        var offset = 0.0
        for (place, node) in layers[layer].enumerated() {
            offsets.append(offset)
            blocks.append((wanted[place] - offset, 1))
            offset += nodes[node].height + Self.gap
            while blocks.count > 1 {
                let (last, before) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
                guard before.sum / Double(before.count) > last.sum / Double(last.count) else {
                    break
                }
                blocks.removeLast(2)
                blocks.append((before.sum + last.sum, before.count + last.count))
            }
        }
        var place = 0
        for block in blocks {
            let shift = min(max(block.sum / Double(block.count), 0), room)
            for _ in 0..<block.count {
                nodes[layers[layer][place]].top = shift + offsets[place]
                place += 1
            }
        }
    }
}
