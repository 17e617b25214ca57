import CinchSchema

/// The part of a picture that has foreign keys in it: boxes at their places, and lines between them.
struct LayeredPicture {
    private(set) var placed: [SVGDiagram.Placed] = []
    private(set) var lines: [SVGDiagram.Line] = []
    var right: Double
    var bottom: Double

    init(
        boxes: [DiagramBox], numbers: [Int], relations: [Relation], left: Double, top: Double,
        gutter: Double
    ) {
        (right, bottom) = (left, top)
        guard !boxes.isEmpty else { return }
        var place: [String: Int] = [:]
        for (index, box) in boxes.enumerated() { place[box.name.key] = index }
        var edges: [LayeredGraph.Edge] = []
        var drawn: [Relation] = []
        for relation in relations where relation.child.key != relation.parent.key {
            guard let child = place[relation.child.key], let parent = place[relation.parent.key]
            else { continue }
            edges.append(
                LayeredGraph.Edge(
                    child: child, childOffset: boxes[child].offset(of: relation.childColumns.first),
                    parent: parent,
                    parentOffset: boxes[parent].offset(of: relation.parentColumns.first)))
            drawn.append(relation)
        }
        let graph = LayeredGraph(
            heights: boxes.map(\.height), widths: boxes.map(\.width), edges: edges)
        var starts: [Double] = []
        var widths: [Double] = []
        var x = left
        for layer in graph.layers {
            let width = layer.compactMap { graph.nodes[$0].box.map { boxes[$0].width } }.max() ?? 0
            starts.append(x)
            widths.append(width)
            x += width + gutter
        }
        right = x - gutter
        for box in boxes.indices {
            let node = graph.nodes[box]
            let at = SVGDiagram.Placed(
                number: numbers[box], box: boxes[box], x: starts[node.layer], y: top + node.top)
            placed.append(at)
            bottom = max(bottom, at.y + boxes[box].height)
        }
        for (segment, shared) in graph.segments {
            lines.append(
                Self.line(
                    segment, graph, boxes, shared.map { drawn[$0] }, starts, widths, top: top))
        }
        for box in placed { addLoops(box, relations) }
    }

    /// A piece of one or more foreign keys from one layer to the next.
    private static func line(
        _ segment: LayeredGraph.Segment, _ graph: LayeredGraph, _ boxes: [DiagramBox],
        _ relations: [Relation], _ starts: [Double], _ widths: [Double], top: Double
    ) -> SVGDiagram.Line {
        let (left, right) = (graph.nodes[segment.left], graph.nodes[segment.right])
        let (y1, y2) = (top + left.top + segment.leftOffset, top + right.top + segment.rightOffset)
        let (x1, x2) = (starts[left.layer] + widths[left.layer], starts[right.layer])
        // A way goes straight through its layer; a box narrower than its layer is reached by a line.
        let begin = left.box.map { starts[left.layer] + boxes[$0].width } ?? starts[left.layer]
        let n = SVGDiagram.number
        var path = "M\(n(begin)) \(n(y1))H\(n(x1))"
        let middle = (x1 + x2) / 2
        path += "C\(n(middle)) \(n(y1)) \(n(middle)) \(n(y2)) \(n(x2)) \(n(y2))"
        let isUnique = relations.allSatisfy(\.isUnique)
        var ends = ""
        if left.box != nil {
            ends += end(x: begin, y: y1, out: 1, isChild: !segment.pointsLeft, isUnique: isUnique)
        }
        if right.box != nil {
            ends += end(x: x2, y: y2, out: -1, isChild: segment.pointsLeft, isUnique: isUnique)
        }
        return SVGDiagram.Line(
            path: path, ends: ends, title: relations.map(\.summary).joined(separator: ", "),
            isOptional: relations.allSatisfy(\.isOptional))
    }

    /// The end of a line: a crow's foot where there may be many, a bar where there is one.
    private static func end(
        x: Double, y: Double, out: Double, isChild: Bool, isUnique: Bool
    ) -> String {
        let n = SVGDiagram.number
        if isChild, !isUnique {
            return "M\(n(x)) \(n(y - 5))L\(n(x + out * 10)) \(n(y))L\(n(x)) \(n(y + 5))"
        }
        return "M\(n(x + out * 6)) \(n(y - 5))V\(n(y + 5))"
    }

    /// Draws the foreign keys of a table that lead to itself.
    mutating func addLoops(_ placed: SVGDiagram.Placed, _ relations: [Relation]) {
        let loops = relations.filter {
            $0.child.key == placed.box.name.key && $0.parent.key == placed.box.name.key
        }
        let n = SVGDiagram.number
        for (place, relation) in loops.enumerated() {
            let x = placed.x + placed.box.width
            let from = placed.y + placed.box.offset(of: relation.childColumns.first)
            var to = placed.y + placed.box.offset(of: relation.parentColumns.first)
            if from == to { to -= 8 }
            let out = x + 22 + Double(min(place, 3)) * 4
            lines.append(
                SVGDiagram.Line(
                    path:
                        "M\(n(x)) \(n(from))C\(n(out)) \(n(from)) \(n(out)) \(n(to)) \(n(x)) \(n(to))",
                    ends: Self.end(
                        x: x, y: from, out: 1, isChild: true, isUnique: relation.isUnique)
                        + Self.end(x: x, y: to, out: 1, isChild: false, isUnique: true),
                    title: relation.summary, isOptional: relation.isOptional))
        }
    }
}
