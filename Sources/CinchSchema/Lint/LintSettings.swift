/// What a project wants of lint: `[lint]` in its settings.
package struct LintSettings: Hashable, Sendable {
    /// What a rule's findings count as.
    package enum Level: Hashable, Sendable {
        /// They are not looked for.
        case off
        /// As severe as this.
        case severity(LintSeverity)

        /// Reads `off`, `info`, `warning` or `error`; absent for anything else.
        package init?(_ word: String) {
            if word == "off" {
                self = .off
            } else if let severity = LintSeverity(rawValue: word) {
                self = .severity(severity)
            } else {
                return nil
            }
        }
    }

    /// What differs from the rules' own severities, by code.
    package var levels: [String: Level]
    /// Findings at least as severe as this are a failure.
    package var failingSeverity: LintSeverity
    /// Tables with many rows, as patterns: `events`, `logs_*`.
    package var bigTables: [LintPattern]
    /// How names are to be written.
    package var naming: NamingStyle

    /// Makes settings, those of a project that says nothing unless told otherwise.
    package init(
        levels: [String: Level] = [:], failingSeverity: LintSeverity = .error,
        bigTables: [LintPattern] = [], naming: NamingStyle = .prevailing
    ) {
        self.levels = levels
        self.failingSeverity = failingSeverity
        self.bigTables = bigTables
        self.naming = naming
    }

    /// A finding as severe as the settings have it; absent when its rule is off.
    package func graded(_ finding: LintFinding) -> LintFinding? {
        switch levels[finding.code] {
        case .off?: return nil
        case .severity(let severity)?:
            var graded = finding
            graded.severity = severity
            return graded
        case nil: return finding
        }
    }

    /// Whether anything is said of a table being big.
    func isBig(_ table: Identifier) -> Bool { bigTables.contains { $0.matches(table.text) } }
}

/// A name in which `*` stands for any characters and `?` for one, without regard to the case of
/// ASCII letters.
package struct LintPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as it was given.
    package let description: String

    /// Makes a pattern; any text is one.
    package init(_ text: String) { description = text }

    /// Whether all of a name fits.
    package func matches(_ name: String) -> Bool {
        let (pattern, text) = (
            Array(description.asciiLowercased.unicodeScalars),
            Array(name.asciiLowercased.unicodeScalars)
        )
        var (at, place) = (0, 0)
        // Where to go on from after the last star, should what follows it not fit.
        var retry: (at: Int, place: Int)?
        while place < text.count {
            if at < pattern.count, pattern[at] == "*" {
                at += 1
                retry = (at, place)
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == text[place] {
                (at, place) = (at + 1, place + 1)
            } else if let last = retry {
                (at, place) = (last.at, last.place + 1)
                retry = (at, place)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
