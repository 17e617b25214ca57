package import CinchSchema

/// A schema as a picture: tables that refer to one another in layers, parents on the left, the others
/// in a grid below.
///
/// The same schema makes the same picture, byte for byte.
package struct SVGDiagram {
    /// The picture's width and height in pixels.
    package let size: (width: Int, height: Int)
    private let boxes: [Placed]
    private let lines: [Line]

    struct Placed {
        /// Its place among all tables, virtual ones last, which names it in the picture.
        var number: Int
        var box: DiagramBox
        var x: Double
        var y: Double
    }

    struct Line {
        var path: String
        /// The marks at its ends, which are never dashed.
        var ends: String
        var title: String
        var isOptional: Bool
    }

    private static let margin = 20.0
    private static let gutter = 76.0
    private static let gap = 26.0

    /// Lays out a schema.
    package init(_ schema: Schema) {
        let relations = schema.relations
        let byChild = Dictionary(grouping: relations, by: \.child)
        let all =
            schema.tables.map { DiagramBox($0, relations: byChild[$0.name] ?? []) }
            + schema.virtualTables.map(DiagramBox.init)
        var place: [String: Int] = [:]
        for (index, box) in all.enumerated() where place[box.name.key] == nil {
            place[box.name.key] = index
        }
        var connected: Set<Int> = []
        for relation in relations where relation.child.key != relation.parent.key {
            guard let child = place[relation.child.key], let parent = place[relation.parent.key]
            else { continue }
            connected.formUnion([child, parent])
        }
        let related = all.indices.filter(connected.contains)
        var picture = LayeredPicture(
            boxes: related.map { all[$0] }, numbers: related, relations: relations,
            left: Self.margin, top: Self.margin,
            gutter: Self.gutter)
        let alone = all.indices.filter { !connected.contains($0) }
        let grid = Self.grid(
            alone, all, width: picture.right - Self.margin,
            top: picture.bottom + (related.isEmpty ? 0 : 2 * Self.gap))
        for placed in grid {
            picture.addLoops(placed, relations)
            picture.right = max(picture.right, placed.x + placed.box.width)
            picture.bottom = max(picture.bottom, placed.y + placed.box.height)
        }
        boxes = picture.placed + grid
        lines = picture.lines
        // Loops stand out on the right.
        size = (
            Int((picture.right + Self.margin + 30).rounded(.up)),
            Int((picture.bottom + Self.margin).rounded(.up))
        )
    }

    /// Columns of boxes of the same width, each box where there is most room.
    private static func grid(
        _ numbers: [Int], _ all: [DiagramBox], width: Double, top: Double
    ) -> [Placed] {
        guard !numbers.isEmpty else { return [] }
        let boxes = numbers.map { all[$0] }
        let column = (boxes.map(\.width).max() ?? 0) + gap + 12
        let area = boxes.reduce(0) { $0 + column * ($1.height + gap) }
        let wanted = max(width, (area * 1.5).squareRoot())
        var tops = Array(
            repeating: top, count: min(boxes.count, max(1, Int((wanted + gap) / column))))
        return zip(numbers, boxes).map { number, box in
            let place = tops.indices.min { (tops[$0], $0) < (tops[$1], $1) } ?? 0
            defer { tops[place] += box.height + gap }
            return Placed(
                number: number, box: box, x: margin + Double(place) * column, y: tops[place])
        }
    }

    // MARK: Text

    /// The picture as part of an HTML page, which has ``style`` in its style sheet.
    ///
    /// - Parameter links: Where the title of a table leads; absent for nowhere.
    package func markup(links: (Identifier) -> String? = { _ in nil }) -> String {
        body(attributes: "", style: "", links: links)
    }

    /// The picture as a file of its own.
    package var file: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + body(
                attributes: " xmlns=\"http://www.w3.org/2000/svg\"",
                style: "<style>\(Self.variables)\(Self.style)</style>\n", links: { _ in nil })
    }

    private func body(attributes: String, style: String, links: (Identifier) -> String?) -> String {
        var text =
            "<svg\(attributes) class=\"er\" role=\"img\" aria-label=\"Tables and their foreign keys\""
            + " width=\"\(size.width)\" height=\"\(size.height)\""
            + " viewBox=\"0 0 \(size.width) \(size.height)\">\n\(style)"
        if !style.isEmpty { text += "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n" }
        for line in lines {
            text += "<path class=\"\(line.isOptional ? "e o" : "e")\" d=\"\(line.path)\"><title>"
            text += Markup.text(line.title, isLine: true) + "</title></path>\n"
            if !line.ends.isEmpty { text += "<path class=\"m\" d=\"\(line.ends)\"/>\n" }
        }
        for placed in boxes { append(placed, links(placed.box.name), to: &text) }
        return text + "</svg>\n"
    }

    private func append(_ placed: Placed, _ link: String?, to text: inout String) {
        typealias Measure = DiagramBox.Measure
        let box = placed.box
        let (width, height) = (Self.number(box.width), Self.number(box.height))
        text +=
            "<g id=\"t\(placed.number)\" transform=\"translate(\(Self.number(placed.x)) \(Self.number(placed.y)))\">"
        text += "<rect class=\"b\" width=\"\(width)\" height=\"\(height)\" rx=\"5\"/>"
        text += "<path class=\"h\" d=\"M0 \(Self.number(Measure.header))V5a5 5 0 0 1 5-5"
        text += "H\(Self.number(box.width - 5))a5 5 0 0 1 5 5V\(Self.number(Measure.header))z\"/>"
        if let link { text += "<a href=\"\(Markup.text(link))\">" }
        append(box.title, "t", x: Measure.padding, y: 18.5, to: &text)
        if link != nil { text += "</a>" }
        for (place, row) in box.rows.enumerated() {
            let y = Measure.header + Double(place) * Measure.row + 14
            if !row.mark.isEmpty {
                text += "<text class=\"k\" x=\"\(Self.number(Measure.padding))\""
                text += " y=\"\(Self.number(y - 0.5))\">\(row.mark)</text>"
            }
            append(row.name, "c", x: Measure.padding + box.markWidth, y: y, to: &text)
            if !row.type.text.isEmpty {
                append(row.type, "y", x: box.width - Measure.padding, y: y, to: &text)
            }
        }
        text += "</g>\n"
    }

    private func append(
        _ label: DiagramBox.Label, _ kind: String, x: Double, y: Double, to text: inout String
    ) {
        text += "<text class=\"\(kind)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\">"
        if let whole = label.whole { text += "<title>\(Markup.text(whole, isLine: true))</title>" }
        text += Markup.text(label.text, isLine: true) + "</text>"
    }

    /// A number with at most one digit after the point.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let rest = abs(tenths) % 10
        return "\(sign)\(abs(tenths) / 10)" + (rest == 0 ? "" : ".\(rest)")
    }
}
