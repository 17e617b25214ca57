import Testing

/// Every operation on one side of a merge against every operation on the other, both ways round.
///
/// SQLite is the judge: it runs both scripts in either order, and a merge is clean exactly when
/// both orders work and come to the same schema.
@Suite struct MergeMatrixTests {
    @Test func noMergeIsSilentlyWrong() async throws {
        var tally = MatrixTally()
        for base in MatrixBase.all {
            let matrix = try MergeMatrix(base, scripts: base.operations.map { [$0] })
            #expect(matrix.labels.count >= 30)
            try tally.add(try await attempts(matrix), of: matrix)
        }
        tally.finish()
        for problem in tally.problems { Issue.record("\(problem)") }
        print(tally.summary)
        // An operation that works nowhere tries nothing.
        #expect(tally.operations == Set(MatrixOperation.all.map(\.label)))
    }

    private func attempts(_ matrix: MergeMatrix) async throws -> [[MergeMatrix.Attempt]] {
        let places = matrix.labels.indices
        return try await withThrowingTaskGroup(of: (Int, [MergeMatrix.Attempt]).self) { group in
            for ours in places {
                group.addTask { (ours, try places.map { try matrix.attempt(ours, $0) }) }
            }
            let rows = try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return places.compactMap { rows[$0] }
        }
    }
}

/// The verdicts on a whole matrix, counted.
struct MatrixTally {
    private var counts: [MatrixPair.Verdict: Int] = [:]
    private var tried = 0
    private var listed = 0
    private var bases = 0
    private var met: Set<Set<String>> = []
    private(set) var operations: Set<String> = []
    /// Every pair that is neither right nor listed as it is, and listed ones without need.
    private(set) var problems: [String] = []

    mutating func add(_ attempts: [[MergeMatrix.Attempt]], of matrix: MergeMatrix) throws {
        bases += 1
        operations.formUnion(matrix.labels)
        for pair in try matrix.pairs(attempts) {
            tried += 1
            let verdict = try pair.verdict
            let divergence = Divergence.all.first { $0.pair == [pair.ours, pair.theirs] }
            switch (verdict, divergence) {
            case (.agreed, nil), (.conflict, nil):
                counts[verdict, default: 0] += 1
            case (_, let divergence?) where try matrix.agrees(pair, with: divergence):
                met.insert(divergence.pair)
                if verdict == .agreed || verdict == .conflict {
                    problems.append("listed and no divergence any more: \(pair.report)")
                } else {
                    listed += 1
                }
            default:
                counts[verdict, default: 0] += 1
                problems.append("\(verdict): \(pair.report)")
            }
        }
    }

    /// Looks for listed divergences that nothing has met.
    mutating func finish() {
        for divergence in Divergence.all where !met.contains(divergence.pair) {
            problems.append("listed and never met: \(divergence.pair.sorted())")
        }
    }

    /// The line under the run.
    var summary: String {
        let count = { (verdict: MatrixPair.Verdict) in counts[verdict] ?? 0 }
        return """
            merge matrix: \(operations.count) operations, \(bases) bases, \(tried) pairs tried: \
            \(count(.agreed)) agreed, \(count(.conflict)) conflict, \
            \(listed) listed divergences, \(count(.refused)) refused without need, \
            \(count(.wrong)) silent wrong merges
            """
    }
}

extension MergeMatrix {
    /// Whether the merge answers what a divergence lists.
    fileprivate func agrees(_ pair: MatrixPair, with divergence: Divergence) throws -> Bool {
        switch (pair.actual, divergence.result) {
        case (.conflict, nil): return true
        case (.clean(let actual), let labels?):
            let operations = labels.compactMap { label in
                MatrixOperation.all.first { $0.label == label }
            }
            let last = MatrixOperation("", divergence.rest)
            guard case .clean(let expected) = try base.outcome(of: operations + [last]) else {
                return false
            }
            return try expected.isSame(as: actual)
        default: return false
        }
    }
}
