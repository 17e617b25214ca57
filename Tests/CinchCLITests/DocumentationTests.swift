import Foundation
import Testing

/// The sessions that README.md and docs show are run, block by block in one shell a file, and
/// must print what the reader is told they print.
@Suite("Documentation")
struct DocumentationTests {
    private static let top = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let pages: [String] = {
        let docs = try? FileManager.default.contentsOfDirectory(
            atPath: top.appendingPathComponent("docs").path)
        let pages = ["README.md"] + (docs ?? []).sorted().map { "docs/\($0)" }
        return pages.filter { name in
            name.hasSuffix(".md") && !((try? sessions(of: name)) ?? []).isEmpty
        }
    }()

    /// The ```` ```console ```` blocks of a page, each with the number of its first line.
    private static func sessions(of name: String) throws -> [(text: String, firstLine: Int)] {
        let page = try String(contentsOf: top.appendingPathComponent(name), encoding: .utf8)
        var sessions: [(text: String, firstLine: Int)] = []
        var block: [String]?
        for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line == "```console" {
                block = []
            } else if line == "```", let lines = block {
                sessions.append((lines.joined(separator: "\n"), index + 1 - lines.count))
                block = nil
            } else {
                block?.append(String(line))
            }
        }
        return sessions
    }

    @Test func theReadMeShowsASession() {
        #expect(Self.pages.contains("README.md"))
    }

    @Test(arguments: pages)
    func sessionPrintsWhatThePageSays(_ name: String) throws {
        var terminal = try Terminal()
        var actual = Normalizer(root: terminal.rootPath)
        // On a page the folder somebody starts in is the home folder.
        var expected = Normalizer(root: "~")
        for session in try Self.sessions(of: name) {
            for command in Transcript(session.text, firstLine: session.firstLine).commands {
                // A page shows what a reader sees: both streams, and no exit status.
                var answer = try terminal.run(command.text, joined: true)
                if command.expected.status == 0 { answer.status = 0 }
                let wanted = expected.normalize(command.expected)
                let got = actual.normalize(answer)
                if got != wanted {
                    Issue.record(
                        """
                        \(name):\(command.line): $ \(command.text)
                        the page says:
                        \(wanted.text)cinch says:
                        \(got.text)
                        """)
                }
            }
        }
    }

    @Test func theManualHasEveryCommand() throws {
        let manual = try String(
            contentsOf: Self.top.appendingPathComponent("docs/cli.md"), encoding: .utf8)
        var terminal = try Terminal()
        for command in try Self.commands(under: "", in: &terminal) {
            let inner = try Self.commands(under: command, in: &terminal)
            for name in inner.isEmpty ? [command] : inner.map({ "\(command) \($0)" }) {
                #expect(manual.contains("`cinch \(name)"), "docs/cli.md lacks 'cinch \(name)'")
            }
        }
    }

    /// What `--help` lists as subcommands of a command.
    private static func commands(
        under command: String, in terminal: inout Terminal
    ) throws -> [String] {
        var names: [String] = []
        var isList = false
        for line in try terminal.run("cinch \(command) --help").output {
            if line.hasSuffix("SUBCOMMANDS:") {
                isList = true
            } else if !line.hasPrefix(" ") {
                isList = isList && line.isEmpty
            } else if isList, line.hasPrefix("  "), !line.hasPrefix("   "),
                let name = line.split(separator: " ").first, name != "See"
            {
                names.append(String(name))
            }
        }
        return names
    }
}
