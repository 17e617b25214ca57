package import CinchGit
import CinchRepository
import CinchSQLite
import CinchSchema

/// What a test has shown about a commit.
package enum BisectVerdict: String, Hashable, Sendable, CaseIterable {
    case good, bad, skip
}

extension CinchDatabase {
    private var bisectFile: BisectFile {
        BisectFile(repository: layout.repository, context: context)
    }

    /// The search that is under way; absent when there is none.
    package func bisectState() throws -> BisectState? { try bisectFile.read() }

    /// Begins a search, in place of one that is under way.
    ///
    /// - Returns: What to test; absent as long as no bad and no good commit are known.
    package func startBisect(bad: String?, good: [String]) throws -> Bisection? {
        var state = BisectState()
        state.bad = try bad.map(commit)
        state.good = try good.map(commit)
        let ids = ([state.bad].compactMap(\.self) + state.good).map { " \($0.hex)" }.joined()
        state.log = ["cinch bisect start\(ids)"]
        return try bisectFile.update { _ in try advance(state) }
    }

    /// Says how commits did, or the one that was to be tested, and goes on.
    ///
    /// - Returns: What to test next; absent as long as no bad and no good commit are known.
    /// - Throws: `CinchError` with `.notFound` when no search is under way.
    package func bisect(_ verdict: BisectVerdict, _ revisions: [String]) throws -> Bisection? {
        let named = try revisions.map(commit)
        guard verdict != .bad || named.count < 2 else {
            throw CinchError(
                code: .usage, message: "Only one commit can be the bad one",
                hint: "Name one, or none for the commit that is to be tested.")
        }
        guard try bisectFile.read() != nil else { throw Self.noBisect }
        return try bisectFile.update { state in
            guard var state else { throw Self.noBisect }
            let commits = named.isEmpty ? [try state.testing ?? commit("HEAD")] : named
            switch verdict {
            case .good: state.good += commits.filter { !state.good.contains($0) }
            case .skip: state.skipped += commits.filter { !state.skipped.contains($0) }
            case .bad: state.bad = commits[0]
            }
            state.log += commits.map { "cinch bisect \(verdict.rawValue) \($0.hex)" }
            return try advance(state)
        }
    }

    /// Forgets the search.
    package func resetBisect() throws { try bisectFile.remove() }

    /// Makes a database without rows that has a commit's schema, for a test to look at.
    ///
    /// - Parameter path: A file that isn't there yet.
    package func materializeEmpty(_ commit: ObjectID, at path: String) throws {
        let connection = try Connection(path: path, access: .create)
        try connection.transaction {
            for statement in try history.schema(of: commit).statements(ids: false) {
                try connection.execute(statement)
            }
        }
    }

    /// What to test next, and the search with it.
    private func advance(_ state: BisectState) throws -> (BisectState, Bisection?) {
        var state = state
        state.testing = nil
        guard let bad = state.bad, !state.good.isEmpty else { return (state, nil) }
        let bisection: Bisection
        do {
            bisection = try history.git.bisect(
                bad: bad, good: state.good, skipping: Set(state.skipped))
        } catch let error as GitError where error.code == .conflict {
            // Nobody else's doing, so waiting for them would not help.
            throw CinchError(
                code: .usage, message: error.message, hint: error.hint, cause: error)
        }
        if case .test(let commit, _) = bisection.outcome { state.testing = commit }
        return (state, bisection)
    }

    private static var noBisect: CinchError {
        CinchError(
            code: .notFound, message: "No search is under way",
            hint: "Begin one with 'cinch bisect start BAD GOOD'.")
    }
}
