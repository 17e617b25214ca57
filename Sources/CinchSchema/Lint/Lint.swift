/// Rules of one subject.
protocol LintGroup {
    /// The rules, in the order they are explained.
    static var rules: [LintRule] { get }
    /// What a change brings that these rules speak of.
    static func findings(in change: LintedChange) -> [LintFinding]
}

/// Looks at a change of a schema for what somebody should know before it is made.
///
/// Only what the change brings is found: a table that always was so is nobody's finding.
package enum Lint {
    private static var groups: [any LintGroup.Type] {
        [
            DropLint.self, RowLint.self, RenameLint.self, IndexLint.self, ForeignKeyLint.self,
            ViewLint.self, TypeLint.self, NameLint.self,
        ]
    }

    /// Every rule that looks at schemas alone.
    package static let rules: [LintRule] = groups.flatMap { $0.rules }

    /// What a change brings, each finding once, in the order of files, lines and codes.
    ///
    /// - Parameter filled: What data steps that come with the change fill in.
    package static func findings(
        from before: Schema, to after: Schema, filling filled: [RowSubject] = [],
        settings: LintSettings = LintSettings()
    ) -> [LintFinding] {
        guard before != after else { return [] }
        let change = LintedChange(
            from: before, to: after, filling: filled, settings: settings)
        return sorted(groups.flatMap { $0.findings(in: change) }.compactMap(settings.graded))
    }

    /// Findings, each once, in the order of files, lines and codes; those without a place first.
    package static func sorted(_ findings: [LintFinding]) -> [LintFinding] {
        var seen: Set<LintFinding> = []
        return findings.filter { seen.insert($0).inserted }.sorted { $0.order < $1.order }
    }
}

extension LintFinding {
    fileprivate var order: FindingOrder {
        FindingOrder(
            folder: place.map { "\($0.kind.rawValue) \($0.name.key)" } ?? "",
            line: place?.line ?? 0,
            texts: [code, entity, message])
    }
}

private struct FindingOrder: Comparable {
    var folder: String
    var line: Int
    var texts: [String]

    static func < (left: Self, right: Self) -> Bool {
        if left.folder != right.folder { return left.folder < right.folder }
        if left.line != right.line { return left.line < right.line }
        return left.texts.lexicographicallyPrecedes(right.texts)
    }
}
