/// Writes a ``JSONValue`` as text; see ``JSONValue/text(pretty:)`` for the promises.
struct JSONWriter {
    private let isPretty: Bool
    /// What was written so far.
    private(set) var output = ""
    private var depth = 0

    /// Starts an empty document.
    init(isPretty: Bool) {
        self.isPretty = isPretty
    }

    /// Appends one value.
    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .real(let value): output += Self.text(of: value)
        case .string(let value): write(string: value)
        case .array(let elements):
            writeList(elements, open: "[", close: "]") { writer, element in
                writer.write(element)
            }
        case .object(let members):
            writeList(members, open: "{", close: "}") { writer, member in
                writer.write(string: member.key)
                writer.output += writer.isPretty ? ": " : ":"
                writer.write(member.value)
            }
        }
    }

    /// The shortest decimal text that reads back to the same `Double`.
    static func text(of value: Double) -> String {
        if value.isNaN { return "null" }
        if value.isInfinite { return value < 0 ? "-9e999" : "9e999" }
        return value.description
    }

    private mutating func writeList<Element>(
        _ elements: [Element], open: String, close: String,
        each: (inout JSONWriter, Element) -> Void
    ) {
        output += open
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { output += "," }
            newline()
            each(&self, element)
        }
        depth -= 1
        if !elements.isEmpty { newline() }
        output += close
    }

    private mutating func newline() {
        guard isPretty else { return }
        output += "\n"
        for _ in 0..<depth { output += "  " }
    }

    private mutating func write(string: String) {
        output += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
