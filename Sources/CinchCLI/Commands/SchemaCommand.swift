import ArgumentParser
import CinchSchema
import CinchSite
import Cinch

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the schema, as SQL or as a diagram.")

    /// What it is printed as, where that isn't SQL.
    enum Diagram: String, EnumerableFlag {
        case mermaid
        case dot
        case dbml
        case svg

        static func help(for value: Diagram) -> ArgumentHelp? {
            switch value {
            case .mermaid: "As a Mermaid erDiagram."
            case .dot: "As a Graphviz graph."
            case .dbml: "In the language of dbdiagram.io."
            case .svg: "As a picture."
            }
        }
    }

    @Argument(help: "The revision to look at.", completion: Completion.revisions) var revision =
        "HEAD"
    @Option(help: "The schema the revision had on a date, such as 2026-01-31.") var at: String?
    @Flag(help: "Without the id comments.") var noIds = false
    @Flag(exclusivity: .exclusive) var diagram: Diagram?
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        guard let diagram else { return }
        if options.json {
            throw ValidationError("--\(diagram.rawValue) and --json exclude each other")
        }
        if noIds { throw ValidationError("--no-ids is for SQL, not for --\(diagram.rawValue)") }
    }

    func run() throws {
        let database = try Session.database()
        let schema =
            try at.map { try database.schema(of: database.commit(at: $0, on: revision)) }
            ?? database.schema(at: revision)
        switch diagram {
        case .mermaid: Console.printRaw(MermaidDiagram.text(schema))
        case .dot: Console.printRaw(DOTDiagram.text(schema))
        case .dbml: Console.printRaw(DBMLDiagram.text(schema))
        case .svg: Console.printRaw(SVGDiagram(schema).file)
        case nil:
            if options.json {
                Console.print(json: SchemaJSON.schema(schema))
            } else {
                Console.printRaw(schema.ddl(ids: !noIds))
            }
        }
    }
}
