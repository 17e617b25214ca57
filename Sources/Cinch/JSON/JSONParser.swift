/// Reads one JSON document from UTF-8 (RFC 8259); see ``JSONValue/init(parsing:)``.
struct JSONParser {
    private static let maximumDepth = 512

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    /// Prepares to read `text`; a byte order mark at its start is skipped.
    init(_ text: String) {
        bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// Reads the one value of the document and checks that nothing follows it.
    mutating func parseDocument() throws -> JSONValue {
        let value = try parseValue()
        skipWhitespace()
        guard index == bytes.count else { throw error("there is text after the end") }
        return value
    }

    private mutating func parseValue() throws -> JSONValue {
        skipWhitespace()
        guard let byte = peek() else { throw error("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { try $0.parseObject() }
        case UInt8(ascii: "["): return try nested { try $0.parseArray() }
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try parseWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw error("a value can't start like this")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws -> JSONValue
    ) throws -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw error("the nesting is deeper than \(Self.maximumDepth)")
        }
        depth += 1
        index += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func parseObject() throws -> JSONValue {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        skipWhitespace()
        if take("}") { return .object([]) }
        while true {
            skipWhitespace()
            guard peek() == UInt8(ascii: "\"") else { throw error("a key in quotes is missing") }
            let key = try parseString()
            guard keys.insert(key).inserted else { throw error("a key is given twice") }
            skipWhitespace()
            guard take(":") else { throw error("a colon is missing") }
            members.append(.init(key, try parseValue()))
            skipWhitespace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("a comma or '}' is missing") }
        }
    }

    private mutating func parseArray() throws -> JSONValue {
        var elements: [JSONValue] = []
        skipWhitespace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try parseValue())
            skipWhitespace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("a comma or ']' is missing") }
        }
    }

    private mutating func parseWord(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else {
            throw error("a value can't start like this")
        }
        index += word.utf8.count
        return value
    }

    private mutating func parseNumber() throws -> JSONValue {
        let start = index
        _ = take("-")
        if !take("0") {
            guard takeDigits() else { throw error("a digit is missing") }
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard takeDigits() else { throw error("a digit is missing after the point") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard takeDigits() else { throw error("a digit is missing in the exponent") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole {
            guard let value = Int64(text) else {
                index = start
                throw error(
                    "a whole number doesn't fit 64 bits",
                    hint: "Write it as a string, or with a fraction to make it a REAL.")
            }
            return .integer(value)
        }
        guard let value = Double(text) else { throw error("a number is malformed") }
        return .real(value)
    }

    private mutating func parseString() throws -> String {
        index += 1
        var output: [UInt8] = []
        while let byte = peek() {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"): try parseEscape(into: &output)
            case 0..<0x20:
                index -= 1
                throw error("a control character must be escaped in a string")
            default: output.append(byte)
            }
        }
        throw error("a string has no end")
    }

    private mutating func parseEscape(into output: inout [UInt8]) throws {
        guard let byte = peek() else { throw error("a string has no end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            var code = try parseHexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard take("\\"), take("u") else { throw error("half a surrogate pair") }
                let low = try parseHexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw error("an escape in a string is unknown")
        }
    }

    private mutating func parseHexadecimal() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
                byte < 0x80
            else { throw error("an escape needs four hexadecimal digits") }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    private func peek() -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = index
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            index += 1
        }
        return index > start
    }

    private mutating func skipWhitespace() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    private func error(_ reason: String, hint: String? = nil) -> CinchError {
        let before = bytes[..<index]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = String(decoding: bytes[lineStart..<index], as: UTF8.self).unicodeScalars.count
        return CinchError(
            code: .invalid,
            message: "The JSON is broken at line \(line), column \(column + 1): \(reason)",
            hint: hint ?? "Keys and strings stand in double quotes; nothing follows the last value."
        )
    }
}
