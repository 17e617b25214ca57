import ArgumentParser
import CinchMaterializer
import Cinch

struct MaterializeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "materialize",
        abstract: "Bring tenants to the deploy branch's schema; run it again after a crash.",
        discussion: "See docs/rollouts.md for how a rollout goes.")

    @Option(
        help: ArgumentHelp(
            "Only tenants whose names match, as in the shell; may be repeated.", valueName: "glob"))
    var tenants: [TenantPattern] = []
    @Flag(help: "Only tenants that failed or had drifted in the last rollout.")
    var retryFailed = false
    @Option(
        help: ArgumentHelp(
            "That many tenants first, or that part (5%); if one fails, no other is touched.",
            valueName: "n"))
    var canary: Canary?
    @Option(help: ArgumentHelp("After how many tenants to pause.", valueName: "n"))
    var batch: Int?
    @Option(help: ArgumentHelp("How long to pause, in seconds.", valueName: "seconds"))
    var pause: Double?
    @Option(help: "What the first failing tenant means for the others: continue or stop.")
    var onError = RolloutRequest.OnError.continue
    @Flag(help: "Read and prove, change nothing; exit 1 when rows are in the way.")
    var dryRun = false
    @Option(help: "How many tenants to change at the same time.") var jobs: Int?
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256")
        }
        if let batch, batch < 1 { throw ValidationError("--batch takes a number from 1 up") }
        if let pause, !(0...86_400).contains(pause) {
            throw ValidationError("--pause takes seconds from 0 to 86400")
        }
        guard pause == nil || batch != nil || canary != nil else {
            throw ValidationError("--pause needs --batch or --canary: it comes after these")
        }
    }

    func run() throws {
        let request = RolloutRequest(
            patterns: tenants, isRetry: retryFailed, canary: canary, batch: batch,
            pause: Int(((pause ?? 0) * 1000).rounded()), onError: onError)
        let report = try Session.database().materialize(
            request, isDryRun: dryRun, settings: Progress.settings(jobs: jobs))
        if options.json {
            Console.print(
                json: [.init("dry_run", .boolean(dryRun))] + report.jsonMembers
                    + (dryRun ? [.init("findings", PreflightOutput.json(report.findings))] : []))
        } else if retryFailed, report.entries.isEmpty {
            Console.print("No tenant failed in the last rollout")
        } else if dryRun {
            printDryRun(report)
        } else {
            PublicationOutput.print(report)
        }
        try PublicationOutput.finish(report)
        if !report.findings.isEmpty { throw ExitCode(1) }
    }

    private func printDryRun(_ report: MaterializationReport) {
        let stuck = report.failures.count + report.tenantsWithFindings.count
        let behind = report.entries.count - report.atTarget - stuck
        Console.print(
            "\(behind) of \(report.entries.count) tenants would be brought to"
                + " \(report.target.commit.prefix(7)), \(stuck) can't be")
        if !report.canaries.isEmpty {
            let more = report.canaries.count > 20 ? ", …" : ""
            Console.print("First: \(report.canaries.prefix(20).joined(separator: ", "))\(more)")
        }
        for count in report.effects { Console.print(count.summary) }
        PreflightOutput.note(report.findings)
        for entry in report.failures.prefix(20) {
            Console.note("failed: \(entry.name): \(entry.outcome.reason)")
        }
    }
}

extension TenantPattern: ExpressibleByArgument {
    /// Reads a pattern of the command line.
    init?(argument: String) {
        do { try self.init(argument) } catch { return nil }
    }
}

extension Canary: ExpressibleByArgument {
    /// Reads `3` or `5%`.
    init?(argument: String) { self.init(argument) }
}

extension RolloutRequest.OnError: ExpressibleByArgument {}
