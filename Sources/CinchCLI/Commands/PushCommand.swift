import ArgumentParser
import Cinch

struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Bring a branch to a remote.",
        discussion: "The server's hooks may refuse it; what they say is shown.")

    @Argument(
        help: "The remote; the branch's, or origin, if absent.", completion: Completion.remotes)
    var remote: String?
    @Argument(help: "The branch; the current one if absent.", completion: Completion.branches)
    var branch: String?
    @Flag(help: "Replace what the remote has, if that is still what was fetched last.")
    var forceWithLease = false
    @Flag(help: "Push all tags with it.") var tags = false
    @Flag(
        name: [.customShort("u"), .long],
        help: "Remember that the branch belongs to this remote's.")
    var setUpstream = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        var pushing = PushOptions()
        pushing.forcesWithLease = forceWithLease
        pushing.includesTags = tags
        pushing.setsUpstream = setUpstream
        let (remote, references) = try Session.database().push(remote, branch, options: pushing)
        guard !options.json else {
            return Console.print(json: [
                .init("remote", .string(remote)),
                .init("references", .array(references.map(RemoteOutput.json))),
            ])
        }
        for reference in references where reference.kind != .upToDate {
            Console.print(
                TerminalSafe.text("\(remote): \(reference.name) \(reference.summary)"))
        }
        if references.allSatisfy({ $0.kind == .upToDate }) {
            Console.print("Everything up to date in '\(remote)'")
        }
    }
}
