import ArgumentParser
import Cinch
import CinchGit
import CinchRepository
import CinchSchema

struct BlameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame", abstract: "Show which commit last changed each part of an entity.",
        discussion: """
            A table is followed through renames. Where a part was there before under another name
            or definition, the commit that brought it is named behind it.
            """)

    @Argument(
        help: "A table, view, index or trigger, or TABLE.COLUMN.", completion: Completion.entities)
    var entity: String
    @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
        "HEAD"
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let blame = try Session.database().blame(entity, at: revision)
        guard !options.json else {
            Console.print(
                json: [
                    .init("kind", .string(blame.kind)), .init("name", .string(blame.name.text)),
                    .init("lines", .array(blame.lines.map(\.json))),
                ])
            return
        }
        let width = blame.lines.map { $0.changed.commit.author.name.count }.max() ?? 0
        for line in blame.lines {
            let author = line.changed.commit.author
            let time = Timestamp(seconds: author.seconds, offsetMinutes: author.offsetMinutes)
            let padding = String(repeating: " ", count: width - author.name.count)
            let origin = "(\(TerminalSafe.text(author.name))\(padding) \(time.shortText))"
            let indent = ["column", "constraint", "option"].contains(line.kind) ? "    " : ""
            let sql = line.sql.split(separator: "\n", omittingEmptySubsequences: false)
            for (number, text) in sql.enumerated() {
                let isLast = number + 1 == sql.count
                let since =
                    isLast && line.introduced.id != line.changed.id
                    ? Style.dim("  -- since \(line.introduced.id.abbreviated())") : ""
                Console.print(
                    Style.yellow(line.changed.id.abbreviated()) + " \(origin) \(indent)"
                        + TerminalSafe.text(String(text)) + since)
            }
        }
    }
}

extension Blame.Line {
    fileprivate var json: JSONValue {
        .object(
            [
                .init("kind", .string(kind)), .init("name", .string(name)),
                .init("sql", .string(sql)),
            ] + changed.blameMembers + [.init("introduced", .object(introduced.blameMembers))])
    }
}

extension RevisionWalk.Entry {
    fileprivate var blameMembers: [JSONValue.Member] {
        let author = commit.author
        let time = Timestamp(seconds: author.seconds, offsetMinutes: author.offsetMinutes)
        return [
            .init("commit", .string(id.hex)), .init("author", .string(author.name)),
            .init("email", .string(author.email)), .init("date", .string(time.isoText)),
            .init("summary", .string(commit.subject)),
        ]
    }
}
