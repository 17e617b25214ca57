import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

/// Going on with rollouts, giving them up, and what is left to do.
@Suite struct RolloutJournalTests {
    /// Four tenants that follow by hand, and a branch that is ahead of them.
    private func behind(_ sql: String = "ALTER TABLE users ADD COLUMN age INT NOT NULL") throws
        -> (TemporaryProject, CinchDatabase)
    {
        let project = try TemporaryProject(users, tenants: ["acme", "apex", "globex"])
        let database = try project.reopened { $0.materializePolicy = .manual }
        _ = try database.run(ddl: sql)
        return (project, database)
    }

    private func request(_ patterns: String...) throws -> RolloutRequest {
        RolloutRequest(patterns: try patterns.map { try TenantPattern($0) })
    }

    @Test func onlyTenantsThatMatchAreBroughtAlong() throws {
        let (project, database) = try behind()
        let report = try database.materialize(request("a*", "main"))
        #expect(report.entries.map(\.name) == ["acme", "apex", "main"])
        try project.expect(["acme", "apex", "main"])
        #expect(try database.tenant("globex").status == .behind)
        let record = try database.rollout().record
        #expect(record.request == (try request("a*", "main")))
        #expect(record.state == .done && record.tenants == 3)
        // The rollout before ended where the tenants were.
        #expect(record.fromCommit == (try database.commit("main~1").hex))
    }

    @Test func aPatternThatMatchesNoTenantIsAnErrorAlsoBesideOneThatDoes() throws {
        let (project, database) = try behind()
        let error = try project.refused { try database.materialize(request("a*", "b*")) }
        #expect(error?.code == .notFound)
        #expect(error?.message == "No tenant matches 'b*'")
        #expect(try database.rollouts(limit: 9).count == 1)
    }

    @Test func aRetryIsForThoseThatFailed() throws {
        let (project, database) = try behind()
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        try project.execute("CREATE TABLE mine(x)", on: "globex")
        #expect(try database.materialize().failures.map(\.name) == ["acme", "globex"])
        try project.execute("DELETE FROM users", on: "acme")
        let retry = RolloutRequest(isRetry: true)
        let report = try database.materialize(retry)
        #expect(report.entries.map(\.name) == ["acme", "globex"])
        #expect(report.names { $0 == .applied } == ["acme"])
        // What was tried again is what a rollout that goes on with it tries.
        try project.execute("DROP TABLE mine", on: "globex")
        let resumed = try database.resumeRollout()
        #expect(resumed.report.entries.map(\.name) == ["acme", "globex"])
        #expect(resumed.report.failures.isEmpty)
        let count = try database.rollouts(limit: 99).count
        #expect(try database.materialize(retry).entries.isEmpty)
        #expect(try database.rollouts(limit: 99).count == count)
        try project.expect(["acme", "apex", "globex", "main"])
    }

    @Test func goingOnLeadsToTheTipWithTheSameTenantsAtTheSamePace() throws {
        let (project, database) = try behind()
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        var asked = try request("a*")
        asked.canary = .percent(100)
        asked.batch = 2
        let stopped = try database.materialize(asked, settings: RolloutSettings(jobs: 1))
        #expect(stopped.stop == .canary)
        let first = try database.rollout().record
        #expect(first.state == .stopped)
        #expect(try !database.isRolloutFinished())

        try project.execute("DELETE FROM users", on: "acme")
        _ = try database.run(ddl: "CREATE TABLE later(x)")
        let resumption = try database.resumeRollout()
        #expect(resumption.rollout.id == first.id && resumption.hasMovedOn)
        #expect(resumption.report.target.commit == (try database.commit("main").hex))
        #expect(resumption.report.entries.map(\.name) == ["acme", "apex"])
        try project.expect(["acme", "apex"])
        #expect(try database.tenant("globex").status == .behind)
        let second = try database.rollout().record
        #expect(second.request.resumes == first.id && second.state == .done)
        #expect(second.request.canary == .percent(100) && second.request.batch == 2)
        // It is gone on with once.
        #expect(try database.isRolloutFinished())
        let error = try project.refused { try database.resumeRollout() }
        #expect(error?.code == .failed && error?.message == "No rollout is unfinished")
        let done = try project.refused { try database.resumeRollout(second.id) }
        #expect(done?.message == "Rollout \(second.id) is done")
    }

