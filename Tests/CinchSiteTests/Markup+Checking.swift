import Foundation

/// What is wrong with a page: tags that aren't closed, in the wrong order, or characters that can't be.
enum MarkupCheck {
    private static let empty: Set<String> = ["meta", "link", "input", "br", "!DOCTYPE", "?xml"]

    static func faults(in text: String) -> [String] {
        var faults: [String] = []
        var open: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            let between = rest[..<start]
            if between.contains(">") { faults.append("a bare > in '\(between.suffix(40))'") }
            guard let end = rest[start...].firstIndex(of: ">") else {
                return faults + ["a tag without end: \(rest[start...].prefix(40))"]
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.contains("<") { faults.append("a bare < in '\(tag.prefix(40))'") }
            if tag.count(where: { $0 == "\"" }) % 2 != 0 { faults.append("quotes in <\(tag)>") }
            let name = String(tag.prefix { $0 != " " && $0 != "/" || $0 == tag.first })
            if name.hasPrefix("/") {
                let closed = String(tag.dropFirst())
                if open.popLast() != closed { faults.append("</\(closed)> closes something else") }
            } else if !tag.hasSuffix("/"), !empty.contains(name) {
                open.append(name)
            }
        }
        if !open.isEmpty { faults.append("not closed: \(open)") }
        let bad = text.unicodeScalars.first { scalar in
            scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value == 0xFFFE
        }
        if let bad { faults.append("the character \(bad.value)") }
        return faults
    }

    /// Where the links of a page lead, entities resolved.
    static func links(in text: String) -> [String] {
        text.components(separatedBy: "href=\"").dropFirst().map { part in
            String(part.prefix { $0 != "\"" })
        }
    }
}
