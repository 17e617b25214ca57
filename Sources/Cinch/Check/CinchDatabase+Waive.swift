import CinchGit
import CinchRepository
import CinchSchema

extension CinchDatabase {
    /// Commits, on the current branch, that a finding is all right: the schema stays as it is.
    ///
    /// - Parameters:
    ///   - entity: What may be found, with `*` and `?`; absent for anything.
    ///   - lastDay: `YYYY-MM-DD`; absent to let it count for ever.
    /// - Throws: `.usage` for a code that is none, a date that is none or has passed, no reason, or
    ///   an entity without a name.
    package func waive(
        _ code: String, entity: String? = nil, lastDay: String? = nil, reason: String,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication {
        // An empty word is a variable nobody has set, and would be read as a waiver of everything.
        if let entity, entity.allSatisfy(\.isWhitespace) {
            throw CinchError(
                code: .usage, message: "'\(TerminalText.escaped(entity))' names nothing",
                hint: "Name what the finding is about, or leave it out to allow it of anything.")
        }
        let waiver = Waiver(code: code, entity: entity, lastDay: lastDay, reason: reason)
        if let lastDay, Waiver.lastSecond(of: lastDay) == nil {
            throw CinchError(
                code: .usage, message: "'\(TerminalText.escaped(lastDay))' is no day",
                hint: "Write it as YYYY-MM-DD.")
        }
        if let refusal = try waiver.refusal(now: Timestamp(for: .committer, in: context)) {
            throw CinchError(
                code: .usage, message: "The waiver would not count: \(refusal)",
                hint: "See docs/lint.md for codes; a waiver needs a reason and a day to come.")
        }
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let subject = "Waive \(code)" + (entity.map { " of \(TerminalText.escaped($0))" } ?? "")
        let commit = try history.git.writeCommit(
            Commit(
                tree: history.git.readCommit(tip).tree, parents: [tip],
                author: signature(.author), committer: signature(),
                message: "\(subject)\n\n\(Waiver.key): \(waiver.text)\n"))
        let report = try publish(
            commit, on: branch, from: tip, action: "commit: \(subject)", settings: settings)
        return Publication(
            branch: branch.shortName, commit: commit, changes: [], rollout: report)
    }
}
