import Cinch
import CinchSchema
import Foundation
import Testing

/// docs/lint.md explains every rule in the words of the rules' own table.
@Suite struct LintPageTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/lint.md")

    /// Where what is made from the table begins.
    private static let mark = "# Rules\n"

    @Test func thePageAndTheTableAgree() throws {
        let page = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(page.range(of: Self.mark))
        let wanted = "\n" + CheckRule.all.map(\.section).joined(separator: "\n")
        if ProcessInfo.processInfo.environment["CINCH_RECORD"] == "1" {
            try (page[..<start.upperBound] + wanted).write(
                to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(String(page[start.upperBound...]) == wanted)
    }
}
