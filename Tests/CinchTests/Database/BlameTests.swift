import Cinch
import CinchGit
import CinchRepository
import CinchSchema
import Foundation
import Testing

@Suite struct BlameTests {
    /// Each line as `kind name: changed < introduced`, commits by the names they were given.
    private func lines(
        _ entity: String, _ project: TemporaryProject, _ names: [ObjectID: String]
    ) throws -> [String] {
        try project.database.blame(entity).lines.map { line in
            let (changed, first) = (names[line.changed.id] ?? "?", names[line.introduced.id] ?? "?")
            let name = line.kind == "constraint" ? "" : " \(line.name)"
            return "\(line.kind)\(name): \(changed)" + (first == changed ? "" : " < \(first)")
        }
    }

    private func tell(_ steps: [String]) throws -> (TemporaryProject, [ObjectID: String]) {
        let project = try TemporaryProject()
        var names: [ObjectID: String] = [:]
        for (number, step) in steps.enumerated() {
            names[try project.run(step).commit] = "\(number + 1)"
        }
        return (project, names)
    }

    @Test func namesMayHavePoints() throws {
        let (project, names) = try tell([#"CREATE TABLE "a.b"("c.d" TEXT, d TEXT);"#])
        #expect(try lines("a.b.c.d", project, names) == ["column c.d: 1"])
        #expect(try lines("a.b.d", project, names) == ["column d: 1"])
        #expect(try project.refused { try project.database.blame("a.x.d") }?.code == .notFound)
    }

    @Test func everyPartHasTheCommitThatChangedItLast() throws {
        let (project, names) = try tell([
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE(a, b));",
            "ALTER TABLE t ADD COLUMN c INT;",
            "CREATE INDEX i ON t(c);",
            "ALTER TABLE t RENAME COLUMN a TO aa;",
            "CREATE TABLE other(x);",
            """
            CREATE TABLE n(id INTEGER PRIMARY KEY, aa TEXT, b BLOB, c INT, UNIQUE(aa, b)) STRICT;
            INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;
            CREATE INDEX i ON t(c);
            """,
        ])
        // The constraint is what it was: its column is only called something else.
        #expect(
            try lines("t", project, names) == [
                "table t: 1", "column id: 1", "column aa: 4 < 1", "column b: 6 < 1",
                "column c: 2", "constraint: 1", "option STRICT: 6", "index i: 3",
            ])
        #expect(try lines("t.aa", project, names) == ["column aa: 4 < 1"])
        #expect(try lines("i", project, names) == ["index i: 3"])
    }

    @Test func aTableIsFollowedThroughRenamesAndWhatSpeaksOfItIsNoChange() throws {
        let (project, names) = try tell([
            "CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT CHECK (x > ''));",
            "CREATE TABLE child(id INTEGER PRIMARY KEY, a INT REFERENCES a(id)); CREATE INDEX i ON a(x);",
            "ALTER TABLE a RENAME TO b;",
            "ALTER TABLE b RENAME TO c;",
            "CREATE VIEW v AS SELECT x FROM c;",
        ])
        #expect(
            try lines("c", project, names) == [
                "table c: 4 < 1", "column id: 1", "column x: 1", "index i: 2",
            ])
        #expect(
            try lines("child", project, names) == [
                "table child: 2", "column id: 2", "column a: 2",
            ])
        #expect(try lines("v", project, names) == ["view v: 5"])
    }

    @Test func aColumnMadeAnewIsNotTheOneThatWent() throws {
        let (project, names) = try tell([
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);",
            "ALTER TABLE t DROP COLUMN a;",
            "ALTER TABLE t ADD COLUMN a TEXT;",
        ])
        #expect(try lines("t.a", project, names) == ["column a: 3"])
    }

    @Test func whatAMergeBroughtIsTheBranchsOwn() throws {
        let project = try TemporaryProject("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);")
        try project.diverge(
            ours: "ALTER TABLE t ADD COLUMN ours INT;",
            theirs: "ALTER TABLE t ADD COLUMN theirs INT; ALTER TABLE t RENAME TO u;")
        guard case .merged = try project.database.merge("feature") else {
            Issue.record("It is not merged")
            return
        }
        let lines = try project.database.blame("u").lines
        func origin(_ name: String) throws -> ObjectID {
            try #require(lines.first { $0.name == name }).changed.id
        }
        let database = project.database
        #expect(try origin("ours") == database.commit("main^1"))
        #expect(try origin("theirs") == database.commit("feature"))
        #expect(try origin("a") == database.commit("main^1~1"))
        #expect(try origin("u") == database.commit("feature"))
    }

    @Test func onlyWhatDiffersIsRead() throws {
        let tables = (0..<200).map { "CREATE TABLE t\($0)(id INTEGER PRIMARY KEY, a TEXT);" }
        let project = try TemporaryProject(tables.joined())
        for number in 0..<10 { try project.run("ALTER TABLE t1 ADD COLUMN c\(number) INT;") }
        let database = try project.reopened()
        let before = database.git.objectsRead
        let blame = try database.blame("t1")
        #expect(blame.lines.count == 13)
        // The schema at HEAD once, what the first commit brought, and for each of the others a few
        // trees and two texts.
        #expect(database.git.objectsRead - before < 2 * 205 + 11 * 12)
    }

    @Test func whatIsNotThereIsRefusedWithWhatIsMeant() throws {
        let project = try TemporaryProject("CREATE TABLE users(id INTEGER PRIMARY KEY);")
        let error = try project.refused { try project.database.blame("user") }
        #expect(error?.code == .notFound)
        #expect(error?.hint?.hasPrefix("Did you mean 'users'?") == true)
        #expect(try project.refused { try project.database.blame("users.x") }?.code == .notFound)
        #expect(
            try project.refused { try project.database.blame("users", at: "main~1") }?.code
                == .notFound)
    }
}
