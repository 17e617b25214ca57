import ArgumentParser
import Cinch
import CinchMaterializer

struct RehearseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Try on copies of tenants what merging a revision would do to them.",
        discussion: """
            The plans are run on copies of 10 tenants: the 5 biggest, and 5 at random. No branch
            moves and no tenant is written. Exit 1 when a copy fails or has rows in the way, 3 when
            the revision can't be merged.
            """)

    @Argument(help: "The branch or other revision.", completion: Completion.revisions) var revision:
        String
    @Option(help: "How many tenants; half of them the biggest, the others at random.")
    var sample: Int?
    @Option(
        parsing: .upToNextOption, help: "The tenants whose names match; quote the patterns.")
    var tenants: [String] = []
    @Option(help: "How many tenants to copy and change at the same time.") var jobs: Int?
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256")
        }
        if let sample, sample < 1 { throw ValidationError("--sample takes a number from 1") }
        if sample != nil, !tenants.isEmpty {
            throw ValidationError("Give --sample or --tenants, not both")
        }
    }

    func run() throws {
        let database = try Session.database()
        let result = try database.rehearse(
            revision, on: tenants.isEmpty ? .sample(sample ?? 10) : .matching(tenants),
            settings: Progress.settings(jobs: jobs), progress: Progress.counter("Rehearsing"))
        switch result {
        case .conflicts(let conflicts):
            try ConflictOutput.print(
                conflicts, result: "conflicts", database: database, json: options.json)
            throw ConflictsOpen()
        case .report(let report):
            if options.json {
                Console.print(json: RehearsalOutput.members(report))
            } else {
                RehearsalOutput.print(report)
            }
            if report.wasCancelled { throw ExitCode(130) }
            if !report.failures.isEmpty || !report.findings.isEmpty { throw ExitCode(1) }
        }
    }
}
