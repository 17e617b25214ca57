/// A text of CREATE statements, split so that each can be put elsewhere byte for byte.
///
/// A text is gap, piece, gap, piece, …, trailer. A comment belongs to the statement it stands
/// right above or behind on the line; one with an empty line below it belongs to the gap.
struct SchemaFile {
    /// Why a text isn't one.
    struct Unreadable: Error, Hashable {
        /// The line of the statement that can't be read, from 1.
        var line: Int
        /// What is the matter with it.
        var reason: String
    }

    /// One statement with its comments.
    struct Piece: Hashable {
        var statement: Statement
        /// What stands between the piece before and this one.
        var gap: [UInt8]
        /// The comments above it, the statement and the comment behind it.
        var text: [UInt8]
        /// How much of the text is comments above the statement.
        var leadCount: Int
        /// Whether there is a semicolon at its end.
        var isTerminated: Bool

        /// The comments above the statement.
        var lead: [UInt8] { Array(text[..<leadCount]) }
    }

    private(set) var pieces: [Piece] = []
    /// What stands behind the last piece.
    private(set) var trailer: [UInt8] = []
    /// What the statements create.
    private(set) var schema = Schema()

    /// Splits and reads a text.
    ///
    /// - Parameter tables: Tables that may be meant by an index without being in the text.
    init(_ text: [UInt8], tables: NameSorted<Table> = NameSorted()) throws(Unreadable) {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw Unreadable(line: 1, reason: "the text is not UTF-8")
        }
        let lexer: Lexer
        do {
            lexer = try Lexer(string)
        } catch {
            throw Self.unreadable(error, from: 0, in: text)
        }
        var parts: [(range: Range<Int>, text: Range<Int>, isTerminated: Bool)] = []
        var end = 0
        let trivia = Trivia(source: lexer.source)
        for tokens in Self.statements(lexer.tokens) {
            guard let first = tokens.first, let last = tokens.last else { continue }
            let range = first.start..<last.end
            let lead = trivia.lead(from: end, to: range.lowerBound)
            let text = lead..<trivia.tail(from: range.upperBound)
            parts.append((range, text, last.token.isSymbol(";")))
            end = text.upperBound
        }
        var known = tables
        var statements = [Statement?](repeating: nil, count: parts.count)
        // Indexes last: what a double-quoted word in one means depends on the table's columns.
        for isIndex in [false, true] {
            for (place, part) in parts.enumerated() where statements[place] == nil {
                let sql = lexer.text(part.range.lowerBound, part.range.upperBound)
                do {
                    let statement = try Statement(parsing: sql, tables: known)
                    if case .index = statement, !isIndex { continue }
                    if case .table(let table) = statement { known.insert(table) }
                    statements[place] = statement
                } catch {
                    throw Self.unreadable(error, from: part.range.lowerBound, in: text)
                }
            }
        }
        end = 0
        for (place, part) in parts.enumerated() {
            guard let statement = statements[place] else { continue }
            guard schema.insertNew(statement) else {
                throw Unreadable(
                    line: Self.line(at: part.range.lowerBound, in: text),
                    reason: "'\(statement.name)' is created twice")
            }
            pieces.append(
                Piece(
                    statement: statement, gap: Array(text[end..<part.text.lowerBound]),
                    text: Array(text[part.text]),
                    leadCount: part.range.lowerBound - part.text.lowerBound,
                    isTerminated: part.isTerminated))
            end = part.text.upperBound
        }
        trailer = Array(text[end...])
    }

    /// The tokens of each statement, with its semicolon; that of a trigger ends after its END.
    private static func statements(_ tokens: [LexedToken]) -> [ArraySlice<LexedToken>] {
        var statements: [ArraySlice<LexedToken>] = []
        var start = 0
        while start < tokens.count {
            var end = start
            let isTrigger = isTrigger(tokens[start...])
            while end < tokens.count {
                let token = tokens[end].token
                guard token.isSymbol(";") else {
                    end += 1
                    continue
                }
                let afterEnd =
                    end >= start + 2 && tokens[end - 1].token.keyword == "END"
                    && tokens[end - 2].token.isSymbol(";")
                if !isTrigger || afterEnd { break }
                end += 1
            }
            let statement = tokens[start..<min(end + 1, tokens.count)]
            // A semicolon alone is nothing.
            if statement.count > 1 || statement.first?.token.isSymbol(";") == false {
                statements.append(statement)
            }
            start = end + 1
        }
        return statements
    }

    private static func isTrigger(_ tokens: ArraySlice<LexedToken>) -> Bool {
        let words = tokens.prefix(3).map(\.token.keyword)
        return words.first == "CREATE"
            && words.dropFirst().drop { $0 == "TEMP" || $0 == "TEMPORARY" }.first == "TRIGGER"
    }

    private static func unreadable(_ error: SchemaError, from start: Int, in text: [UInt8])
        -> Unreadable
    {
        var place = start
        var reason = "\(error)"
        if case .syntax(let message, let offset) = error.reason {
            place += offset
            reason = message
        }
        return Unreadable(line: line(at: place, in: text), reason: reason)
    }

    private static func line(at place: Int, in text: [UInt8]) -> Int {
        1 + text.prefix(place).count { $0 == 0x0A }
    }
}

