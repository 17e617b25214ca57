import CinchSchema
import Crypto

extension CheckReport {
    /// The report as SARIF 2.1.0 has it: one run, every rule, a result for each finding.
    var sarif: JSONValue {
        .object([
            .init("$schema", "https://json.schemastore.org/sarif-2.1.0.json"),
            .init("version", "2.1.0"), .init("runs", .array([run])),
        ])
    }

    private var run: JSONValue {
        .object([
            .init("tool", .object([.init("driver", driver)])),
            .init(
                "automationDetails",
                .object([.init("id", .string("cinch-check/\(base ?? "root")/\(headCommit)"))])),
            .init(
                "invocations",
                .array([
                    .object([
                        .init("executionSuccessful", true),
                        .init(
                            "toolExecutionNotifications",
                            .array(
                                notes.map {
                                    .object([.init("level", "note"), .init("message", text($0))])
                                })),
                    ])
                ])),
            .init("columnKind", "unicodeCodePoints"),
            .init("results", .array(findings.map(result))),
        ])
    }

    private var driver: JSONValue {
        .object([
            .init("name", "cinch check"), .init("version", .string(CinchVersion.number)),
            .init("rules", .array(CheckRule.all.map(descriptor))),
        ])
    }

    private func descriptor(_ rule: LintRule) -> JSONValue {
        let markdown = "\(rule.why)\n\n```sql\n\(rule.example)\n```\n\n\(rule.fix)"
        let name = rule.code.split(separator: "-").map {
            $0.prefix(1).uppercased() + $0.dropFirst()
        }
        return .object([
            .init("id", .string(rule.code)), .init("name", .string(name.joined())),
            .init("shortDescription", text("\(rule.title).")),
            .init("fullDescription", text(rule.why)),
            .init(
                "help",
                .object([
                    .init("text", .string("\(rule.why)\n\n\(rule.example)\n\n\(rule.fix)")),
                    .init("markdown", .string(markdown)),
                ])),
            .init(
                "defaultConfiguration", .object([.init("level", .string(rule.severity.sarifLevel))])
            ),
            .init("properties", .object([.init("documentation", .string(rule.anchor))])),
        ])
    }

    private func result(_ item: CheckFinding) -> JSONValue {
        let finding = item.finding
        let index = CheckRule.all.firstIndex { $0.code == finding.code } ?? -1
        let message = finding.message + (finding.suggestion.map { ". \($0)" } ?? "")
        var members: [JSONValue.Member] = [
            .init("ruleId", .string(finding.code)), .init("ruleIndex", .integer(Int64(index))),
            .init("level", .string(finding.severity.sarifLevel)), .init("message", text(message)),
            .init("locations", .array([location(item)])),
            .init(
                "partialFingerprints",
                .object([.init("cinchFinding/v1", .string(Self.fingerprint(finding)))])),
        ]
        if let waiver = item.waiver {
            members.append(
                .init(
                    "suppressions",
                    .array([
                        .object([
                            .init("kind", "external"), .init("status", "accepted"),
                            .init("justification", .string(waiver.reason)),
                        ])
                    ])))
        }
        return .object(members)
    }

    private func location(_ item: CheckFinding) -> JSONValue {
        var members: [JSONValue.Member] = []
        if let file = item.file {
            members.append(
                .init(
                    "physicalLocation",
                    .object([
                        .init(
                            "artifactLocation",
                            .object([.init("uri", .string(PercentEncoding.path(file)))])),
                        .init("region", .object([.init("startLine", .integer(Int64(item.line)))])),
                    ])))
        }
        members.append(
            .init(
                "logicalLocations",
                .array([.object([.init("fullyQualifiedName", .string(item.finding.entity))])])))
        return .object(members)
    }

    private func text(_ text: String) -> JSONValue { .object([.init("text", .string(text))]) }

    /// The same for the same finding of a later commit, whatever line it is on.
    private static func fingerprint(_ finding: LintFinding) -> String {
        SHA256.hash(data: Array("\(finding.code)\0\(finding.entity)".utf8)).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension LintSeverity {
    fileprivate var sarifLevel: String { self == .info ? "note" : rawValue }
}
