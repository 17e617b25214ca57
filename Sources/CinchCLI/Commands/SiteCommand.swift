import ArgumentParser
import Cinch
import CinchSite

struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Write the history as pages for a browser.",
        discussion: """
            Branches, commits, diagrams, tables and tenants, as files that need neither a server nor \
            JavaScript. Run again, it replaces what it wrote, and leaves every other file alone.
            """)

    @Argument(help: "The folder for the pages; made if absent.") var output: String
    @Option(help: "How many commits have pages, the newest; all if absent.") var limit: Int?
    @Option(help: "The revision whose tables have pages; the deploy branch if absent.")
    var at: String?
    @Flag(inversion: .prefixedNo, help: "A page on the tenants, where there are any.")
    var fleet = true
    @Flag(help: "Write into a folder that has other files in it.") var force = false
    @OptionGroup var options: ReadingOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1") }
    }

    func run() throws {
        let site = try Site(
            Session.database(),
            options: Site.Options(limit: limit, hasFleet: fleet, revision: at))
        let report = try site.write(
            to: Context.current().absolute(output), force: force,
            progress: Progress.counter("Writing commits"))
        if options.json {
            Console.print(json: [
                .init("path", .string(output)),
                .init("pages", .integer(Int64(report.pages))),
                .init("commits", .integer(Int64(report.commits))),
                .init("tables", .integer(Int64(report.tables))),
                .init("diagrams", .integer(Int64(report.diagrams))),
                .init("tenants", report.tenants.map { .integer(Int64($0)) } ?? .null),
                .init("changed_files", .integer(Int64(report.changed))),
            ])
        } else {
            Console.print("\(output)/index.html")
            Console.note(
                "\(count(report.pages, "page")): \(count(report.commits, "commit")),"
                    + " \(count(report.tables, "table or view", "tables and views")),"
                    + " \(count(report.diagrams, "diagram")); \(count(report.changed, "file")) changed"
            )
        }
    }

    private func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
