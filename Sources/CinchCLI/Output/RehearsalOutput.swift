import Cinch
import CinchMaterializer
import CinchSchema

/// Prints what came of a rehearsal.
enum RehearsalOutput {
    /// A line for each copy, what would become of its data under it, then the totals.
    static func print(_ report: RehearsalReport) {
        let width = report.entries.map(\.tenant.count).max() ?? 0
        for entry in report.entries {
            let padding = String(repeating: " ", count: width - entry.tenant.count)
            Console.print("\(entry.tenant)\(padding)  \(facts(entry))")
            for effect in entry.effects { Console.print("  \(text(effect))") }
        }
        PreflightOutput.note(report.findings)
        Console.print(summary(report))
        if report.wasCancelled { Console.note("Interrupted; the copies are removed") }
    }

    private static func facts(_ entry: RehearsalReport.Entry) -> String {
        guard entry.outcome.isAtTarget else {
            return "failed: \(TerminalText.escaped(entry.outcome.reason))"
        }
        guard entry.outcome == .applied else { return "nothing to change" }
        var text = "\(entry.milliseconds) ms, \(entry.bytesBefore) -> \(entry.bytesAfter) bytes"
        if let before = entry.rowsBefore, let after = entry.rowsAfter {
            text += before == after ? ", \(count(before, "row"))" : ", \(before) -> \(after) rows"
        }
        return text
    }

    private static func text(_ found: DataEffectCount) -> String {
        let verb =
            switch found.effect.kind {
            case .parked: "parks"
            case .lost: "loses"
            case .converted: "changes"
            case .restored: "brings back"
            }
        let noun = found.effect.column == nil ? "row" : "value"
        return "\(verb) \(count(found.rows, noun)) of \(found.effect.subject)"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func summary(_ report: RehearsalReport) -> String {
        let total = report.entries.count
        let good = total - report.failures.count
        return "\(good) of \(total) cop\(total == 1 ? "y" : "ies") brought to"
            + " \(report.target.commit.prefix(7)): median \(report.median) ms,"
            + " longest \(report.longest) ms (\(report.milliseconds) ms)"
    }

    /// The report for `--json`.
    static func members(_ report: RehearsalReport) -> [JSONValue.Member] {
        let integer = { (number: Int?) in number.map { JSONValue.integer(Int64($0)) } ?? .null }
        let entries = report.entries.map { entry in
            JSONValue.object([
                .init("tenant", .string(entry.tenant)),
                .init("ok", .boolean(entry.outcome.isAtTarget)),
                .init("changed", .boolean(entry.outcome == .applied)),
                .init(
                    "reason",
                    entry.outcome.isAtTarget ? .null : .string(entry.outcome.reason)),
                .init("milliseconds", integer(entry.milliseconds)),
                .init("bytes_before", integer(entry.bytesBefore)),
                .init("bytes_after", integer(entry.bytesAfter)),
                .init("rows_before", integer(entry.rowsBefore)),
                .init("rows_after", integer(entry.rowsAfter)),
                .init("data", .array(entry.effects.map(\.json))),
            ])
        }
        return [
            .init("commit", .string(report.target.commit)),
            .init("tree", .string(report.target.tree)),
            .init("tenants", .array(entries)),
            .init("findings", PreflightOutput.json(report.findings)),
            .init("failed", integer(report.failures.count)),
            .init("median_milliseconds", integer(report.median)),
            .init("longest_milliseconds", integer(report.longest)),
            .init("milliseconds", integer(report.milliseconds)),
            .init("interrupted", .boolean(report.wasCancelled)),
        ]
    }
}
