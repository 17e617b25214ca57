/// Members of answers, by what they must be.
extension JSONValue {
    /// The answer isn't what docs/http-api.md says.
    static var unexpected: CinchError {
        CinchError(
            code: .failed, message: "The answer is not what was expected",
            hint: "Check that both sides have the same version.")
    }

    /// A list.
    func list(_ name: String) throws -> [JSONValue] {
        guard case .array(let elements)? = self[name] else { throw Self.unexpected }
        return elements
    }

    /// A text.
    func text(_ name: String) throws -> String {
        guard case .string(let text)? = self[name] else { throw Self.unexpected }
        return text
    }

    /// A text that may be null.
    func optionalText(_ name: String) throws -> String? {
        switch self[name] {
        case .null?, nil: return nil
        case .string(let text)?: return text
        default: throw Self.unexpected
        }
    }

    /// A whole number.
    func integer(_ name: String) throws -> Int64 {
        guard case .integer(let number)? = self[name] else { throw Self.unexpected }
        return number
    }

    /// A switch.
    func flag(_ name: String) throws -> Bool {
        guard case .boolean(let isOn)? = self[name] else { throw Self.unexpected }
        return isOn
    }
}
