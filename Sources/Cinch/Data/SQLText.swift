/// What can be said about SQL text without compiling it: where tokens, quotes and comments
/// begin and end, as SQLite's own tokenizer sees them.
enum SQLText {
    /// An identifier in double quotes, with the quotes inside it doubled.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// A string literal in single quotes, with the quotes inside it doubled.
    static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// The text with ASCII letters in lower case: how SQLite compares names and keywords.
    static func folded(_ text: String) -> String {
        String(
            decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }

    /// The index after the token, comment or run of space that starts at `index`.
    ///
    /// A quote or block comment without an end reaches to the end of the text. Everything
    /// that is neither quoted, commented, a word nor space is a token of one byte.
    static func end(ofTokenAt index: Int, in sql: [UInt8]) -> Int {
        let byte = sql[index]
        switch byte {
        case _ where isSpace(byte): return index + 1
        case _ where isWord(byte):
            return sql[index...].firstIndex { !isWord($0) } ?? sql.count
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
            var next = index + 1
            while next < sql.count {
                if sql[next] == byte {
                    guard next + 1 < sql.count, sql[next + 1] == byte else { return next + 1 }
                    next += 1
                }
                next += 1
            }
            return sql.count
        case UInt8(ascii: "["):
            return sql[index...].firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? sql.count
        case UInt8(ascii: "-") where sql[index...].starts(with: [0x2D, 0x2D]):
            return sql[index...].firstIndex(of: 0x0A).map { $0 + 1 } ?? sql.count
        case UInt8(ascii: "/") where sql[index...].starts(with: [0x2F, 0x2A]):
            var next = index + 2
            while next + 1 < sql.count {
                if sql[next] == UInt8(ascii: "*"), sql[next + 1] == UInt8(ascii: "/") {
                    return next + 2
                }
                next += 1
            }
            return sql.count
        default: return index + 1
        }
    }

    /// Whether the token that starts at `index` is space or a comment.
    static func isTrivia(at index: Int, in sql: [UInt8]) -> Bool {
        isSpace(sql[index])
            || sql[index...].starts(with: [0x2D, 0x2D])
            || sql[index...].starts(with: [0x2F, 0x2A])
    }

    /// The leading keywords of a single statement, upper case, at most `count` of them, and
    /// whether another statement follows it.
    ///
    /// `words` is empty if there is no statement at all. Statements are told apart by the
    /// semicolons outside quotes and comments, which is right for everything a query may be: only
    /// a trigger has semicolons inside.
    static func outline(_ sql: String, count: Int = 4) -> (words: [String], hasMore: Bool) {
        let bytes = Array(sql.utf8)
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var words: [String] = []
        var isLeading = true
        var hasEnded = false
        while index < bytes.count {
            let end = end(ofTokenAt: index, in: bytes)
            if isTrivia(at: index, in: bytes) {
                index = end
                continue
            }
            if bytes[index] == UInt8(ascii: ";") {
                hasEnded = hasEnded || !words.isEmpty
            } else if hasEnded {
                return (words, true)
            } else if isLeading {
                // A statement that begins with no word is no statement, but it is not empty either.
                words.append(String(decoding: bytes[index..<end], as: UTF8.self).uppercased())
                isLeading = words.count < count
            }
            index = end
        }
        return (words, false)
    }

    /// Whether the text can stand where one expression is expected without reaching out of
    /// its place: not empty, quotes and parentheses closed, no comment and no semicolon.
    static func isConfined(_ expression: String) -> Bool {
        let bytes = Array(expression.utf8)
        var depth = 0
        var index = 0
        var isEmpty = true
        while index < bytes.count {
            let byte = bytes[index]
            let end = end(ofTokenAt: index, in: bytes)
            if isTrivia(at: index, in: bytes) {
                guard isSpace(byte) else { return false }
            } else {
                isEmpty = false
                switch byte {
                case 0, UInt8(ascii: ";"): return false
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"):
                    depth -= 1
                    if depth < 0 { return false }
                case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
                    let closing = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                    guard end - index >= 2, isClosed(bytes[index..<end], by: closing) else {
                        return false
                    }
                default: break
                }
            }
            index = end
        }
        return depth == 0 && !isEmpty
    }

    /// Whether a quoted token ends with its quote, and not with half of a doubled one.
    private static func isClosed(_ token: ArraySlice<UInt8>, by quote: UInt8) -> Bool {
        guard token.last == quote else { return false }
        if quote == UInt8(ascii: "]") { return true }
        return token.count { $0 == quote }.isMultiple(of: 2)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
