import ArgumentParser
import Cinch
import CinchMaterializer
import CinchSchema

/// Prints what is parked in tenants.
enum ParkedOutput {
    /// One line for each table or column and the commit that dropped it, all tenants together.
    static func print(_ report: ParkedReport) {
        struct Line {
            var subject: String
            var commit: String
            var rows = 0
            var tenants = 0
            var since = ""
        }
        var lines: [String: Line] = [:]
        for entry in report.entries {
            for parked in entry.parked {
                let commit = String((parked.toCommit ?? "-").prefix(7))
                let key = "\(parked.data.table) \(parked.data.column?.text ?? "") \(commit)"
                var line = lines[key] ?? Line(subject: parked.subject, commit: commit)
                line.rows += parked.rows
                line.tenants += 1
                if line.since.isEmpty || parked.parkedAt < line.since {
                    line.since = parked.parkedAt
                }
                lines[key] = line
            }
        }
        for line in lines.values.sorted(by: { ($0.subject, $0.since) < ($1.subject, $1.since) }) {
            Console.print(
                "\(line.subject): \(line.rows) row\(line.rows == 1 ? "" : "s") in"
                    + " \(line.tenants) tenant\(line.tenants == 1 ? "" : "s"), dropped by"
                    + " \(line.commit) at \(line.since)")
        }
    }

    /// Every tenant's parked things for `--json`.
    static func members(_ report: ParkedReport) -> [JSONValue.Member] {
        let parked = report.entries.flatMap { entry in
            entry.parked.map { parked in
                JSONValue.object([
                    .init("tenant", .string(entry.name)), .init("table", .string(parked.table)),
                    .init("column", parked.column.map { .string($0) } ?? .null),
                    .init("rows", .integer(Int64(parked.rows))),
                    .init("parked_at", .string(parked.parkedAt)),
                    .init("from_commit", parked.fromCommit.map { .string($0) } ?? .null),
                    .init("commit", parked.toCommit.map { .string($0) } ?? .null),
                ])
            }
        }
        let failed = report.failures.map { entry in
            JSONValue.object([
                .init("tenant", .string(entry.name)), .init("reason", .string(entry.error ?? "")),
            ])
        }
        return [.init("parked", .array(parked)), .init("failed", .array(failed))]
    }

    /// Ends with 6 when tenants could not be looked at.
    static func finish(_ report: ParkedReport) throws {
        for entry in report.failures.prefix(20) {
            Console.note("failed: \(entry.name): \(entry.error ?? "")")
        }
        if !report.failures.isEmpty { throw ExitCode(6) }
    }
}
