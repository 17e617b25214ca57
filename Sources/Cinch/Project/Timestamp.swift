import CinchGit

/// A moment with the time zone it was noted in, as git keeps it in commits.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public var seconds: Int64
    /// Minutes the zone is east of UTC.
    public var offsetMinutes: Int

    /// Makes a moment.
    public init(seconds: Int64, offsetMinutes: Int = 0) {
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// Reads `@1700000000 +0100`, `1700000000 +0100` (git's own form), `2026-01-31`,
    /// `2026-01-31 12:00:00` or `2026-01-31T12:00:00`, the last two with an optional fraction,
    /// which is dropped, and a zone: `Z`, `+01:00` or `+0100`. Without a zone it is UTC, so that a
    /// fixed date means the same everywhere.
    ///
    /// - Throws: `CinchError` with `.invalid`.
    public init(parsing text: String) throws {
        var reader = TimestampReader(text)
        guard let value = reader.read() else {
            throw CinchError(
                code: .invalid, message: "'\(TerminalText.escaped(text))' is not a date",
                hint: "Write '@1700000000 +0000' or '2026-01-31T12:00:00Z'.")
        }
        self = value
    }

    /// Git's form, `1700000000 +0100`.
    public var description: String {
        let minutes = abs(offsetMinutes)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(seconds) \(offsetMinutes < 0 ? "-" : "+")\(two(minutes / 60))\(two(minutes % 60))"
    }
}

private struct TimestampReader {
    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
    }

    mutating func read() -> Timestamp? {
        let text = rest
        if let raw = readRaw() { return raw }
        rest = text
        return readCalendar()
    }

    /// `@seconds zone`. Without the `@` at least nine digits, as in git, so that no year is
    /// taken for a moment in 1970.
    private mutating func readRaw() -> Timestamp? {
        let isMarked = take("@")
        let isNegative = isMarked && take("-")
        guard let digits = takeDigits(1...12), isMarked || digits.count >= 9,
            let number = Int64(digits)
        else { return nil }
        guard !rest.isEmpty else {
            return isMarked ? Timestamp(seconds: isNegative ? -number : number) : nil
        }
        guard take(" "), let offset = readZone(), rest.isEmpty else { return nil }
        return Timestamp(seconds: isNegative ? -number : number, offsetMinutes: offset)
    }

    private mutating func readCalendar() -> Timestamp? {
        guard let year = takeNumber(4, 1...9999), take("-"), let month = takeNumber(2, 1...12),
            take("-"), let day = takeNumber(2, 1...Self.days(in: month, of: year))
        else { return nil }
        var seconds =
            Int64(
                CivilDate(year: Int(year), month: Int(month), day: Int(day)).daysSince1970) * 86_400
        guard !rest.isEmpty else { return Timestamp(seconds: seconds) }
        guard take("T") || take(" "), let hour = takeNumber(2, 0...23), take(":"),
            let minute = takeNumber(2, 0...59)
        else { return nil }
        seconds += hour * 3600 + minute * 60
        if take(":") {
            // A leap second counts as the one before it, as in POSIX time.
            guard let second = takeNumber(2, 0...60) else { return nil }
            seconds += min(second, 59)
            if take(".") { guard takeDigits(1...12) != nil else { return nil } }
        }
        _ = take(" ")
        guard !rest.isEmpty else { return Timestamp(seconds: seconds) }
        guard let offset = readZone(), rest.isEmpty else { return nil }
        return Timestamp(seconds: seconds - Int64(offset) * 60, offsetMinutes: offset)
    }

    private mutating func readZone() -> Int? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = takeNumber(2, 0...14) else { return nil }
        _ = take(":")
        guard let minutes = takeNumber(2, 0...59) else { return nil }
        let offset = Int(hours * 60 + minutes)
        return isWest ? -offset : offset
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func takeDigits(_ counts: ClosedRange<Int>) -> Substring? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard counts.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private mutating func takeNumber(_ count: Int, _ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int64(digits), range.contains(number)
        else { return nil }
        rest = rest.dropFirst(count)
        return number
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
