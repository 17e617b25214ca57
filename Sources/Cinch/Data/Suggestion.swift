/// "Did you mean": the known word nearest to a misspelt one.
package enum Suggestion {
    /// The hint that asks whether the nearest is meant; what to do otherwise if none is near.
    package static func hint(
        for word: String, among candidates: some Sequence<String>, otherwise hint: String
    ) -> String {
        nearest(to: word, among: candidates).map { near in
            "Did you mean '\(TerminalText.escaped(near))'? \(hint)"
        } ?? hint
    }

    /// The candidate at most two edits away (one for words shorter than four), ignoring ASCII
    /// case; the first such in the order given. `nil` if none is that near.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String?
    {
        let wanted = Array(SQLText.folded(word).utf8)
        guard wanted.count <= 128 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let limit = min(best.map { $0.distance - 1 } ?? 2, wanted.count < 4 ? 1 : 2)
            let distance = distance(wanted, Array(SQLText.folded(candidate).utf8))
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// Edits between two words, a swap of neighbours counting as one.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        guard abs(first.count - second.count) <= 2 else { return 3 }
        var older: [Int] = []
        var previous = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                var cost = previous[column] + (first[row] == second[column] ? 0 : 1)
                cost = min(cost, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[second.count]
    }
}
