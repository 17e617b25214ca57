import CinchSchema

/// The string literals of a source file, in order.
struct SourceLiterals {
    struct Literal {
        /// Its value, as far as escapes are those that most languages have.
        var value: [UInt8]
        /// The line it begins on.
        var line: Int
        /// Where its opening and the end of its closing delimiter are.
        var start: Int
        var end: Int
        /// Whether something is put into it at run time.
        var isInterpolated: Bool
    }

    private(set) var literals: [Literal] = []
    private let text: [UInt8]
    private let language: SourceLanguage
    private var at = 0
    private var line = 1
    private var isAfterWord = false
    /// The last byte of code that is no space.
    private var previous: UInt8 = 0
    /// Texts of whole lines that begin after this one.
    private var awaited: [HereDocument] = []

    init(_ text: [UInt8], _ language: SourceLanguage) {
        self.text = text
        self.language = language
        if language.isInMarkup, text.contains("<?".utf8) { skip(to: "<?") }
        while at < text.count { step() }
    }

    private mutating func skip(to mark: String) {
        while at < text.count, !isHere(mark) { advance(1) }
    }

    private mutating func step() {
        for mark in language.lineComments where isHere(mark) {
            while at < text.count, text[at] != 0x0A { at += 1 }
            return
        }
        if language.hasBlockComments, isHere("/*") {
            skipComment()
            return
        }
        if language.isInMarkup, isHere("?>") {
            skip(to: "<?")
            return
        }
        if text[at] == 0x0A, !awaited.isEmpty {
            advance(1)
            for document in awaited { read(document) }
            awaited = []
            return
        }
        if let document = HereDocument(text[at...], after: previous, language) {
            awaited.append(document)
            advance(document.markerCount)
            return
        }
        if language.hasRegularExpressions, let count = regularExpressionCount() {
            advance(count)
            previous = UInt8(ascii: "/")
            return
        }
        for quote in language.quotes where isHere(quote.open) {
            // The letter before a quote may be the end of a name.
            let first = quote.open.utf8.first ?? 0
            if isAfterWord, first.isIdentifierByte { continue }
            read(quote)
            isAfterWord = false
            previous = 0x22
            return
        }
        // A character, not a text: 'x', '\n', '"'.
        if text[at] == 0x27 {
            let count = at + 1 < text.count && text[at + 1] == UInt8(ascii: "\\") ? 3 : 2
            if at + count < text.count, text[at + count] == 0x27 { advance(count) }
        }
        isAfterWord = text[at].isIdentifierByte
        if text[at] > 0x20 { previous = text[at] }
        advance(1)
    }

    private mutating func skipComment() {
        advance(2)
        var depth = 1
        while at < text.count, depth > 0 {
            if isHere("*/") {
                depth -= 1
                advance(2)
            } else if language.nestsComments, isHere("/*") {
                depth += 1
                advance(2)
            } else {
                advance(1)
            }
        }
    }

    /// The length of a regular expression that is here; absent where a slash divides.
    private func regularExpressionCount() -> Int? {
        guard text[at] == UInt8(ascii: "/"),
            previous == 0 || "(,=:[!&|?{;+".utf8.contains(previous)
        else { return nil }
        var isInClass = false
        var place = at + 1
        while place < text.count, text[place] != 0x0A {
            switch text[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "["): isInClass = true
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "/") where !isInClass: return place + 1 - at
            default: break
            }
            place += 1
        }
        return nil
    }

    private mutating func read(_ document: HereDocument) {
        guard let end = document.end(in: text[at...]) else { return }
        let (start, line) = (at, self.line)
        let value = Array(text[at..<end.body])
        literals.append(
            Literal(
                value: value, line: line, start: start, end: end.word,
                isInterpolated: document.isInterpolated(value)))
        advance(end.word - at)
        previous = 0x22
    }

    private mutating func read(_ quote: SourceLanguage.Quote) {
        let (start, line) = (at, self.line)
        advance(quote.open.utf8.count)
        var value: [UInt8] = []
        var isInterpolated = false
        while at < text.count {
            if isHere(quote.close) {
                guard quote.isDoubled, isHere(quote.close + quote.close) else { break }
                value += quote.close.utf8
                advance(quote.close.utf8.count * 2)
                continue
            }
            // Not a literal at all: an apostrophe, or a mark in a regular expression.
            if text[at] == 0x0A, !language.spansLines(quote) { return }
            if let mark = quote.interpolations.first(where: isHere) {
                // A dollar sign before a digit is a parameter of SQL's.
                let next = at + 1 < text.count ? text[at + 1] : 0
                let isParameter =
                    mark == "$" && !(next.isIdentifierByte && !(0x30...0x39).contains(next))
                if !isParameter { isInterpolated = true }
            }
            if text[at] == UInt8(ascii: "\\"), !quote.isRaw, at + 1 < text.count {
                advance(1)
                value += Self.unescaped(text[at])
                advance(1)
                continue
            }
            if text[at] == UInt8(ascii: "\\"), quote.keepsEscapes, at + 1 < text.count {
                value.append(text[at])
                advance(1)
            }
            value.append(text[at])
            advance(1)
        }
        advance(quote.close.utf8.count)
        literals.append(
            Literal(
                value: value, line: line, start: start, end: min(at, text.count),
                isInterpolated: isInterpolated))
    }

    private static func unescaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "n"): [0x0A]
        case UInt8(ascii: "t"), UInt8(ascii: "r"): [0x20]
        case 0x0A: []
        default: [byte]
        }
    }

    private func isHere(_ mark: String) -> Bool { text[at...].starts(with: mark.utf8) }

    private mutating func advance(_ count: Int) {
        for _ in 0..<count where at < text.count {
            if text[at] == 0x0A { line += 1 }
            at += 1
        }
    }
}
