import ArgumentParser
import Cinch
import CinchCodegen

struct CodegenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codegen", abstract: "Write types for rows and inserts of a schema.",
        discussion: """
            Files that 'cinch codegen' has written are written anew; any other is left alone, and is an
            error where it is in the way.
            """)

    @Argument(help: "swift, python or typescript.") var language: String
    @Option(help: "The folder for the files; made if absent.") var output: String
    @Option(help: "The revision.", completion: Completion.revisions) var at = "HEAD"
    @OptionGroup var options: ReadingOptions

    func run() throws {
        guard let language = Language(rawValue: language) else {
            throw CinchError(
                code: .usage, message: "'\(self.language)' is no language code is written in",
                hint: "Use swift, python or typescript.")
        }
        let (tree, shapes, unreadable) = try Session.database().rowShapes(at: at)
        let folder = GeneratedFiles(folder: try Context.current().absolute(output))
        let files = language.files(tree: tree, shapes: shapes)
        try folder.write(files)
        for view in unreadable {
            Console.note("note: View '\(view)' can't be read, and has no type")
        }
        if options.json {
            Console.print(json: [
                .init("tree", .string(tree)),
                .init("files", .array(files.map { .string("\(output)/\($0.name)") })),
            ])
        } else {
            for file in files { Console.print("\(output)/\(file.name)") }
        }
    }
}
