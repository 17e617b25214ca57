import ArgumentParser
import Cinch
import CinchGit

struct GarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Pack the history and remove what has long been unreachable.",
        discussion: """
            Keeps what branches, tags, HEAD and reflogs lead to, and every commit that a tenant's
            stamp or the catalog names. Others may go on working meanwhile.
            """)

    @Option(
        help: ArgumentHelp(
            "Remove unreachable objects older than this: now, never, 2.weeks.ago, 2026-01-31.",
            valueName: "date"))
    var prune = CinchDatabase.pruneAge
    @Flag(help: "Remove no unreachable objects.") var noPrune = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let report = try Session.database().collectGarbage(
            prune: noPrune ? "never" : prune, progress: Progress.steps())
        if options.json {
            Console.print(json: Self.members(report))
            return
        }
        if let pack = report.pack {
            Console.print(
                "Packed \(Self.count(report.packed, "object")),"
                    + " \(Self.count(report.deltas, "delta")), into \(pack)")
        } else {
            Console.print("Nothing to pack")
        }
        Console.print(
            "Removed \(Self.count(report.packsRemoved, "older pack")) and"
                + " \(Self.count(report.looseRemoved, "file")) of single objects")
        Console.print("Pruned \(Self.count(report.pruned, "unreachable object"))")
        if report.unpacked > 0 {
            Console.print(
                "Unpacked \(Self.count(report.unpacked, "unreachable object")) too young to go")
        }
        if let reason = report.keptBecause {
            Console.note("warning: unreachable objects are kept: \(TerminalSafe.text(reason))")
        }
        Console.print(
            "\(SizeText.human(report.bytesBefore)) before,"
                + " \(SizeText.human(report.bytesAfter)) after")
    }

    private static func count(_ count: Int, _ what: String) -> String {
        "\(count) \(what)\(count == 1 ? "" : "s")"
    }

    private static func members(_ report: GarbageCollectionReport) -> [JSONValue.Member] {
        [
            .init("pack", report.pack.map { .string($0) } ?? .null),
            .init("packed", .integer(Int64(report.packed))),
            .init("deltas", .integer(Int64(report.deltas))),
            .init("packs_removed", .integer(Int64(report.packsRemoved))),
            .init("loose_removed", .integer(Int64(report.looseRemoved))),
            .init("pruned", .integer(Int64(report.pruned))),
            .init("unpacked", .integer(Int64(report.unpacked))),
            .init("references_packed", .integer(Int64(report.references))),
            .init("bytes_before", .integer(Int64(report.bytesBefore))),
            .init("bytes_after", .integer(Int64(report.bytesAfter))),
            .init("kept_because", report.keptBecause.map { .string($0) } ?? .null),
        ]
    }
}
