import Foundation

/// Runs the real `git` on one repository: no configuration but the repository's, fixed dates,
/// no home, UTC.
package struct GitRunner: Sendable {
    /// What a failed run said.
    package struct Failure: Error, CustomStringConvertible {
        package let arguments: [String]
        package let status: Int32
        package let output: String
        package var description: String {
            "git \(arguments.joined(separator: " ")) exited with \(status): \(output)"
        }
    }

    /// The repository, `--git-dir`.
    package let directory: String
    /// Set for every run, over the hermetic environment.
    package var environment: [String: String]

    /// - Parameter directory: The bare repository, which need not exist yet.
    package init(_ directory: String) {
        self.directory = directory
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "HOME": "/nonexistent", "LC_ALL": "C", "TZ": "UTC", "GIT_DIR": directory,
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
            "GIT_TEST_DATE_NOW": "1767225600", "GIT_ADVICE": "0",
        ]
    }

    /// Runs git and gives its standard output without the last line feed.
    ///
    /// - Throws: `Failure` unless it exits with 0.
    @discardableResult
    package func callAsFunction(_ arguments: String..., input: [UInt8] = []) throws -> String {
        let text = String(decoding: try bytes(arguments, input: input), as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Runs git and gives the lines of its standard output.
    package func lines(_ arguments: String..., input: [UInt8] = []) throws -> [String] {
        String(decoding: try bytes(arguments, input: input), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// Runs git and gives its standard output as it is; standard error is in the failure.
    package func bytes(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let result = try run(arguments, input: input)
        guard result.status == 0 else {
            throw Failure(
                arguments: arguments, status: result.status,
                output: String(decoding: result.error, as: UTF8.self))
        }
        return result.output
    }

    /// Runs git and gives all it said, whatever its exit status.
    package func run(
        _ arguments: [String], input: [UInt8] = []
    ) throws -> (status: Int32, output: [UInt8], error: [UInt8]) {
        let scratch = try TemporaryDirectory()
        // Files, not pipes: no order of reading and writing can then block.
        for (name, content) in [("in", Data(input)), ("out", Data()), ("err", Data())] {
            try content.write(to: URL(fileURLWithPath: scratch.path(name)))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        process.standardInput = FileHandle(forReadingAtPath: scratch.path("in"))
        process.standardOutput = FileHandle(forWritingAtPath: scratch.path("out"))
        process.standardError = FileHandle(forWritingAtPath: scratch.path("err"))
        try process.run()
        process.waitUntilExit()
        func content(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))))
        }
        return (process.terminationStatus, try content("out"), try content("err"))
    }
}
