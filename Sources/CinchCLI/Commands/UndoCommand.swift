import ArgumentParser
import Cinch

struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last command that moved a branch, a tag or HEAD.",
        discussion: "Again takes back the one before. Tenants follow.")

    @Flag(help: "Also when tables or columns go from tenants.") var force = false
    @OptionGroup var options: EditingOptions

    func run() throws {
        let undoing = try Session.database().undo(
            force: force, settings: options.settings())
        let message = undoing.operation.message
        guard !options.json else {
            Console.print(
                json: [.init("undone", .string(message))]
                    + (undoing.publication.map(\.jsonMembers) ?? []))
            return try PublicationOutput.finish(undoing.publication?.rollout)
        }
        Console.print("Took back: \(TerminalSafe.text(message))")
        if let publication = undoing.publication {
            try PublicationOutput.print(publication, json: false)
        }
    }
}
