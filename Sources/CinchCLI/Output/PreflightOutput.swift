import Cinch
import CinchMaterializer
import CinchSchema

/// Prints rows that stand in a plan's way, all the same way.
enum PreflightOutput {
    /// Findings for people: one line each, up to 20.
    static func note(_ findings: [PreflightFinding]) {
        for finding in findings.prefix(20) { Console.note("preflight: \(finding.summary)") }
        if findings.count > 20 { Console.note("preflight: \(findings.count - 20) more") }
    }

    /// What stopped a command, before its error line; with `--json` the one object it prints.
    static func report(_ stop: PreflightStop) {
        note(stop.findings)
        guard Invocation.wantsJSON else { return }
        Console.print(json: [.init("result", "preflight"), .init("findings", json(stop.findings))])
    }

    /// Findings for `--json`.
    static func json(_ findings: [PreflightFinding]) -> JSONValue {
        .array(
            findings.map { finding in
                .object(
                    [.init("tenant", .string(finding.tenant))] + members(finding.check)
                        + [.init("count", .integer(Int64(finding.count)))])
            })
    }

    /// The checks of a plan for `--json`.
    static func json(_ checks: [PreflightCheck]) -> JSONValue {
        .array(checks.map { .object(members($0) + [.init("sql", .string($0.sql))]) })
    }

    /// `column` is null where not one column is concerned; `subject` has them all.
    private static func members(_ check: PreflightCheck) -> [JSONValue.Member] {
        [
            .init("table", .string(check.table.text)),
            .init("column", check.columns.count == 1 ? .string(check.columns[0].text) : .null),
            .init("subject", .string(check.subject)),
            .init("rule", .string(check.rule.rawValue)),
            .init("demand", check.demand.isEmpty ? .null : .string(check.demand)),
        ]
    }
}
