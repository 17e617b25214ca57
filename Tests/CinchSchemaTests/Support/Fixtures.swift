import Foundation
import Testing

/// Files beside the tests; `CINCH_RECORD=1` rewrites the expected ones and fails the run.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The text of a file; empty when it isn't there.
    static func text(_ path: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    /// The names of the files in a folder that end in `suffix`, in order.
    static func names(in path: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent(path).path)
        return (files ?? []).sorted()
    }

    /// Compares `text` with the file, or writes the file when recording.
    static func expect(
        _ text: String, toEqual path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if ProcessInfo.processInfo.environment["CINCH_RECORD"] != nil {
            try text.write(
                to: folder.appendingPathComponent(path), atomically: true, encoding: .utf8)
            Issue.record("recorded \(path)", sourceLocation: sourceLocation)
        } else {
            #expect(text == self.text(path), "\(path)", sourceLocation: sourceLocation)
        }
    }
}
