import Cinch
import CinchGit
import CinchSchema
import Testing

/// A view or trigger that one side alone broke, and that the other doesn't expect to be broken.
@Suite struct BrokenReaderTests {
    private static let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE teams(id INTEGER PRIMARY KEY, title TEXT);
        CREATE TABLE log(entry TEXT);
        CREATE VIEW titles AS SELECT title FROM users, teams;
        CREATE TRIGGER named AFTER INSERT ON log BEGIN UPDATE users SET name = new.entry; END;
        """
    private static let ambiguous = "ALTER TABLE users ADD COLUMN title TEXT"
    private static let lost = "ALTER TABLE users DROP COLUMN name"
    private static let other = "CREATE TABLE notes(body TEXT)"

    private func project(_ change: String, isOurs: Bool) throws -> TemporaryProject {
        let project = try TemporaryProject(Self.base)
        try project.diverge(
            ours: isOurs ? change : Self.other, theirs: isOurs ? Self.other : change)
        return project
    }

    @Test(arguments: [true, false])
    func isAConflictWithTheCommitThatDidIt(isOurs: Bool) throws {
        let project = try project(Self.ambiguous, isOurs: isOurs)
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.map(\.conflict.kind) == [.semantic])
        #expect(preview.conflicts.map(\.conflict.path) == ["titles"])
        #expect(preview.conflicts.first?.conflict.reason == "ambiguous column name: title")
        let commit = try project.database.commit(isOurs ? "main" : "feature")
        #expect(preview.conflicts.first?.ours == (isOurs ? commit : nil))
        #expect(preview.conflicts.first?.theirs == (isOurs ? nil : commit))
    }

    @Test(arguments: [true, false])
    func aTriggerCountsAsMuchAsAView(isOurs: Bool) throws {
        let project = try project(Self.lost, isOurs: isOurs)
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.map(\.conflict.kind) == [.dependency])
        #expect(preview.conflicts.map(\.conflict.path) == ["users.name"])
        #expect(preview.conflicts.map(\.conflict.objects) == [["named"]])
    }

    @Test(arguments: [true, false])
    func whoeverDecidesForTheSideThatBrokeItGetsItAsItIs(isOurs: Bool) throws {
        let project = try project(Self.ambiguous, isOurs: isOurs)
        guard case .conflicts = try project.database.merge("feature") else {
            Issue.record("no conflict")
            return
        }
        // The other side has the same view, which is no answer.
        #expect(try project.database.resolve("titles", isOurs ? .theirs : .ours).count == 1)
        #expect(try project.database.resolve("titles", isOurs ? .ours : .theirs).isEmpty)
        guard case .merged(let publication) = try project.database.continueMerge() else {
            Issue.record("not merged")
            return
        }
        let side = isOurs ? "our side" : "theirs"
        let commit = try project.database.commit(isOurs ? "main~1" : "feature").abbreviated()
        #expect(
            publication.warnings.map(\.message) == [
                "'titles' doesn't work, as on \(side) since \(commit): ambiguous column name: title"
            ])
    }

    @Test func aBranchDoesNotJustMoveToWhereSomethingDoesNotWork() throws {
        let project = try TemporaryProject(Self.base)
        try project.diverge(ours: "", theirs: Self.ambiguous)
        let error = try project.refused {
            try project.database.merge("feature", options: MergeOptions(fastForward: .only))
        }
        #expect(error?.code == .refused)
        let tip = try project.database.commit("main")
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("no conflict")
            return
        }
        #expect(open.map(\.conflict.path) == ["titles"])
        #expect(try project.database.commit("main") == tip)
        let repaired = "CREATE VIEW titles AS SELECT teams.title FROM users, teams"
        #expect(try project.database.resolve("titles", .sql(repaired)).isEmpty)
        guard case .merged = try project.database.continueMerge() else {
            Issue.record("not merged")
            return
        }
        #expect(try SemanticCheck(project.database.schema(at: "main")).failures.isEmpty)
    }

    @Test func oneCommitDoneAgainIsDoneAsItWas() throws {
        let project = try project(Self.ambiguous, isOurs: false)
        guard case .merged(let publication) = try project.database.cherryPick("feature") else {
            Issue.record("not picked")
            return
        }
        #expect(publication.warnings.map(\.kind) == [.broken])
        #expect(publication.warnings.map(\.entity) == ["titles"])
    }

    /// What one side made and nobody ever had working, and what SQLite says of it.
    @Test func whatNeverWorkedIsAWarning() throws {
        let project = try project("CREATE VIEW v AS SELECT nope FROM teams", isOurs: false)
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.isEmpty)
        let commit = try project.database.commit("feature").abbreviated()
        #expect(
            preview.warnings.map(\.message) == [
                "'v' doesn't work, as on theirs since \(commit): no such column: nope"
            ])
    }

    /// Applications have functions of their own, and scripts of old have strings in double quotes.
    @Test(arguments: [
        "CREATE VIEW v AS SELECT of_the_application(title) FROM teams",
        "CREATE VIEW v AS SELECT \"text\" AS t FROM teams",
        "DROP VIEW titles; CREATE VIEW titles AS SELECT of_the_application(title) FROM teams",
    ])
    func whatOnlyTheScratchCanNotRunIsNothing(_ sql: String) throws {
        let project = try project(sql, isOurs: false)
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.isEmpty)
        #expect(preview.warnings.isEmpty)
    }

    @Test func whatDidNotWorkBeforeIsNobodysDoing() throws {
        let project = try TemporaryProject(Self.base)
        try project.run(Self.ambiguous)
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN a", theirs: "ALTER TABLE teams ADD COLUMN b")
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.isEmpty)
        #expect(preview.warnings.isEmpty)
    }

    @Test func whatBothSidesBrokeAlikeIsAWarning() throws {
        let project = try TemporaryProject(Self.base)
        try project.diverge(ours: Self.ambiguous + ";" + Self.other, theirs: Self.ambiguous)
        let preview = try project.database.preview("feature")
        #expect(preview.conflicts.isEmpty)
        #expect(
            preview.warnings.map(\.message) == [
                "'titles' works on neither side: ambiguous column name: title"
            ])
    }
}
