import CinchSchema

extension SQLValue {
    /// Reads a word from a command line as a value for a column of the given type.
    ///
    /// - `null` in any case is NULL; `'null'` is the text. Text in single quotes is always the
    ///   text inside, `''` standing for one quote.
    /// - For BOOLEAN columns: true, false, 1 or 0.
    /// - For TEXT columns: the word as it stands.
    /// - For integer and real columns: a number.
    /// - For BLOB columns: `x'0A'`, or the word as text.
    /// - For other and unknown types: a number if writing it would give the same word back,
    ///   otherwise the text, so that `007` and `1.50` are never changed.
    ///
    /// - Parameters:
    ///   - word: The word, without the shell's own quotes.
    ///   - declaredType: The column's type; `nil` if it has none or is not known.
    /// - Throws: `CinchError` with `.invalid` for a word the column's type can't hold.
    package init(word: String, declaredType: String? = nil) throws {
        if SQLText.folded(word) == "null" {
            self = .null
            return
        }
        if word.utf8.count >= 2, word.hasPrefix("'"), word.hasSuffix("'"), SQLText.isConfined(word),
            SQLText.end(ofTokenAt: 0, in: Array(word.utf8)) == word.utf8.count
        {
            self = .text(String(word.dropFirst().dropLast()).replacing("''", with: "'"))
            return
        }
        if QueryResult.Column(name: "", declaredType: declaredType).isBoolean {
            self = try Self.boolean(word)
            return
        }
        switch Affinity(declaredType: declaredType) {
        case .text: self = .text(word)
        case .integer, .real:
            guard let number = Self.number(word) else {
                throw CinchError(
                    code: .invalid,
                    message: "A \(declaredType ?? "numeric") column takes a number",
                    hint: "Write text into a numeric column as 'text' in single quotes.")
            }
            self = number
        case .blob where declaredType != nil && !(declaredType ?? "").isEmpty:
            self = Self.hexadecimal(word).map { .blob($0) } ?? .text(word)
        case .blob, .numeric:
            let number = Self.number(word)
            switch number {
            case .integer(let value) where String(value) == word: self = .integer(value)
            case .real(let value) where value.description == word: self = .real(value)
            default: self = .text(word)
            }
        }
    }

    /// A decimal number; whole numbers beyond 64 bits are none, since they would lose digits.
    static func number(_ word: String) -> SQLValue? {
        guard let first = word.utf8.first, first < 0x80,
            word.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
        else { return nil }
        if let value = Int64(word) { return .integer(value) }
        guard word.utf8.contains(where: { ".eE".utf8.contains($0) }), let value = Double(word),
            value.isFinite
        else { return nil }
        return .real(value)
    }

    private static func boolean(_ word: String) throws -> SQLValue {
        switch SQLText.folded(word) {
        case "true", "1": return .boolean(true)
        case "false", "0": return .boolean(false)
        default:
            throw CinchError(
                code: .invalid, message: "A BOOLEAN column takes true or false",
                hint: "Write true, false or null.")
        }
    }

    /// The bytes of `x'…'`; `nil` for anything else.
    static func hexadecimal(_ word: String) -> [UInt8]? {
        let folded = SQLText.folded(word)
        guard folded.hasPrefix("x'"), folded.hasSuffix("'"), folded.utf8.count >= 3 else {
            return nil
        }
        let digits = Array(folded.dropFirst(2).dropLast())
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard digits[start].isASCII, digits[start + 1].isASCII,
                let high = digits[start].hexDigitValue, let low = digits[start + 1].hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
