import ArgumentParser
import Cinch

struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make the schema what a file or folder of SQL creates.",
        discussion: """
            Tables and columns keep their identity by name, or by a comment on their line: the
            '-- id' that 'cinch schema' prints, or '-- renamed from: old'. What has neither and
            a new name is new.
            """)

    @Argument(help: "A .sql file, or a folder of them.") var path: String
    @OptionGroup var options: EditingOptions

    func run() throws {
        let publication = try Session.database().apply(
            try TextFile.scripts(path), message: options.message,
            settings: options.settings())
        try PublicationOutput.print(publication, json: options.json)
    }
}
