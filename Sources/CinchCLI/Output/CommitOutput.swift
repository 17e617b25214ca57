import Cinch
import CinchGit
import CinchSchema

/// Prints commits as git does.
enum CommitOutput {
    static func header(_ entry: RevisionWalk.Entry, decorations: [ObjectID: [String]]) -> [String] {
        let names = decorations[entry.id].map { " \(parenthesized($0))" } ?? ""
        var lines = [Style.yellow("commit \(entry.id.hex)") + names]
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
        let names = decorations[entry.id].map { "\(parenthesized($0)) " } ?? ""
        return Style.yellow(entry.id.abbreviated())
            + " \(names)\(TerminalSafe.text(entry.commit.subject))"
    }

    private static func parenthesized(_ names: [String]) -> String {
        let names = names.map { name in
            name.hasPrefix("HEAD")
                ? Style.cyan(name)
                : name.hasPrefix("tag: ") ? Style.yellow(name) : Style.green(name)
        }
        return Style.yellow("(") + names.joined(separator: Style.yellow(", ")) + Style.yellow(")")
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
