/// The members of a request's body, each taken once by the one who knows what it means.
package struct Fields {
    private var members: [JSONValue.Member]
    private let place: String

    /// Takes a JSON object.
    ///
    /// - Parameters:
    ///   - value: The object; absent is one without members.
    ///   - place: What it is called in errors.
    package init(_ value: JSONValue?, in place: String = "The body") throws {
        guard case .object(let members) = value ?? .object([]) else {
            throw Self.invalid("\(place) must be a JSON object")
        }
        self.members = members
        self.place = place
    }

    /// Takes a member; null and a missing one are the same.
    package mutating func take(_ name: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == name }) else { return nil }
        let value = members.remove(at: index).value
        // Not `nil`: a JSON value can be written so, and would be null.
        return value == .null ? Optional.none : value
    }

    /// A text that must be there.
    package mutating func text(_ name: String) throws -> String {
        guard let text = try optionalText(name) else {
            throw Self.invalid("\(place) lacks '\(name)'")
        }
        return text
    }

    /// A text that may be there.
    package mutating func optionalText(_ name: String) throws -> String? {
        switch take(name) {
        case nil: return nil
        case .string(let text): return text
        default: throw Self.invalid("'\(name)' must be a string")
        }
    }

    /// A switch, off unless it is there.
    package mutating func flag(_ name: String) throws -> Bool {
        switch take(name) {
        case nil: return false
        case .boolean(let isOn): return isOn
        default: throw Self.invalid("'\(name)' must be true or false")
        }
    }

    /// A whole number that may be there.
    package mutating func integer(_ name: String) throws -> Int64? {
        switch take(name) {
        case nil: return nil
        case .integer(let number): return number
        default: throw Self.invalid("'\(name)' must be a whole number")
        }
    }

    /// A number that may be there.
    package mutating func number(_ name: String) throws -> Double? {
        switch take(name) {
        case nil: return nil
        case .integer(let number): return Double(number)
        case .real(let number): return number
        default: throw Self.invalid("'\(name)' must be a number")
        }
    }

    /// A list of texts that may be there.
    package mutating func texts(_ name: String) throws -> [String]? {
        guard let values = try list(name) else { return nil }
        return try values.map { value in
            guard case .string(let text) = value else {
                throw Self.invalid("'\(name)' must be an array of strings")
            }
            return text
        }
    }

    /// A list that may be there.
    package mutating func list(_ name: String) throws -> [JSONValue]? {
        switch take(name) {
        case nil: return nil
        case .array(let values): return values
        default: throw Self.invalid("'\(name)' must be an array")
        }
    }

    /// Refuses what nobody took: a misspelled member would otherwise do nothing, silently.
    package func finish() throws {
        guard let first = members.first else { return }
        throw Self.invalid("\(place) has no '\(TerminalText.escaped(first.key))'")
    }

    static func invalid(_ message: String) -> CinchError {
        CinchError(
            code: .invalid, message: message,
            hint: "See the request in /openapi.json or docs/http-api.md.")
    }
}
