import Testing

/// Longer scripts than the matrix has, chosen at random.
@Suite struct MergeScriptTests {
    /// What comes out clean is what SQLite makes of both scripts, and so can be built and works.
    @Test(arguments: 1...100)
    func whatMergesCleanIsWhatSQLiteMakesOfIt(_ seed: Int) throws {
        let base = MatrixBase.all[1]
        var random = Draw(seed: seed)
        let ours = try script(on: base, against: [], by: &random)
        let theirs = try script(on: base, against: ours, by: &random)
        let matrix = try MergeMatrix(base, scripts: [ours, theirs])
        let places = matrix.labels.indices
        let attempts = try places.map { ours in try places.map { try matrix.attempt(ours, $0) } }
        for pair in try matrix.pairs(attempts) where pair.ours != pair.theirs {
            #expect(try pair.verdict != .wrong, "\(pair.report)")
        }
    }

    /// Two or three operations that work one after the other, each for the first time, and that
    /// are not listed to come to something else than SQLite against one of the other side's.
    private func script(
        on base: MatrixBase, against others: [MatrixOperation], by random: inout Draw
    ) throws -> [MatrixOperation] {
        var script: [MatrixOperation] = []
        let count = 2 + random.number(below: 2)
        while script.count < count {
            let next = MatrixOperation.all[random.number(below: MatrixOperation.all.count)]
            let isListed = others.contains { other in
                Divergence.all.contains { $0.pair == [other.label, next.label] }
            }
            let isTaken = (script + others).contains { $0.label == next.label }
            if !isListed, !isTaken, try worksInAnyOrder(script, next, on: base) {
                script.append(next)
            }
        }
        return script
    }

    /// Whether no step undoes what another did: what a script goes through on its way, SQLite
    /// minds and a merge doesn't see.
    private func worksInAnyOrder(
        _ script: [MatrixOperation], _ next: MatrixOperation, on base: MatrixBase
    ) throws -> Bool {
        guard case .clean(let forth) = try base.outcome(of: script + [next]),
            case .clean(let back) = try base.outcome(of: [next] + script)
        else { return false }
        return try forth.isSame(as: back)
    }
}

/// Numbers that are the same for the same seed (the minimal standard generator).
private struct Draw {
    private var state: Int

    init(seed: Int) { state = seed }

    mutating func number(below limit: Int) -> Int {
        for _ in 0..<3 { state = state * 48271 % 2_147_483_647 }
        return state % limit
    }
}
