package import CinchSchema

/// A schema in the database markup language of dbdiagram.io.
package enum DBMLDiagram {
    /// The text: tables with their indexes, then references. What DBML can't say stands in comments.
    package static func text(_ schema: Schema) -> String {
        var parts = schema.tables.map { table($0, schema) }
        for table in schema.virtualTables {
            parts.append(comment("virtual table \(table.name) using \(table.module)"))
        }
        var references = ""
        var seen: Set<[String]> = []
        for relation in schema.relations {
            guard isWhole(relation, in: schema) else {
                references += comment(relation.summary)
                continue
            }
            let ends =
                [relation.child.key] + relation.childColumns.map(\.key)
                + [relation.parent.key] + relation.parentColumns.map(\.key)
            guard seen.insert(ends).inserted else { continue }
            references +=
                "Ref: \(end(relation.child, relation.childColumns))"
                + " \(relation.isUnique ? "-" : ">")"
                + " \(end(relation.parent, relation.parentColumns))\n"
        }
        if !references.isEmpty { parts.append(references) }
        return parts.joined(separator: "\n")
    }

    private static func table(_ table: Table, _ schema: Schema) -> String {
        var text = "Table \(quoted(table.name.text)) {\n"
        let primary = table.primaryKeyColumns
        for column in table.columns {
            let type = column.declaredType.isEmpty ? "any" : column.declaredType
            let settings = settings(column, isKey: primary == [column.name])
            text += "  \(quoted(column.name.text)) \(quoted(type))"
            text += settings.isEmpty ? "\n" : " [\(settings.joined(separator: ", "))]\n"
        }
        var indexes: [String] = []
        if primary.count > 1 { indexes.append("(\(list(primary))) [pk]") }
        for case .unique(let terms, _) in table.constraints.map(\.rule) {
            indexes.append("(\(list(terms))) [unique]")
        }
        for index in schema.indexes where index.table.matches(table.name) {
            var settings = index.isUnique ? ["unique"] : []
            settings.append("name: \(string(index.name.text))")
            if let condition = index.condition {
                settings.append("note: \(string("WHERE \(condition.sql)"))")
            }
            indexes.append("(\(list(index.terms))) [\(settings.joined(separator: ", "))]")
        }
        if !indexes.isEmpty {
            text += "\n  indexes {\n" + indexes.map { "    \($0)\n" }.joined() + "  }\n"
        }
        return text + "}\n"
    }

    private static func settings(_ column: Column, isKey: Bool) -> [String] {
        var settings: [String] = []
        if isKey { settings.append("pk") }
        if column.primaryKey?.rule.isAutoincrement == true { settings.append("increment") }
        if column.notNull != nil { settings.append("not null") }
        if !column.uniques.isEmpty { settings.append("unique") }
        if let value = column.defaultValue { settings.append("default: \(code(value.rule.sql))") }
        if let generated = column.generated {
            settings.append("note: \(string("AS (\(generated.rule.expression.sql))"))")
        }
        return settings
    }

    /// Whether both ends are there, each column of them.
    private static func isWhole(_ relation: Relation, in schema: Schema) -> Bool {
        guard let child = schema.tables[relation.child], let parent = schema.tables[relation.parent]
        else { return false }
        return !relation.parentColumns.isEmpty
            && relation.childColumns.allSatisfy { child.column(named: $0) != nil }
            && relation.parentColumns.allSatisfy { parent.column(named: $0) != nil }
    }

    private static func end(_ table: Identifier, _ columns: [Identifier]) -> String {
        let names = list(columns)
        return "\(quoted(table.text)).\(columns.count == 1 ? names : "(\(names))")"
    }

    private static func list(_ columns: [Identifier]) -> String {
        columns.map { quoted($0.text) }.joined(separator: ", ")
    }

    private static func list(_ terms: [IndexedColumn]) -> String {
        terms.map { term in
            if case .column(let name) = term.term { quoted(name.text) } else { code(term.ddl) }
        }.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String { escaped(text, "\"") }
    private static func string(_ text: String) -> String { escaped(text, "'") }

    /// An expression, in which a backtick is the only thing that could end it.
    private static func code(_ text: String) -> String {
        escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "), "`")
    }

    private static func escaped(_ text: String, _ quote: Character) -> String {
        var output = String(quote)
        for character in Markup.visible(text) {
            switch character {
            case quote, "\\": output += "\\\(character)"
            case _ where character.isNewline: output += "\\n"
            default: output.append(character)
            }
        }
        return output + String(quote)
    }

    private static func comment(_ text: String) -> String {
        "// \(text.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
    }
}
