import CinchSchema

extension CheckReport {
    /// Workflow commands, which GitHub Actions shows beside the lines of files.
    var githubText: String {
        var lines = findings.map { item -> String in
            let finding = item.finding
            var message = finding.message
            if let waiver = item.waiver {
                message += "\nallowed: \(waiver.reason)"
            } else if let suggestion = finding.suggestion {
                message += "\n\(suggestion)"
            }
            var properties: [String] = []
            if let file = item.file {
                properties += ["file=\(Self.property(file))", "line=\(item.line)"]
            }
            properties.append("title=\(Self.property(finding.code))")
            let command = item.waiver == nil ? finding.severity.githubCommand : "notice"
            return "::\(command) \(properties.joined(separator: ","))::\(Self.data(message))"
        }
        lines += notes.map { "::notice title=cinch check::\(Self.data($0))" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What stands behind the command, as the runner reads it.
    private static func data(_ text: String) -> String {
        TerminalText.escaped(
            text.replacing("%", with: "%25").replacing("\r\n", with: "%0D%0A")
                .replacing("\r", with: "%0D").replacing("\n", with: "%0A"))
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}

extension LintSeverity {
    fileprivate var githubCommand: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .info: "notice"
        }
    }
}
