package import CinchGit
import CinchRepository

extension CinchDatabase {
    /// A commit by its nearest tag; absent when no tag is in its history.
    ///
    /// - Parameter all: Whether lightweight tags count as well as annotated ones.
    package func describe(_ revision: String, all: Bool) throws -> Description? {
        try history.git.describe(commit(revision), all: all)
    }

    /// The commit a branch was at on a date: the newest of its first-parent history that was made
    /// until then.
    ///
    /// - Parameter date: As git writes dates; a day without a time means its end.
    /// - Throws: `CinchError` with `.notFound` for a date before the first commit.
    package func commit(at date: String, on revision: String) throws -> ObjectID {
        var date = date
        if date.count == 10, date.split(separator: "-").count == 3 { date += " 23:59:59" }
        let latest = try seconds(date)
        var id = try commit(revision)
        while true {
            if try history.git.readCommit(id).committer.seconds <= latest { return id }
            guard let parent = try history.git.parents(of: id).first else { break }
            id = parent
        }
        throw CinchError(
            code: .notFound,
            message: "'\(revision)' had no commit yet at '\(TerminalText.escaped(date))'",
            hint: "See 'cinch log \(revision)' for the dates of its commits.")
    }
}
