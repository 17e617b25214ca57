import Cinch

/// Prints what is known about one thing: `name: value` lines, or one JSON object.
enum Facts {
    static func print(_ facts: [(String, JSONValue)], json: Bool) {
        guard !json else {
            Console.print(json: facts.map { JSONValue.Member($0.0, $0.1) })
            return
        }
        let width = facts.map { $0.0.count }.max() ?? 0
        for (name, value) in facts {
            let padding = String(repeating: " ", count: width - name.count)
            let label = name.replacing("_", with: " ")
            let text =
                switch value {
                case .string(let text): text
                case .null: "-"
                default: value.text()
                }
            Console.print("\(label):\(padding) \(text)")
        }
    }
}

/// Destructive commands ask for nothing; they want `--force`.
enum Confirmation {
    static func demand(_ force: Bool, _ what: String) throws {
        guard !force else { return }
        throw CinchError(
            code: .refused, message: "This deletes \(what) for good",
            hint: "Run the command again with --force.")
    }
}
