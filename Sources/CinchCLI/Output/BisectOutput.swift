import ArgumentParser
import Cinch
import CinchGit
import CinchRepository

/// Prints where a search is.
enum BisectOutput {
    static func record(_ verdict: BisectVerdict, _ revisions: [String]) throws {
        let database = try Session.database()
        try print(database.bisect(verdict, revisions), database)
    }

    /// - Throws: `ExitCode` 2, as git's, when only commits that can't be tested are left.
    static func print(_ bisection: Bisection?, _ database: CinchDatabase) throws {
        guard let bisection else {
            return Console.print("Waiting for a bad commit and a good one")
        }
        switch bisection.outcome {
        case .test(let commit, let left):
            let steps = bisection.steps - 1
            Console.print(
                "Bisecting: \(left) commit\(left == 1 ? "" : "s") left to test after this"
                    + " (roughly \(steps) step\(steps == 1 ? "" : "s"))")
            let subject = try database.git.readCommit(commit).subject
            Console.print("[\(commit.hex)] \(TerminalSafe.text(subject))")
        case .found(let commit):
            Console.print("\(commit.hex) is the first bad commit")
            let entry = RevisionWalk.Entry(id: commit, commit: try database.git.readCommit(commit))
            for line in CommitOutput.header(entry, decorations: [:]) { Console.print(line) }
            Console.print("")
            for line in DiffOutput.stat(try database.changes(in: entry)) { Console.print(line) }
        case .undecided(let commits):
            Console.print("Only commits that can't be tested are left; the first bad one may be")
            for commit in commits { Console.print(commit.hex) }
            throw ExitCode(2)
        }
    }
}
