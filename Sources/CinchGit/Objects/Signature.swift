/// Who did something and when: the author, committer or tagger line of an object.
package struct Signature: Hashable, Sendable {
    package let name: String
    package let email: String
    /// Seconds since 1970-01-01 00:00 UTC.
    package let seconds: Int64
    /// Minutes east of UTC.
    package let offsetMinutes: Int

    /// Makes a signature as git cleans one: no line feeds, NULs or angle brackets, nothing but
    /// text at the ends. An empty name becomes the e-mail address, or 'unknown'.
    package init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        let email = Self.cleaned(email)
        let name = Self.cleaned(name)
        self.name = !name.isEmpty ? name : !email.isEmpty ? email : "unknown"
        self.email = email
        self.seconds = max(0, seconds)
        self.offsetMinutes = min(max(offsetMinutes, -5999), 5999)
    }

    /// Reads `name <email> seconds +hhmm`; `offset` is where it starts in the object.
    init(decoding text: some Collection<UInt8>, at offset: Int) throws(ObjectFormatError) {
        let bytes = Array(text)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "<")),
            let close = bytes.lastIndex(of: UInt8(ascii: ">")), open < close
        else { throw .expected("a name and an e-mail address in '<>'", at: offset) }
        let time = String(decoding: bytes[(close + 1)...], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: true)
        guard time.count == 2, let seconds = Int64(time[0]), seconds >= 0,
            let zone = Self.zone(time[1])
        else { throw .expected("a time and a zone", at: offset + close + 1) }
        var name = bytes[..<open]
        if name.last == UInt8(ascii: " ") { name.removeLast() }
        self.name = String(decoding: name, as: UTF8.self)
        email = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
        self.seconds = seconds
        offsetMinutes = zone
    }

    /// The signature as objects and reflogs hold it.
    package var line: String {
        let hours = abs(offsetMinutes) / 60
        let minutes = abs(offsetMinutes) % 60
        let zone = (hours < 10 ? "0" : "") + "\(hours)" + (minutes < 10 ? "0" : "") + "\(minutes)"
        return "\(name) <\(email)> \(seconds) \(offsetMinutes < 0 ? "-" : "+")\(zone)"
    }

    private static func zone(_ text: Substring) -> Int? {
        let digits = text.dropFirst()
        guard let sign = text.first, sign == "+" || sign == "-", (1...6).contains(digits.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(digits)
        else { return nil }
        let minutes = value / 100 * 60 + value % 100
        return sign == "-" ? -minutes : minutes
    }

    // git's "crud" (ident.c): dropped at the ends; line feeds and brackets dropped everywhere.
    private static func cleaned(_ text: String) -> String {
        let crud = ".,:;<>\"\\'"
        func isCrud(_ character: Character) -> Bool {
            crud.contains(character) || character.unicodeScalars.allSatisfy { $0.value <= 32 }
        }
        let scalars = text.unicodeScalars.filter { !["\n", "<", ">", "\0"].contains($0) }
        var rest = String(String.UnicodeScalarView(scalars))[...]
        while let first = rest.first, isCrud(first) { rest.removeFirst() }
        while let last = rest.last, isCrud(last) { rest.removeLast() }
        return String(rest)
    }
}
