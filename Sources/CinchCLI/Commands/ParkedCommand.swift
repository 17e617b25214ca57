import ArgumentParser
import Cinch
import CinchMaterializer

struct ParkedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "Show what was dropped and is still in tenants' files.")

    @Option(help: "Only in this one.") var tenant: String?
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let report = try Session.database().parked(in: tenant)
        if options.json {
            Console.print(json: ParkedOutput.members(report))
        } else {
            ParkedOutput.print(report)
        }
        try ParkedOutput.finish(report)
    }
}

struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Delete for good what was dropped and is parked in tenants' files.")

    @Option(help: "What was parked that long ago: 30d, 12h, 90m, 2w.", transform: Age.seconds)
    var olderThan: Int?
    @Flag(help: "However old it is.") var all = false
    @Option(help: "Only in tenants whose names match, such as 'acme*'.") var tenants: String?
    @Flag(help: "Count, and delete nothing.") var dryRun = false
    @Flag(help: "Make the files smaller as well.") var vacuum = false
    @Flag(help: "Really do it.") var force = false
    @Option(help: "How many tenants to change at the same time.") var jobs: Int?
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        guard (olderThan == nil) == all else {
            throw ValidationError("Give either --older-than, such as 30d, or --all")
        }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256")
        }
    }

    func run() throws {
        let database = try Session.database()
        if !dryRun { try Confirmation.demand(force, "what is parked in tenants") }
        let report = try database.purge(
            olderThan: olderThan, tenants: tenants, isDryRun: dryRun, vacuums: vacuum,
            settings: Progress.settings(jobs: jobs))
        if options.json {
            Console.print(
                json: [
                    .init("dry_run", .boolean(dryRun)), .init("rows", .integer(Int64(report.rows))),
                    .init("bytes", .integer(Int64(report.bytes))),
                ] + ParkedOutput.members(report))
        } else {
            ParkedOutput.print(report)
            let count = report.entries.count { !$0.parked.isEmpty }
            Console.print(
                "\(dryRun ? "Would delete" : "Deleted") \(report.rows)"
                    + " row\(report.rows == 1 ? "" : "s") in \(count)"
                    + " tenant\(count == 1 ? "" : "s"), \(report.bytes) bytes")
        }
        if Progress.isInterrupted { throw ExitCode(130) }
        try ParkedOutput.finish(report)
    }
}

/// A length of time as people type it.
enum Age {
    static func seconds(_ text: String) throws -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...36500).contains(count)
        else { throw ValidationError("'\(text)' is no length of time, such as 30d or 12h") }
        return count * unit
    }
}
