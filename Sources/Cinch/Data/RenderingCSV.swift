/// Renders an answer as CSV (RFC 4180): a header line, fields in quotes where needed, CRLF.
package enum CSVRendering {
    /// The rows under a header.
    ///
    /// NULL is an empty field and empty text is `""`, so the two stay apart. Booleans are 1 and
    /// 0, as SQLite stores them, and BLOBs hexadecimal digits; what SQLite's own import reads
    /// back. An answer without columns is empty.
    package static func render(_ result: QueryResult) -> String {
        guard !result.columns.isEmpty else { return "" }
        var output = line(result.columns.map { field($0.name) })
        for row in result.rows { output += line(row.map(field)) }
        return output
    }

    /// Two upper-case digits a byte.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { text, byte in
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16, uppercase: true)
        }
    }

    private static func line(_ fields: [String]) -> String {
        // A line with nothing on it is no record to most readers.
        fields == [""] ? "\"\"\r\n" : fields.joined(separator: ",") + "\r\n"
    }

    private static func field(_ value: SQLValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): String(value)
        case .real(let value): value.description
        case .boolean(let value): value ? "1" : "0"
        case .blob(let bytes): hexadecimal(bytes)
        case .text(let value): field(value)
        }
    }

    private static func field(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty || text.hasPrefix(" ") || text.hasSuffix(" ")
            || text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
