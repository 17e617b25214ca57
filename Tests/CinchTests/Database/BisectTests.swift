import Cinch
import CinchGit
import CinchSQLite
import CinchTestSupport
import Foundation
import Testing

@Suite struct BisectTests {
    /// A history in which `t` has a column `c7` since the eighth commit of twelve.
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject("CREATE TABLE t(id INTEGER PRIMARY KEY);")
        for number in 0..<12 { try project.run("ALTER TABLE t ADD COLUMN c\(number) INT;") }
        return project
    }

    @Test func theCommitThatBroughtAColumnIsFound() throws {
        let project = try project()
        let database = project.database
        let folder = try TemporaryDirectory()
        var bisection = try database.startBisect(bad: "main", good: ["main~12"])
        var tests = 0
        while case .test(let commit, _)? = bisection?.outcome {
            #expect(try database.bisectState()?.testing == commit)
            let path = folder.path("\(tests).db")
            try database.materializeEmpty(commit, at: path)
            let columns = try Connection(path: path, access: .readOnly)
                .rows("SELECT name FROM pragma_table_info('t') WHERE name = 'c7'")
            bisection = try database.bisect(columns.isEmpty ? .good : .bad, [])
            tests += 1
        }
        #expect(bisection?.outcome == .found(try database.commit("main~4")))
        #expect(tests <= 4)
        try database.resetBisect()
        #expect(try database.bisectState() == nil)
    }

    @Test func itWaitsForBothEndsAndSkipsWhatCannotBeTested() throws {
        let project = try project()
        let database = project.database
        #expect(try database.startBisect(bad: nil, good: []) == nil)
        #expect(try database.bisect(.good, ["main~3"]) == nil)
        guard case .test(let first, _)? = try database.bisect(.bad, ["main"])?.outcome else {
            Issue.record("There is something to test")
            return
        }
        let next = try database.bisect(.skip, [])
        guard case .test(let second, _)? = next?.outcome else {
            Issue.record("There is something else to test")
            return
        }
        #expect(first != second)
        let end = try database.bisect(.skip, [])
        #expect(
            end?.outcome
                == .undecided(try ["main~2", "main~1", "main"].map { try database.commit($0) }))
    }

    @Test func whatIsSaidAtTheSameTimeIsAllKept() async throws {
        let project = try project()
        let database = project.database
        _ = try database.startBisect(bad: nil, good: [])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask { _ = try database.bisect(.good, ["main~\(number)"]) }
            }
            try await group.waitForAll()
        }
        #expect(try database.bisectState()?.good.count == 10)
        #expect(try database.bisectState()?.log.count == 11)
    }

    @Test func aDamagedSearchIsSaidAndForgotten() throws {
        let project = try project()
        let path = "\(project.database.layout.repository)/cinch/bisect.json"
        _ = try project.database.startBisect(bad: nil, good: [])
        for text in ["", "{", "[]", "{\"good\": 1}"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            for attempt in [BisectVerdict.good, .bad] {
                let error = try project.refused { try project.database.bisect(attempt, []) }
                #expect(error?.code == .corrupt)
                #expect(error?.hint?.contains("bisect reset") == true)
            }
        }
        try project.database.resetBisect()
        #expect(try project.database.bisectState() == nil)
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let project = try project()
        let database = project.database
        #expect(try project.refused { try database.bisect(.good, []) }?.code == .notFound)
        #expect {
            try database.startBisect(bad: "main~5", good: ["main"])
        } throws: {
            let error = CinchError(translating: $0)
            // Not `.busy`: waiting for somebody would not help.
            return error.code == .usage && error.hint?.isEmpty == false
        }
    }

    @Test func halvesAreThoseOfGit() throws {
        // Branches that part and meet again.
        let project = try TemporaryProject("CREATE TABLE t(id INTEGER PRIMARY KEY);")
        for round in 0..<4 {
            _ = try project.database.createBranch("b\(round)")
            for number in 0...round {
                try project.run("CREATE TABLE x\(round)_\(number)(a);", on: "b\(round)")
            }
            try project.database.switchBranch("main")
            try project.run("CREATE TABLE y\(round)(a);")
            _ = try project.database.merge("b\(round)")
        }
        let database = project.database
        let git = GitRunner(database.layout.repository)
        let root = try git.lines("rev-list", "--max-parents=0", "main")[0]
        let bisection = try database.startBisect(bad: "main", good: [root])
        guard case .test(let commit, let left)? = bisection?.outcome else {
            Issue.record("There is something to test")
            return
        }
        let vars = try git.lines("rev-list", "--bisect-vars", "main", "^\(root)")
        func value(_ name: String) -> Int? {
            vars.first { $0.hasPrefix("\(name)=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
        // As good a half as git's, if not the same commit.
        let good = try #require(value("bisect_good"))
        let bad = try #require(value("bisect_bad"))
        #expect(left == max(good, bad))
        #expect(
            try git.lines("rev-list", "--count", "main", "^\(root)") == ["\(bisection?.count ?? 0)"]
        )
        #expect(commit.hex.count == 64)
    }
}
