import ArgumentParser
import CinchSchema
import Cinch
import CinchGit

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show the history of the schema.")

    @Argument(
        help: "Where to start, or a range such as main..feature.", completion: Completion.revisions)
    var revision = "HEAD"
    @Flag(help: "One line for each commit.") var oneline = false
    @Flag(help: "Draw the lines of history.") var graph = false
    @Flag(name: .shortAndLong, help: "Show what each commit changed.") var patch = false
    @Option(name: [.customShort("n"), .long], help: "How many commits to show.")
    var maxCount: Int?
    @Option(help: "Only commits made since a date.") var since: String?
    @Option(help: "Only commits made until a date.") var until: String?
    @Option(help: "Only commits whose author matches a regular expression.") var author: String?
    @Option(
        name: .customShort("S"),
        help: ArgumentHelp(
            "Only commits that have a name more or less often than their parent.",
            valueName: "name"))
    var pickaxe: String?
    @Argument(
        parsing: .postTerminator,
        help: "After '--': only commits that changed a table, view, index, trigger or TABLE.COLUMN."
    )
    var entity: [String] = []
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let query = try asked()
        let entries = try database.log(query)
        if options.json {
            let commits = try entries.map { entry in
                var members = entry.jsonMembers
                if patch {
                    let changes = try database.changes(in: entry).changes
                    members.append(.init("changes", .array(changes.map(\.json))))
                    let steps = try database.dataSteps(of: entry.id)
                    members.append(.init("data_steps", .array(steps.map(\.json))))
                }
                return JSONValue.object(members)
            }
            Console.print(json: [.init("commits", .array(commits))])
            return
        }
        try Self.show(
            entries, of: database, oneline: oneline, patch: patch, graph: graph ? query : nil)
    }

    /// Prints commits as text.
    ///
    /// - Parameter graph: What they were asked for with, to draw the lines of history; nil for
    ///   none.
    private static func show(
        _ entries: [RevisionWalk.Entry], of database: CinchDatabase, oneline: Bool,
        patch: Bool = false, graph: LogQuery? = nil
    ) throws {
        let decorations = try database.decorations()
        var lines = CommitGraphLines()
        let parents = try graph.map { try database.parents(among: entries, $0) } ?? [:]
        for (place, entry) in entries.enumerated() {
            var text =
                oneline
                ? [CommitOutput.oneLine(entry, decorations: decorations)]
                : CommitOutput.header(entry, decorations: decorations)
            if patch {
                if !oneline { text.append("") }
                text += DiffOutput.lines(try database.changes(in: entry)).map(Style.change)
                text += try database.dataSteps(of: entry.id).flatMap(DiffOutput.lines)
                    .map(Style.change)
            }
            if !oneline, place + 1 < entries.count { text.append("") }
            guard graph != nil else {
                Console.print(text.joined(separator: "\n"))
                continue
            }
            let rows = lines.rows(for: entry.id, parents: parents[entry.id] ?? [])
            for row in rows.before { Console.print(row.trimmed) }
            for (number, line) in text.enumerated() {
                Console.print(((number == 0 ? rows.first : rows.rest) + line).trimmed)
                if number == 0 { for row in rows.after { Console.print(row.trimmed) } }
            }
        }
    }

    /// Runs `log`, `log --oneline` and `log -n NUMBER` without the parser; false for other words.
    static func runPlainly(_ arguments: ArraySlice<String>) throws -> Bool {
        var (rest, limit, oneline) = (arguments, nil as Int?, false)
        while let word = rest.popFirst() {
            if word == "--oneline", !oneline {
                oneline = true
            } else if word == "-n", limit == nil, let number = rest.popFirst().flatMap({ Int($0) }),
                number >= 0
            {
                limit = number
            } else {
                return false
            }
        }
        Pager.start(for: configuration.commandName)
        let database = try Session.database()
        let entries = try database.log("HEAD", limit: limit, topological: false)
        try show(entries, of: database, oneline: oneline)
        return true
    }

    private func asked() throws -> LogQuery {
        guard entity.count < 2 else {
            throw ValidationError("Only one entity can be named after '--'")
        }
        var query = LogQuery(revision: revision, limit: maxCount, isTopological: graph)
        query.since = since
        query.until = until
        query.author = author
        query.pickaxe = pickaxe
        query.entity = entity.first
        return query
    }
}

extension String {
    /// Without the spaces at the end.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
