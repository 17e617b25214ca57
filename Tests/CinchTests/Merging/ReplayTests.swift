import Cinch
import CinchGit
import CinchSchema
import Foundation
import Testing

private let base = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
    CREATE TABLE log(id INTEGER PRIMARY KEY, who TEXT);
    """

/// Commits made again elsewhere, and commands taken back.
@Suite struct ReplayTests {
    private func columns(_ project: TemporaryProject, _ revision: String = "main") throws
        -> [String]
    {
        try project.database.schema(at: revision).tables["users"]?.columns.map(\.name.text) ?? []
    }

    // MARK: Revert

    @Test func revertingADropBringsBackTheSameColumn() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        let id = try project.database.schema(at: "main").tables["users"]?.column(named: "email")?.id
        let commit = try project.run("ALTER TABLE users DROP COLUMN email").commit
        try project.run("ALTER TABLE users RENAME name TO title")
        guard case .merged(let publication) = try project.database.revert(commit.hex) else {
            Issue.record("not reverted")
            return
        }
        #expect(try columns(project) == ["id", "title", "email"])
        let back = try project.database.schema(at: "main").tables["users"]?.column(named: "email")
        #expect(back?.id == id && id != nil)
        let message = try project.database.git.readCommit(publication.commit).message
        #expect(message.hasPrefix("Revert \"") && message.contains(commit.hex))
        try project.expect(["acme", "main"])
    }

    @Test func aRevertOfWhatWasEditedSinceIsAConflict() throws {
        let project = try TemporaryProject(base)
        let commit = try project.run("ALTER TABLE users ADD COLUMN age INT").commit
        try project.run("ALTER TABLE users RENAME age TO years")
        guard case .conflicts(let open) = try project.database.revert(commit.hex) else {
            Issue.record("reverted")
            return
        }
        #expect(open.map(\.conflict.kind) == [.modifyDelete])
        #expect(open.first?.theirs == commit)
        _ = try project.database.resolve("users.years", .theirs)
        guard case .merged = try project.database.continueMerge() else {
            Issue.record("not continued")
            return
        }
        #expect(try columns(project) == ["id", "name", "email"])
    }

    @Test func aMergeCommitNeedsAMainline() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "CREATE TABLE a(x)", theirs: "ALTER TABLE users ADD COLUMN age INT")
        _ = try project.database.merge("feature")
        #expect(try project.refused { try project.database.revert("HEAD") }?.code == .invalid)
        guard case .merged = try project.database.revert("HEAD", mainline: 1) else {
            Issue.record("not reverted")
            return
        }
        #expect(try columns(project) == ["id", "name", "email"])
        #expect(try project.database.schema(at: "main").tables["a"] != nil)
    }

    // MARK: Cherry-pick

    @Test func aPickTakesOneCommitAndItsAuthorsMessage() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN age INT", on: "feature")
        let wanted = try project.run("ALTER TABLE log RENAME who TO whom", on: "feature").commit
        try project.run("CREATE INDEX i ON log(who)")
        guard case .merged(let publication) = try project.database.cherryPick("feature") else {
            Issue.record("not picked")
            return
        }
        #expect(try columns(project) == ["id", "name", "email"])
        let schema = try project.database.schema(at: "main")
        #expect(schema.indexes["i"]?.ddl == "CREATE INDEX i ON log (whom);")
        let git = project.database.git
        #expect(
            try git.readCommit(publication.commit).message == git.readCommit(wanted).message)
        // The same again, and merging it afterwards, changes nothing twice.
        guard case .upToDate = try project.database.cherryPick("feature") else {
            Issue.record("picked twice")
            return
        }
        guard case .merged = try project.database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        #expect(try columns(project) == ["id", "name", "email", "age"])
    }

    // MARK: Rebase

    @Test func aRebaseReplaysEachCommitOnce() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        try project.run("ALTER TABLE users ADD COLUMN age INT", on: "feature")
        try project.run("ALTER TABLE users RENAME age TO years", on: "feature")
        try project.run("CREATE VIEW v AS SELECT name FROM users", on: "feature")
        try project.run("ALTER TABLE users RENAME name TO title")
        try project.database.switchBranch("feature")
        guard case .merged = try project.database.rebase(onto: "main") else {
            Issue.record("not rebased")
            return
        }
        #expect(
            try project.subjects("main..feature") == [
                "Create view v", "Rename column users.age to years", "Add column users.age INT",
            ])
        #expect(try columns(project, "feature") == ["id", "title", "email", "years"])
        let view = try project.database.schema(at: "feature").views["v"]
        #expect(view?.ddl.contains("title") == true)
        #expect(try project.database.currentBranch().shortName == "feature")
        guard case .upToDate = try project.database.rebase(onto: "main") else {
            Issue.record("rebased twice")
            return
        }
    }

    @Test func aRebaseStopsAtAConflictAndGoesOn() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE a(x)", on: "feature")
        try project.run("ALTER TABLE users RENAME name TO last", on: "feature")
        try project.run("CREATE TABLE b(x)", on: "feature")
        try project.run("ALTER TABLE users RENAME name TO first")
        try project.database.switchBranch("feature")
        let before = try project.database.commit("feature")
        guard case .conflicts(let open) = try project.database.rebase(onto: "main") else {
            Issue.record("no conflict")
            return
        }
        #expect(open.map(\.conflict.path) == ["users.first.name"])
        #expect(try project.database.commit("feature") == before)
        #expect(try project.refused { try project.database.rebase(onto: "main") }?.code == .refused)
        _ = try project.database.resolve("users.first.name", .theirs)
        guard case .merged = try project.database.continueMerge() else {
            Issue.record("not continued")
            return
        }
        #expect(
            try project.subjects("main..feature") == [
                "Create table b", "Rename column users.name to last", "Create table a",
            ])
        #expect(try columns(project, "feature") == ["id", "last", "email"])
    }

    // MARK: Undo

    @Test func undoTakesBackOneCommandAfterTheOther() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        let database = project.database
        let start = try database.commit("main")
        try project.diverge(
            ours: "CREATE INDEX i ON log(who)", theirs: "ALTER TABLE users RENAME name TO title")
        let before = try database.commit("main")
        guard case .merged = try database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        #expect(try database.undo().operation.message.hasPrefix("merge feature"))
        #expect(try database.commit("main") == before)
        try project.expect(["acme", "main"])
        _ = try database.undo()
        #expect(try database.commit("main") == start)
        // The switches and the branch itself.
        for _ in 0..<4 { _ = try database.undo() }
        #expect(try database.branches().map(\.name) == ["main"])
        try project.expect(["acme", "main"])
    }

    @Test func undoDoesNotDropDataUnlessItIsToldTo() throws {
        let project = try TemporaryProject(base)
        let before = try project.database.commit("main")
        try project.run("ALTER TABLE users ADD COLUMN age INT")
        let error = try project.refused { try project.database.undo() }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("drop column users.age") == true)
        _ = try project.database.undo(force: true)
        #expect(try project.database.commit("main") == before)
        try project.expect(["main"])
    }

    @Test func undoLeavesAloneWhatHasMovedSince() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        let git = project.database.git
        let other = try project.database.commit("main~1")
        // By git itself, which writes no operation.
        try git.update(
            ReferenceTransaction(
                [.set(try .branch("feature"), to: other)],
                signature: Signature(name: "A", email: "a@x", seconds: 1, offsetMinutes: 0),
                message: "update"))
        #expect(try project.refused { try project.database.undo() }?.code == .refused)
    }

    @Test func renamesDeletionsAndTagsComeBack() throws {
        let project = try TemporaryProject(base)
        let database = project.database
        let tip = try database.createBranch("one")
        try database.renameBranch("one", to: "two")
        _ = try database.undo()
        #expect(try database.branches().map(\.name) == ["main", "one"])
        #expect(try database.reflog("one").isEmpty == false)
        try database.deleteBranch("one", force: true)
        _ = try database.undo()
        #expect(try database.commit("one") == tip)
        _ = try database.createTag("v1", at: "main", message: nil)
        _ = try database.undo()
        #expect(try database.tags().isEmpty)
    }

    @Test func aLineThatWasCutOffSaysNothingAndSwallowsNothing() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("one")
        _ = try project.database.createBranch("two")
        let path = "\(project.database.layout.repository)/cinch/operations"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try String(text.dropLast(20)).write(toFile: path, atomically: true, encoding: .utf8)
        _ = try project.database.createBranch("three")
        #expect(try project.database.undo().operation.message.contains("Created"))
        #expect(try project.database.branches().map(\.name) == ["main", "one", "two"])
        _ = try project.database.undo()
        #expect(try project.database.branches().map(\.name) == ["main", "two"])
    }

    @Test func severalCallsCanBeOneOperation() throws {
        let project = try TemporaryProject(base)
        try OperationScope.run {
            _ = try project.database.createBranch("feature")
            try project.database.switchBranch("feature")
        }
        _ = try project.database.undo()
        #expect(try project.database.branches().map(\.name) == ["main"])
        #expect(try project.database.currentBranch().shortName == "main")
    }
}
