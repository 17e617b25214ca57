import CinchSchema

extension CheckReport {
    /// A test case for each finding, and one that passes for each rule that found nothing.
    var junitText: String {
        let found = Set(findings.map(\.finding.code))
        let quiet = CheckRule.all.filter { !found.contains($0.code) }
        let failures = findings.count(where: failsAsTest)
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites>",
            "  <testsuite name=\"cinch check\" tests=\"\(findings.count + quiet.count)\""
                + " failures=\"\(failures)\" errors=\"0\" skipped=\"\(waivedCount)\">",
        ]
        for rule in quiet {
            lines.append("    <testcase classname=\"\(rule.code)\" name=\"none\"/>")
        }
        for item in findings { lines += testCase(item) }
        if !notes.isEmpty {
            lines.append(
                "    <system-out>\(Self.escaped(notes.joined(separator: "\n")))</system-out>")
        }
        lines += ["  </testsuite>", "</testsuites>"]
        return lines.map { $0 + "\n" }.joined()
    }

    private func failsAsTest(_ item: CheckFinding) -> Bool {
        fails(item) || item.finding.code == CheckRule.conflict.code
    }

    private func testCase(_ item: CheckFinding) -> [String] {
        let finding = item.finding
        var attributes =
            "classname=\"\(Self.escaped(finding.code))\" name=\"\(Self.escaped(finding.entity))\""
        if let file = item.file {
            attributes += " file=\"\(Self.escaped(file))\" line=\"\(item.line)\""
        }
        let place = item.file.map { "\($0):\(item.line): " } ?? ""
        let text = Self.escaped(
            place + finding.message + (finding.suggestion.map { "\n\($0)" } ?? ""))
        let inner: String
        if let waiver = item.waiver {
            inner = "<skipped message=\"\(Self.escaped("allowed: \(waiver.reason)"))\"/>"
        } else if failsAsTest(item) {
            inner =
                "<failure type=\"\(finding.severity.rawValue)\""
                + " message=\"\(Self.escaped(finding.message))\">\(text)</failure>"
        } else {
            inner = "<system-out>\(finding.severity.rawValue): \(text)</system-out>"
        }
        return ["    <testcase \(attributes)>", "      \(inner)", "    </testcase>"]
    }

    /// Text for an element or an attribute; what XML 1.0 can't hold is written as on a terminal.
    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&apos;"
            case "\n": output += "&#10;"
            case "\r": output += "&#13;"
            case "\t": output += "&#9;"
            case "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
            default: output += TerminalText.escaped(String(scalar))
            }
        }
        return output
    }
}
