import CinchGit
import CinchSchema

/// A table or view: what it is made of, and the commit each part is from.
struct TablePage {
    /// Which commit a part of a table is from.
    struct Origin {
        /// `table`, `column`, `constraint`, `option`, `index`, `view` or `trigger`.
        var kind: String
        /// Its name; of an unnamed constraint its text.
        var name: String
        var commit: ObjectID
        var author: Signature
    }

    let name: Identifier
    let schema: Schema
    let history: SiteHistory
    let origins: [Origin]

    static func path(_ name: Identifier) -> String { "tables/\(FileName.of("table", name))" }

    /// - Parameter root: The way from the page to the top of the site.
    static func link(_ name: Identifier, root: String = "") -> String {
        let text = name.text.isEmpty ? "(no name)" : Markup.text(name.text, isLine: true)
        return "<a href=\"\(root)\(path(name))\"><code>\(text)</code></a>"
    }

    var page: Page {
        let title = name.text.isEmpty ? "(no name)" : name.text
        var body = "<h1><code>\(Markup.text(title, isLine: true))</code></h1>\n"
        if let table = schema.tables[name] {
            body += heading("table") + columns(table) + constraints(table) + references(table)
            body += indexes() + triggers() + ddl(table.ddl(ids: false))
        } else if let table = schema.virtualTables[name] {
            body += heading("virtual table", kind: "table") + ddl(table.ddl(ids: false))
        } else if let view = schema.views[name] {
            body += heading("view") + triggers() + ddl(view.ddl)
        }
        return Page(title: title, place: .folder, section: "schema.html", body: body)
    }

    private func heading(_ what: String, kind: String? = nil) -> String {
        let label = what.prefix(1).uppercased() + what.dropFirst()
        guard let origin = find(kind ?? what, name.text) else {
            return "<p class=\"soft\">\(label)</p>\n"
        }
        return "<p class=\"soft\">\(label), from \(link(origin)) by "
            + "\(Markup.text(origin.author.name, isLine: true)) · \(Pieces.time(origin.author))</p>\n"
    }

    // MARK: Parts

    private func columns(_ table: Table) -> String {
        let primary = Set(table.primaryKeyColumns.map(\.key))
        let relations = schema.relations.filter { $0.child == table.name }
        var rows = ""
        for column in table.columns {
            var marks = primary.contains(column.name.key) ? [Self.mark("PK", "pk")] : []
            marks += relations.filter { $0.childColumns.contains(column.name) }.map { relation in
                "\(Self.mark("FK", "fk")) → \(parent(relation))"
            }
            let rest = Self.attributes(column).map {
                "<code>\(Markup.text($0, isLine: true))</code>"
            }
            rows +=
                "<tr><td><code class=\"strong\">\(Markup.text(column.name.text, isLine: true))</code></td>"
                + "<td><code>\(Markup.text(column.declaredType, isLine: true))</code></td>"
                + "<td class=\"rest\">\((marks + rest).joined(separator: " "))</td>"
                + cells("column", column.name.text) + "</tr>\n"
        }
        return section("Columns", ["Column", "Type", ""], rows)
    }

    /// What a column's definition has besides name, type and references.
    private static func attributes(_ column: Column) -> [String] {
        var rest = column
        rest.references = []
        let ddl = rest.ddl
        let start =
            column.name.quoted + (column.declaredType.isEmpty ? "" : " \(column.declaredType)")
        let text = ddl.dropFirst(start.count).drop { $0 == " " }
        return text.isEmpty ? [] : [String(text)]
    }

    private func constraints(_ table: Table) -> String {
        let options =
            (table.isStrict ? ["STRICT"] : []) + (table.isWithoutRowID ? ["WITHOUT ROWID"] : [])
        let rows =
            table.constraints.map { constraint in
                "<tr><td><code>\(Markup.text(constraint.ddl, isLine: true))</code></td>"
                    + cells("constraint", constraint.name?.text ?? constraint.ddl) + "</tr>\n"
            }
            + options.map { option in
                "<tr><td><code>\(option)</code></td>\(cells("option", option))</tr>\n"
            }
        return section("Constraints and options", ["Text"], rows.joined())
    }

