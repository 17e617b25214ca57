import CinchGit
import CinchSchema

extension CheckReport {
    /// A line for each finding, the summary last: it is the answer of a check that found nothing.
    var humanText: String {
        var lines: [String] = []
        for item in findings {
            let finding = item.finding
            let place = item.file.map { "\($0):\(item.line): " } ?? ""
            let grade = item.waiver == nil ? finding.severity.rawValue : "waived"
            lines.append("\(place)\(grade): \(finding.message) [\(finding.code)]")
            if let waiver = item.waiver {
                let until = waiver.lastDay.map { " until \($0)" } ?? ""
                let commit = waiver.commit.map { " (\($0.abbreviated()))" } ?? ""
                lines.append("    allowed\(until)\(commit): \(waiver.reason)")
            } else if let suggestion = finding.suggestion {
                lines.append("    \(suggestion)")
            }
        }
        lines += notes.map { "note: \($0)" }
        lines.append(summary)
        return lines.map { TerminalText.escaped($0) + "\n" }.joined()
    }
}
