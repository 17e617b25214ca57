package import CinchGit
package import CinchSchema

/// Somebody's word, in a commit's message, that a finding is all right.
///
///     Cinch-Waive: drop-column users.phone until 2027-01-31: moved to contacts
///
/// The entity may have `*` and `?` in it, and stands for all of them where it is left out. What
/// a word can't hold in an entity is percent-encoded. The date is the last day, in UTC.
package struct Waiver: Hashable, Sendable {
    static let key = "Cinch-Waive"

    /// The rule's code.
    package var code: String
    /// What may be found; absent for anything.
    package var entity: LintPattern?
    /// The last day it counts, as `YYYY-MM-DD`; absent when it always does.
    package var lastDay: String?
    /// Why; a waiver without a reason does not count.
    package var reason: String
    /// The commit that says so; absent in one that is to be written.
    package var commit: ObjectID?

    /// Makes a waiver.
    package init(
        code: String, entity: String?, lastDay: String?, reason: String, commit: ObjectID? = nil
    ) {
        self.code = code
        self.entity = entity.map(LintPattern.init)
        self.lastDay = lastDay
        self.reason = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.commit = commit
    }

    /// Reads what stands behind the key; absent for what is no waiver.
    init?(parsing text: String, commit: ObjectID?) {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        var words = text[..<colon].split(separator: " ").map(String.init)
        guard let code = words.first else { return nil }
        words.removeFirst()
        var lastDay: String?
        if words.count >= 2, words[words.count - 2] == "until" {
            guard Self.lastSecond(of: words[words.count - 1]) != nil else { return nil }
            lastDay = words.removeLast()
            words.removeLast()
        }
        guard words.count <= 1 else { return nil }
        self.init(
            code: code, entity: words.first.map(Self.decoded), lastDay: lastDay,
            reason: String(text[colon...].dropFirst()), commit: commit)
    }

    /// As it stands behind the key.
    var text: String {
        var words = [code]
        if let entity { words.append(Self.encoded(entity.description)) }
        if let lastDay { words += ["until", lastDay] }
        return words.joined(separator: " ") + ": " + reason
    }

    /// The waivers in the trailers of a message, its last paragraph, and the lines that are none.
    static func all(
        in message: String, commit: ObjectID
    ) -> (waivers: [Waiver], unreadable: [String]) {
        var paragraph: [Substring] = []
        let lines = message.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for line in lines {
            if line.allSatisfy(\.isWhitespace) {
                if paragraph.last != "" { paragraph.append("") }
            } else {
                if paragraph.last == "" { paragraph = [] }
                paragraph.append(line)
            }
        }
        var waivers: [Waiver] = []
        var unreadable: [String] = []
        for line in paragraph {
            guard let colon = line.firstIndex(of: ":"),
                Identifier(String(line[..<colon])).matches(Identifier(key))
            else { continue }
            let text = String(line[line.index(after: colon)...])
            if let waiver = Waiver(parsing: text, commit: commit) {
                waivers.append(waiver)
            } else {
                unreadable.append(String(line))
            }
        }
        return (waivers, unreadable)
    }

    // MARK: Whether it counts

    /// Why it doesn't count; absent when it does.
    func refusal(now: Timestamp) -> String? {
        guard let rule = CheckRule.named(code) else { return "there is no rule '\(code)'" }
        guard rule.isWaivable else { return "'\(code)' can't be waived" }
        guard !reason.isEmpty else { return "it gives no reason" }
        if let lastDay, let end = Self.lastSecond(of: lastDay), now.seconds > end {
            return "it has expired on \(lastDay)"
        }
        return nil
    }

    /// Whether it is about a finding.
    func covers(_ finding: LintFinding) -> Bool {
        code == finding.code && entity?.matches(finding.entity) != false
    }

    /// The last second of a day that is written `YYYY-MM-DD`, in UTC; absent for anything else.
    static func lastSecond(of day: String) -> Int64? {
        let parts = day.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]),
            let month = Int(parts[1]), let number = Int(parts[2]),
            parts.allSatisfy({
                $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            })
        else { return nil }
        let date = CivilDate(year: year, month: month, day: number)
        guard (1...12).contains(month), CivilDate(daysSince1970: date.daysSince1970) == date else {
            return nil
        }
        return (Int64(date.daysSince1970) + 1) * 86_400 - 1
    }

    // MARK: Words

    private static func encoded(_ entity: String) -> String {
        PercentEncoding.encode(entity) { byte in
            byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: ":") && byte != UInt8(ascii: "%")
        }
    }

    private static func decoded(_ word: String) -> String { PercentEncoding.decode(word) }
}
