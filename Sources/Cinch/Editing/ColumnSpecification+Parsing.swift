import CinchSchema

extension ColumnSpecification {
    /// Reads one word of the shorthand.
    ///
    /// Colons separate; one inside quotes or parentheses does not. A name with a colon, and a
    /// table with a point, stands in double quotes. Attributes may come in any order, each once,
    /// except that a delete action directly follows its `fk=`.
    ///
    /// A default is, by the column's type: for text, dates and times a bare word (it becomes a
    /// string); for numbers a number; for BOOLEAN true, false, 1 or 0. For every type `'text'`,
    /// `x'0A'`, `null`, CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_TIME, a call such as
    /// `strftime('%Y')`, and an `(expression)`.
    ///
    /// - Throws: `CinchError` with `.invalid`; the message quotes the word.
    package init(parsing word: String) throws {
        var parser = try ShorthandParser(word)
        self = try parser.parse()
    }
}

/// Reads one word of the column shorthand.
private struct ShorthandParser {
    private let word: String
    private let segments: [String]
    private var column = ColumnSpecification(name: "", declaredType: "")
    private var seen: Set<String> = []
    private var defaultText: String?

    init(_ word: String) throws {
        self.word = word
        guard let segments = Self.split(word, at: ":") else {
            throw CinchError(
                code: .invalid,
                message:
                    "The column '\(TerminalText.escaped(word))' has an open quote or parenthesis",
                hint: "Close it; within single quotes a quote is written twice.")
        }
        self.segments = segments
    }

    mutating func parse() throws -> ColumnSpecification {
        column.name = Self.unquoted(segments[0])
        try EntityName.validate(column.name, kind: "column")
        guard segments.count > 1, !segments[1].isEmpty, segments[1] != "?" else {
            throw error(
                "names no type",
                hint: "Write \(column.name):TEXT, or \(column.name):TEXT? to allow NULL.")
        }
        var type = segments[1]
        if type.hasSuffix("?") {
            type.removeLast()
            column.isNullable = true
            seen.insert("nullable")
        }
        column.declaredType = try ColumnType.declaration(for: type)
        var index = 2
        while index < segments.count {
            index = try parseAttribute(at: index)
        }
        try check()
        return column
    }

    /// Reads the attribute at an index; returns the index after it.
    private mutating func parseAttribute(at index: Int) throws -> Int {
        let segment = segments[index]
        let split = segment.firstIndex(of: "=")
        let name = SQLText.folded(String(segment[..<(split ?? segment.endIndex)]))
        let value = split.map { String(segment[segment.index(after: $0)...]) }
        guard seen.insert(name).inserted else {
            throw error("has '\(name)' twice", hint: "Give each attribute once.")
        }
        switch (name, value) {
        case ("unique", nil): column.isUnique = true
        case ("not_null", nil): break
        case ("nullable", nil): column.isNullable = true
        case ("primary_key", nil): column.isPrimaryKey = true
        case ("default", let value?): defaultText = value
        case ("check", let value?):
            guard SQLText.isConfined(value) else { throw notOneExpression("check", value) }
            column.check = value
        case ("collate", let value?):
            let collation = value.uppercased()
            guard ["NOCASE", "RTRIM", "BINARY"].contains(collation) else {
                throw error(
                    "has an unknown collation", hint: "Use collate=nocase, rtrim or binary.")
            }
            column.collation = collation
        case ("fk", let value?):
            column.foreignKey = try foreignKey(value)
            if index + 1 < segments.count, let action = Self.action(segments[index + 1]) {
                column.foreignKey?.onDelete = action
                return index + 2
            }
        default: throw unknown(segment, name: name, hasValue: value != nil)
        }
        return index + 1
    }

    private mutating func check() throws {
        if column.isNullable, seen.contains("not_null") {
            throw error("is nullable and not null", hint: "Leave one of the two out.")
        }
        if column.isNullable, column.isPrimaryKey {
            throw error("is a primary key that can be NULL", hint: "Leave the '?' out.")
        }
        if let defaultText { column.defaultValue = try defaultValue(defaultText) }
        let lacksDefault = (column.defaultValue ?? "NULL") == "NULL"
        if !column.isNullable, column.foreignKey?.onDelete == .setNull {
            throw error(
                "sets a column to NULL that can't be NULL",
                hint: "Write \(column.name):\(column.declaredType)? to allow NULL.")
        }
        if !column.isNullable, column.foreignKey?.onDelete == .setDefault, lacksDefault {
            throw error("sets a default that does not exist", hint: "Add ':default=…'.")
        }
        if !column.isNullable, column.defaultValue == "NULL" {
            throw error(
                "has the default NULL and can't be NULL",
                hint: "Write \(column.name):\(column.declaredType)? to allow NULL.")
        }
    }

