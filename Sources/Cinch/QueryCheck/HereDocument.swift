import CinchSchema

/// A text of whole lines, as Ruby and PHP have it: `<<~SQL` and the lines up to one with that word.
struct HereDocument {
    /// The length of what begins it.
    let markerCount: Int
    private let word: [UInt8]
    private let isPlain: Bool
    private let isContinued: Bool
    private let isPHP: Bool

    /// What begins here; absent when nothing does.
    ///
    /// - Parameter previous: The byte of code before it, which tells a shift to the left.
    init?(_ text: ArraySlice<UInt8>, after previous: UInt8, _ language: SourceLanguage) {
        guard !language.hereDocument.isEmpty, text.starts(with: language.hereDocument.utf8) else {
            return nil
        }
        isPHP = language.isInMarkup
        var rest = text.dropFirst(language.hereDocument.utf8.count)
        var isSure = isPHP
        if isPHP {
            rest = rest.drop { $0 == 0x20 }
        } else if let byte = rest.first, byte == UInt8(ascii: "~") || byte == UInt8(ascii: "-") {
            rest.removeFirst()
            isSure = true
        }
        let quote = rest.first.flatMap { $0 == 0x27 || $0 == 0x22 ? $0 : nil }
        if quote != nil { rest.removeFirst() }
        let name = rest.prefix { $0.isIdentifierByte }
        guard let first = name.first, !(0x30...0x39).contains(first),
            isSure || (0x41...0x5A).contains(first) && "=(,[{".utf8.contains(previous)
        else { return nil }
        rest = rest.dropFirst(name.count)
        if let quote {
            guard rest.first == quote else { return nil }
            rest.removeFirst()
        }
        word = Array(name)
        isPlain = quote == 0x27
        markerCount = rest.startIndex - text.startIndex
        let next = rest.drop { $0 == 0x20 }.first
        isContinued = next == UInt8(ascii: "%") || next == language.plus && !isPHP
        guard end(in: rest.drop { $0 != 0x0A }.dropFirst()) != nil else { return nil }
    }

    /// Where the text ends, and the word that ends it; absent when none does.
    func end(in text: ArraySlice<UInt8>) -> (body: Int, word: Int)? {
        var start = text.startIndex
        while start < text.endIndex {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.endIndex
            let line = text[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
            if line.starts(with: word) {
                let rest = line.dropFirst(word.count)
                let isWhole = rest.allSatisfy { $0 == 0x20 || $0 == 0x0D }
                if isWhole || isPHP && rest.first?.isIdentifierByte == false {
                    return (start, rest.startIndex)
                }
            }
            start = end + 1
        }
        return nil
    }

    /// Whether something is put in at run time.
    func isInterpolated(_ body: [UInt8]) -> Bool {
        if isContinued { return true }
        if isPlain { return false }
        return body.indices.dropLast().contains { place in
            let next = body[place + 1]
            if !isPHP { return body[place] == UInt8(ascii: "#") && next == UInt8(ascii: "{") }
            guard body[place] == UInt8(ascii: "$") else { return false }
            return next == UInt8(ascii: "{")
                || next.isIdentifierByte && !(0x30...0x39).contains(next)
        }
    }
}
