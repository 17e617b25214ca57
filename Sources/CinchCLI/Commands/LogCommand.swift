import ArgumentParser
import CinchSchema
import Cinch
import CinchGit

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show the history of the schema.")

    @Argument(help: "Where to start, or a range such as main..feature.") var revision = "HEAD"
    @Flag(help: "One line for each commit.") var oneline = false
    @Flag(help: "Draw the lines of history.") var graph = false
    @Flag(name: .shortAndLong, help: "Show what each commit changed.") var patch = false
    @Option(name: [.customShort("n"), .long], help: "How many commits to show.")
    var maxCount: Int?
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let entries = try database.log(revision, limit: maxCount, topological: graph)
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
        let decorations = try database.decorations()
        var lines = CommitGraphLines()
        for (place, entry) in entries.enumerated() {
            var text =
                oneline
                ? [CommitOutput.oneLine(entry, decorations: decorations)]
                : CommitOutput.header(entry, decorations: decorations)
            if patch {
                if !oneline { text.append("") }
                text += DiffOutput.lines(try database.changes(in: entry))
                text += try database.dataSteps(of: entry.id).flatMap(DiffOutput.lines)
            }
            if !oneline, place + 1 < entries.count { text.append("") }
            guard graph else {
                for line in text { Console.print(line) }
                continue
            }
            let rows = lines.rows(for: entry.id, parents: entry.commit.parents)
            for row in rows.before { Console.print(row.trimmed) }
            for (number, line) in text.enumerated() {
                Console.print(((number == 0 ? rows.first : rows.rest) + line).trimmed)
                if number == 0 { for row in rows.after { Console.print(row.trimmed) } }
            }
        }
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
