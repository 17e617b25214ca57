/// Finds SQL statements in the string literals of a source file, or in a file of SQL.
///
/// It knows literals and comments of each language and nothing else of it. A literal that is put
/// together with something at run time is passed over, and counted.
package struct QueryScanner {
    /// The queries, each with the line its SQL begins on, in order.
    package private(set) var queries: [(sql: String, line: Int)] = []
    /// Statements that are put together at run time, or that SQLite doesn't read.
    package private(set) var skippedCount = 0

    private let language: SourceLanguage
    private let text: [UInt8]

    /// Scans a text.
    ///
    /// - Parameter fileExtension: The end of the file's name, which tells the language.
    /// - Returns: Absent for a language that isn't known.
    package init?(_ text: String, fileExtension: String) throws {
        guard let language = SourceLanguage(fileExtension: fileExtension) else { return nil }
        self.language = language
        self.text = Array(text.utf8)
        if language.isSQL {
            for statement in SQLStatements.split(self.text) {
                try take(statement.0, at: statement.1)
            }
        } else {
            try scan()
        }
    }

    /// Whether files with this end of their names are looked at.
    package static func reads(fileExtension: String) -> Bool {
        SourceLanguage(fileExtension: fileExtension) != nil
    }

    private mutating func scan() throws {
        let literals = SourceLiterals(text, language).literals
        var place = 0
        while place < literals.count {
            var literal = literals[place]
            place += 1
            // What is written in pieces is one literal to whoever runs it.
            while place < literals.count, let joint = joint(literal.end, literals[place].start) {
                guard joint else { break }
                literal.value += literals[place].value
                literal.isInterpolated = literal.isInterpolated || literals[place].isInterpolated
                literal.end = literals[place].end
                place += 1
            }
            let lead = literal.value.prefix { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
            let sql = String(decoding: literal.value, as: UTF8.self)
            guard Self.isStatement(sql) else { continue }
            if literal.isInterpolated || continues(after: literal.end) {
                skippedCount += 1
            } else {
                try take(sql, at: literal.line + lead.count { $0 == 0x0A })
            }
        }
    }

    private mutating func take(_ sql: String, at line: Int) throws {
        guard let plain = Self.withPlaceholders(sql, isSQL: language.isSQL),
            try QueryCompiler.malformation(of: StoredQuery(sql: plain, places: []).sql) == nil
        else {
            skippedCount += 1
            return
        }
        queries.append((plain, line))
    }

    /// Whether two literals are one: absent or false when something else is between them.
    private func joint(_ end: Int, _ start: Int) -> Bool? {
        var between = text[end..<start].filter { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }
        // A backslash at the end of a line goes on with the next.
        let goesOn = between.contains(UInt8(ascii: "\\"))
        between.removeAll { $0 == UInt8(ascii: "\\") }
        if between.isEmpty { return goesOn || language.joinsNeighbours }
        return between == [language.plus]
    }

    /// Whether something is put behind a literal at run time.
    private func continues(after end: Int) -> Bool {
        let rest = text[end...].drop { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
        guard let next = rest.first else { return false }
        if next == language.plus, language.plus != UInt8(ascii: ".") { return true }
        if next == language.plus, rest.dropFirst().first == 0x20 { return true }
        return language.formatsBehind
            && (next == UInt8(ascii: "%") || rest.starts(with: ".format(".utf8))
    }

    // MARK: SQL

    /// Whether a text begins as a statement does and goes on as one: the verb all in one case, so
    /// that prose is not taken for it.
    static func isStatement(_ text: String) -> Bool {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        guard let first = words.first,
            text.drop(while: \.isWhitespace).hasPrefix(first)
                || text.drop(while: \.isWhitespace).hasPrefix("--"),
            first == first.uppercased() || first == first.lowercased()
        else { return false }
        let rest = Set(words.dropFirst().map { $0.uppercased() })
        switch first.uppercased() {
        case "SELECT": return words.count > 1 && (rest.contains("FROM") || text.contains("("))
        case "INSERT", "REPLACE": return rest.contains("INTO")
        case "UPDATE": return rest.contains("SET")
        case "DELETE": return rest.contains("FROM")
        case "WITH":
            return rest.contains("AS")
                && !rest.isDisjoint(with: ["SELECT", "INSERT", "UPDATE", "DELETE"])
        default: return false
        }
    }

    /// The statement with `?` for `%s`; absent when a part of it is filled in at run time.
    private static func withPlaceholders(_ sql: String, isSQL: Bool) -> String? {
        var output: [UInt8] = []
        var quote: UInt8?
        let bytes = Array(sql.utf8)
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 0x27 || byte == 0x22 || byte == 0x60 {
                quote = byte
            } else if !isSQL, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") {
                return nil
            } else if !isSQL, byte == UInt8(ascii: "%"), next == UInt8(ascii: "s") {
                output.append(UInt8(ascii: "?"))
                place += 2
                continue
            }
            output.append(byte)
            place += 1
        }
        return String(decoding: output, as: UTF8.self)
    }
}
