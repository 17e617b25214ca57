package import CinchSchema

/// `[lint]` of a configuration file.
package struct LintConfiguration: Hashable, Sendable {
    static let table = ["lint"]

    /// What it asks for.
    package private(set) var settings = LintSettings()
    /// Keys that are neither a setting nor a rule's code: mistakes in writing, most likely.
    package private(set) var unknownKeys: [String] = []
    /// The first key whose value can't be used; absent when all can.
    private(set) var invalidKey: String?
    /// What is expected of that value.
    private(set) var expectation = ""

    init(_ entries: [(key: String, value: TOMLDocument.Value)]) {
        for (key, value) in entries {
            guard let expected = take(value, for: key), invalidKey == nil else { continue }
            (invalidKey, expectation) = (key, expected)
        }
    }

    /// - Returns: What is expected, where the value is something else.
    private mutating func take(_ value: TOMLDocument.Value, for key: String) -> String? {
        switch key {
        case "fail_on":
            guard case .string(let word) = value, let severity = LintSeverity(rawValue: word) else {
                return "\"info\", \"warning\" or \"error\""
            }
            settings.failingSeverity = severity
        case "big_tables":
            guard case .strings(let patterns) = value else {
                return "a list of names, such as [\"events\", \"logs_*\"]"
            }
            settings.bigTables = patterns.map(LintPattern.init)
        case "naming":
            guard case .string(let text) = value, let style = NamingStyle(text) else {
                return "\"snake_case\", \"camelCase\", \"PascalCase\" or a regular expression"
            }
            settings.naming = style
        default:
            guard CheckRule.all.contains(where: { $0.code == key }) else {
                unknownKeys.append(key)
                return nil
            }
            guard case .string(let word) = value, let level = LintSettings.Level(word) else {
                return "\"off\", \"info\", \"warning\" or \"error\""
            }
            settings.levels[key] = level
        }
        return nil
    }
}
