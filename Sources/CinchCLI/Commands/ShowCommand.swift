import ArgumentParser
import CinchSchema
import Cinch
import CinchGit

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a commit, or the text at REVISION:PATH.")

    @Argument(help: "The revision.", completion: Completion.revisions) var revision = "HEAD"
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        var (id, object) = try database.object(revision)
        if object.kind == .tag {
            if !options.json {
                let tag = try database.git.readTag(id)
                Console.print("tag \(tag.name)")
                Console.print(
                    "\n\(TerminalSafe.text(tag.message.split(separator: "\n").joined(separator: " ")))\n"
                )
            }
            id = try database.git.peel(id, to: nil)
            object = try database.git.read(id)
        }
        switch object.kind {
        case .commit:
            let entry = RevisionWalk.Entry(
                id: id, commit: try database.git.readCommit(id))
            let diff = try database.changes(in: entry)
            let steps = try database.dataSteps(of: id)
            if options.json {
                Console.print(
                    json: entry.jsonMembers
                        + [
                            .init("changes", .array(diff.changes.map(\.json))),
                            .init("data_steps", .array(steps.map(\.json))),
                        ])
            } else {
                let header = CommitOutput.header(entry, decorations: try database.decorations())
                let body = DiffOutput.lines(diff) + steps.flatMap(DiffOutput.lines)
                for line in header + [""] + body.map(Style.change) { Console.print(line) }
            }
        case .tree:
            let names = try database.git.readTree(id).entries.map { entry in
                entry.mode == .directory ? "\(entry.name)/" : entry.name
            }
            if options.json {
                Console.print(json: [.init("entries", .array(names.map { .string($0) }))])
            } else {
                for name in names { Console.print(name) }
            }
        default:
            let text = String(decoding: object.body, as: UTF8.self)
            if options.json {
                Console.print(json: [.init("text", .string(text))])
            } else {
                Console.printRaw(text)
            }
        }
    }
}
