/// Something that is looked for in a change, and what people are told of it.
package struct LintRule: Hashable, Sendable {
    /// The stable name, which settings and waivers use: `drop-column`.
    package let code: String
    /// What is found, in a few words.
    package let title: String
    /// How much it matters unless settings say otherwise.
    package let severity: LintSeverity
    /// Why it matters, in full sentences.
    package let why: String
    /// SQL that is found.
    package let example: String
    /// What to do instead, in full sentences.
    package let fix: String
    /// Whether a waiver counts: what can't be done at all can't be allowed.
    package let isWaivable: Bool

    /// Makes a rule.
    package init(
        _ code: String, _ title: String, _ severity: LintSeverity, why: String, example: String,
        fix: String, isWaivable: Bool = true
    ) {
        self.code = code
        self.title = title
        self.severity = severity
        self.why = why
        self.example = example
        self.fix = fix
        self.isWaivable = isWaivable
    }

    /// Where the rule is explained.
    package var anchor: String { "docs/lint.md#\(code)" }

    /// The rule's section on that page.
    package var section: String {
        """
        ## \(code)

        \(title). Severity: \(severity.rawValue)\(isWaivable ? "" : ", can't be waived").

        \(why)

        ```sql
        \(example)
        ```

        \(fix)
        \(isWaivable ? "\nTo allow it: `cinch waive \(code) ENTITY --reason '…'`.\n" : "")
        """
    }
}
