import ArgumentParser
import Cinch
import CinchGit
import CinchMaterializer
import CinchSchema

/// Prints what commands that commit have done, all the same way.
enum PublicationOutput {
    /// Prints a commit, or that nothing changed, and ends with 6 when tenants failed.
    static func print(_ publication: Publication?, json: Bool) throws {
        guard let publication else {
            if json {
                Console.print(json: [.init("changed", false)])
            } else {
                Console.print("Nothing to commit: the schema is what it was")
            }
            return
        }
        if json {
            Console.print(json: [.init("changed", true)] + publication.jsonMembers)
        } else {
            let id = publication.commit.abbreviated()
            Console.print("[\(publication.branch) \(id)] \(title(publication))")
            for change in publication.changes.dropFirst(publication.changes.count > 1 ? 0 : 1) {
                Console.print("  \(change.summary)")
            }
            for step in publication.dataSteps {
                Console.print("  \(step.summary)")
            }
            for note in publication.notes { Console.note("note: \(note)") }
            for warning in publication.warnings { Console.note("warning: \(warning.message)") }
            if let report = publication.rollout { print(report) }
        }
        try finish(publication.rollout)
    }

    private static func title(_ publication: Publication) -> String {
        switch publication.changes.count {
        case 0:
            publication.dataSteps.isEmpty ? "no change of the schema" : "a change of rows"
        case 1: publication.changes[0].summary
        case let count: "\(count) changes"
        }
    }

    /// A rollout for people: one line, and one for each tenant that was left behind.
    static func print(_ report: MaterializationReport) {
        let total = report.entries.count
        let failed = report.failures.count
        Console.print(
            "\(report.atTarget) of \(total) tenant\(total == 1 ? "" : "s") at"
                + " \(report.target.commit.prefix(7)), \(report.applied) changed"
                + (failed > 0 ? ", \(failed) failed" : "")
                + (report.skipped > 0 ? ", \(report.skipped) not tried" : "")
                + " (\(report.milliseconds) ms)")
        for count in report.effects { Console.print(count.summary) }
        for entry in report.failures.prefix(20) {
            Console.note("failed: \(entry.name): \(entry.outcome.reason)")
        }
        if failed > 20 { Console.note("failed: \(failed - 20) more, see 'cinch tenant status'") }
    }

    /// Ends with 130 after Ctrl-C and with 6 when tenants were left behind.
    static func finish(_ report: MaterializationReport?) throws {
        guard let report else { return }
        if let error = report.recordingError {
            Console.note("note: what became of tenants is not in the catalog: \(error)")
        }
        switch report.stop {
        case .interrupted, .cancelled:
            if report.stop == .cancelled { Console.note("Stopped by 'cinch rollout cancel'") }
            Console.note("hint: Run 'cinch rollout resume' to bring the other tenants along.")
            throw ExitCode(130)
        case .canary, .error:
            Console.note(
                report.stop == .error
                    ? "Stopped at the first error"
                    : "Stopped: of \(report.canaries.count) tenants that went first,"
                        + " \(failedCanaries(report)) failed")
            Console.note("hint: Mend the cause and run 'cinch rollout resume'.")
            throw ExitCode(6)
        case nil: break
        }
        if !report.failures.isEmpty {
            Console.note(
                "hint: They keep their old schema and every row; mend the cause and run"
                    + " 'cinch materialize'.")
            throw ExitCode(6)
        }
    }

    private static func failedCanaries(_ report: MaterializationReport) -> Int {
        let canaries = Set(report.canaries)
        return report.failures.count { canaries.contains($0.name) }
    }
}

extension DataStep {
    /// `data step 0007-1a2b3c4d on users.email`.
    var summary: String {
        let list = subjects.map(\.description).joined(separator: ", ")
        return TerminalSafe.text("data step \(name)" + (list.isEmpty ? "" : " on \(list)"))
    }
}
