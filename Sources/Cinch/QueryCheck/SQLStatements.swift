/// The statements of a file of SQL that read or change rows.
enum SQLStatements {
    /// The statements, each with the line it begins on; those that define something are left out, a
    /// trigger with all of its body.
    static func split(_ text: [UInt8]) -> [(String, Int)] {
        all(text).filter { QueryScanner.isStatement($0.0) }
    }

    /// Every statement, with the line it begins on.
    static func all(_ text: [UInt8]) -> [(String, Int)] {
        var statements: [(String, Int)] = []
        var (at, line) = (0, 1)
        var (start, startLine) = (-1, 1)
        // What stands since the last semicolon, without comments.
        var piece: [UInt8] = []
        func end(_ place: Int) {
            guard start >= 0 else { return }
            let sql = String(decoding: text[start..<place], as: UTF8.self)
            start = -1
            statements.append((sql, startLine))
        }
        while at < text.count {
            let byte = text[at]
            let next = at + 1 < text.count ? text[at + 1] : 0
            var count = 1
            if byte == 0x2D, next == 0x2D {
                count = text[at...].firstIndex(of: 0x0A).map { $0 - at } ?? text.count - at
            } else if byte == 0x2F, next == 0x2A {
                var close = at + 2
                while close < text.count,
                    !(text[close] == 0x2F && text[close - 1] == 0x2A && close > at + 2)
                {
                    close += 1
                }
                count = close - at + 1
            } else if byte == 0x3B {
                let sql = start >= 0 ? String(decoding: text[start..<at], as: UTF8.self) : ""
                if !isTrigger(sql) || isEnd(piece) { end(at) }
                piece = []
            } else if byte != 0x20, !(byte >= 0x09 && byte <= 0x0D) {
                if start < 0 { (start, startLine) = (at, line) }
                if byte == 0x27 || byte == 0x22 || byte == 0x60 {
                    let close = text[(at + 1)...].firstIndex(of: byte) ?? text.count - 1
                    count = close - at + 1
                }
                piece.append(byte)
            } else {
                piece.append(byte)
            }
            line += text[at..<min(at + count, text.count)].count { $0 == 0x0A }
            at += count
        }
        end(text.count)
        return statements
    }

    /// Whether a statement makes a trigger, whose body has semicolons of its own.
    private static func isTrigger(_ sql: String) -> Bool {
        let words = sql.prefix(200).split(whereSeparator: \.isWhitespace).prefix(3).map {
            $0.uppercased()
        }
        return words.first == "CREATE" && words.contains("TRIGGER")
    }

    /// Whether nothing but the END of a trigger stands since the last semicolon: that of a CASE has
    /// its statement before it.
    private static func isEnd(_ piece: [UInt8]) -> Bool {
        String(decoding: piece, as: UTF8.self).filter { !$0.isWhitespace }.uppercased() == "END"
    }
}
