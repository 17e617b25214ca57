import Cinch
import CinchGit
import CinchSchema

/// Prints commits as git does.
enum CommitOutput {
    static func header(_ entry: RevisionWalk.Entry, decorations: [ObjectID: [String]]) -> [String] {
        let names = decorations[entry.id].map { " (\($0.joined(separator: ", ")))" } ?? ""
        var lines = ["commit \(entry.id.hex)\(names)"]
        if entry.commit.parents.count > 1 {
            lines.append(
                "Merge: " + entry.commit.parents.map { $0.abbreviated() }.joined(separator: " "))
        }
        let author = entry.commit.author
        lines.append("Author: \(author.name) <\(author.email)>")
        lines.append(
            "Date:   "
                + Timestamp(seconds: author.seconds, offsetMinutes: author.offsetMinutes).gitText)
        lines.append("")
        lines += message(entry.commit).map { $0.isEmpty ? "" : "    " + $0 }
        return lines
    }

    static func oneLine(_ entry: RevisionWalk.Entry, decorations: [ObjectID: [String]]) -> String {
        let names = decorations[entry.id].map { "(\($0.joined(separator: ", "))) " } ?? ""
        return "\(entry.id.abbreviated()) \(names)\(entry.commit.subject)"
    }

    private static func message(_ commit: Commit) -> [String] {
        var lines = commit.message.split(separator: "\n", omittingEmptySubsequences: false)
            .map { TerminalSafe.text(String($0)) }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// Text from outside on a terminal: control characters are escaped.
enum TerminalSafe {
    static func text(_ text: String) -> String { TerminalText.escaped(text) }
}
