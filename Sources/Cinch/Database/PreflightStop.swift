package import CinchMaterializer
import CinchSchema

/// Why a deploy branch did not move: rows of tenants that stand in a plan's way. It is the cause
/// of the error people see.
package struct PreflightStop: Error, Hashable, Sendable {
    /// Every finding, tenant by tenant; at least one.
    package let findings: [PreflightFinding]

    /// Nil when there is nothing in the way.
    init?(_ findings: [PreflightFinding]) {
        guard !findings.isEmpty else { return nil }
        self.findings = findings
    }

    /// The error, with this as its cause.
    ///
    /// - Parameters:
    ///   - tenants: How many there are.
    ///   - isLossOnly: Whether it could go on if the values may go.
    func error(tenants: Int, isLossOnly: Bool) -> CinchError {
        let count = Set(findings.map(\.tenant)).count
        let first = findings.first.map {
            ", '\($0.tenant)' first: \($0.check.summary(count: $0.count))"
        }
        let unfilled = findings.first { [.notNull, .noDefault].contains($0.check.rule) }
        let way = unfilled.map { "give them a value with --fill '\($0.check.subject)=EXPRESSION'" }
        return CinchError(
            code: .stopped,
            message: "\(count) of \(tenants) tenant\(tenants == 1 ? "" : "s")"
                + " \(count == 1 ? "has" : "have") rows that don't fit this schema"
                + (first ?? ""),
            hint: isLossOnly
                ? "Nothing has moved; correct those rows, or run the command again with"
                    + " --allow-loss \(findings.reduce(0) { $0 + $1.count }) if the values may change."
                : "Nothing has moved; correct those rows, or \(way ?? "demand less of them"), and"
                    + " run the command again.",
            cause: self)
    }
}
