import ArgumentParser
import Cinch
import CinchGit

struct CheckRepositoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Look for damage: in objects, references, schemas and tenants' stamps.",
        discussion: """
            Every finding is a line on standard output, and the exit status is 1. Nothing is
            changed, so a read-only copy will do.
            """)

    @Flag(help: "Also list objects that nothing leads to, which is no fault.") var dangling = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let report = try Session.database().checkIntegrity(
            findsDangling: dangling, progress: Progress.steps())
        if options.json {
            Console.print(json: [
                .init(
                    "findings",
                    .array(
                        report.findings.map { finding in
                            .object([
                                .init("subject", .string(finding.subject)),
                                .init("message", .string(finding.message)),
                            ])
                        })),
                .init(
                    "dangling",
                    .array(
                        report.dangling.map { object in
                            .object([
                                .init("id", .string(object.id.hex)),
                                .init("kind", .string(object.kind.rawValue)),
                            ])
                        })),
                .init("notes", .array(report.notes.map { .string($0) })),
                .init("objects", .integer(Int64(report.objects))),
                .init("schemas", .integer(Int64(report.schemas))),
                .init("files", .integer(Int64(report.files))),
            ])
        } else {
            for finding in report.findings {
                Console.print(
                    TerminalSafe.text("error: \(finding.subject): \(finding.message)"))
            }
            for object in report.dangling { Console.print("dangling \(object.kind) \(object.id)") }
            for note in report.notes { Console.note("warning: \(TerminalSafe.text(note))") }
            Console.note(
                "Checked \(report.objects) objects, \(report.schemas) schemas,"
                    + " \(report.files) files of tenants and previews:"
                    + " \(report.findings.isEmpty ? "no" : "\(report.findings.count)") finding"
                    + (report.findings.count == 1 ? "" : "s"))
        }
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}
