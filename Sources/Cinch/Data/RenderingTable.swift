/// Renders an answer for people: one line a row, columns aligned.
package enum TableRendering {
    /// The rows under a header and a rule, then how many there were.
    ///
    ///     id  name   active
    ///     --  -----  ------
    ///      1  Ada    true
    ///      2  NULL   false
    ///     (2 rows)
    ///
    /// Numbers are aligned right. NULL is `NULL`, a BLOB its bytes as `x'0A'` (after 32 bytes
    /// the length is given instead), and control characters are escaped so that no value can
    /// steer the terminal. Width counts Unicode scalars, wide ones and combining ones as 2 and
    /// 0. An answer without columns is the number of changes.
    ///
    /// - Returns: Lines that each end with a newline.
    package static func render(_ result: QueryResult) -> String {
        guard !result.columns.isEmpty else {
            return count(result.changes, "row", suffix: " changed") + "\n"
        }
        let header = result.columns.map { TerminalText.escaped($0.name) }
        let cells = result.rows.map { $0.map(cell) }
        let widths = header.indices.map { column in
            cells.reduce(TerminalText.width(header[column])) {
                max($0, TerminalText.width($1[column]))
            }
        }
        let isRight = header.indices.map { column in
            !result.rows.isEmpty && result.rows.allSatisfy { $0[column].isNumberOrNull }
                && result.rows.contains { $0[column] != .null }
        }
        var output = line(header, widths, isRight)
        output += line(widths.map { String(repeating: "-", count: $0) }, widths, isRight)
        for row in cells { output += line(row, widths, isRight) }
        output +=
            "(\(count(result.rows.count, "row"))\(result.truncated ? ", more left out" : ""))\n"
        return output
    }

    private static func cell(_ value: SQLValue) -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let value): return String(value)
        case .real(let value): return value.description
        case .boolean(let value): return value ? "true" : "false"
        case .text(let value): return TerminalText.escaped(value)
        case .blob(let bytes):
            guard bytes.count <= 32 else { return "<\(bytes.count) bytes>" }
            return "x'\(CSVRendering.hexadecimal(bytes))'"
        }
    }

    private static func line(_ cells: [String], _ widths: [Int], _ isRight: [Bool]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - TerminalText.width(cell))
            line += (index > 0 ? "  " : "") + (isRight[index] ? padding + cell : cell + padding)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    private static func count(_ number: Int, _ noun: String, suffix: String = "") -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")\(suffix)"
    }
}

extension SQLValue {
    /// Whether the value is aligned with numbers.
    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .null, .integer, .real: true
        default: false
        }
    }
}
