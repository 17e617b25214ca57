/// How the answer of `cinch check` is written.
package enum CheckFormat: String, Hashable, Sendable, CaseIterable {
    /// A line for each finding, as compilers do.
    case human
    /// One object.
    case json
    /// SARIF 2.1.0, for code scanning.
    case sarif
    /// Annotations of GitHub Actions.
    case github
    /// JUnit's XML, for what shows test results.
    case junit

    /// A report in this format, ended by a line feed unless it is empty.
    ///
    /// - Parameter isPretty: Whether JSON has one member a line.
    package func text(_ report: CheckReport, isPretty: Bool = false) -> String {
        switch self {
        case .human: report.humanText
        case .json: report.json.text(pretty: isPretty) + "\n"
        case .sarif: report.sarif.text(pretty: isPretty) + "\n"
        case .github: report.githubText
        case .junit: report.junitText
        }
    }
}