    @Test func aRolloutOverAllThatIsDoneLeavesNothingToGoOnWith() throws {
        let (project, database) = try behind()
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        _ = try database.materialize()
        // One over other tenants does not.
        _ = try database.materialize(request("main"))
        #expect(try !database.isRolloutFinished())
        try project.execute("DELETE FROM users", on: "acme")
        #expect(try database.materialize().failures.isEmpty)
        #expect(try database.isRolloutFinished())
        _ = try project.refused { try database.resumeRollout() }
    }

    @Test func whatIsGivenUpIsNoLongerUnfinishedButCanBeGoneOnWith() throws {
        let (project, database) = try behind()
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "acme")
        _ = try database.materialize()
        let before = try project.state()
        let cancelled = try database.cancelRollout()
        #expect(cancelled.state == .cancelled)
        #expect(try database.rollout(cancelled.id).record.state == .cancelled)
        #expect(try database.isRolloutFinished())
        #expect(try database.cancelRollout().state == .cancelled)
        #expect(try project.changed(since: before) == [])
        try project.execute("DELETE FROM users", on: "acme")
        #expect(try database.resumeRollout().report.names { $0 == .applied } == ["acme"])
        let error = try project.refused { try database.cancelRollout() }
        #expect(error?.code == .failed)
    }

    @Test func aRolloutThatRunsStopsWhenAnotherProcessCancelsIt() throws {
        let (project, database) = try behind()
        let other = try project.reopened()
        let states = Seen()
        let report = try database.materialize(
            RolloutRequest(batch: 1, pause: 200),
            settings: RolloutSettings(
                jobs: 1,
                progress: { progress in
                    guard progress.done == 2 else { return }
                    do {
                        states.append(try other.rollout().record.state.rawValue)
                        states.append(try other.cancelRollout().state.rawValue)
                        _ = try other.resumeRollout()
                    } catch {
                        states.append("\(CinchError(translating: error).code)")
                    }
                }))
        #expect(states.values == ["running", "cancelling", "busy"])
        #expect(report.stop == .cancelled)
        #expect(report.names { $0 == .applied } == ["acme", "apex"])
        #expect(try database.rollout().record.state == .cancelled)
        #expect(try database.isRolloutFinished())
        let resumed = try database.resumeRollout()
        #expect(!resumed.hasMovedOn)
        #expect(resumed.report.names { $0 == .applied } == ["globex", "main"])
        try project.expect(["acme", "apex", "globex", "main"])
    }

    @Test func whatFailedComesFirst() throws {
        let (project, database) = try behind()
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "globex")
        try project.execute("CREATE TABLE mine(x)", on: "acme")
        _ = try database.materialize()
        let rollout = try database.rollout()
        let counts = rollout.counts
        #expect((counts.applied, counts.failed, counts.drifted) == (2, 1, 1))
        let outcomes = try database.outcomes(of: rollout.record)
        #expect(outcomes.map(\.tenant) == ["globex", "acme", "apex", "main"])
        #expect(outcomes.map { $0.error != nil } == [true, true, false, false])
    }

    @Test func thereIsNoRolloutOfAnotherNumber() throws {
        let (project, database) = try behind()
        for attempt in [
            { _ = try database.rollout(99) }, { _ = try database.resumeRollout(99) },
            { _ = try database.cancelRollout(99) },
        ] {
            let error = try project.refused(body: attempt)
            #expect(error?.code == .notFound && error?.message == "There is no rollout 99")
        }
    }
}
