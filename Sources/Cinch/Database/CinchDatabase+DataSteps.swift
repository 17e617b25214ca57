package import CinchGit
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    /// Commits statements that change rows, to be run once in every tenant on its way past the
    /// commit, however far behind it is.
    ///
    /// - Parameters:
    ///   - subjects: All that may be written; empty for anything.
    ///   - source: What to call the script in errors: a file's name.
    package func addDataStep(
        _ script: String, on subjects: [RowSubject] = [], source: String? = nil,
        message: String? = nil, settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication {
        try Self.refuseBackfills(settings, by: "A data step")
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let schema = try history.schema(of: tip)
        let draft = try DataStepDraft(script, on: subjects, in: schema, source: source)
        let step = try named(draft, after: tip)
        let message = message ?? "Run a data step on \(Self.list(draft.subjects))"
        let commit = try history.write(
            schema, parents: [tip], message: message, signature: signature(),
            author: signature(.author), dataSteps: [step])
        let report = try publish(
            commit, on: branch, from: tip, action: "data-step: \(step.name)",
            occasion: .commit("data-step"), settings: settings)
        return Publication(
            branch: branch.shortName, commit: commit, changes: [], rollout: report,
            dataSteps: [step])
    }

    private static func list(_ subjects: [RowSubject]) -> String {
        subjects.map(\.description).joined(separator: ", ")
    }

    /// Refuses `--fill` where nothing would come of it.
    ///
    /// - Throws: `.usage`.
    static func refuseBackfills(_ settings: RolloutSettings, by subject: String) throws {
        guard !settings.backfills.isEmpty else { return }
        throw CinchError(
            code: .usage, message: "\(subject) takes no --fill",
            hint: "Leave it out; values for rows alone are given with 'cinch data-step'.")
    }

    /// The steps that fill columns on the way to a schema; none where nothing is to be filled.
    ///
    /// - Parameters:
    ///   - tree: The tree that will have the steps.
    ///   - parent: The commit's first parent.
    func dataSteps(
        filling backfills: [Backfill], in schema: Schema, over before: Schema, after tree: ObjectID,
        parent: ObjectID
    ) throws -> [DataStep] {
        guard !backfills.isEmpty else { return [] }
        let draft = try DataStepDraft(filling: backfills, in: schema, over: before)
        return [draft.named(parent: parent, after: try history.git.dataStepNames(in: tree))]
    }

    func named(_ draft: DataStepDraft, after parent: ObjectID) throws -> DataStep {
        let tree = try history.git.readCommit(parent).tree
        return draft.named(parent: parent, after: try history.git.dataStepNames(in: tree))
    }

    /// The plan that leads from one revision to another, by way of the data steps between them.
    ///
    /// - Parameter parks: Whether it is for a tenant's file, with nothing parked in it yet, in
    ///   which what is dropped is parked.
    package func plan(from: String, to: String, parks: Bool = true) throws -> Plan {
        let now = context.now()
        let trees = try [from, to].map {
            try history.git.resolveTree($0, now: now.seconds, offsetMinutes: now.offsetMinutes)
        }
        do {
            return try Plan(
                from: history.schema(ofTree: trees[0]), to: history.schema(ofTree: trees[1]),
                dataSteps: history.git.dataSteps(in: trees[1], notIn: trees[0]),
                parked: parks ? [] : nil)
        } catch let obstacle as DataStepObstacle {
            throw CinchError(
                code: .failed, message: "There is no plan from '\(from)' to '\(to)': \(obstacle)",
                hint: "Plan to the commit of that step first, see 'cinch log'.", cause: obstacle)
        }
    }

    /// The data steps a commit has, and another has not, in the order they are run.
    ///
    /// - Parameter other: Absent for the commit's first parent.
    package func dataSteps(of commit: ObjectID, since other: ObjectID? = nil) throws -> [DataStep] {
        let commit = try history.git.readCommit(commit)
        let before = try (other ?? commit.parents.first).map { try history.git.readCommit($0).tree }
        return try history.git.dataSteps(in: commit.tree, notIn: before)
    }
}
