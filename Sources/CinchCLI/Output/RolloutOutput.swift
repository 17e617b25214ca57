import Cinch
import CinchMaterializer

/// Prints rollouts of the journal.
enum RolloutOutput {
    /// One line for each rollout.
    static func print(_ rollouts: [RolloutInformation]) {
        let rows = rollouts.map { rollout in
            let record = rollout.record
            return [
                "\(record.id)", record.state.rawValue,
                "\(abbreviated(record.fromCommit))..\(abbreviated(record.target.commit))",
                "\(record.startedAt.prefix(19))", summary(rollout.counts),
            ]
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let padded = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            Console.print((padded + [row[4]]).joined(separator: "  "))
        }
    }

    /// A rollout, and a line for each outcome.
    static func print(_ rollout: RolloutInformation, _ outcomes: [RolloutOutcome]) {
        let record = rollout.record
        var facts: [(String, JSONValue)] = [
            ("rollout", .integer(record.id)), ("state", .string(record.state.rawValue)),
            ("from", .string(abbreviated(record.fromCommit))),
            ("to", .string(abbreviated(record.target.commit))),
            ("started", .string("\(record.startedAt.prefix(19)) UTC")),
        ]
        if let end = record.finishedAt {
            facts.append(("finished", .string("\(end.prefix(19)) UTC")))
        } else if record.state.isUnderWay, let process = record.process {
            facts.append(("process", .integer(Int64(process))))
            facts.append(("progress", .string("\(rollout.counts.done)/\(record.tenants)")))
        }
        facts.append(("tenants", .string(summary(rollout.counts))))
        let asked = arguments(record.request)
        if !asked.isEmpty { facts.append(("asked", .string(asked))) }
        if let earlier = record.request.resumes { facts.append(("resumes", .integer(earlier))) }
        Facts.print(facts, json: false)
        guard !outcomes.isEmpty else { return }
        Console.print("")
        let width = outcomes.map(\.tenant.count).max() ?? 0
        var text = ""
        for outcome in outcomes {
            let state = outcome.state.rawValue
            let reason = outcome.error.map { TerminalSafe.text($0) }
            let name =
                reason == nil
                ? outcome.tenant
                : outcome.tenant + String(repeating: " ", count: width - outcome.tenant.count)
            text += state + String(repeating: " ", count: 9 - state.count) + name
            text += (reason.map { "  \($0)" } ?? "") + "\n"
        }
        Console.printRaw(text)
    }

    /// `96 applied, 1 failed`: the states that occur.
    private static func summary(_ counts: RolloutCounts) -> String {
        let parts = [
            (counts.applied, "applied"), (counts.failed, "failed"), (counts.drifted, "drifted"),
            (counts.pending, "pending"),
        ]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return text.isEmpty ? "none" : text
    }

    /// The request as it is typed.
    private static func arguments(_ request: RolloutRequest) -> String {
        var words = request.patterns.map { "--tenants '\($0)'" }
        if request.isRetry { words.append("--retry-failed") }
        if let canary = request.canary { words.append("--canary \(canary)") }
        if let batch = request.batch { words.append("--batch \(batch)") }
        if request.pause > 0 {
            let seconds = Double(request.pause) / 1000
            words.append("--pause \(request.pause % 1000 == 0 ? "\(Int(seconds))" : "\(seconds)")")
        }
        if request.onError == .stop { words.append("--on-error stop") }
        return words.joined(separator: " ")
    }

    private static func abbreviated(_ commit: String?) -> String {
        commit.map { String($0.prefix(7)) } ?? "-"
    }
}
