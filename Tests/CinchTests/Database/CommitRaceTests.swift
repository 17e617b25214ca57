import Cinch
import CinchGit
import CinchMaterializer
import CinchSchema
import Foundation
import Synchronization
import Testing

/// What several threads write down.
final class Seen: Sendable {
    private let list = Mutex<[String]>([])

    var values: [String] { list.withLock { $0 } }

    func append(_ value: String) { list.withLock { $0.append(value) } }
}

func overwrite(_ path: String, with text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

extension CinchDatabase {
    /// The names of the tables on `main`.
    func schemaTables(at revision: String = "main") throws -> [String] {
        try schema(at: revision).tables.map(\.name.text)
    }
}

@Suite struct CommitRaceTests {
    private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

    @Test(arguments: ["main", "feature"])
    func ofTwoThatStartFromOneCommitTheSecondIsToldToTryAgain(_ branch: String) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        try project.database.switchBranch(branch)
        let other = try project.reopened()
        var before: [String: Data] = [:]
        let error = failureTranslated {
            try project.database.edit { interpreter in
                try interpreter.run("CREATE TABLE second(x)")
                _ = try other.run(ddl: "CREATE TABLE first(x)")
                before = try project.state()
                return []
            }
        }
        #expect(error?.code == .busy)
        #expect(error?.hint?.isEmpty == false)
        #expect(try project.changed(since: before) == [])
        #expect(try other.schemaTables(at: branch) == ["first", "users"])
        _ = try project.database.run(ddl: "CREATE TABLE second(x)")
        #expect(try other.schemaTables(at: branch) == ["first", "second", "users"])
        try project.expect(["acme", "main"])
    }

    @Test func aMergeAndACommitAtOnceAreNoExceptions() throws {
        let project = try TemporaryProject(users)
        try project.diverge(ours: "CREATE TABLE a(x)", theirs: "CREATE TABLE b(x)")
        let other = try project.reopened()
        let error = failureTranslated {
            try project.database.edit { interpreter in
                try interpreter.run("CREATE TABLE c(x)")
                _ = try other.merge("feature")
                return []
            }
        }
        #expect(error?.code == .busy)
        #expect(try other.schemaTables() == ["a", "b", "users"])
        let imported = failureTranslated {
            try project.database.importMigrations([
                Migration(name: "1", sql: "CREATE TABLE d(x)")
            ]) { _ in _ = try? other.run(ddl: "CREATE TABLE e(x)") }
        }
        #expect(imported?.code == .busy)
        #expect(try other.schemaTables() == ["a", "b", "e", "users"])
        try project.expect(["main"])
    }

    @Test func aCommitWhileTenantsAreBroughtAlongIsToldToWaitAndMovesNothing() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let other = try project.reopened()
        let seen = Mutex<CinchError?>(nil)
        let publication = try project.database.run(
            ddl: "CREATE TABLE first(x)",
            settings: RolloutSettings(
                jobs: 1,
                progress: { progress in
                    guard progress.done == 1 else { return }
                    do {
                        _ = try other.run(ddl: "CREATE TABLE second(x)")
                    } catch {
                        seen.withLock { $0 = CinchError(translating: error) }
                    }
                }))
        #expect(publication?.rollout?.applied == 2)
        let error = seen.withLock { $0 }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("of 2 tenants done") == true)
        #expect(error?.hint?.contains("cinch rollout cancel") == true)
        #expect(try other.schemaTables() == ["first", "users"])
        #expect(try project.database.tenantStatus().map(\.status) == [.current, .current])
        _ = try other.run(ddl: "CREATE TABLE second(x)")
        #expect(try project.subjects().prefix(2) == ["Create table second", "Create table first"])
        try project.expect(["acme", "main"])
    }

    @Test(arguments: ["main", "feature"])
    func nothingAcknowledgedIsLostWhenManyCommitAtOnce(_ branch: String) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        try project.database.switchBranch(branch)
        let start = try project.count()
        let databases = try (0..<4).map { _ in try project.reopened() }
        let (kept, others) = (Seen(), Seen())
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                _ = try databases[number].run(ddl: "CREATE TABLE t\(number)(x)")
                kept.append("t\(number)")
            } catch {
                let code = CinchError(translating: error).code
                if code == .tenantsFailed { kept.append("t\(number)") }
                if code != .busy && code != .tenantsFailed { others.append("\(error)") }
            }
        }
        #expect(others.values == [])
        #expect(!kept.values.isEmpty)
        #expect(try project.database.schemaTables(at: branch) == kept.values.sorted() + ["users"])
        #expect(try project.count() == start + kept.values.count)
        _ = try project.database.materialize()
        try project.expect(["acme", "main"])
    }

    @Test func ofTwoThatCreateOneBranchOneSucceeds() throws {
        let project = try TemporaryProject(users)
        let databases = try (0..<4).map { _ in try project.reopened() }
        let (made, others) = (Seen(), Seen())
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                _ = try databases[number].createBranch("feature")
                made.append("\(number)")
            } catch {
                let code = CinchError(translating: error).code
                if code != .busy && code != .exists { others.append("\(error)") }
            }
        }
        #expect(made.values.count == 1)
        #expect(others.values == [])
        #expect(try project.lines("logs/refs/heads/feature").count == 1)
    }

    /// The error as people see it; nil if there is none.
    private func failureTranslated<Result>(_ body: () throws -> Result) -> CinchError? {
        do {
            _ = try body()
            return nil
        } catch {
            return CinchError(translating: error)
        }
    }
}
