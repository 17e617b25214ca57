import ArgumentParser
import Cinch
import CinchGit

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a project, and in it a database named like it.")

    @Argument(help: "The folder to make it in; the current one if absent.")
    var folder: String?

    @Option(help: "sha256, or sha1 for Git hosts that need it.")
    var objectFormat = "sha256"

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        guard let format = ObjectFormat(rawValue: objectFormat) else {
            throw CinchError(
                code: .usage, message: "'\(objectFormat)' is no object format",
                hint: "Use sha256 or sha1.")
        }
        guard folder?.isEmpty != true else {
            throw CinchError(
                code: .usage, message: "The folder's name is empty",
                hint: "Name a folder, or leave it out for the current one.")
        }
        let context = try Context.current()
        let start = Invocation.directory ?? context.currentDirectory
        let base = start.hasPrefix("/") ? start : "\(context.currentDirectory)/\(start)"
        let path = folder.map { $0.hasPrefix("/") ? $0 : "\(base)/\($0)" } ?? base
        let lastComponent = path.split(separator: "/").last.map(String.init) ?? "main"
        let name = StoredName(databaseFor: lastComponent)
        let project = try Project.create(
            at: path, database: name, format: format, in: context)
        if json {
            Console.print(json: [
                .init("project", .string(project.layout.root)),
                .init("database", .string(name.text)),
                .init("object_format", .string(format.rawValue)),
            ])
        } else {
            Console.print("Made project '\(path)' with database '\(name)'")
        }
    }
}
