package import CinchSchema

/// A schema as Mermaid's `erDiagram`, which Git hosts draw in Markdown.
package enum MermaidDiagram {
    /// The diagram's text.
    ///
    /// Entities have their names in quotes. Attributes can't be quoted, so that a column whose name or
    /// type Mermaid doesn't take is spelled with underscores, its name beside it as a comment.
    package static func text(_ schema: Schema) -> String {
        var text = "erDiagram\n"
        let relations = schema.relations
        for table in schema.tables {
            let foreign = Set(
                relations.filter { $0.child == table.name }.flatMap(\.childColumns).map(\.key))
            let primary = Set(table.primaryKeyColumns.map(\.key))
            text += "    \(entity(table.name)) {\n"
            for column in table.columns {
                var marks: [String] = []
                if primary.contains(column.name.key) { marks.append("PK") }
                if foreign.contains(column.name.key) { marks.append("FK") }
                if !column.uniques.isEmpty { marks.append("UK") }
                text += "        \(line(column, marks))\n"
            }
            text += "    }\n"
        }
        for table in schema.virtualTables { text += "    \(entity(table.name))\n" }
        for relation in relations {
            let parent = relation.isOptional ? "|o" : "||"
            let child = relation.isUnique ? "o|" : "o{"
            let label = relation.childColumns.map(\.text).joined(separator: ", ")
            text += "    \(entity(relation.parent)) \(parent)--\(child) \(entity(relation.child))"
            text += " : \(quoted(label))\n"
        }
        return text
    }

    private static func line(_ column: Column, _ marks: [String]) -> String {
        let type = word(column.declaredType.isEmpty ? "any" : column.declaredType)
        let name = word(column.name.text)
        var line = "\(type) \(name)"
        if !marks.isEmpty { line += " " + marks.joined(separator: ", ") }
        if name != column.name.text { line += " " + quoted(column.name.text) }
        return line
    }

    private static func entity(_ name: Identifier) -> String { quoted(name.text) }

    /// Text in quotes, what can't stand there as one of Mermaid's character codes.
    private static func quoted(_ text: String) -> String {
        guard !text.isEmpty else { return "\" \"" }
        var output = "\""
        for scalar in Markup.visible(text).unicodeScalars {
            switch scalar {
            case "\"", "%", "\\", "#", ";", "<", ">", "&", "~":
                output += "#\(scalar.value);"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    /// Text as one of Mermaid's words.
    private static func word(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "(", ")", "[", "]":
                output.unicodeScalars.append(scalar)
            default: output += "_"
            }
        }
        // A word begins with a letter, and none begins like a mark of a key.
        guard let first = output.first, first == "_" || first.isLetter else { return "_" + output }
        let start = output.prefix { $0 == "_" || $0.isLetter || $0.isNumber }.uppercased()
        return ["PK", "FK", "UK"].contains(start) ? "_" + output : output
    }
}
