import ArgumentParser
import CinchMaterializer
import Cinch

struct MaterializeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "materialize",
        abstract: "Bring every tenant to the deploy branch's schema; run it again after a crash.")

    @Flag(help: "Read and prove, change nothing; exit 1 when rows are in the way.")
    var dryRun = false
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
                json: [.init("dry_run", .boolean(dryRun))] + PublicationOutput.members(report)
                    + (dryRun ? [.init("findings", PreflightOutput.json(report.findings))] : []))
        } else if dryRun {
            let stuck = report.failures.count + report.tenantsWithFindings.count
            let behind = report.entries.count - report.atTarget - stuck
            Console.print(
                "\(behind) of \(report.entries.count) tenants would be brought to"
                    + " \(report.target.commit.prefix(7)), \(stuck) can't be")
            for count in report.effects { Console.print(count.summary) }
            PreflightOutput.note(report.findings)
            for entry in report.failures.prefix(20) {
                Console.note("failed: \(entry.name): \(entry.outcome.reason)")
            }
        } else {
            PublicationOutput.print(report)
        }
        try PublicationOutput.finish(report)
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}
