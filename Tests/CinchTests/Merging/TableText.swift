/// The text of a CREATE TABLE in pieces, for edits that ALTER TABLE can't make.
struct TableText {
    /// An edit does not fit the text; another script has changed what it was to change.
    struct Misfit: Error, CustomStringConvertible {
        var description: String
    }

    private var head: String
    private var parts: [String]
    private var tail: String

    /// Cuts at the commas between columns and constraints.
    init(_ sql: String) throws {
        guard let open = sql.firstIndex(of: "("), let close = sql.lastIndex(of: ")") else {
            throw Misfit(description: "no list of columns in \(sql)")
        }
        head = String(sql[..<open])
        tail = String(sql[sql.index(after: close)...])
        parts = [""]
        var depth = 0
        var isInString = false
        for character in sql[sql.index(after: open)..<close] {
            if character == "'" { isInString.toggle() }
            if !isInString {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                if character == ",", depth == 0 {
                    parts.append("")
                    continue
                }
            }
            parts[parts.count - 1].append(character)
        }
    }

    /// The statement, put together again.
    var sql: String { "\(head)(\(parts.joined(separator: ",")))\(tail)" }

    /// Puts a text for another that must stand exactly once in a column's definition.
    mutating func change(_ column: String, _ old: String, to new: String) throws {
        let place = try place(of: column)
        let pieces = " \(parts[place]) ".split(
            separator: " \(old) ", omittingEmptySubsequences: false)
        guard pieces.count == 2 else {
            throw Misfit(description: "'\(old)' is \(pieces.count - 1) times in \(parts[place])")
        }
        parts[place] = pieces.joined(separator: " \(new) ")
    }

    /// Adds to the end of a column's definition.
    mutating func extend(_ column: String, with text: String) throws {
        parts[try place(of: column)] += " \(text)"
    }

    /// Adds a constraint of the table.
    mutating func constrain(_ text: String) { parts.append(" \(text)") }

    /// Adds STRICT or WITHOUT ROWID.
    mutating func addOption(_ text: String) { tail += tail.isEmpty ? " \(text)" : ", \(text)" }

    /// Moves a column before all others.
    mutating func moveToFront(_ column: String) throws {
        parts.insert(parts.remove(at: try place(of: column)), at: 0)
    }

    private func place(of column: String) throws -> Int {
        let place = parts.firstIndex { SQLWords.split($0).first == column }
        guard let place else { throw Misfit(description: "no column \(column) in \(sql)") }
        return place
    }
}
