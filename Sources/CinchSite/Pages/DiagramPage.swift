import CinchGit
import CinchSchema

/// The tables of one tree as a picture, for every commit that has it.
struct DiagramPage {
    let tree: ObjectID
    let schema: Schema
    let history: SiteHistory
    /// The commits of the tree, newest first.
    let commits: [ObjectID]
    /// Where a table leads, seen from this page.
    let links: (Identifier) -> String?

    private static let listed = 5

    func page(section: String) -> Page {
        let counts = [
            Pieces.count(schema.tables.count + schema.virtualTables.count, "table"),
            Pieces.count(schema.relations.count, "foreign key"),
        ]
        var body = "<h1>Diagram</h1>\n<p class=\"soft\">\(counts.joined(separator: " · "))"
        if !commits.isEmpty {
            let shown = commits.prefix(Self.listed).map {
                Pieces.commit($0, root: "../", isLinked: history.has($0))
            }
            body += " · at \(shown.joined(separator: ", "))"
            if commits.count > Self.listed { body += " and \(commits.count - Self.listed) more" }
        }
        body += "</p>\n"
        if schema.tables.isEmpty, schema.virtualTables.isEmpty {
            body += "<p class=\"soft\">There are no tables.</p>\n"
        } else {
            let picture = SVGDiagram(schema).markup(links: links)
            body += "<input type=\"checkbox\" id=\"fit\">"
            body += "<label for=\"fit\"><span class=\"wide\">Fit to the window</span>"
            body += "<span class=\"narrow\">Full size</span></label>\n"
            body += "<details class=\"jump\"><summary>Find a table</summary>\n<p>"
            let names = schema.tables.map(\.name) + schema.virtualTables.map(\.name)
            body +=
                names.enumerated().map { place, name in
                    let text =
                        name.text.isEmpty ? "(no name)" : Markup.text(name.text, isLine: true)
                    return "<a href=\"#t\(place)\"><code>\(text)</code></a>"
                }.joined(separator: "\n") + "</p></details>\n"
            body += Pieces.scroll(picture, label: "Tables and their foreign keys", kind: "canvas")
            body +=
                "<p class=\"soft\">A crow's foot is at the table that has the foreign key, a bar"
            body += " at the row it refers to. Dashed where it may be NULL.</p>\n"
        }
        return Page(
            title: "Diagram at \(commits.first?.abbreviated() ?? tree.abbreviated())",
            place: .folder, section: section, body: body)
    }
}
