/// Where to look next for the commit that made something bad. git-bisect(1).
package struct Bisection: Hashable, Sendable {
    /// What is known after the tests so far.
    package enum Outcome: Hashable, Sendable {
        /// The commit to test, and how many are left after it at worst.
        case test(ObjectID, left: Int)
        /// The first bad commit.
        case found(ObjectID)
        /// Only commits that couldn't be tested are left beside the bad one; oldest first.
        case undecided([ObjectID])
    }

    /// What to do now.
    package let outcome: Outcome
    /// Commits that may still be the first bad one.
    package let count: Int

    /// How many more tests it will take, about.
    package var steps: Int {
        var (steps, rest) = (0, count)
        while rest > 1 {
            rest /= 2
            steps += 1
        }
        return steps
    }
}

extension GitRepository {
    /// Picks the commit that halves what is left.
    ///
    /// - Parameters:
    ///   - bad: A commit that is known to be bad.
    ///   - good: Commits that are known to be good.
    ///   - skipped: Commits that can't be tested.
    /// - Throws: `.conflict` when the bad commit is an ancestor of a good one.
    package func bisect(
        bad: ObjectID, good: [ObjectID], skipping skipped: Set<ObjectID>
    ) throws -> Bisection {
        var walk = RevisionWalk(self, from: [bad], excluding: good, order: .topological)
        let entries = try walk.all()
        guard !entries.isEmpty else {
            throw GitError(
                .conflict, "The bad commit is in the history of a good one",
                hint: "Name the bad commit and the good ones the other way round.")
        }
        let count = entries.count
        if count == 1 { return Bisection(outcome: .found(bad), count: 1) }
        let weights = weights(of: entries)
        let testable = entries.filter { $0.id != bad && !skipped.contains($0.id) }
        guard !testable.isEmpty else {
            return Bisection(outcome: .undecided(entries.reversed().map(\.id)), count: count)
        }
        func quality(_ entry: RevisionWalk.Entry) -> Int {
            let weight = weights[entry.id] ?? 0
            return min(weight, count - weight)
        }
        let best = testable.reduce(testable[0]) { quality($1) > quality($0) ? $1 : $0 }
        let weight = weights[best.id] ?? 0
        return Bisection(
            outcome: .test(best.id, left: max(weight, count - weight) - 1), count: count)
    }

    /// How many of the commits each one reaches, itself included.
    ///
    /// - Complexity: O(*n*), and O(*n*) more for each merge.
    private func weights(of entries: [RevisionWalk.Entry]) -> [ObjectID: Int] {
        let commits = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0.commit) })
        var weights: [ObjectID: Int] = [:]
        for entry in entries.reversed() {
            let parents = entry.commit.parents.filter { commits[$0] != nil }
            if parents.count < 2 {
                weights[entry.id] = 1 + (parents.first.flatMap { weights[$0] } ?? 0)
                continue
            }
            var seen: Set<ObjectID> = [entry.id]
            var stack = [entry.id]
            while let id = stack.popLast() {
                for parent in commits[id]?.parents ?? []
                where commits[parent] != nil && seen.insert(parent).inserted {
                    stack.append(parent)
                }
            }
            weights[entry.id] = seen.count
        }
        return weights
    }
}
