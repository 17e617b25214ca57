/// One line of a ``TOMLDocument``.
struct TOMLLine: Hashable, Sendable {
    /// What a line can be.
    enum Kind: Hashable, Sendable {
        /// Nothing, or a comment.
        case blank
        /// `[a.b]`.
        case header([String])
        /// `key = value`.
        case entry(String, TOMLDocument.Value)
    }

    /// Why a line can't be read.
    struct Malformed: Error {
        /// A clause for the message, without the line's number.
        var reason: String
    }

    /// The table the line belongs to; empty above the first header.
    var table: [String] = []
    /// What the line is.
    private(set) var kind: Kind
    /// The line as it stands in the file, without its newline.
    private(set) var text: String
    /// Where in ``text`` the value is, in bytes.
    private var valueRange = 0..<0

    /// A line with nothing on it.
    static let empty = TOMLLine(kind: .blank, text: "")

    private init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// A header line.
    init(header path: [String]) {
        self.init(
            kind: .header(path), text: "[\(path.map(Self.key).joined(separator: "."))]")
        table = path
    }

    /// A line that sets a key.
    init(key: String, value: TOMLDocument.Value) {
        let start = Self.key(key) + " = "
        self.init(kind: .entry(key, value), text: start + value.text)
        valueRange = start.utf8.count..<text.utf8.count
    }

    /// Reads a line.
    init(_ text: String) throws {
        var reader = TOMLReader(text)
        (kind, valueRange) = try reader.readLine()
        self.text = text
    }

    /// Whether the line is blank or a comment.
    var isBlank: Bool { kind == .blank }

    /// Whether the line has nothing on it at all.
    var isEmptyLine: Bool { text.isEmpty }

    /// Puts another value in the place of the one the line has.
    mutating func replaceValue(with value: TOMLDocument.Value) {
        guard case .entry(let key, _) = kind else { return }
        var bytes = Array(text.utf8)
        bytes.replaceSubrange(valueRange, with: value.text.utf8)
        text = String(decoding: bytes, as: UTF8.self)
        valueRange = valueRange.lowerBound..<valueRange.lowerBound + value.text.utf8.count
        kind = .entry(key, value)
    }

    /// A basic string with everything escaped that needs it.
    static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case "\r": output += "\\r"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16, uppercase: true)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    private static func key(_ text: String) -> String {
        let isBare = !text.isEmpty && text.utf8.allSatisfy(TOMLReader.isBareKey)
        return isBare ? text : quoted(text)
    }
}

/// Reads one line of TOML.
private struct TOMLReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func readLine() throws -> (TOMLLine.Kind, Range<Int>) {
        skipSpace()
        guard let first = peek() else { return (.blank, 0..<0) }
        if first == UInt8(ascii: "#") {
            try end()
            return (.blank, 0..<0)
        }
        if take("[") {
            guard peek() != UInt8(ascii: "[") else {
                throw error("arrays of tables are not supported")
            }
            var path: [String] = []
            repeat {
                skipSpace()
                path.append(try readKey())
                skipSpace()
            } while take(".")
            guard take("]") else { throw error("the table's name has no ']'") }
            try end()
            return (.header(path), 0..<0)
        }
        let key = try readKey()
        skipSpace()
        guard peek() != UInt8(ascii: ".") else { throw error("dotted keys are not supported") }
        guard take("=") else { throw error("'=' is missing after the key") }
        skipSpace()
        let start = index
        let value = try readValue()
        let range = start..<index
        try end()
        return (.entry(key, value), range)
    }

    static func isBareKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func readKey() throws -> String {
        if peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") { return try readString() }
        let start = index
        while let byte = peek(), Self.isBareKey(byte) { index += 1 }
        guard index > start else { throw error("a key is missing") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func readValue() throws -> TOMLDocument.Value {
        guard let first = peek() else { throw error("a value is missing") }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try readString())
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "{"): throw error("inline tables are not supported")
        default: return try readWord()
        }
    }

    private mutating func readArray() throws -> TOMLDocument.Value {
        index += 1
        var values: [TOMLDocument.Value] = []
        func array() -> TOMLDocument.Value {
            let texts = values.compactMap { value -> String? in
                if case .string(let text) = value { text } else { nil }
            }
            return texts.count == values.count ? .strings(texts) : .other
        }
        while true {
            skipSpace()
            if take("]") { return array() }
            guard peek() != nil else { throw error("an array must end on its line with ']'") }
            values.append(try readValue())
            skipSpace()
            if take("]") { return array() }
            guard take(",") else { throw error("an array must end on its line with ']'") }
        }
    }

    private mutating func readWord() throws -> TOMLDocument.Value {
        let start = index
        while let byte = peek(),
            Self.isBareKey(byte) || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
        {
            index += 1
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if word == "true" { return .boolean(true) }
        if word == "false" { return .boolean(false) }
        let digits = word.drop { $0 == "-" || $0 == "+" }
        // TOML allows underscores between digits, and no leading zero.
        let isNumber =
            (digits.first?.isNumber ?? false) && !digits.hasSuffix("_")
            && !digits.contains("__") && word.count - digits.count <= 1
        if isNumber, digits == "0" || !digits.hasPrefix("0") || digits.hasPrefix("0.") {
            let plain = word.replacing("_", with: "")
            if let number = Int64(plain) { return .integer(number) }
            if plain.contains(where: { ".eE".contains($0) }), !plain.hasSuffix("."),
                Double(plain) != nil
            {
                return .other
            }
        }
        throw error("'\(TerminalText.escaped(word))' is no value; text stands in double quotes")
    }

    private mutating func readString() throws -> String {
        let quote = bytes[index]
        let isLiteral = quote == UInt8(ascii: "'")
        guard !bytes[index...].starts(with: [quote, quote, quote]) else {
            throw error("text over several lines is not supported")
        }
        index += 1
        var output: [UInt8] = []
        while let byte = peek() {
            index += 1
            if byte == quote { return String(decoding: output, as: UTF8.self) }
            if byte < 0x20 && byte != 0x09 || byte == 0x7F {
                throw error("a control character must be escaped")
            }
            if byte == UInt8(ascii: "\\"), !isLiteral {
                try readEscape(into: &output)
            } else {
                output.append(byte)
            }
        }
        throw error("the text has no closing quote")
    }

    private mutating func readEscape(into output: inout [UInt8]) throws {
        guard let byte = peek() else { throw error("the text has no closing quote") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: bytes[index...].prefix(count), as: UTF8.self)
            guard digits.utf8.count == count, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code)
            else { throw error("an escape names no character") }
            output.append(contentsOf: String(Character(scalar)).utf8)
            index += count
        default: throw error("an escape is unknown; a backslash is written twice")
        }
    }

    private mutating func end() throws {
        skipSpace()
        guard let byte = peek() else { return }
        guard byte == UInt8(ascii: "#") else { throw error("there is text after the value") }
        guard bytes[index...].allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw error("a comment holds a control character")
        }
    }

    private func peek() -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 { index += 1 }
    }

    private func error(_ reason: String) -> TOMLLine.Malformed {
        TOMLLine.Malformed(reason: reason)
    }
}
