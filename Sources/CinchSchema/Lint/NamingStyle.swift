/// How names of tables, columns and views are to be written.
package enum NamingStyle: Hashable, Sendable {
    /// As most names of the schema are, `snake_case` where there are few.
    case prevailing
    /// `first_name`.
    case snake
    /// `firstName`.
    case camel
    /// `FirstName`.
    case pascal
    /// A regular expression that all of a name has to match.
    case pattern(String)

    /// Reads a setting: `snake_case`, `camelCase`, `PascalCase`, `prevailing`, or a regular
    /// expression; absent for one that can't be read.
    package init?(_ text: String) {
        switch text {
        case "prevailing": self = .prevailing
        case "snake_case": self = .snake
        case "camelCase": self = .camel
        case "PascalCase": self = .pascal
        default:
            guard !text.isEmpty, (try? Regex(text)) != nil else { return nil }
            self = .pattern(text)
        }
    }

    /// What the style is called.
    package var name: String {
        switch self {
        case .prevailing: "prevailing"
        case .snake: "snake_case"
        case .camel: "camelCase"
        case .pascal: "PascalCase"
        case .pattern(let pattern): pattern
        }
    }

    /// Whether a name is written so; every name is where the style is the prevailing one, which
    /// only a schema can tell.
    package func allows(_ name: Identifier) -> Bool {
        if case .pattern(let pattern) = self {
            return (try? Regex(pattern).wholeMatch(in: name.text)) != nil
        }
        let text = name.text.utf8.drop { $0 == 0x5F }
        guard let first = text.first else { return true }
        let isUpper = { (byte: UInt8) in byte >= 0x41 && byte <= 0x5A }
        let isWord = { (byte: UInt8) in
            isUpper(byte) || byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39
                || byte >= 0x80
        }
        switch self {
        case .prevailing, .pattern: return true
        case .snake:
            return !text.contains(where: isUpper) && text.allSatisfy { isWord($0) || $0 == 0x5F }
        case .camel: return !isUpper(first) && text.allSatisfy(isWord)
        case .pascal: return isUpper(first) && text.allSatisfy(isWord)
        }
    }

    /// The style in which most of some names are that could be told apart by it; absent for fewer
    /// than five of those.
    static func prevailing(in names: [Identifier]) -> NamingStyle? {
        var counts: [(style: NamingStyle, count: Int)] = [(.snake, 0), (.camel, 0), (.pascal, 0)]
        for name in names {
            let fitting = counts.indices.filter { counts[$0].style.allows(name) }
            if fitting.count == 1 { counts[fitting[0]].count += 1 }
        }
        guard counts.map(\.count).reduce(0, +) >= 5 else { return nil }
        return counts.max { $0.count < $1.count }?.style
    }
}
