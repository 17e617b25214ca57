import ArgumentParser
import CinchMaterializer
import Cinch

struct MaterializeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "materialize",
        abstract: "Bring every tenant to the deploy branch's schema; run it again after a crash.")

    @Flag(help: "Read and prove, change nothing.") var dryRun = false
    @Option(help: "How many tenants to change at the same time.") var jobs: Int?
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256")
        }
    }

    func run() throws {
        let report = try Session.database().materialize(
            isDryRun: dryRun, settings: Progress.settings(jobs: jobs))
        if options.json {
            Console.print(
                json: [.init("dry_run", .boolean(dryRun))] + PublicationOutput.members(report))
        } else if dryRun {
            let behind = report.entries.count - report.atTarget - report.failures.count
            Console.print(
                "\(behind) of \(report.entries.count) tenants would be brought to"
                    + " \(report.target.commit.prefix(7)), \(report.failures.count) can't be")
            for entry in report.failures.prefix(20) {
                Console.note("failed: \(entry.name): \(entry.outcome.reason)")
            }
        } else {
            PublicationOutput.print(report)
        }
        try PublicationOutput.finish(report)
    }
}
