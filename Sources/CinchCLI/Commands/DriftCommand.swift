import ArgumentParser
import Cinch
import CinchGit
import CinchMaterializer
import CinchSchema

struct DriftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Find tenants whose schema is not what their stamp says.",
        subcommands: [Scan.self, Adopt.self], defaultSubcommand: Scan.self)

    struct Scan: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scan",
            abstract: "Compare whole schemas; exit 1 when one differs, 6 when one can't be read.",
            discussion: "The statements printed would make a tenant what its stamp says.")

        @Argument(help: "The tenants; all if none is named.", completion: Completion.tenants)
        var tenants: [String] = []
        @Option(help: "How many tenants to read at the same time.") var jobs: Int?
        @OptionGroup var options: ReadingOptions

        func validate() throws {
            if let jobs, !(1...256).contains(jobs) {
                throw ValidationError("--jobs takes a number from 1 to 256")
            }
        }

        func run() throws {
            let settings = Progress.settings(jobs: jobs)
            let findings = try Session.database().findDrift(
                in: tenants, jobs: settings.jobs, isCancelled: settings.isCancelled)
            if options.json {
                Console.print(json: DriftOutput.members(findings))
            } else {
                Console.printRaw(DriftOutput.text(findings))
                Console.note(DriftOutput.summary(findings))
                if let first = findings.first(where: { $0.drift?.live != nil }) {
                    Console.note(
                        "hint: Make a branch of it with 'cinch drift adopt \(first.tenant)', or"
                            + " change the file back.")
                }
            }
            if findings.contains(where: { $0.state == .skipped }) { throw ExitCode(130) }
            if !DriftOutput.unreadable(findings).isEmpty { throw ExitCode(6) }
            if findings.contains(where: { $0.drift != nil }) { throw ExitCode(1) }
        }
    }

    struct Adopt: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "adopt",
            abstract: "Make a branch of a tenant's schema, to be merged; the tenant is only read.")

        @Argument(help: "The tenant.", completion: Completion.tenants) var tenant: String
        @Option(help: "The branch; drift/TENANT if absent.") var branch: String?
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let adoption = try Session.database().adoptDrift(of: tenant, branch: branch)
            if options.json {
                Console.print(json: [
                    .init("tenant", .string(adoption.tenant)),
                    .init("branch", .string(adoption.branch)),
                    .init("commit", .string(adoption.commit.hex)),
                    .init("created", .boolean(adoption.isNew)),
                    .init("changes", .array(adoption.changes.map(\.json))),
                ])
                return
            }
            let id = adoption.commit.abbreviated()
            Console.print(
                adoption.isNew
                    ? "[\(adoption.branch) \(id)] Adopted the schema of tenant '\(tenant)'"
                    : "'\(adoption.branch)' has the schema of tenant '\(tenant)' already, at \(id)")
            for change in adoption.changes { Console.print("  \(change.summary)") }
            Console.note(
                "hint: Run 'cinch merge \(adoption.branch)'; take it back with 'cinch undo'.")
        }
    }
}
