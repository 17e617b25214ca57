import CinchGit
import CinchSchema

/// Everything in the schema at one commit, with the way to the page of each table and view.
struct SchemaPage {
    let schema: Schema
    let commit: ObjectID
    /// What the commit was asked for by: a branch, as a rule.
    let revision: String
    let diagram: String
    /// Whether the commit has a page.
    let isLinked: Bool

    var page: Page {
        let label = SiteHistory.Label(name: revision, kind: "branch")
        var body = "<h1>Schema</h1>\n<p class=\"soft\">At\(Pieces.badges([label])) "
        body += "\(Pieces.commit(commit, root: "", isLinked: isLinked))"
        body += " · <a href=\"\(diagram)\">Diagram</a></p>\n"
        if schema.isEmpty { body += "<p class=\"soft\">There is nothing in it yet.</p>\n" }
        body += tables() + views() + triggers()
        return Page(title: "Schema", place: .top, section: "schema.html", body: body)
    }

    private func tables() -> String {
        guard !schema.tables.isEmpty || !schema.virtualTables.isEmpty else { return "" }
        let relations = schema.relations
        let from = Dictionary(grouping: relations, by: \.child.key)
        let to = Dictionary(grouping: relations, by: \.parent.key)
        let indexes = Dictionary(grouping: schema.indexes, by: \.table.key)
        var rows = ""
        for table in schema.tables {
            let key = table.name.key
            let counts = [
                table.columns.count, indexes[key]?.count ?? 0, from[key]?.count ?? 0,
                to[key]?.count ?? 0,
            ]
            rows += "<tr><td>\(TablePage.link(table.name))</td>"
            rows += counts.map { "<td class=\"number\">\($0 == 0 ? "–" : "\($0)")</td>" }.joined()
            rows += "</tr>\n"
        }
        for table in schema.virtualTables {
            rows += "<tr><td>\(TablePage.link(table.name))</td><td class=\"soft\" colspan=\"4\">"
            rows += "virtual: \(Markup.text(table.module.text, isLine: true))</td></tr>\n"
        }
        let head = ["Columns", "Indexes", "Refers to", "Referred to by"].map {
            "<th class=\"number\">\($0)</th>"
        }.joined()
        let count = schema.tables.count + schema.virtualTables.count
        let table =
            "<table>\n<thead><tr><th>Table</th>\(head)</tr></thead>\n<tbody>\n\(rows)</tbody>\n"
            + "</table>"
        return "<h2>Tables <small>\(count)</small></h2>\n" + Pieces.scroll(table, label: "Tables")
    }

    private func views() -> String {
        guard !schema.views.isEmpty else { return "" }
        let items = schema.views.map { "<li>\(TablePage.link($0.name))</li>\n" }.joined()
        return "<h2>Views <small>\(schema.views.count)</small></h2>\n<ul>\n\(items)</ul>\n"
    }

    private func triggers() -> String {
        guard !schema.triggers.isEmpty else { return "" }
        let items = schema.triggers.map { trigger in
            "<li><code>\(Markup.text(trigger.name.text, isLine: true))</code>"
                + " <span class=\"soft\">on</span> \(link(trigger.table))</li>\n"
        }.joined()
        return "<h2>Triggers <small>\(schema.triggers.count)</small></h2>\n<ul>\n\(items)</ul>\n"
    }

    private func link(_ name: Identifier) -> String {
        schema.hasRows(name)
            ? TablePage.link(schema.spelling(of: name)) : Markup.text(name.text, isLine: true)
    }
}

extension Schema {
    /// Whether there is a table or view of this name.
    func hasRows(_ name: Identifier) -> Bool {
        tables[name] != nil || virtualTables[name] != nil || views[name] != nil
    }

    /// The name as the table or view itself has it.
    func spelling(of name: Identifier) -> Identifier {
        tables[name]?.name ?? virtualTables[name]?.name ?? views[name]?.name ?? name
    }
}
