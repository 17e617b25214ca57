import CinchGit
import CinchSchema

/// One commit: who, when and why, what it changed, and the statements that brings to a tenant.
struct CommitPage {
    let id: ObjectID
    let commit: Commit
    let history: SiteHistory
    let diff: SchemaDiff
    let dataSteps: [DataStep]
    /// What leads from the first parent to the commit, or why nothing does.
    let statements: Result<[String], any Error>

    var page: Page {
        var body = "<h1>\(Markup.text(commit.heading, isLine: true))</h1>\n"
        body += facts() + message() + changes() + sql()
        return Page(title: commit.heading, place: .folder, section: "", body: body)
    }

    private func facts() -> String {
        var rows: [(String, String)] = [
            ("Commit", "<code>\(id.hex)</code>\(Pieces.badges(history.labels[id] ?? []))"),
            ("Author", person(commit.author)),
        ]
        if commit.committer != commit.author {
            rows.append(("Committer", person(commit.committer)))
        }
        rows.append((commit.parents.count > 1 ? "Parents" : "Parent", list(commit.parents)))
        let children = history.children[id] ?? []
        rows.append((children.count > 1 ? "Children" : "Child", list(children)))
        let diagram = "../" + SiteHistory.diagramPath(of: commit.tree)
        rows.append(("Schema", "<a href=\"\(diagram)\">Diagram at this commit</a>"))
        return "<dl class=\"facts\">\n"
            + rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>\n" }.joined() + "</dl>\n"
    }

    private func person(_ signature: Signature) -> String {
        "\(Markup.text(signature.name, isLine: true))"
            + " <span class=\"soft\">&lt;\(Markup.text(signature.email, isLine: true))&gt;</span>"
            + " · \(Pieces.time(signature))"
    }

    private func list(_ ids: [ObjectID]) -> String {
        guard !ids.isEmpty else { return "<span class=\"soft\">none</span>" }
        return ids.map { id in
            let subject = history.commit(id).map { " " + Markup.text($0.heading, isLine: true) }
            let link = Pieces.commit(id, root: "../", isLinked: history.has(id))
            return "<div>\(link)\(subject ?? "")</div>"
        }.joined()
    }

    /// What the message says after its first line.
    private func message() -> String {
        let whole = commit.message[...]
        let subject = whole.drop { $0.isNewline }.prefix { !$0.isNewline }
        let text = whole[subject.endIndex...].drop { $0.isNewline }
        guard text.contains(where: { !$0.isWhitespace }) else { return "" }
        return "<div class=\"message\">\(Markup.text(String(text)))</div>\n"
    }

    private func changes() -> String {
        var text = "<h2>Changes</h2>\n"
        if commit.parents.count > 1 {
            text += "<p class=\"soft\">Compared with the first parent.</p>\n"
        }
        if diff.isEmpty, dataSteps.isEmpty {
            return text + "<p class=\"soft\">The schema is the same as before.</p>\n"
        }
        for change in diff.changes { text += Self.change(change) }
        for step in dataSteps {
            text +=
                "<details open class=\"change\"><summary>\(Self.title("data", Self.summary(step)))"
            text += "</summary>\n\(Self.lines([("ins", step.script)]))</details>\n"
        }
        return text
    }

    private static func summary(_ step: DataStep) -> String {
        let subjects = step.subjects.map(\.description).joined(separator: ", ")
        return "step \(step.name)" + (subjects.isEmpty ? "" : " on \(subjects)")
    }

    private static func change(_ change: SchemaChange) -> String {
        let summary = change.summary.split(separator: "\n").first.map(String.init) ?? ""
        let heading = title(change.verb, summary)
        switch change {
        case .renameTable, .renameColumn: return "<div class=\"change\">\(heading)</div>\n"
        default:
            let sides = [("del", change.before), ("ins", change.after)].compactMap { kind, text in
                text.map { (kind, $0) }
            }
            return "<details open class=\"change\"><summary>\(heading)</summary>\n"
                + lines(sides) + "</details>\n"
        }
    }

    private static func title(_ verb: String, _ summary: String) -> String {
        let rest = summary.hasPrefix("\(verb) ") ? summary.dropFirst(verb.count + 1) : summary[...]
        return "<span class=\"verb \(verb)\">\(verb)</span> "
            + Markup.text(String(rest), isLine: true)
    }

    /// Lines that are gone and lines that are new, each an element of its kind.
    private static func lines(_ sides: [(kind: String, text: String)]) -> String {
        var text = "<pre class=\"scroll\" tabindex=\"0\"><code>"
        for (kind, sql) in sides {
            let mark = kind == "ins" ? "+" : "-"
            for line in sql.split(whereSeparator: \.isNewline) {
                text += "<\(kind)>\(mark) \(Markup.text(String(line)))</\(kind)>"
            }
        }
        return text + "</code></pre>\n"
    }

    private func sql() -> String {
        let title = "<h2>SQL</h2>\n"
        switch statements {
        case .success(let statements):
            guard !statements.isEmpty else {
                return title + "<p class=\"soft\">Nothing is to be run.</p>\n"
            }
            return title
                + "<p class=\"soft\">What leads from \(origin) to this commit.</p>\n"
                + Pieces.code(statements.joined(separator: "\n"), label: "SQL statements")
        case .failure(let error):
            return title + "<p class=\"warning\">\(Markup.text("\(error)", isLine: true))</p>\n"
        }
    }

    private var origin: String {
        switch commit.parents.count {
        case 0: "an empty database"
        case 1: "the parent"
        default: "the first parent"
        }
    }
}

extension Commit {
    /// What a commit is called where it must have a name.
    var heading: String { subject.isEmpty ? "(no subject)" : subject }
}
