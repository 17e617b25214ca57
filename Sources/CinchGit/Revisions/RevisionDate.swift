/// A date in a revision, `main@{2026-01-31}`, as git reads the same text.
///
/// `2026-01-31`, with ` 10:00`, `T10:00:00Z` or ` +0200` behind it, `yesterday`, `now`, `noon`,
/// `3 days ago`, `2.weeks.ago`. A day without a time is that day at the present time of day, as in
/// git. Unlike git, which skips words it doesn't know, any other text is refused.
package struct RevisionDate: Hashable, Sendable {
    /// Seconds since 1970-01-01 00:00 UTC.
    package let seconds: Int64

    /// Reads a date; nil for text that isn't one.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970, what `yesterday` and a day without a time are relative to.
    ///   - offsetMinutes: Minutes east of UTC, for dates without a zone.
    package init?(_ text: String, now: Int64, offsetMinutes: Int) {
        var parser = Parser(local: Int(now) + offsetMinutes * 60)
        let words = Self.words(text)
        guard !words.isEmpty else { return nil }
        for word in words where !parser.take(word) { return nil }
        guard parser.isComplete, let local = parser.local else { return nil }
        seconds = Int64(local - (parser.zone ?? offsetMinutes) * 60)
    }

    // Dots between words are spaces; a 'T' between digits parts date from time.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in text.lowercased().split(separator: " ") {
            let parts = word.split(separator: "t", maxSplits: 1).map(String.init)
            if parts.count == 2, word.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false,
                parts[0].contains("-")
            {
                words += parts
            } else if word.contains(":") {
                words.append(String(word))
            } else {
                words += word.split(separator: ".").map(String.init)
            }
        }
        return words
    }

    private struct Parser {
        private var date: CivilDate
        private var secondOfDay: Int
        private(set) var zone: Int?
        private var count: Int?
        private var hasDate = false
        private var hasTime = false
        private var hasSpan = false

        /// - Parameter local: Seconds since 1970 on the local clock.
        init(local: Int) {
            let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
            date = CivilDate(daysSince1970: day)
            secondOfDay = local - day * 86_400
        }

        /// Nothing was begun and left open, such as a number without its unit.
        var isComplete: Bool { count == nil }

        var local: Int? {
            let (seconds, overflow) = date.daysSince1970.multipliedReportingOverflow(by: 86_400)
            return overflow ? nil : seconds + secondOfDay
        }

        mutating func take(_ word: String) -> Bool {
            switch word {
            case "now", "today": return true
            case "ago": return hasSpan
            case "yesterday":
                goBack(seconds: 86_400)
                return true
            case "noon": return setTime(12 * 3600)
            case "midnight": return setTime(0)
            case "tea": return setTime(17 * 3600)
            case "z", "utc", "gmt":
                zone = 0
                return hasTime
            case "last": return setCount(1)
            default: break
            }
            let numbers = [
                "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            ]
            if let index = numbers.firstIndex(of: word) { return setCount(index + 1) }
            if let number = Int(word), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                return setCount(number)
            }
            return takeUnit(word) || takeDate(word) || takeTime(word) || takeZone(word)
        }

        private mutating func setCount(_ number: Int) -> Bool {
            guard count == nil, number < 1 << 20 else { return false }
            count = number
            return true
        }

        private mutating func setTime(_ seconds: Int) -> Bool {
            guard !hasTime else { return false }
            hasTime = true
            secondOfDay = seconds
            return true
        }

        private mutating func takeUnit(_ word: String) -> Bool {
            guard let number = count else { return false }
            let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
            let lengths = [
                "second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86_400,
                "week": 604_800,
            ]
            if let length = lengths[singular] {
                goBack(seconds: number * length)
            } else if singular == "month" {
                date = date.minus(months: number)
            } else if singular == "year" {
                date = date.minus(months: number * 12)
            } else {
                return false
            }
            count = nil
            hasSpan = true
            return true
        }

        private mutating func goBack(seconds: Int) {
            let total = date.daysSince1970 * 86_400 + secondOfDay - seconds
            self = with(local: total)
        }

        private func with(local: Int) -> Parser {
            var moved = self
            let start = Parser(local: local)
            moved.date = start.date
            moved.secondOfDay = start.secondOfDay
            return moved
        }

        private mutating func takeDate(_ word: String) -> Bool {
            let parts = word.split(separator: "-", omittingEmptySubsequences: false)
            guard !hasDate, parts.count == 3, parts[0].utf8.count == 4,
                let year = digits(parts[0]), let month = digits(parts[1]),
                let day = digits(parts[2]), parts[1].utf8.count <= 2, parts[2].utf8.count <= 2
            else { return false }
            let date = CivilDate(year: year, month: month, day: day)
            guard date.isReal else { return false }
            self.date = date
            hasDate = true
            return true
        }

        // hh:mm, hh:mm:ss or hh:mm:ss.fraction, with a zone behind it or not.
        private mutating func takeTime(_ word: String) -> Bool {
            let clock = word.prefix { $0 != "+" && $0 != "-" && $0 != "z" }
            let zone = word[clock.endIndex...]
            let parts = clock.split(separator: ".", maxSplits: 1)
            guard let whole = parts.first, parts.count == 1 || digits(parts[1]) != nil else {
                return false
            }
            let fields = whole.split(separator: ":", omittingEmptySubsequences: false)
                .map { digits($0) }
            guard fields.count == 2 || fields.count == 3, let hour = fields[0], hour < 24,
                let minute = fields[1], minute < 60,
                let second = fields.count == 3 ? fields[2] : 0, second <= 60
            else { return false }
            guard setTime(hour * 3600 + minute * 60 + second) else { return false }
            return zone.isEmpty || takeZone(String(zone))
        }

        // z, +hh, +hhmm or +hh:mm.
        private mutating func takeZone(_ word: String) -> Bool {
            guard hasTime, zone == nil else { return false }
            if word == "z" {
                zone = 0
                return true
            }
            let text = word.dropFirst().split(separator: ":").joined()
            guard word.hasPrefix("+") || word.hasPrefix("-"), let value = digits(text[...]),
                [2, 4].contains(text.utf8.count)
            else { return false }
            let minutes = text.utf8.count == 2 ? value * 60 : value / 100 * 60 + value % 100
            zone = word.hasPrefix("-") ? -minutes : minutes
            return true
        }

        private func digits(_ text: Substring) -> Int? {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int(text)
        }
    }
}
