import ArgumentParser
import CinchGit
import Cinch

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "List tags, or put one on a commit.")

    @Argument(help: "The new tag's name; list them if absent.") var name: String?
    @Argument(help: "The revision it names.", completion: Completion.revisions) var revision =
        "HEAD"
    @Option(name: .shortAndLong, help: "Make an annotated tag with this message.")
    var message: String?
    @Flag(name: .shortAndLong, help: "Delete the tag.") var delete = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        guard let name else {
            let tags = try database.tags()
            if options.json {
                let list = tags.map { tag in
                    JSONValue.object([
                        .init("name", .string(tag.name)), .init("commit", .string(tag.commit.hex)),
                    ])
                }
                Console.print(json: [.init("tags", .array(list))])
            } else {
                for tag in tags { Console.print(tag.name) }
            }
            return
        }
        if delete {
            try database.deleteTag(name)
            Console.print("Deleted tag '\(name)'")
        } else {
            let commit = try database.createTag(name, at: revision, message: message)
            if options.json {
                Console.print(json: [
                    .init("name", .string(name)), .init("commit", .string(commit.hex)),
                ])
            } else {
                Console.print("Tagged \(commit.abbreviated()) '\(name)'")
            }
        }
    }
}
