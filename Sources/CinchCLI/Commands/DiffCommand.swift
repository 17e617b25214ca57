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

    @Argument(help: "From.") var from: String?
    @Argument(help: "To.") var to: String?
    @Flag(help: "Print the statements that lead from one to the other.") var sql = false
    @Flag(help: "Count the changes of each entity.") var stat = false
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: "End with 1 when there is a difference.") var exitCode = false

    func run() throws {
        let database = try Session.database()
        let (before, after) = try sides(database)
        let diff = SchemaDiff(from: before, to: after)
        if json {
            var members: [JSONValue.Member] = [
                .init("changes", .array(diff.changes.map(\.json)))
            ]
            if sql {
                let statements = Plan(from: before, to: after).statements
                members.append(.init("statements", .array(statements.map { .string($0) })))
            }
            Console.print(json: members)
        } else if sql {
            for statement in Plan(from: before, to: after).statements { Console.print(statement) }
        } else {
            for line in stat ? DiffOutput.stat(diff) : DiffOutput.lines(diff) {
                Console.print(line)
            }
        }
        if exitCode, !diff.isEmpty { throw ExitCode(1) }
    }

    private func sides(_ database: CinchDatabase) throws -> (Schema, Schema) {
        guard let from else {
            let tip = try database.commit("HEAD")
            let deployed = try database.commit(database.deployBranch)
            let base = try database.git.mergeBases(tip, deployed).first ?? deployed
            return (try database.schema(of: base), try database.schema(at: "HEAD"))
        }
        if to == nil, let range = CinchDatabase.range(from) {
            let end = try database.commit(range.to)
            let start = try database.commit(range.from)
            let bases = range.isSymmetric ? try database.git.mergeBases(start, end) : []
            let base = bases.first ?? start
            return (try database.schema(of: base), try database.schema(of: end))
        }
        return (try database.schema(at: from), try database.schema(at: to ?? "HEAD"))
    }
}
