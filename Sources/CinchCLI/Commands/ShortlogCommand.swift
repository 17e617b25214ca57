import ArgumentParser
import Cinch
import CinchGit

struct ShortlogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shortlog", abstract: "Show commits by who made them.")

    @Argument(
        help: "Where to start, or a range such as v1..main.", completion: Completion.revisions)
    var revision = "HEAD"
    @Flag(name: .shortAndLong, help: "Only how many commits each has made.") var summary = false
    @Flag(name: .shortAndLong, help: "By how many, not by name.") var numbered = false
    @Flag(name: .shortAndLong, help: "With e-mail addresses.") var email = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let entries = try Session.database().log(revision, limit: nil, topological: false)
        let authors = Dictionary(grouping: entries) { entry in
            let author = entry.commit.author
            return email ? "\(author.name) <\(author.email)>" : author.name
        }
        let groups = authors.sorted { first, second in
            let (a, b) = (first.value.count, second.value.count)
            return numbered && a != b ? a > b : first.key < second.key
        }
        guard !options.json else {
            Console.print(
                json: [
                    .init(
                        "authors",
                        .array(
                            groups.map { author, commits in
                                .object([
                                    .init("author", .string(author)),
                                    .init("count", .integer(Int64(commits.count))),
                                    .init(
                                        "subjects",
                                        .array(
                                            commits.reversed().map { .string($0.commit.subject) })),
                                ])
                            }))
                ])
            return
        }
        for (author, commits) in groups {
            let author = TerminalSafe.text(author)
            if summary {
                let count = String(commits.count)
                let padding = String(repeating: " ", count: max(0, 6 - count.count))
                Console.print("\(padding)\(count)\t\(author)")
                continue
            }
            Console.print("\(author) (\(commits.count)):")
            // Oldest first, as git has them.
            for entry in commits.reversed() {
                Console.print("      \(TerminalSafe.text(entry.commit.subject))")
            }
            Console.print("")
        }
    }
}
