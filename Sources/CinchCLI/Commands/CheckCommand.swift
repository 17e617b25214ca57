import ArgumentParser
import Cinch
import CinchSchema

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find what merging a revision into another would bring.",
        discussion: """
            Ends with 0 when there is nothing that fails, 1 with findings that do, 3 with conflicts.
            Nothing is written, and no tenant is asked.
            """)

    @Argument(help: "What is merged into; the deploy branch if absent.") var base: String?
    @Argument(help: "What is merged; HEAD if absent.") var head: String?
    @Flag(help: "Everything is new: there is no BASE, only HEAD.") var root = false
    @Option(help: "Fail on info, warning or error.", transform: Self.severity)
    var failOn: LintSeverity?
    @Option(help: "Look for this code only; may be given again.") var only: [String] = []
    @Option(help: "human, json, sarif, github or junit.", transform: Self.format)
    var format: CheckFormat?
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: "Print SARIF 2.1.0.") var sarif = false
    @Flag(help: "Print annotations for GitHub Actions.") var github = false
    @Flag(help: "Print JUnit's XML.") var junit = false
    @Option(name: .shortAndLong, help: "Write to a file.") var output: String?

    func validate() throws {
        if formats.count > 1 { throw ValidationError("One format at a time") }
        if root, head != nil { throw ValidationError("--root has no base; name the head alone") }
    }

    func run() throws {
        let options = CheckOptions(
            base: root ? nil : base, head: (root ? base : head) ?? "HEAD", isRoot: root,
            failingSeverity: failOn, codes: only)
        let report = try Session.database().check(options)
        let text = (formats.first ?? .human).text(
            report, isPretty: output == nil && Console.isTerminal(1))
        if let output {
            try TextFile.write(text, to: output)
            Console.note(report.summary)
        } else {
            Console.printRaw(text)
        }
        if report.hasConflicts { throw ExitCode(3) }
        if report.result != "clean" { throw ExitCode(1) }
    }

    private var formats: [CheckFormat] {
        var formats = format.map { [$0] } ?? []
        if json { formats.append(.json) }
        if sarif { formats.append(.sarif) }
        if github { formats.append(.github) }
        if junit { formats.append(.junit) }
        return formats
    }

    private static func severity(_ word: String) throws -> LintSeverity {
        guard let severity = LintSeverity(rawValue: word) else {
            throw ValidationError("'\(word)' is no severity: info, warning or error")
        }
        return severity
    }

    private static func format(_ word: String) throws -> CheckFormat {
        guard let format = CheckFormat(rawValue: word) else {
            throw ValidationError("'\(word)' is no format: human, json, sarif, github or junit")
        }
        return format
    }
}

struct WaiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waive", abstract: "Allow a finding of 'cinch check', in a commit of its own.",
        discussion: """
            The schema stays as it is: the commit's message says what is allowed, and why. The same \
            line in the message of any commit that is checked does as well:

                Cinch-Waive: drop-column users.phone until 2027-01-31: moved to contacts
            """)

    @Argument(help: "The finding's code.") var code: String
    @Argument(help: "What it is about, '*' and '?' as in patterns; anything if absent.")
    var entity: String?
    @Option(help: "Why it is all right.") var reason: String
    @Option(help: "The last day it counts, YYYY-MM-DD in UTC; always if absent.") var until: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let publication = try Session.database().waive(
            code, entity: entity, lastDay: until, reason: reason, settings: Progress.settings())
        try PublicationOutput.print(publication, json: json)
    }
}
