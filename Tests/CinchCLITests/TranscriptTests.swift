import Foundation
import Testing

/// Stories in `Transcripts/`, each told in an empty folder.
///
/// `CINCH_RECORD=1 swift test --filter TranscriptTests` writes down what the commands say now,
/// and fails, so that a recording is read before it is believed.
@Suite("Transcripts")
struct TranscriptTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Transcripts")

    private static let stories: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".transcript") }.sorted()
    }()

    @Test func thereAreStories() {
        #expect(!Self.stories.isEmpty)
    }

    @Test(arguments: stories)
    func storyHoldsAsWritten(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let transcript = Transcript(text)
        var terminal = try Terminal()
        var actual = Normalizer(root: terminal.rootPath)
        var expected = Normalizer(root: "")
        var recorded: [Int: String] = [:]
        for command in transcript.commands {
            let answer = try terminal.run(command.text)
            let wanted = expected.normalize(command.expected)
            let got = actual.normalize(answer)
            if got != wanted {
                recorded[command.line] = got.text
                Issue.record(
                    """
                    \(name):\(command.line): $ \(command.text)
                    expected:
                    \(wanted.text)got:
                    \(got.text)
                    """)
            }
        }
        if ProcessInfo.processInfo.environment["CINCH_RECORD"] == "1", !recorded.isEmpty {
            try Self.rewrite(text, with: recorded, of: transcript)
                .write(to: file, atomically: true, encoding: .utf8)
        }
    }

    /// The file with other answers under some of its commands.
    private static func rewrite(
        _ text: String, with answers: [Int: String], of transcript: Transcript
    ) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var result: [String] = []
        var index = 0
        for command in transcript.commands {
            let first = command.line - 1
            result += lines[index..<first]
            let typed = command.text.split(separator: "\n", omittingEmptySubsequences: false).count
            result += lines[first..<(first + typed)]
            index = first + typed
            var end = index
            var wasEmpty = false
            while end < lines.count, !lines[end].hasPrefix("$ "),
                !(wasEmpty && lines[end].hasPrefix("#"))
            {
                wasEmpty = lines[end].isEmpty
                end += 1
            }
            guard let answer = answers[command.line] else {
                result += lines[index..<end]
                index = end
                continue
            }
            result += answer.split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast().map(String.init)
            let hadGap = end > index && lines[end - 1].isEmpty
            if hadGap || end == lines.count { result.append("") }
            index = end
        }
        result += lines[index...]
        return result.joined(separator: "\n")
    }
}
