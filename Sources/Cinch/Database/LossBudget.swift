import CinchMaterializer
import CinchSchema

/// How much data may be parked, and how much lost, when the deploy branch moves.
struct LossBudget {
    /// Rows that may lose a value for good, converted or dropped.
    let lost: Int
    /// Rows that may be parked; nil is any number.
    let parked: Int?

    /// What is configured, or allowed for this run.
    init(_ configuration: ProjectConfiguration, _ settings: RolloutSettings) {
        lost = settings.allowedLoss ?? configuration.maximumLostRows
        let allowed = settings.allowedLoss
        parked = configuration.maximumParkedRows.map { max($0, allowed ?? 0) }
    }

    /// The findings that stop: conversions only when they are more than may be lost.
    func findings(_ report: MaterializationReport) -> [PreflightFinding] {
        let isOver = Self.rows([.converted], report) > lost
        return report.findings.filter { isOver || $0.check.rule != .loss }
    }

    /// Whether nothing but values that would change is in the way.
    func isLossOnly(_ report: MaterializationReport) -> Bool {
        report.findings.allSatisfy { $0.check.rule == .loss }
    }

    private static func rows(
        _ kinds: Set<DataEffect.Kind>, _ report: MaterializationReport
    ) -> Int {
        report.effects.filter { kinds.contains($0.effect.kind) }.reduce(0) { $0 + $1.rows }
    }

    /// Stops when more goes than may.
    ///
    /// - Throws: `CinchError` with `.failed`, before anything has moved.
    func check(_ report: MaterializationReport) throws {
        try Self.demand([.lost, .converted], of: report, "lose", "max_lost_rows", lost)
        if let parked {
            try Self.demand([.parked], of: report, "park", "max_parked_rows", parked)
        }
    }

    private static func demand(
        _ kinds: Set<DataEffect.Kind>, of report: MaterializationReport, _ verb: String,
        _ key: String, _ limit: Int
    ) throws {
        let rows = rows(kinds, report)
        guard rows > limit else { return }
        let effects = report.effects.filter { kinds.contains($0.effect.kind) }
        let first = effects.prefix(5).map(\.summary).joined(separator: "; ")
        let more = effects.count > 5 ? "; \(effects.count - 5) more" : ""
        throw CinchError(
            code: .stopped,
            message: "This would \(verb) \(rows) row\(rows == 1 ? "" : "s"), and '\(key)' allows"
                + " \(limit): \(first)\(more)",
            hint: "Nothing has moved; run the command again with --allow-loss \(rows), or set"
                + " '\(key)' under [materialize] in config.toml.")
    }
}
