import Cinch
import CinchGit

/// Where the tenants are, seen from the deploy branch.
struct FleetPage {
    let tenants: [TenantInformation]
    let history: SiteHistory
    let deployBranch: String

    /// Tenants that are not current are listed one by one, up to this many; others are counted.
    private static let listed = 1000

    var page: Page {
        let label = SiteHistory.Label(
            name: deployBranch, kind: deployBranch == history.current ? "head" : "branch")
        var body = "<h1>Tenants</h1>\n<p class=\"soft\">Seen from\(Pieces.badges([label])),"
        body += " the branch they follow.</p>\n" + counts()
        if !tenants.isEmpty { body += commits() + behind() }
        return Page(title: "Tenants", place: .top, section: "fleet.html", body: body)
    }

    private func counts() -> String {
        var tiles = tile("all", tenants.count, tenants.count == 1 ? "tenant" : "tenants")
        for status in TenantInformation.Status.allCases {
            tiles += tile(
                status.rawValue, tenants.count { $0.status == status }, status.rawValue)
        }
        return "<ul class=\"tiles\">\n\(tiles)</ul>\n"
    }

    private func tile(_ kind: String, _ count: Int, _ text: String) -> String {
        "<li class=\"\(kind)\(count == 0 ? " none" : "")\"><b>\(count)</b> \(text)</li>\n"
    }

    private func commits() -> String {
        let groups = Dictionary(grouping: tenants) { $0.commit ?? "" }
        // The nearest to the tip first, and last those nobody can place.
        let order = groups.keys.sorted { first, second in
            let near = groups[first]?.first?.behind ?? .max
            let far = groups[second]?.first?.behind ?? .max
            return (near, first) < (far, second)
        }
        var rows = ""
        for commit in order {
            let group = groups[commit] ?? []
            let behind = group.first?.behind.map { $0 == 0 ? "tip" : "\($0) behind" } ?? "unknown"
            rows +=
                "<tr><td>\(link(commit))</td><td class=\"number\">\(group.count)</td>"
                + "<td class=\"nowrap\">\(behind)</td>"
                + "<td class=\"subject\">\(subject(commit))</td></tr>\n"
        }
        let table =
            "<table>\n<thead><tr><th>Commit</th><th class=\"number\">Tenants</th><th>Where</th>"
            + "<th>Subject</th></tr></thead>\n<tbody>\n\(rows)</tbody>\n</table>"
        return "<h2>By commit</h2>\n" + Pieces.scroll(table, label: "Tenants by commit")
    }

    private func behind() -> String {
        let shown = tenants.filter { $0.status != .current }
        let title = "<h2>Not current</h2>\n"
        guard !shown.isEmpty else {
            return title + "<p class=\"soft\">Every tenant is current.</p>\n"
        }
        var rows = ""
        for tenant in shown.prefix(Self.listed) {
            let status = tenant.status.rawValue
            rows +=
                "<tr><td class=\"nowrap\">\(Markup.text(tenant.name, isLine: true))</td>"
                + "<td><span class=\"status \(status)\">\(status)</span></td>"
                + "<td>\(link(tenant.commit ?? ""))</td>"
                + "<td class=\"number\">\(tenant.behind.map { "\($0)" } ?? "–")</td>"
                + "<td class=\"subject\">\(Markup.text(tenant.reason ?? "", isLine: true))</td>"
                + "</tr>\n"
        }
        let table =
            "<table>\n<thead><tr><th>Tenant</th><th>Status</th><th>Commit</th>"
            + "<th class=\"number\">Behind</th><th>Reason</th></tr></thead>\n<tbody>\n\(rows)"
            + "</tbody>\n</table>"
        let rest = shown.count - Self.listed
        return title + Pieces.scroll(table, label: "Tenants that are not current")
            + (rest > 0 ? "<p class=\"soft\">And \(rest) more.</p>\n" : "")
    }

    private func link(_ hex: String) -> String {
        guard let id = ObjectID(hex: hex) else {
            return "<span class=\"soft\">\(hex.isEmpty ? "unknown" : Markup.text(hex))</span>"
        }
        return Pieces.commit(id, root: "", isLinked: history.has(id))
    }

    private func subject(_ hex: String) -> String {
        let commit = ObjectID(hex: hex).flatMap(history.commit)
        return commit.map { Markup.text($0.heading, isLine: true) } ?? ""
    }
}
