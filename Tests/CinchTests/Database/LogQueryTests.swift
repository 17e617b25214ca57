import Cinch
import CinchGit
import CinchTestSupport
import Testing

@Suite struct LogQueryTests {
    private func subjects(
        _ database: CinchDatabase, _ change: (inout LogQuery) -> Void
    ) throws -> [String] {
        var query = LogQuery()
        change(&query)
        return try database.log(query).map(\.commit.subject)
    }

    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject()
        for (sql, message) in [
            ("CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT);", "one"),
            ("CREATE TABLE b(id INTEGER PRIMARY KEY);", "two"),
            ("ALTER TABLE a RENAME TO c;", "three"),
            ("ALTER TABLE c ADD COLUMN y INT;", "four"),
            ("ALTER TABLE c RENAME COLUMN x TO xx;", "five"),
            ("DROP TABLE b;", "six"),
        ] {
            _ = try project.database.run(ddl: sql, message: message)
        }
        return project
    }

    @Test func anEntityIsFollowedThroughItsRenames() throws {
        let project = try project()
        let database = project.database
        #expect(try subjects(database) { $0.entity = "c" } == ["five", "four", "three", "one"])
        #expect(try subjects(database) { $0.entity = "c.xx" } == ["five", "one"])
        #expect(try subjects(database) { $0.entity = "c.y" } == ["four"])
        // What is gone is followed by its name.
        #expect(try subjects(database) { $0.entity = "b" } == ["six", "two"])
        #expect(
            try subjects(database) {
                $0.entity = "c"
                $0.limit = 2
            } == ["five", "four"])
        #expect {
            try subjects(database) { $0.entity = "nothing" }
        } throws: { ($0 as? CinchError)?.code == .notFound }
    }

    @Test func aNameIsCountedAsAWord() throws {
        let project = try project()
        let database = project.database
        #expect(try subjects(database) { $0.pickaxe = "x" } == ["five", "one"])
        #expect(try subjects(database) { $0.pickaxe = "XX" } == ["five"])
        #expect(try subjects(database) { $0.pickaxe = "id" } == ["six", "two", "one"])
        #expect(try subjects(database) { $0.pickaxe = "nothing" } == [])
    }

    @Test func mergesThatBringNothingNewAreLeftOut() throws {
        let project = try TemporaryProject("CREATE TABLE a(id INTEGER PRIMARY KEY);")
        try project.diverge(ours: "CREATE TABLE o(x);", theirs: "ALTER TABLE a ADD COLUMN y;")
        _ = try project.database.merge("feature")
        let tips = try ["feature", "main~2"].map { try project.database.commit($0) }
        var query = LogQuery()
        query.entity = "a"
        let entries = try project.database.log(query)
        #expect(entries.map(\.id) == tips)
        // Drawn as a graph, a commit is followed by the nearest that is listed.
        query.isTopological = true
        let drawn = try project.database.log(query)
        #expect(
            try project.database.parents(among: drawn, query) == [tips[0]: [tips[1]], tips[1]: []])
    }

    @Test func datesAndAuthorsAreAsGitHasThem() throws {
        let project = try TemporaryProject("CREATE TABLE a(id INTEGER PRIMARY KEY);")
        var git = GitRunner(project.database.layout.repository)
        var tip = try git("rev-parse", "main")
        for day in 1...20 {
            git.environment["GIT_AUTHOR_NAME"] = day % 2 == 0 ? "Bo Ek" : "Cy"
            for role in ["AUTHOR", "COMMITTER"] {
                git.environment["GIT_\(role)_DATE"] =
                    "2025-01-\(day < 10 ? "0" : "")\(day)T10:00:00Z"
            }
            tip = try git("commit-tree", "main^{tree}", "-p", tip, "-m", "day \(day)")
        }
        try git("update-ref", "refs/heads/main", tip)
        let database = try project.reopened()
        func log(_ arguments: String...) throws -> [String] {
            try git.lines("log", "--format=%s", arguments[0], arguments.last ?? "", "main")
        }
        #expect(
            try subjects(database) { $0.since = "2025-01-15T00:00:00Z" }
                == log("--since=2025-01-15T00:00:00Z"))
        #expect(
            try subjects(database) { $0.until = "2025-01-03T12:00:00Z" }
                == log("--until=2025-01-03T12:00:00Z"))
        #expect(try subjects(database) { $0.author = "^Bo" } == log("--author=^Bo"))
        #expect(
            try subjects(database) { $0.author = "ada@example.org>$" }
                == log("--author=ada@example.org>$"))
        for bad in [("author", "["), ("since", "someday")] {
            #expect {
                try subjects(database) {
                    if bad.0 == "author" { $0.author = bad.1 } else { $0.since = bad.1 }
                }
            } throws: { ($0 as? CinchError)?.code == .invalid }
        }
    }
}
