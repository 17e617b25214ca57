package import CinchSchema

/// A schema in Graphviz's language.
package enum DOTDiagram {
    /// The graph's text: a node for each table, named by its place, and an edge for each foreign key.
    package static func text(_ schema: Schema) -> String {
        var text = """
            digraph schema {
                graph [rankdir=RL, nodesep=0.4, ranksep=1.2]
                node [shape=plain, fontname="monospace", fontsize=11]
                edge [dir=both, arrowhead=teetee]

            """
        var nodes: [String: String] = [:]
        let relations = schema.relations
        for (place, table) in schema.tables.enumerated() {
            let node = "t\(place)"
            nodes[table.name.key] = node
            text += "    \(node) [label=<\(label(table, relations))>]\n"
        }
        for (place, table) in schema.virtualTables.enumerated() {
            let node = "v\(place)"
            nodes[table.name.key] = nodes[table.name.key] ?? node
            text +=
                "    \(node) [label=<\(open)<TR><TD><B>\(escaped(table.name.text))</B></TD></TR>"
                + "<TR><TD>\(escaped(table.module.text))</TD></TR></TABLE>>]\n"
        }
        for relation in relations {
            let child = nodes[relation.child.key] ?? ""
            let parent: String
            if let node = nodes[relation.parent.key] {
                parent = node
            } else {
                parent = "m\(nodes.count)"
                nodes[relation.parent.key] = parent
                text +=
                    "    \(parent) [style=dashed, label=<\(open)<TR><TD><I>"
                    + "\(escaped(relation.parent.text))</I></TD></TR></TABLE>>]\n"
            }
            let from = port(relation.childColumns.first, in: schema.tables[relation.child])
            let to = port(relation.parentColumns.first, in: schema.tables[relation.parent])
            let tail = relation.isUnique ? "teeodot" : "crowodot"
            let head = relation.isOptional ? "teeodot" : "teetee"
            text += "    \(child)\(from) -> \(parent)\(to) [arrowtail=\(tail), arrowhead=\(head)]\n"
        }
        return text + "}\n"
    }

    private static let open =
        "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\">"

    private static func label(_ table: Table, _ relations: [Relation]) -> String {
        let primary = Set(table.primaryKeyColumns.map(\.key))
        let foreign = Set(
            relations.filter { $0.child == table.name }.flatMap(\.childColumns).map(\.key))
        var text = "\(open)<TR><TD COLSPAN=\"3\"><B>\(escaped(table.name.text))</B></TD></TR>"
        for (place, column) in table.columns.enumerated() {
            let marks = [
                primary.contains(column.name.key) ? "PK" : nil,
                foreign.contains(column.name.key) ? "FK" : nil,
            ].compactMap { $0 }.joined(separator: " ")
            text +=
                "<TR><TD PORT=\"k\(place)\">\(escaped(marks))</TD>"
                + "<TD ALIGN=\"LEFT\">\(escaped(column.name.text))</TD>"
                + "<TD ALIGN=\"LEFT\" PORT=\"c\(place)\">\(escaped(column.declaredType))</TD></TR>"
        }
        return text + "</TABLE>"
    }

    /// Edges go from and to the side of a column that has its marks.
    private static func port(_ column: Identifier?, in table: Table?) -> String {
        guard let column,
            let place = table?.columns.firstIndex(where: { $0.name.matches(column) })
        else { return "" }
        return ":k\(place)"
    }

    /// Text in an HTML-like label, which must not be empty between two tags.
    private static func escaped(_ text: String) -> String {
        text.isEmpty ? "&#160;" : Markup.text(text, isLine: true)
    }
}
