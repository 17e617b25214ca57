import Cinch
import CinchGit

/// The frame every page has: title, style sheet, the way to the other pages.
struct Page {
    /// Where a page is in the site, which links are relative to.
    enum Place {
        case top
        case folder

        var root: String { self == .top ? "" : "../" }
    }

    /// What every page of a site links to.
    struct Links {
        var database: String
        /// The diagram of the schema whose tables have pages; absent in an empty history.
        var diagram: String?
        var hasSchema: Bool
        var hasFleet: Bool
    }

    var title: String
    var place: Place
    /// The page of ``Links`` it belongs to: `index.html`, `schema.html`, …
    var section: String
    var body: String

    func html(_ links: Links) -> String {
        let root = place.root
        var navigation: [(href: String, text: String)] = [("index.html", "History")]
        if links.hasSchema { navigation.append(("schema.html", "Schema")) }
        if let diagram = links.diagram { navigation.append((diagram, "Diagram")) }
        if links.hasFleet { navigation.append(("fleet.html", "Tenants")) }
        let items = navigation.map { item in
            let mark = item.href == section ? " aria-current=\"page\"" : ""
            return "<a href=\"\(root)\(item.href)\"\(mark)>\(item.text)</a>"
        }.joined(separator: "\n")
        let name = Markup.text(links.database, isLine: true)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="cinch \(CinchVersion.number)">
            <title>\(Markup.text(title, isLine: true)) · \(name)</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="\(root)style.css">
            </head>
            <body>
            <header>
            <a class="name" href="\(root)index.html">\(name)</a>
            <nav>
            \(items)
            </nav>
            </header>
            <main>
            \(body)</main>
            </body>
            </html>

            """
    }
}

/// Pieces that several pages have.
enum Pieces {
    static func time(_ signature: Signature) -> String {
        let time = Timestamp(
            seconds: signature.seconds, offsetMinutes: signature.offsetMinutes)
        let iso = time.isoText
        let text = iso.prefix(16).split(separator: "T").joined(separator: " ")
        return "<time datetime=\"\(iso)\" title=\"\(time.gitText)\">\(text)</time>"
    }

    static func commit(_ id: ObjectID, root: String, isLinked: Bool) -> String {
        let short = "<code>\(id.abbreviated())</code>"
        guard isLinked else { return short }
        return "<a class=\"id\" href=\"\(root)\(SiteHistory.path(of: id))\">\(short)</a>"
    }

    static func badges(_ labels: [SiteHistory.Label]) -> String {
        labels.map { label in
            " <span class=\"badge \(label.kind)\">\(Markup.text(label.name, isLine: true))</span>"
        }.joined()
    }

    /// Something wide, in a box it is moved in.
    static func scroll(_ content: String, label: String, kind: String = "") -> String {
        let names = kind.isEmpty ? "scroll" : "scroll \(kind)"
        return "<div class=\"\(names)\" role=\"region\" tabindex=\"0\""
            + " aria-label=\"\(Markup.text(label, isLine: true))\">\(content)</div>\n"
    }

    static func code(_ text: String, label: String) -> String {
        "<pre class=\"scroll\" tabindex=\"0\" aria-label=\"\(Markup.text(label, isLine: true))\">"
            + "<code>\(Markup.text(text))</code></pre>\n"
    }

    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
