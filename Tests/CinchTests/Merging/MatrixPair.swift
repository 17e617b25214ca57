/// One place of the matrix: what the merge should say and what it says.
struct MatrixPair: Sendable {
    /// How the two answers compare.
    enum Verdict: String, CaseIterable, Sendable {
        /// The merge has the schema that SQLite comes to in either order.
        case agreed
        /// The merge has a conflict, and SQLite no such schema.
        case conflict
        /// The merge has a conflict where SQLite has a schema.
        case refused
        /// The merge has another schema than SQLite, or one where SQLite has none.
        case wrong
    }

    var base: String
    var ours: String
    var theirs: String
    /// What SQLite says, in which both scripts ran in either order.
    var expected: MatrixAnswer
    /// What the merge says.
    var actual: MatrixAnswer

    var verdict: Verdict {
        get throws {
            switch (expected, actual) {
            case (.clean(let expected), .clean(let actual)):
                try expected.isSame(as: actual) ? .agreed : .wrong
            case (.clean, .conflict): .refused
            case (.conflict, .clean): .wrong
            case (.conflict, .conflict): .conflict
            }
        }
    }

    /// Both answers for people, and of two schemas what differs.
    var report: String {
        let answers =
            switch (expected, actual) {
            case (.clean(let expected), .clean(let actual)): Self.difference(expected, actual)
            case (.clean, .conflict(let reason)): "SQLite can do it, the merge has \(reason)"
            case (.conflict(let reason), .clean): "the merge is clean, SQLite says \(reason)"
            case (.conflict, .conflict): "a conflict"
            }
        return "\(ours) × \(theirs), \(base): \(answers)"
    }

    private static func difference(_ expected: Inventory, _ actual: Inventory) -> String {
        guard let expected = try? expected.introspection(),
            let actual = try? actual.introspection()
        else { return "SQLite can't build the merged schema" }
        let lacking = expected.filter { !actual.contains($0) }
        let extra = actual.filter { !expected.contains($0) }
        return "the merge lacks \(lacking) and has \(extra)"
    }
}
