/// A token with its place in the source text.
struct LexedToken {
    var token: Token
    /// The token's `keyword`, which the parser asks for many times.
    var keyword: String
    /// UTF-8 offsets of the first byte and past the last.
    var start: Int
    var end: Int
}

/// A comment that carries a stable id, with the offset it starts at.
struct IDComment {
    var id: StableID
    var start: Int
}

/// A comment that says what a table or column was called before.
struct RenameComment {
    /// The old name; absent when what stands in its place is no single name.
    var old: Identifier?
    /// The comment.
    var text: String
    /// Whether it stands behind a token on its line, so that the line is meant.
    var isTrailing: Bool
    /// Where it starts.
    var start: Int
}

/// The tokens of one SQL text, split as SQLite's `tokenize.c` splits them.
///
/// Comments and white space are dropped, except comments that carry a stable id or an old name.
struct Lexer {
    let source: [UInt8]
    private(set) var tokens: [LexedToken] = []
    private(set) var ids: [IDComment] = []
    private(set) var renames: [RenameComment] = []
    private var at = 0

    /// Reads all of `sql`.
    ///
    /// - Throws: ``SchemaError`` for bytes that are no token.
    init(_ sql: String) throws(SchemaError) {
        source = Array(sql.utf8)
        tokens.reserveCapacity(source.count / 5)
        while let start = skipTrivia() {
            let kind = try scan(from: start)
            let token = Token(kind, text(start, at))
            tokens.append(
                LexedToken(token: token, keyword: token.keyword, start: start, end: at))
        }
    }

    /// The source text between two UTF-8 offsets.
    func text(_ start: Int, _ end: Int) -> String {
        String(decoding: source[start..<end], as: UTF8.self)
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        at + offset < source.count ? source[at + offset] : 0
    }

    /// Moves past white space and comments; absent at the end of the text.
    private mutating func skipTrivia() -> Int? {
        while at < source.count {
            switch byte() {
            case let space where space.isSQLSpace:
                at += 1
            case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF:  // byte order mark
                at += 3
            case 0x2D where byte(1) == 0x2D:
                let start = at
                while at < source.count, byte() != 0x0A { at += 1 }
                take(comment: source[start..<at])
            case 0x2F where byte(1) == 0x2A && at + 2 < source.count:
                at += 3
                while at < source.count, !(source[at - 1] == 0x2A && source[at] == 0x2F) { at += 1 }
                at = min(at + 1, source.count)
            default:
                return at
            }
        }
        return nil
    }

    /// Keeps a `--` comment that says something; `-- id …` may have an old name behind it.
    private mutating func take(comment: ArraySlice<UInt8>) {
        var comment = comment
        let start = comment.startIndex
        if let (id, rest) = StableID.reading(comment) {
            ids.append(IDComment(id: id, start: start))
            guard !rest.isEmpty else { return }
            comment = rest
        }
        let text = text(comment.startIndex, comment.endIndex)
        guard let mark = RenameHints.mark(in: text) else { return }
        let end = tokens.last?.end
        renames.append(
            RenameComment(
                old: mark.old, text: text,
                isTrailing: end.map { !source[$0..<start].contains(0x0A) } ?? false, start: start))
    }

    private mutating func scan(from start: Int) throws(SchemaError) -> Token.Kind {
        let first = byte()
        switch first {
        case 0x27, 0x22, 0x60:
            try scanQuoted(by: first)
            return first == 0x27 ? .string : .quoted
        case 0x5B:
            while at < source.count, byte() != 0x5D { at += 1 }
            guard at < source.count else { throw unrecognized(start) }
            at += 1
            return .quoted
        case let digit where digit.isDigit || (digit == 0x2E && byte(1).isDigit):
            try scanNumber(from: start)
            return .number
        case 0x78 where byte(1) == 0x27, 0x58 where byte(1) == 0x27:
            return try scanBlob(from: start)
        case 0x3F:
            at += 1
            while byte().isDigit { at += 1 }
            return .parameter
        case 0x24, 0x40, 0x3A, 0x23:
            at += 1
            while byte().isIdentifierByte { at += 1 }
            guard at > start + 1 else { throw unrecognized(start) }
            return .parameter
        case let letter where letter.isIdentifierByte:
            while byte().isIdentifierByte { at += 1 }
            return .word
        default:
            return try scanSymbol(from: start)
        }
    }

    private mutating func scanQuoted(by quote: UInt8) throws(SchemaError) {
        let start = at
        at += 1
        while at < source.count {
            if byte() == quote {
                if byte(1) == quote, at + 1 < source.count {
                    at += 1
                } else {
                    at += 1
                    return
                }
            }
            at += 1
        }
        throw unrecognized(start)
    }

    private mutating func scanNumber(from start: Int) throws(SchemaError) {
        if byte() == 0x30, byte(1) == 0x78 || byte(1) == 0x58, byte(2).isHexDigit {
            at += 3
            while byte().isHexDigit { at += 1 }
        } else {
            while byte().isDigit { at += 1 }
            if byte() == 0x2E {
                at += 1
                while byte().isDigit { at += 1 }
            }
            if byte() | 0x20 == 0x65 {
                let sign = byte(1) == 0x2B || byte(1) == 0x2D ? 1 : 0
                if byte(1 + sign).isDigit {
                    at += 2 + sign
                    while byte().isDigit { at += 1 }
                }
            }
        }
        guard !byte().isIdentifierByte else { throw unrecognized(start) }
    }

    private mutating func scanBlob(from start: Int) throws(SchemaError) -> Token.Kind {
        at += 2
        while byte().isHexDigit { at += 1 }
        guard byte() == 0x27, (at - start) % 2 == 0 else { throw unrecognized(start) }
        at += 1
        return .blob
    }

    private mutating func scanSymbol(from start: Int) throws(SchemaError) -> Token.Kind {
        switch (byte(), byte(1)) {
        case (0x2D, 0x3E): at += byte(2) == 0x3E ? 3 : 2  // ->> and ->
        case (0x7C, 0x7C), (0x3C, 0x3C), (0x3E, 0x3E), (0x3C, 0x3D), (0x3E, 0x3D), (0x3C, 0x3E),
            (0x21, 0x3D), (0x3D, 0x3D):
            at += 2  // || << >> <= >= <> != ==
        default:
            guard "()+-*/%=<>&|~,;.".utf8.contains(byte()) else { throw unrecognized(start) }
            at += 1
        }
        return .symbol
    }

    private func unrecognized(_ start: Int) -> SchemaError {
        let end = min(source.count, start + 12)
        return .syntax("unrecognized token \(text(start, end))", offset: start)
    }
}
