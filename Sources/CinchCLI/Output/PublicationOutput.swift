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
            Console.print(json: [.init("changed", true)] + members(publication))
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

    /// A publication for `--json`.
    static func members(_ publication: Publication) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("branch", .string(publication.branch)),
            .init("commit", .string(publication.commit.hex)),
            .init("changes", .array(publication.changes.map(\.json))),
            .init("notes", .array(publication.notes.map { .string($0) })),
            .init("warnings", .array(publication.warnings.map(\.json))),
            .init("data_steps", .array(publication.dataSteps.map(\.json))),
        ]
        if let report = publication.rollout {
            members.append(.init("rollout", .object(Self.members(report))))
        }
        return members
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

    /// A rollout for `--json`.
    static func members(_ report: MaterializationReport) -> [JSONValue.Member] {
        [
            .init("commit", .string(report.target.commit)),
            .init("tree", .string(report.target.tree)),
            .init("tenants", .integer(Int64(report.entries.count))),
            .init("at_target", .integer(Int64(report.atTarget))),
            .init("changed", .integer(Int64(report.applied))),
            .init("milliseconds", .integer(Int64(report.milliseconds))),
            .init("interrupted", .boolean(report.wasCancelled)),
            .init("data", .array(report.effects.map(\.json))),
            .init("stop", report.stop.map { .string($0.rawValue) } ?? .null),
            .init("skipped", .integer(Int64(report.skipped))),
            .init("canaries", .array(report.canaries.map { .string($0) })),
            .init(
                "failed",
                .array(
                    report.failures.map { entry in
                        .object([
                            .init("tenant", .string(entry.name)),
                            .init("reason", .string(entry.outcome.reason)),
                        ])
                    })),
        ]
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

extension TenantOutcome {
    /// Why a tenant was left as it is; empty when it wasn't.
    var reason: String {
        switch self {
        case .failed(let reason), .unproven(let reason): reason
        case .drifted(let reason): "drifted: \(reason)"
        default: ""
        }
    }
}

extension DataEffectCount {
    /// The count for `--json`.
    var json: JSONValue {
        .object([
            .init("effect", .string(effect.kind.rawValue)),
            .init("table", .string(effect.table.text)),
            .init("column", effect.column.map { .string($0.text) } ?? .null),
            .init("rows", .integer(Int64(rows))), .init("tenants", .integer(Int64(tenants))),
        ])
    }
}

extension SchemaChange {
    /// The change for `--json`.
    var json: JSONValue {
        .object([
            .init("verb", .string(verb)), .init("kind", .string(entityKind)),
            .init("entity", .string(entity.text)), .init("summary", .string(summary)),
            .init("before", before.map { .string($0) } ?? .null),
            .init("after", after.map { .string($0) } ?? .null),
        ])
    }
}

extension DataStep {
    /// `data step 0007-1a2b3c4d on users.email`.
    var summary: String {
        let list = subjects.map(\.description).joined(separator: ", ")
        return TerminalSafe.text("data step \(name)" + (list.isEmpty ? "" : " on \(list)"))
    }

    /// The step for `--json`.
    var json: JSONValue {
        .object([
            .init("name", .string("\(name)")),
            .init("on", .array(subjects.map { .string("\($0)") })),
            .init("sql", .string(script)),
        ])
    }
}