    private func defaultValue(_ text: String) throws -> String {
        let upper = text.uppercased()
        if ["NULL", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].contains(upper) {
            return upper
        }
        if text.hasPrefix("(") || Self.isCall(text) {
            guard SQLText.isConfined(text) else { throw notOneExpression("default", text) }
            return Self.isOneGroup(text[...]) ? text : "(\(text))"
        }
        if text.hasPrefix("'") || text.hasPrefix("\"") {
            guard Self.isOneToken(text) else { throw notOneExpression("default", text) }
            return SQLText.literal(Self.unquoted(text))
        }
        if SQLValue.hexadecimal(text) != nil { return text }
        if column.declaredType == "BOOLEAN" {
            switch upper {
            case "TRUE", "1": return "TRUE"
            case "FALSE", "0": return "FALSE"
            default: throw error("has a default that is no boolean", hint: "Write default=true.")
            }
        }
        let affinity = Affinity(declaredType: column.declaredType)
        let isTime = ["DATE", "DATETIME", "TIMESTAMP", "TIME"].contains(column.declaredType)
        if affinity == .text || isTime || affinity == .blob { return SQLText.literal(text) }
        guard let number = SQLValue.number(text),
            affinity != .integer || number == .integer(Int64(text) ?? 0)
        else {
            throw error(
                "has a default that is no number",
                hint: "Write default=0; text stands in single quotes.")
        }
        return text
    }

    private func foreignKey(_ text: String) throws -> ColumnSpecification.ForeignKey {
        guard let parts = Self.split(text, at: "."), parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty })
        else {
            throw error("has a broken foreign key", hint: "Write fk=table or fk=table.column.")
        }
        let names = parts.map(Self.unquoted)
        guard let table = names.first else {
            throw error("has a broken foreign key", hint: "Write fk=table or fk=table.column.")
        }
        guard !EntityName.isInternal(table), !SQLText.folded(table).hasPrefix("sqlite_") else {
            throw error("refers to a reserved table", hint: "Refer to a table of your own.")
        }
        return .init(table: table, column: names.count > 1 ? names[1] : "id")
    }

    private func notOneExpression(_ attribute: String, _ text: String) -> CinchError {
        error(
            "has a '\(attribute)' that is not one expression",
            hint: "Balance quotes and parentheses; comments and semicolons are not allowed.")
    }

    private func unknown(_ segment: String, name: String, hasValue: Bool) -> CinchError {
        let needsValue = ["default", "check", "collate", "fk"]
        let flags = ["unique", "not_null", "nullable", "primary_key"]
        let shown = TerminalText.escaped(segment)
        if needsValue.contains(name) {
            return error("has '\(name)' without a value", hint: "Write \(name)=….")
        }
        if flags.contains(name) {
            return error("gives '\(name)' a value", hint: "Write ':\(name)' alone.")
        }
        if Self.action(segment) != nil {
            return error("has '\(shown)' without a foreign key", hint: "Write fk=table:\(shown).")
        }
        let actions = ["cascade", "set_null", "restrict", "set_default", "no_action"]
        let near = Suggestion.nearest(to: name, among: needsValue + flags + actions)
        return error(
            "has an unknown attribute '\(shown)'",
            hint: near.map { "Did you mean '\($0)'?" }
                ?? "A value with a colon stands in single quotes: default='10:30'.")
    }

    private func error(_ claim: String, hint: String) -> CinchError {
        CinchError(
            code: .invalid, message: "The column '\(TerminalText.escaped(word))' \(claim)",
            hint: hint)
    }
}

extension ShorthandParser {
    /// The parts between separators that stand outside quotes and parentheses; `nil` if one of
    /// those is left open.
    fileprivate static func split(_ text: String, at separator: Unicode.Scalar) -> [String]? {
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        var depth = 0
        while index < bytes.count {
            let byte = bytes[index]
            let end = SQLText.end(ofTokenAt: index, in: bytes)
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                guard SQLText.isConfined(String(decoding: bytes[index..<end], as: UTF8.self)) else {
                    return nil
                }
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: separator) where depth == 0:
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = end
            default: break
            }
            index = end
        }
        guard depth == 0 else { return nil }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// The text inside quotes, doubled ones made single; text without quotes as it is.
    fileprivate static func unquoted(_ text: String) -> String {
        for quote in ["\"", "'"] where text.hasPrefix(quote) && isOneToken(text) {
            return String(text.dropFirst().dropLast()).replacing(quote + quote, with: quote)
        }
        return text
    }

    fileprivate static func action(_ segment: String) -> ColumnSpecification.DeleteAction? {
        let words = segment.uppercased().replacing("_", with: " ")
        return ColumnSpecification.DeleteAction(rawValue: words)
    }

    /// Whether the text is a single quoted token, closed.
    fileprivate static func isOneToken(_ text: String) -> Bool {
        SQLText.isConfined(text)
            && SQLText.end(ofTokenAt: 0, in: Array(text.utf8)) == text.utf8.count
    }

    /// Whether the text is a function's name followed by one group in parentheses.
    fileprivate static func isCall(_ text: String) -> Bool {
        guard let open = text.firstIndex(of: "("), open > text.startIndex else { return false }
        let name = text[..<open]
        return name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            && isOneGroup(text[open...])
    }

    /// Whether the text is one pair of parentheses with everything else inside.
    fileprivate static func isOneGroup(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        var depth = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "(") { depth += 1 }
            if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
            index = SQLText.end(ofTokenAt: index, in: bytes)
            if depth == 0 { return index == bytes.count }
        }
        return false
    }
}
