import CinchSchema

/// Names of a language from names of a schema.
struct Naming {
    private var taken: Set<String>

    /// - Parameter reserved: Words that can't be names, or that mean something else.
    init(reserved: Set<String> = []) { taken = reserved }

    /// A name that no other has: numbered where it would be one that came before.
    mutating func distinct(_ name: String) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// `order_items` as `OrderItems`.
    static func upperCamel(_ name: String) -> String {
        let joined = words(name).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return started(joined, otherwise: "Unnamed")
    }

    /// `created_at` as `createdAt`.
    static func lowerCamel(_ name: String) -> String {
        let upper = words(name)
        let first =
            upper.first.map { word in
                word.allSatisfy { $0.isUppercase || $0.isNumber }
                    ? word.lowercased()
                    : word.prefix(1).lowercased() + word.dropFirst()
            } ?? ""
        let rest = upper.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return started(first + rest, otherwise: "unnamed")
    }

    /// Runs of letters and digits; what is neither only parts them.
    private static func words(_ name: String) -> [String] {
        name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func started(_ name: String, otherwise: String) -> String {
        guard let first = name.first else { return otherwise }
        return first.isNumber ? "_" + name : name
    }

    /// A text as a string literal that Swift, Python and TypeScript all read.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    /// A text as part of a comment of one line.
    static func comment(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// What a column holds, as far as a schema can say.
enum ColumnKind {
    case boolean, integer, real, text, bytes, any

    /// The kind of a declared type. NUMERIC and DECIMAL can hold whole numbers, fractions and
    /// text, so nothing but any value keeps all of it.
    init(_ declaredType: String) {
        let type = declaredType.lowercased()
        let isTime = ["date", "datetime", "timestamp", "time"].contains(type)
        switch Affinity(declaredType: declaredType) {
        case _ where type == "boolean" || type == "bool": self = .boolean
        case .integer: self = .integer
        case .real: self = .real
        case .text: self = .text
        case .blob: self = type.isEmpty ? .any : .bytes
        case .numeric: self = isTime ? .text : .any
        }
    }
}
