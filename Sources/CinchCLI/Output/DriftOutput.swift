import Cinch
import CinchMaterializer
import CinchSchema

/// Prints what a scan for drift has found.
enum DriftOutput {
    /// A script in which each different drift stands once: comments that say what differs, and
    /// the statements that would undo it.
    static func text(_ findings: [DriftFinding]) -> String {
        var order: [Drift] = []
        var tenants: [Drift: [String]] = [:]
        for finding in findings {
            guard let drift = finding.drift else { continue }
            if tenants[drift] == nil { order.append(drift) }
            tenants[drift, default: []].append(finding.tenant)
        }
        var lines = order.flatMap { text($0, of: tenants[$0] ?? []) + [""] }
        for (tenant, reason) in unreadable(findings) {
            lines.append("-- tenant \(tenant) can't be read: \(TerminalText.escaped(reason))")
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func text(_ drift: Drift, of tenants: [String]) -> [String] {
        let commit = drift.stamp.commit.prefix(7)
        var lines = tenants.prefix(20).map {
            "-- tenant \($0) is not what its stamp \(commit) says"
        }
        if tenants.count > 20 { lines.append("-- nor are \(tenants.count - 20) more") }
        guard let wayBack = drift.wayBack else { return lines + comment(drift.reason) }
        for change in drift.changes { lines += difference(change) }
        let losses = wayBack.steps.compactMap(\.loss)
        if wayBack.isEmpty {
            lines += comment(drift.reason)
        } else {
            lines.append(
                "-- the way back"
                    + (losses.isEmpty ? ":" : " loses \(losses.joined(separator: ", and ")):"))
        }
        return lines + wayBack.statements
    }

    /// A change from the stamp to the tenant, as comments.
    private static func difference(_ change: SchemaChange) -> [String] {
        let table = change.entityKind == "column" || change.entityKind == "constraint"
        let place = table ? ", in table \(change.entity)" : ""
        return switch (change.before, change.after) {
        case (nil, let after?): ["-- has, its stamp doesn't\(place):"] + comment(after)
        case (let before?, nil): ["-- doesn't have, its stamp does\(place):"] + comment(before)
        case (let before?, let after?):
            ["-- has\(place):"] + comment(after) + ["-- where its stamp has:"] + comment(before)
        default: comment(change.summary)
        }
    }

    private static func comment(_ text: String) -> [String] {
        text.split(separator: "\n").map { "--     \($0)" }
    }

    /// The tenants that could not be read, and why.
    static func unreadable(_ findings: [DriftFinding]) -> [(tenant: String, reason: String)] {
        findings.compactMap { finding in
            if case .unreadable(let reason) = finding.state {
                (finding.tenant, reason)
            } else {
                nil
            }
        }
    }

    /// One line of counts.
    static func summary(_ findings: [DriftFinding]) -> String {
        let drifted = findings.count { $0.drift != nil }
        let unreadable = unreadable(findings).count
        let skipped = findings.count { $0.state == .skipped }
        return "\(drifted) of \(findings.count) tenant\(findings.count == 1 ? "" : "s") drifted"
            + (unreadable > 0 ? ", \(unreadable) unreadable" : "")
            + (skipped > 0 ? ", \(skipped) not looked at" : "")
    }

    /// The findings for `--json`.
    static func members(_ findings: [DriftFinding]) -> [JSONValue.Member] {
        let drifted = findings.compactMap { finding -> JSONValue? in
            guard let drift = finding.drift else { return nil }
            return .object([
                .init("tenant", .string(finding.tenant)),
                .init("commit", .string(drift.stamp.commit)),
                .init("tree", .string(drift.stamp.tree)),
                .init("reason", .string(drift.reason)),
                .init("changes", .array(drift.changes.map(\.json))),
                .init(
                    "statements",
                    .array((drift.wayBack?.statements ?? []).map { .string($0) })),
            ])
        }
        return [
            .init("tenants", .integer(Int64(findings.count))),
            .init("drifted", .array(drifted)),
            .init(
                "unreadable",
                .array(
                    unreadable(findings).map { tenant, reason in
                        .object([
                            .init("tenant", .string(tenant)), .init("reason", .string(reason)),
                        ])
                    })),
            .init("interrupted", .boolean(findings.contains { $0.state == .skipped })),
        ]
    }
}
