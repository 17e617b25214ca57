import ArgumentParser
import Cinch
import CinchGit

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Name a commit by the nearest tag before it.")

    @Argument(help: "The revision.", completion: Completion.revisions) var revision = "HEAD"
    @Flag(help: "Lightweight tags count as well as annotated ones.") var tags = false
    @Flag(help: "Without a tag, the commit's abbreviated name.") var always = false
    @Option(help: "How many digits of the commit's name; 0 for the tag alone.") var abbrev = 7
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let commit = try database.commit(revision)
        let found = try database.describe(commit.hex, all: tags)
        guard found != nil || always else {
            throw CinchError(
                code: .notFound, message: "No tag is in the history of '\(revision)'",
                hint: tags
                    ? "Run 'cinch tag NAME', or add --always."
                    : "Lightweight tags count with --tags; without any, add --always.")
        }
        let name = found.map { found in
            found.distance == 0 || abbrev == 0
                ? found.tag
                : "\(found.tag)-\(found.distance)-g\(commit.abbreviated(max(4, abbrev)))"
        }
        let text = name ?? commit.abbreviated(max(4, abbrev))
        guard options.json else { return Console.print(text) }
        Console.print(
            json: [
                .init("description", .string(text)), .init("commit", .string(commit.hex)),
                .init("tag", found.map { .string($0.tag) } ?? JSONValue.null),
                .init("distance", found.map { .integer(Int64($0.distance)) } ?? JSONValue.null),
            ])
    }
}
