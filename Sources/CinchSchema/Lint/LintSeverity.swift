/// How much a finding matters.
package enum LintSeverity: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Worth knowing.
    case info
    /// Likely to surprise somebody.
    case warning
    /// Not to be done without somebody's say.
    case error

    /// Orders from the least to the worst.
    package static func < (left: LintSeverity, right: LintSeverity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
