/// A story told at a terminal: commands and what each must print.
///
///     # A line after an empty one that starts with a number sign is a comment.
///     $ cinch tenant create acme \
///     > --json
///     a line of standard output
///     2| a line of standard error
///     [5]
///
/// The exit status is written only when it is not 0.
struct Transcript {
    /// One command with what it must do.
    struct Command {
        /// What is typed, with its continuation lines.
        var text: String
        /// The line of the file the command starts at, from 1.
        var line: Int
        var expected: Terminal.Answer
    }

    var commands: [Command] = []

    /// Reads a transcript; what stands before the first command is ignored.
    ///
    /// - Parameter firstLine: The number of the first line in its file.
    init(_ text: String, firstLine: Int = 1) {
        var isExpectation = false
        var wasEmpty = true
        for (offset, substring) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = String(substring)
            defer { wasEmpty = line.isEmpty }
            if line.hasPrefix("$ ") {
                commands.append(
                    Command(
                        text: String(line.dropFirst(2)), line: firstLine + offset,
                        expected: .init()))
                isExpectation = true
            } else if isExpectation, line.hasPrefix("> "), isContinued {
                commands[commands.count - 1].text += "\n" + line.dropFirst(2)
            } else if wasEmpty, line.hasPrefix("#") {
                isExpectation = false
            } else if isExpectation {
                expect(line)
            }
        }
        for index in commands.indices { commands[index].expected.dropEmptyEnd() }
    }

    private var isContinued: Bool {
        guard let last = commands.last else { return false }
        return last.text.hasSuffix("\\") && last.expected.output.isEmpty
    }

    private mutating func expect(_ line: String) {
        let last = commands.count - 1
        if line.hasPrefix("2| ") {
            commands[last].expected.error.append(String(line.dropFirst(3)))
        } else if line == "2|" {
            commands[last].expected.error.append("")
        } else if line.hasPrefix("["), line.hasSuffix("]"),
            let status = Int32(line.dropFirst().dropLast())
        {
            commands[last].expected.status = status
        } else {
            commands[last].expected.output.append(line)
        }
    }
}
