import CinchTestSupport
import Foundation

/// A shell in a folder of its own, with the `cinch` that was just built first on its path, no
/// configuration of the user's, a clock of its own, and no terminal.
struct Terminal {
    /// What a command printed and how it ended.
    struct Answer: Equatable {
        /// Lines of standard output, or of both streams as they came when these are joined.
        var output: [String] = []
        /// Lines of standard error.
        var error: [String] = []
        var status: Int32 = 0

        mutating func dropEmptyEnd() {
            while output.last?.isEmpty == true { output.removeLast() }
            while error.last?.isEmpty == true { error.removeLast() }
        }

        /// As a transcript writes it.
        var text: String {
            var lines = output + error.map { $0.isEmpty ? "2|" : "2| " + $0 }
            if status != 0 { lines.append("[\(status)]") }
            return lines.map { $0 + "\n" }.joined()
        }
    }

    /// The build folder holds no `cinch`.
    struct NoExecutable: Error, CustomStringConvertible {
        let looked: [String]
        var description: String {
            "no 'cinch' in \(looked.joined(separator: ", ")): run 'swift build' first"
        }
    }

    private let root: TemporaryDirectory
    private let streams: TemporaryDirectory
    private let tools: String
    private var folder: String
    /// Seconds since 1970; a minute later for each command, so that no order depends on the clock.
    private var time = 1_700_000_000

    /// The empty folder the story starts in.
    var rootPath: String { root.path }

    /// - Throws: `NoExecutable` when the tests were built without the command line.
    init() throws {
        root = try TemporaryDirectory()
        streams = try TemporaryDirectory()
        tools = try Self.executableFolder()
        folder = root.path
    }

    /// The folder with what makes system calls fail.
    static let faults = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Faults").path

    /// Where SwiftPM put `cinch`: beside the test bundle, which on Linux is this very process.
    static func executableFolder() throws -> String {
        let arguments = CommandLine.arguments
        let bundles = arguments.prefix(1) + arguments.filter { $0.contains(".xctest") }
        var folders: [String] = []
        for bundle in bundles {
            var url = URL(fileURLWithPath: bundle).resolvingSymlinksInPath()
            while url.path.contains(".xctest") { url.deleteLastPathComponent() }
            folders.append(url.hasDirectoryPath ? url.path : url.deletingLastPathComponent().path)
        }
        for folder in folders
        where FileManager.default.isExecutableFile(atPath: folder + "/cinch") {
            return folder
        }
        throw NoExecutable(looked: folders)
    }

    /// Runs one command in bash and stays in the folder it leaves the shell in.
    ///
    /// - Parameter joined: Whether standard error goes where standard output goes, as it does on
    ///   a terminal.
    mutating func run(_ command: String, joined: Bool = false) throws -> Answer {
        time += 60
        // Files, not pipes: no order of reading and writing can then block.
        for name in ["out", "err", "folder"] {
            try Data().write(to: URL(fileURLWithPath: streams.path(name)))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "--noprofile", "--norc", "-c", "trap 'pwd >\"$CINCH_TEST_FOLDER\"' EXIT\n" + command,
        ]
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let output = FileHandle(forWritingAtPath: streams.path("out"))
        process.standardOutput = output
        process.standardError =
            joined ? output : FileHandle(forWritingAtPath: streams.path("err"))
        try process.run()
        process.waitUntilExit()
        if let last = try lines("folder").first { folder = last }
        var answer = Answer(
            output: try lines("out"), error: try lines("err"), status: process.terminationStatus)
        answer.dropEmptyEnd()
        return answer
    }

    private func lines(_ name: String) throws -> [String] {
        let data = try Data(contentsOf: URL(fileURLWithPath: streams.path(name)))
        return String(decoding: data, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private var environment: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return [
            "PATH": "\(tools):\(path)", "HOME": root.path, "LC_ALL": "C", "TZ": "UTC",
            "CINCH_TEST_FOLDER": streams.path("folder"), "PWD": folder,
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
            "CINCH_DATE": "\(time) +0000", "FAULTS": Self.faults,
        ]
    }
}