/// White space and comments around statements.
private struct Trivia {
    let source: [UInt8]

    /// Where the comments begin that stand right above what begins at `end`.
    func lead(from start: Int, to end: Int) -> Int {
        var lead: Int?
        var lineFeeds = 0
        var at = start
        while at < end {
            if let comment = endOfComment(at) {
                if lineFeeds > 1 || lead == nil { lead = at }
                lineFeeds = 0
                at = comment
            } else {
                if source[at] == 0x0A { lineFeeds += 1 }
                // A semicolon that ends nothing keeps comments apart as an empty line does.
                if source[at] == 0x3B { lineFeeds = 2 }
                at += 1
            }
        }
        return lineFeeds > 1 ? end : lead ?? end
    }

    /// Where the comment ends that stands behind `start` with nothing after it on its line.
    func tail(from start: Int) -> Int {
        var end = start
        var at = start
        while at < source.count, source[at] != 0x0A {
            if let comment = endOfComment(at) {
                guard !source[at..<comment].contains(0x0A) else { return end }
                at = comment
                end = comment
            } else if source[at].isSQLSpace {
                at += 1
            } else {
                return start
            }
        }
        return end
    }

    private func endOfComment(_ start: Int) -> Int? {
        guard start + 1 < source.count else { return nil }
        switch (source[start], source[start + 1]) {
        case (0x2D, 0x2D):
            let end = source[start...].firstIndex(of: 0x0A) ?? source.count
            return source[end - 1] == 0x0D ? end - 1 : end
        case (0x2F, 0x2A):
            var at = start + 3
            while at < source.count, !(source[at - 1] == 0x2A && source[at] == 0x2F) { at += 1 }
            return min(at + 1, source.count)
        default: return nil
        }
    }
}

extension Schema {
    /// Puts an entity in; false when there is one of its kind and name.
    fileprivate mutating func insertNew(_ statement: Statement) -> Bool {
        switch statement {
        case .table(let table):
            guard tables[table.name] == nil else { return false }
            tables.insert(table)
        case .virtualTable(let table):
            guard virtualTables[table.name] == nil else { return false }
            virtualTables.insert(table)
        case .index(let index):
            guard indexes[index.name] == nil else { return false }
            indexes.insert(index)
        case .view(let view):
            guard views[view.name] == nil else { return false }
            views.insert(view)
        case .trigger(let trigger):
            guard triggers[trigger.name] == nil else { return false }
            triggers.insert(trigger)
        }
        return true
    }
}
