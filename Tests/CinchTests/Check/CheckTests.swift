import Cinch
import CinchGit
import CinchSchema
import CinchTestSupport
import Foundation
import Testing

private let base = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
    CREATE TABLE tasks(id INTEGER PRIMARY KEY, title TEXT);
    """

extension CheckReport {
    /// What was found, `code entity`.
    fileprivate var codes: [String] { findings.map { "\($0.finding.code) \($0.finding.entity)" } }
}

@Suite struct CheckTests {
    @Test func onlyWhatTheBranchBringsIsFound() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "ALTER TABLE tasks DROP title", theirs: "ALTER TABLE users DROP phone")
        let report = try project.database.check(CheckOptions(head: "feature"))
        #expect(report.codes == ["drop-column users.phone"])
        #expect(report.result == "findings")
        let finding = try #require(report.findings.first)
        #expect(finding.file == "tables/users.sql")
        #expect(finding.line == 4)
        // The other way round it is main's own change.
        let other = try project.database.check(CheckOptions(base: "feature", head: "main"))
        #expect(other.codes == ["drop-column tasks.title"])
        // What is there already brings nothing.
        #expect(
            try project.database.check(CheckOptions(base: "feature", head: "main~1")).codes == [])
    }

    @Test func allConflictsAreFindings() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "ALTER TABLE users RENAME name TO a; ALTER TABLE tasks RENAME title TO b",
            theirs: "ALTER TABLE users RENAME name TO c; ALTER TABLE tasks RENAME title TO d")
        let report = try project.database.check(CheckOptions(head: "feature", codes: ["naming"]))
        #expect(report.result == "conflicts")
        #expect(report.hasConflicts)
        #expect(report.findings.map(\.finding.code) == ["conflict", "conflict"])
        #expect(Set(report.findings.map(\.file)) == ["tables/users.sql", "tables/tasks.sql"])
    }

    @Test func aViewThatBreaksInTheMergeIsAConflict() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "CREATE VIEW phones AS SELECT phone FROM users",
            theirs: "ALTER TABLE users DROP phone")
        #expect(try project.database.check(CheckOptions(head: "feature")).hasConflicts)
    }

    @Test func withoutABaseEverythingIsNew() throws {
        let project = try TemporaryProject(base)
        try project.run("CREATE VIEW v AS SELECT * FROM users")
        let zeros = String(repeating: "0", count: 64)
        for options in [CheckOptions(isRoot: true), CheckOptions(base: zeros)] {
            let report = try project.database.check(options)
            #expect(report.codes == ["not-strict tasks", "not-strict users", "select-star v"])
            #expect(report.base == nil)
        }
    }

    @Test func withoutABaseWhatSQLiteCantRunIsFound() throws {
        let project = try TemporaryProject(base)
        try project.run("CREATE VIEW v AS SELECT missing FROM users")
        let report = try project.database.check(CheckOptions(isRoot: true))
        #expect(report.codes.contains("broken v"))
        #expect(report.result == "findings")
    }

    @Test func aNewViewThatSQLiteCantRunIsFound() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "CREATE VIEW v AS SELECT missing FROM users")
        #expect(try project.database.check(CheckOptions(head: "feature")).codes == ["broken v"])
    }

    @Test func aColumnThatIsFilledNeedsNoDefault() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "")
        try project.database.switchBranch("feature")
        let add = "ALTER TABLE users ADD COLUMN email TEXT"
        _ = try project.database.run(ddl: add)
        try project.database.switchBranch("main")
        var settings = RolloutSettings()
        settings.backfills = [try Backfill(parsing: "users.country='de'")]
        _ = try project.database.createBranch("filled")
        try project.database.switchBranch("filled")
        _ = try project.database.apply(
            [
                (
                    "schema.sql",
                    """
                    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, phone TEXT,
                        country TEXT NOT NULL);
                    CREATE TABLE tasks(id INTEGER PRIMARY KEY, title TEXT);
                    """
                )
            ], settings: settings)
        #expect(try project.database.check().codes == [])
    }

    @Test func settingsComeFromTheProject() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "", theirs: "ALTER TABLE users DROP phone; CREATE INDEX q ON users(name)")
        let path = project.project.layout.configurationFile
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let check = { (lint: String) in
            try (text + "\n[lint]\n" + lint).write(toFile: path, atomically: true, encoding: .utf8)
            return try project.project.database().check(CheckOptions(head: "feature"))
        }
        #expect(try check("drop-column = \"off\"").codes == [])
        #expect(try check("drop-column = \"warning\"").result == "clean")
        #expect(try check("drop-column = \"warning\"\nfail_on = \"warning\"").result == "findings")
        let big = try check("big_tables = [\"us*\"]\ndrop-colum = \"off\"")
        #expect(big.codes == ["big-table-index q", "drop-column users.phone"])
        #expect(big.notes == ["[lint] has 'drop-colum', which is no rule"])
        for wrong in [
            "drop-column = \"bad\"", "drop-column = 1", "fail_on = \"never\"",
            "big_tables = \"users\"",
            "big_tables = [1]", "naming = \"[\"", "naming = true",
        ] {
            #expect(throws: CinchError.self, "\(wrong)") { try check(wrong) }
        }
    }

    @Test func aRepositoryAloneHasItsOwnSettings() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "ALTER TABLE users DROP phone")
        let folder = try TemporaryDirectory()
        let clone = folder.path("clone.git")
        try GitRunner(clone)("clone", "-q", "--bare", project.database.layout.repository, clone)
        let context = Context(
            environment: [:], currentDirectory: clone,
            account: { .init(name: "Ada", user: "ada", host: "example.org") },
            now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 0) })
        let options = CheckOptions(head: "feature")
        #expect(try CinchDatabase.find(in: context).check(options).result == "findings")
        try FileManager.default.createDirectory(
            atPath: "\(clone)/cinch", withIntermediateDirectories: true)
        try "[lint]\ndrop-column = \"info\"\n".write(
            toFile: "\(clone)/cinch/config.toml", atomically: true, encoding: .utf8)
        #expect(try CinchDatabase.find(in: context).check(options).result == "clean")
    }

    @Test func nothingIsWritten() throws {
        let project = try TemporaryProject(base)
        // Histories that cross: their bases have to be merged first.
        try project.diverge(
            ours: "CREATE TABLE a(id INTEGER PRIMARY KEY)",
            theirs: "CREATE TABLE b(id INTEGER PRIMARY KEY)")
        let (mine, theirs) = (
            try project.database.commit("main"), try project.database.commit("feature")
        )
        _ = try project.database.merge(theirs.hex)
        try project.database.switchBranch("feature")
        _ = try project.database.merge(mine.hex)
        try project.run("ALTER TABLE users DROP phone", on: "feature")
        try project.run("ALTER TABLE tasks ADD COLUMN done INT", on: "main")
        let before = try project.files()
        let report = try project.database.check(CheckOptions(head: "feature"))
        #expect(report.codes == ["drop-column users.phone"])
        #expect(try project.files() == before)
    }

    @Test func unknownCodesAndRevisionsAreRefused() throws {
        let project = try TemporaryProject(base)
        #expect(
            try project.refused { try project.database.check(CheckOptions(codes: ["x"])) }?.code
                == .usage)
        #expect(
            try project.refused { try project.database.check(CheckOptions(base: "x")) }?.code
                == .notFound)
    }
}
