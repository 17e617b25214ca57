import CinchGit
import CinchSchema

extension CheckReport {
    /// The report as one object with the version of its form.
    var json: JSONValue {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        return .object([
            .init("version", 1), .init("result", .string(result)),
            .init("base", text(base)), .init("base_commit", text(baseCommit)),
            .init("head", .string(head)), .init("head_commit", .string(headCommit)),
            .init("fail_on", .string(failingSeverity.rawValue)),
            .init(
                "counts",
                .object([
                    .init("error", .integer(Int64(count(.error)))),
                    .init("warning", .integer(Int64(count(.warning)))),
                    .init("info", .integer(Int64(count(.info)))),
                    .init("waived", .integer(Int64(waivedCount))),
                ])),
            .init("findings", .array(findings.map(json))),
            .init("notes", .array(notes.map { .string($0) })),
        ])
    }

    private func json(_ item: CheckFinding) -> JSONValue {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        let finding = item.finding
        return .object([
            .init("code", .string(finding.code)),
            .init("severity", .string(finding.severity.rawValue)),
            .init("fails", .boolean(fails(item))),
            .init("entity", .string(finding.entity)),
            .init("message", .string(finding.message)),
            .init("suggestion", text(finding.suggestion)),
            .init("file", text(item.file)),
            .init("line", item.file == nil ? .null : .integer(Int64(item.line))),
            .init("dropped", .boolean(finding.place?.isBefore == true)),
            .init("help", text(CheckRule.named(finding.code)?.anchor)),
            .init(
                "waiver",
                item.waiver.map { waiver in
                    .object([
                        .init("reason", .string(waiver.reason)),
                        .init("until", text(waiver.lastDay)),
                        .init("commit", text(waiver.commit?.hex)),
                    ])
                } ?? .null),
        ])
    }
}
