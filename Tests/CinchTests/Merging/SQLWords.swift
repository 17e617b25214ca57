import Synchronization

/// SQL cut into words, so that texts which differ in nothing but their looks are equal.
///
/// On its own two feet: the parser of the project is what it helps to judge.
enum SQLWords {
    private static let known = Mutex<[String: String]>([:])

    /// A text that is the same for statements which differ in looks only, or in the order of
    /// columns and constraints.
    static func gist(of sql: String) -> String {
        if let gist = known.withLock({ $0[sql] }) { return gist }
        let gist = makeGist(of: split(sql))
        known.withLock { $0[sql] = gist }
        return gist
    }

    private static func makeGist(of words: [String]) -> String {
        let words = words.last == ";" ? words.dropLast() : words[...]
        guard words.starts(with: ["create", "table"]),
            let open = words.firstIndex(of: "("), let close = words.lastIndex(of: ")")
        else { return words.joined(separator: " ") }
        var parts: [[String]] = [[]]
        var depth = 0
        for word in words[(open + 1)..<close] {
            depth += word == "(" ? 1 : word == ")" ? -1 : 0
            if word == ",", depth == 0 {
                parts.append([])
            } else {
                parts[parts.count - 1].append(word)
            }
        }
        let options = words[close...].joined(separator: " ")
        let list = parts.map { $0.joined(separator: " ") }.sorted().joined(separator: " , ")
        return "\(words[...open].joined(separator: " ")) \(list) \(options)"
    }

    /// The words in lower case and without the quotes of names; strings stay as they are.
    static func split(_ sql: String) -> [String] {
        let bytes = Array(sql.utf8)
        var words: [String] = []
        var place = 0
        func isWordByte(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte >= 0x80 || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        while place < bytes.count {
            let from = place
            switch bytes[place] {
            case 0x09, 0x0A, 0x0D, 0x20: place += 1
            case let quote where [0x22, 0x27, 0x60].contains(quote):
                place += 1
                while place < bytes.count, bytes[place] != quote { place += 1 }
                place += 1
                let inner = String(decoding: bytes[(from + 1)..<(place - 1)], as: UTF8.self)
                words.append(quote == 0x27 ? "'\(inner)'" : inner.lowercased())
            case let byte where isWordByte(byte):
                while place < bytes.count, isWordByte(bytes[place]) { place += 1 }
                words.append(String(decoding: bytes[from..<place], as: UTF8.self).lowercased())
            default:
                place += 1
                words.append(String(decoding: bytes[from..<place], as: UTF8.self))
            }
        }
        return words
    }

    /// What stands in parentheses behind each of these words, one text each.
    static func groups(after introducer: String, in words: [String]) -> [String] {
        words.indices.compactMap { place in
            guard words[place] == introducer, words.dropFirst(place + 1).first == "(" else {
                return nil
            }
            var depth = 0
            let rest = words[(place + 1)...]
            let end = rest.firstIndex { word in
                depth += word == "(" ? 1 : word == ")" ? -1 : 0
                return depth == 0
            }
            return end.map { rest[...$0].joined(separator: " ") }
        }
    }
}
