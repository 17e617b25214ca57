package import CinchSchema

/// What `cinch check` shall look at.
package struct CheckOptions: Sendable {
    /// What is to be changed; absent for the deploy branch.
    package var base: String?
    /// What changes it.
    package var head: String
    /// Whether everything is new; a base of zeros says the same.
    package var isRoot: Bool
    /// What fails, whatever is configured; absent leaves it to the configuration.
    package var failingSeverity: LintSeverity?
    /// The only codes looked for; empty for all. Conflicts are always told.
    package var codes: [String]

    /// Makes options: HEAD into the deploy branch unless told otherwise.
    package init(
        base: String? = nil, head: String = "HEAD", isRoot: Bool = false,
        failingSeverity: LintSeverity? = nil, codes: [String] = []
    ) {
        self.base = base
        self.head = head
        self.isRoot = isRoot
        self.failingSeverity = failingSeverity
        self.codes = codes
    }
}

/// A finding, where it is, and who has allowed it.
package struct CheckFinding: Hashable, Sendable {
    /// What was found.
    package var finding: LintFinding
    /// The file in the schema tree, `tables/users.sql`, or the application's that a query is in;
    /// absent when none is at fault.
    package var file: String?
    /// The line in the file, in the schema tree that of the canonical text; from 1.
    package var line: Int
    /// The waiver that covers it; absent when none does.
    package var waiver: Waiver?

    /// Makes a finding nobody has allowed.
    ///
    /// - Parameter line: Absent for that of the finding's own place.
    package init(_ finding: LintFinding, file: String?, line: Int? = nil) {
        self.finding = finding
        self.file = file
        self.line = line ?? finding.place?.line ?? 1
    }
}

/// What `cinch check` has found.
package struct CheckReport: Sendable {
    /// The revision that is to be changed, as it was named; absent when everything is new.
    package var base: String?
    /// The revision that changes it, as it was named.
    package var head: String
    /// The commit of the base; absent when everything is new.
    package var baseCommit: String?
    /// The commit that is merged.
    package var headCommit: String
    /// What was found, in the order of files, lines and codes.
    package var findings: [CheckFinding]
    /// What people should know: waivers that don't count, settings that mean nothing.
    package var notes: [String]
    /// Findings at least as severe as this fail.
    package var failingSeverity: LintSeverity

    /// Makes a report.
    package init(
        base: String?, head: String, baseCommit: String?, headCommit: String,
        findings: [CheckFinding] = [], notes: [String] = [], failingSeverity: LintSeverity
    ) {
        self.base = base
        self.head = head
        self.baseCommit = baseCommit
        self.headCommit = headCommit
        self.findings = findings
        self.notes = notes
        self.failingSeverity = failingSeverity
    }

    /// Whether a finding is a failure.
    package func fails(_ finding: CheckFinding) -> Bool {
        finding.waiver == nil && finding.finding.severity >= failingSeverity
    }

    /// Whether there is something that can't be merged.
    package var hasConflicts: Bool {
        findings.contains { $0.finding.code == CheckRule.conflict.code }
    }

    /// How it went, in one word: `clean`, `findings` or `conflicts`.
    package var result: String {
        hasConflicts ? "conflicts" : findings.contains(where: fails) ? "findings" : "clean"
    }

    /// How many findings of a severity nobody has allowed.
    package func count(_ severity: LintSeverity) -> Int {
        findings.count { $0.waiver == nil && $0.finding.severity == severity }
    }

    /// How many findings are allowed.
    package var waivedCount: Int { findings.count { $0.waiver != nil } }

    /// `2 errors, 1 warning, 1 waived`.
    package var summary: String {
        let counted = { (count: Int, word: String) in
            count == 0 ? nil : "\(count) \(word)\(count == 1 || word == "info" ? "" : "s")"
        }
        let parts = [
            counted(count(.error), "error"), counted(count(.warning), "warning"),
            counted(count(.info), "info"),
            waivedCount == 0 ? nil : "\(waivedCount) waived",
        ].compactMap { $0 }
        return parts.isEmpty ? "No findings" : parts.joined(separator: ", ")
    }
}
