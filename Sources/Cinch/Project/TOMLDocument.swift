/// A configuration file in a subset of TOML 1.0, kept line by line so that comments, order and
/// keys we don't know survive a change.
///
/// Read: comments, `[table]` headers with bare or quoted parts, and `key = value` on one line
/// with a basic or literal string, an integer, a float, a boolean, or an array of those. Refused
/// with the line number: everything that spans lines, inline tables, arrays of tables, dotted
/// keys, dates, and a table or key defined twice.
struct TOMLDocument: Hashable, Sendable {
    /// A value of the subset. What is only kept, never used, is `other`.
    enum Value: Hashable, Sendable {
        /// A basic or literal string, without its quotes and escapes.
        case string(String)
        /// A decimal integer.
        case integer(Int64)
        /// `true` or `false`.
        case boolean(Bool)
        /// An array of strings.
        case strings([String])
        /// A float, or an array of anything else. It can't be set.
        case other

        /// As it is written in the file.
        var text: String {
            switch self {
            case .string(let text): TOMLLine.quoted(text)
            case .integer(let number): String(number)
            case .boolean(let flag): flag ? "true" : "false"
            case .strings(let texts): "[\(texts.map(TOMLLine.quoted).joined(separator: ", "))]"
            case .other: ""
            }
        }
    }

    private var lines: [TOMLLine] = []

    /// An empty document.
    init() {}

    /// Reads a file's text.
    ///
    /// - Parameter file: What the file is called in messages.
    /// - Throws: `CinchError` with `.invalid`, naming file and line.
    init(parsing text: String, file: String) throws {
        var table: [String] = []
        var seen: Set<[String]> = []
        var rest = text.split(separator: "\n", omittingEmptySubsequences: false)
        if text.contains("\r\n") {
            rest = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        }
        if rest.last == "" { rest.removeLast() }
        for (index, content) in rest.enumerated() {
            func fail(_ reason: String) -> CinchError {
                CinchError(
                    code: .invalid, message: "\(file), line \(index + 1): \(reason)",
                    hint: "Correct the line; cinch reads key = value with text in quotes,"
                        + " numbers, true and false.")
            }
            do {
                var line = try TOMLLine(String(content))
                line.table = table
                switch line.kind {
                case .header(let path):
                    table = path
                    line.table = path
                    guard seen.insert(["["] + path).inserted else {
                        throw TOMLLine.Malformed(reason: "the table is defined a second time")
                    }
                case .entry(let key, _):
                    guard seen.insert(["="] + table + [key]).inserted else {
                        throw TOMLLine.Malformed(reason: "'\(key)' is given a second time")
                    }
                case .blank: break
                }
                lines.append(line)
            } catch let error as TOMLLine.Malformed {
                throw fail(error.reason)
            }
        }
    }

    /// The file's text, ending with a newline unless it is empty.
    var text: String {
        lines.map { $0.text + "\n" }.joined()
    }

    /// The value of a key; `nil` if it is not there.
    func value(_ key: String, in table: [String]) -> Value? {
        for line in lines where line.table == table {
            if case .entry(key, let value) = line.kind { return value }
        }
        return nil
    }

    /// The keys of a table with their values, in the order of the file.
    func entries(in table: [String]) -> [(key: String, value: Value)] {
        lines.compactMap { line in
            guard line.table == table, case .entry(let key, let value) = line.kind else {
                return nil
            }
            return (key, value)
        }
    }

    /// The tables with a header, in the order of the file.
    var tables: [[String]] {
        lines.compactMap { line in
            guard case .header(let path) = line.kind else { return nil }
            return path
        }
    }

    /// Sets a key, or removes it with `nil`. A comment behind the old value stays; a new key
    /// goes behind the last one of its table, and a new table to the end.
    mutating func set(_ key: String, in table: [String], to value: Value?) {
        let index = lines.firstIndex { line in
            guard line.table == table, case .entry(key, _) = line.kind else { return false }
            return true
        }
        if let index {
            if let value {
                lines[index].replaceValue(with: value)
            } else {
                lines.remove(at: index)
            }
            return
        }
        guard let value else { return }
        var entry = TOMLLine(key: key, value: value)
        entry.table = table
        if let last = lines.lastIndex(where: { $0.table == table && !$0.isBlank }) {
            lines.insert(entry, at: last + 1)
        } else if table.isEmpty {
            lines.insert(entry, at: 0)
        } else {
            if let last = lines.last, !last.isEmptyLine {
                var space = TOMLLine.empty
                space.table = last.table
                lines.append(space)
            }
            lines.append(TOMLLine(header: table))
            lines.append(entry)
        }
    }

    /// Removes a table with all its keys. Comments inside it go with it.
    mutating func removeTable(_ table: [String]) {
        lines.removeAll { $0.table == table }
    }
}