    private func references(_ table: Table) -> String {
        let rows = schema.relations.filter { $0.parent == table.name }.map { relation in
            let columns = relation.childColumns.map(\.text).joined(separator: ", ")
            let own = relation.parentColumns.map(\.text).joined(separator: ", ")
            return "<tr><td>\(Self.link(relation.child, root: "../"))</td>"
                + "<td><code>\(Markup.text(columns, isLine: true))</code></td>"
                + "<td><code>\(Markup.text(own, isLine: true))</code></td></tr>\n"
        }.joined()
        guard !rows.isEmpty else { return "" }
        return "<h2>Referred to by</h2>\n"
            + Self.table(["Table", "Its column", "Column here"], rows, label: "Referred to by")
    }

    private func indexes() -> String {
        let rows = schema.indexes.filter { $0.table.matches(name) }.map { index in
            let terms = index.terms.map(\.ddl).joined(separator: ", ")
            let condition = index.condition.map { " WHERE \($0.sql)" } ?? ""
            return
                "<tr><td><code class=\"strong\">\(Markup.text(index.name.text, isLine: true))</code></td>"
                + "<td><code>\(Markup.text("(\(terms))\(condition)", isLine: true))</code>"
                + (index.isUnique ? " \(Self.mark("UNIQUE", "pk"))" : "") + "</td>"
                + cells("index", index.name.text) + "</tr>\n"
        }.joined()
        return section("Indexes", ["Index", "Terms"], rows)
    }

    private func triggers() -> String {
        let triggers = schema.triggers.filter { $0.table.matches(name) }
        guard !triggers.isEmpty else { return "" }
        return "<h2>Triggers</h2>\n"
            + triggers.map { Pieces.code($0.ddl, label: "Trigger \($0.name.text)") }.joined()
    }

    private func ddl(_ text: String) -> String {
        "<h2>SQL</h2>\n" + Pieces.code(text, label: "SQL")
    }

    // MARK: Pieces

    private static func mark(_ text: String, _ kind: String) -> String {
        "<span class=\"mark \(kind)\">\(text)</span>"
    }

    private func parent(_ relation: Relation) -> String {
        let columns = relation.parentColumns.map(\.text).joined(separator: ", ")
        let text = columns.isEmpty ? "" : ".<code>\(Markup.text(columns, isLine: true))</code>"
        guard schema.hasRows(relation.parent) else {
            return "<code>\(Markup.text(relation.parent.text, isLine: true))</code>\(text)"
        }
        return Self.link(relation.parent, root: "../") + text
    }

    private func find(_ kind: String, _ name: String) -> Origin? {
        origins.first { $0.kind == kind && $0.name == name }
    }

    private func link(_ origin: Origin) -> String {
        Pieces.commit(origin.commit, root: "../", isLinked: history.has(origin.commit))
    }

    /// Which commit a part is from, by whom and when.
    private func cells(_ kind: String, _ name: String) -> String {
        guard !origins.isEmpty else { return "" }
        guard let origin = find(kind, name) else { return "<td></td><td></td><td></td>" }
        return "<td>\(link(origin))</td>"
            + "<td class=\"nowrap\">\(Markup.text(origin.author.name, isLine: true))</td>"
            + "<td class=\"nowrap\">\(Pieces.time(origin.author))</td>"
    }

    private func section(_ title: String, _ head: [String], _ rows: String) -> String {
        guard !rows.isEmpty else { return "" }
        let blame = origins.isEmpty ? [] : ["Commit", "Author", "Date"]
        return "<h2>\(title)</h2>\n" + Self.table(head + blame, rows, label: title)
    }

    private static func table(_ head: [String], _ rows: String, label: String) -> String {
        let cells = head.map { "<th>\($0)</th>" }.joined()
        return Pieces.scroll(
            "<table>\n<thead><tr>\(cells)</tr></thead>\n<tbody>\n\(rows)</tbody>\n</table>",
            label: label)
    }
}
