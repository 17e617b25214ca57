import CinchGit

/// The list of commits, on as many pages as it takes, the first with branches and tags.
struct IndexPages {
    static let perPage = 500

    let history: SiteHistory
    let deployBranch: String
    private let graph: LaneGraph

    init(_ history: SiteHistory, deployBranch: String) {
        self.history = history
        self.deployBranch = deployBranch
        graph = LaneGraph(history.entries.map { ($0.id, $0.commit.parents) })
    }

    var count: Int { max(1, (history.entries.count + Self.perPage - 1) / Self.perPage) }

    static func path(_ number: Int) -> String {
        number == 0 ? "index.html" : "log-\(number + 1).html"
    }

    func page(_ number: Int) -> Page {
        var body = "<h1>History</h1>\n"
        if number == 0 { body += summary() + references() }
        let first = number * Self.perPage
        let last = min(history.entries.count, first + Self.perPage)
        if history.entries.isEmpty {
            body += "<p class=\"soft\">There are no commits yet.</p>\n"
        } else {
            let rows = (first..<last).map(row).joined()
            let list =
                "<ol class=\"log\" style=\"min-width:\(graph.pixels + 210)px\">\n\(rows)</ol>"
            body += "<h2>Commits</h2>\n"
            body += Pieces.scroll(list, label: "Commits, newest first", kind: "plain")
            if history.isLimited, number == count - 1 {
                body += "<p class=\"soft\">Older commits are not part of this site.</p>\n"
            }
        }
        if count > 1 { body += pager(number) }
        return Page(
            title: number == 0 ? "History" : "History, page \(number + 1)", place: .top,
            section: "index.html", body: body)
    }

    private func summary() -> String {
        let counts = [
            Pieces.count(history.entries.count, "commit"),
            Pieces.count(history.branches.count, "branch", plural: "branches"),
            Pieces.count(history.tags.count, "tag"),
        ]
        return "<p class=\"soft\">\(counts.joined(separator: " · "))</p>\n"
    }

    private func references() -> String {
        guard !history.branches.isEmpty || !history.tags.isEmpty else { return "" }
        var rows = ""
        for branch in history.branches {
            let isCurrent = branch.name == history.current
            let notes = [
                isCurrent ? "current" : nil, branch.name == deployBranch ? "deployed" : nil,
            ].compactMap { $0 }.joined(separator: ", ")
            let label = SiteHistory.Label(name: branch.name, kind: isCurrent ? "head" : "branch")
            rows += reference(label, branch.commit, notes)
        }
        for tag in history.tags {
            rows += reference(SiteHistory.Label(name: tag.name, kind: "tag"), tag.commit, "")
        }
        let table =
            "<table>\n<thead><tr><th>Branch or tag</th><th>Commit</th><th>Date</th>"
            + "<th>Subject</th></tr></thead>\n<tbody>\n\(rows)</tbody>\n</table>"
        return "<h2>Branches and tags</h2>\n"
            + Pieces.scroll(table, label: "Branches and tags", kind: "short")
    }

    private func reference(_ label: SiteHistory.Label, _ id: ObjectID, _ note: String) -> String {
        let commit = history.commit(id)
        let notes = note.isEmpty ? "" : " <span class=\"soft\">\(note)</span>"
        let subject = commit.map { Markup.text($0.subject, isLine: true) } ?? ""
        return "<tr><td class=\"nowrap\">\(Pieces.badges([label]))\(notes)</td>"
            + "<td>\(Pieces.commit(id, root: "", isLinked: history.has(id)))</td>"
            + "<td class=\"nowrap\">\(commit.map { Pieces.time($0.author) } ?? "")</td>"
            + "<td class=\"subject\">\(subject)</td></tr>\n"
    }

    private func row(_ place: Int) -> String {
        let entry = history.entries[place]
        let author = entry.commit.author
        return "<li style=\"padding-left:\(graph.pixels)px\">\(graph.svg(graph.rows[place]))"
            + "<div><a href=\"\(SiteHistory.path(of: entry.id))\">"
            + "\(Markup.text(entry.commit.heading, isLine: true))</a>"
            + "\(Pieces.badges(history.labels[entry.id] ?? []))</div>"
            + "<div class=\"soft\"><code>\(entry.id.abbreviated())</code> · "
            + "\(Markup.text(author.name, isLine: true)) · \(Pieces.time(author))</div></li>\n"
    }

    private func pager(_ number: Int) -> String {
        var text = "<nav class=\"pager\" aria-label=\"Pages of the history\">\n"
        for page in 0..<count {
            text +=
                page == number
                ? "<span aria-current=\"page\">\(page + 1)</span>\n"
                : "<a href=\"\(Self.path(page))\">\(page + 1)</a>\n"
        }
        return text + "</nav>\n"
    }
}
