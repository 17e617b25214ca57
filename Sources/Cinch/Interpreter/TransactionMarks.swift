import CinchSchema

/// What identities were when each open transaction and savepoint began, so that a ROLLBACK takes
/// them back along with the tables (lang_savepoint).
struct TransactionMarks {
    private var marks: [(name: String, tracker: IdentityTracker)] = []

    /// Takes in a statement that has run.
    ///
    /// - Returns: The identities to go back to; absent where nothing was rolled back.
    mutating func record(_ statement: String, tracker: IdentityTracker) -> IdentityTracker? {
        let (words, _) = SQLText.outline(statement, count: 5)
        switch words.first {
        case "BEGIN": marks = [("", tracker)]
        case "COMMIT", "END": return end(rolledBack: false)
        case "SAVEPOINT": marks.append((Self.name(words.dropFirst()), tracker))
        case "RELEASE":
            if let place = place(Self.name(words.dropFirst())) { marks.removeSubrange(place...) }
        case "ROLLBACK":
            let rest = words.dropFirst().drop { $0 == "TRANSACTION" }
            guard rest.first == "TO" else { return end(rolledBack: true) }
            guard let place = place(Self.name(rest.dropFirst())) else { return nil }
            marks.removeSubrange((place + 1)...)
            return marks[place].tracker
        default: break
        }
        return nil
    }

    /// Forgets all marks, since no transaction is open any more.
    ///
    /// - Returns: The identities to go back to; absent where nothing was rolled back.
    mutating func end(rolledBack: Bool) -> IdentityTracker? {
        defer { marks = [] }
        return rolledBack ? marks.first?.tracker : nil
    }

    private func place(_ name: String) -> Int? { marks.lastIndex { $0.name == name } }

    /// The name after an optional SAVEPOINT, without its quotes.
    private static func name(_ words: ArraySlice<String>) -> String {
        let name = words.first == "SAVEPOINT" && words.count > 1 ? words.dropFirst() : words
        return (name.first ?? "").filter { !"\"'`[]".contains($0) }
    }
}
