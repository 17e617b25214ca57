import ArgumentParser
import CinchGit
import Cinch

struct ReflogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reflog", abstract: "Show where HEAD or a branch has been.")

    @Argument(help: "HEAD or a branch.", completion: Completion.branches) var name = "HEAD"
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let entries = try Session.database().reflog(name)
        if options.json {
            let list = entries.enumerated().map { place, entry in
                JSONValue.object([
                    .init("selector", .string("\(name)@{\(place)}")),
                    .init("old", .string(entry.old.hex)), .init("new", .string(entry.new.hex)),
                    .init("message", .string(entry.message)),
                    .init(
                        "date",
                        .string(
                            Timestamp(
                                seconds: entry.signature.seconds,
                                offsetMinutes: entry.signature.offsetMinutes
                            ).isoText)),
                ])
            }
            Console.print(json: [.init("entries", .array(list))])
        } else {
            for (place, entry) in entries.enumerated() {
                Console.print(
                    "\(entry.new.abbreviated()) \(name)@{\(place)}: "
                        + TerminalSafe.text(entry.message))
            }
        }
    }
}
