/// The `config` file of a repository, as far as it says how to read the repository. git-config(1).
///
/// Includes are not followed, as git doesn't follow them for these settings.
struct GitConfiguration: Hashable, Sendable {
    /// `section.subsection.key` with section and key in lower case; the last value wins.
    private(set) var values: [String: String] = [:]

    /// Reads the text; a line that is no setting is `.corrupt`.
    init(_ bytes: [UInt8], path: String) throws {
        var section = ""
        var pending = ""
        // Split as bytes: a carriage return and its line feed are one Character.
        for (number, raw) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() {
            let end = raw.last == UInt8(ascii: "\r") ? raw.endIndex - 1 : raw.endIndex
            var line = pending + String(decoding: raw[..<end], as: UTF8.self)
            pending = ""
            if line.hasSuffix("\\"), !line.hasSuffix("\\\\") {
                pending = String(line.dropLast())
                continue
            }
            line = trimmed(line)
            if line.hasPrefix("[") {
                guard let end = line.lastIndex(of: "]") else {
                    throw Self.broken(path, number + 1)
                }
                section = Self.section(line[line.index(after: line.startIndex)..<end])
                line = trimmed(String(line[line.index(after: end)...]))
            }
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = trimmed(String(parts[0])).lowercased()
            guard !section.isEmpty, !key.isEmpty, key.utf8.allSatisfy(Self.isKeyCharacter) else {
                throw Self.broken(path, number + 1)
            }
            // A key alone means true.
            values["\(section).\(key)"] = parts.count == 1 ? "true" : Self.value(parts[1])
        }
    }

    /// The setting as git reads a boolean; nil when it is absent or something else.
    func boolean(_ key: String) -> Bool? {
        switch values[key]?.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0", "": false
        default: nil
        }
    }

    private static func isKeyCharacter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func section(_ text: Substring) -> String {
        guard let quote = text.firstIndex(of: "\"") else { return text.lowercased() }
        let name = trimmed(String(text[..<quote])).lowercased()
        let rest = text[text.index(after: quote)...]
        return "\(name).\(rest.prefix { $0 != "\"" })"
    }

    // Quotes are removed, escapes replaced, comments outside quotes cut.
    private static func value(_ text: Substring) -> String {
        var result = ""
        var isQuoted = false
        var isEscaped = false
        var length = 0
        for character in trimmed(String(text)) {
            if isEscaped {
                result.append(["n": "\n", "t": "\t", "b": "\u{8}"][character] ?? character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
                continue
            } else if character == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, character == "#" || character == ";" {
                break
            } else {
                result.append(character)
                if !isQuoted, character == " " || character == "\t" { continue }
            }
            length = result.count
        }
        return String(result.prefix(length))
    }

    private static func broken(_ path: String, _ line: Int) -> GitError {
        GitError(
            .corrupt, "Line \(line) of '\(path)' is not a setting",
            hint: "Repair the file; 'git config --list' shows what git makes of it.")
    }
}

private func trimmed(_ text: String) -> String {
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    var rest = text[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
}
