import ArgumentParser
import Cinch
import CinchGit

struct CloneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone", abstract: "Make a project of the history another copy has.",
        discussion: """
            Its default branch is the one tenants follow; the others are origin/NAME. Tenants' rows
            are nobody's to clone: there is the tenant 'main', empty.
            """)

    @Argument(help: "A path, ssh://host/path, host:path, https://…, a bundle, or a project.")
    var url: String
    @Argument(help: "The folder to make; named like the repository if absent.")
    var folder: String?
    @Option(help: "What to call the database; like the folder if absent.") var database: String?
    @OptionGroup var options: ReadingOptions

    func run() throws {
        var context = try Context.current()
        if let directory = Invocation.directory {
            context.currentDirectory = context.absolute(directory)
        }
        // Ctrl-C ends git; what was begun is then cleared away.
        _ = Progress.settings()
        let project = try Project.clone(
            url, into: folder,
            database: try database.map { try StoredName($0, kind: "database") }, in: context)
        let database = try project.database()
        guard !options.json else {
            return Console.print(json: [
                .init("project", .string(project.layout.root)),
                .init("database", .string(database.name.text)),
                .init("branch", .string(database.deployBranch)),
                .init("commit", .string(try database.commit("HEAD").hex)),
                .init("object_format", .string(database.git.format.rawValue)),
            ])
        }
        Console.print(
            TerminalSafe.text(
                "Made project '\(project.layout.root)' with database '\(database.name)', at"
                    + " \(try database.commit("HEAD").abbreviated()) of '\(database.deployBranch)'"
            ))
    }
}
