import ArgumentParser
import CinchGit
import Cinch
import CinchSchema

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what differs between two revisions.",
        discussion: """
            Without a revision: what the current branch has changed since it left the deploy
            branch. With one: from it to HEAD. A..B is A B, A...B is from their merge base to B.
            """)

    @Argument(help: "From.", completion: Completion.revisions) var from: String?
    @Argument(help: "To.", completion: Completion.revisions) var to: String?
    @Flag(help: "Print the statements that lead from one to the other.") var sql = false
    @Flag(help: "Count the changes of each entity.") var stat = false
    @Flag(help: "Print the files of the schema tree that differ.") var nameOnly = false
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: "End with 1 when there is a difference.") var exitCode = false

    func run() throws {
        let database = try Session.database()
        let (before, after) = try sides(database)
        if nameOnly {
            let paths = try database.changedPaths(from: before, to: after)
            if json {
                Console.print(json: [.init("paths", .array(paths.map { .string($0) }))])
            } else {
                for path in paths { Console.print(TerminalSafe.text(path)) }
            }
            if exitCode, !paths.isEmpty { throw ExitCode(1) }
            return
        }
        let diff = try database.diff(from: before, to: after)
        // Statements are those a tenant would get: data steps on the way are among them.
        let statements =
            sql ? try database.plan(from: before, to: after, parks: false).statements : []
        if json {
            var members: [JSONValue.Member] = [
                .init("changes", .array(diff.changes.map(\.json)))
            ]
            if sql { members.append(.init("statements", .array(statements.map { .string($0) }))) }
            Console.print(json: members)
        } else if sql {
            for statement in statements { Console.print(statement) }
        } else {
            for line in stat ? DiffOutput.stat(diff) : DiffOutput.lines(diff) {
                Console.print(stat ? line : Style.change(line))
            }
        }
        if exitCode, !diff.isEmpty { throw ExitCode(1) }
    }

    /// The revisions that are compared.
    private func sides(_ database: CinchDatabase) throws -> (String, String) {
        guard let from else {
            let tip = try database.commit("HEAD")
            let deployed = try database.commit(database.deployBranch)
            return (try database.git.mergeBases(tip, deployed).first?.hex ?? deployed.hex, tip.hex)
        }
        if to == nil, let range = CinchDatabase.range(from) {
            let end = try database.commit(range.to)
            let start = try database.commit(range.from)
            let bases = range.isSymmetric ? try database.git.mergeBases(start, end) : []
            return ((bases.first ?? start).hex, end.hex)
        }
        return (from, to ?? "HEAD")
    }
}
