import Cinch
import CinchSchema
import CinchTestSupport
import Foundation
import Testing

/// The files git hands to a merge driver, and what is in ours afterwards.
@Suite struct MergeDriverTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func merge(
        _ base: String, _ ours: String, _ theirs: String
    ) throws -> (result: MergeDriver.Result, text: String) {
        for (name, text) in [("O", base), ("A", ours), ("B", theirs)] {
            try text.write(toFile: folder.path(name), atomically: false, encoding: .utf8)
        }
        let driver = MergeDriver(
            base: folder.path("O"), ours: folder.path("A"), theirs: folder.path("B"))
        let result = try driver.run()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["A", "B", "O"])
        return (result, try String(contentsOfFile: folder.path("A"), encoding: .utf8))
    }

    private let base = "CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  email TEXT\n);\n"
    private let viewed =
        "CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  email TEXT\n);\n"
        + "CREATE VIEW mails AS SELECT email FROM users;\n"
    private let dropped = "CREATE TABLE users (\n  id INTEGER PRIMARY KEY\n);\n"

    @Test func gitsLinesAreTakenWithTheCommentsInThem() throws {
        let (result, text) = try merge(
            "CREATE TABLE t (\n  a INT,\n  -- middle\n  b INT,\n  c INT\n);\n",
            "CREATE TABLE t (\n  a TEXT, -- a\n  -- middle\n  b INT,\n  c INT\n);\n",
            "CREATE TABLE t (\n  a INT,\n  -- middle\n  b INT,\n  c TEXT -- c\n);\n")
        guard case .merged(let notes) = result else { throw Failure(result) }
        #expect(notes == [])
        #expect(
            text == "CREATE TABLE t (\n  a TEXT, -- a\n  -- middle\n  b INT,\n  c TEXT -- c\n);\n")
    }

    /// By lines it is clean; SQLite could not run it.
    @Test func aViewOfADroppedColumnIsAConflict() throws {
        let (result, text) = try merge(base, viewed, dropped)
        guard case .conflicts(let conflicts) = result else { throw Failure(result) }
        #expect(conflicts.map(\.kind) == [.dependency])
        #expect(
            text == """
                CREATE TABLE users (
                  id INTEGER PRIMARY KEY
                );
                <<<<<<< ours
                CREATE VIEW mails AS SELECT email FROM users;
                =======
                >>>>>>> theirs

                """)
    }

    @Test func aPartOfASchemaIsNotBuilt() throws {
        let index = "CREATE INDEX far ON elsewhere (x);\n"
        let (result, text) = try merge(index + base, index + viewed, index + dropped)
        guard case .merged = result else { throw Failure(result) }
        #expect(text == index + dropped + "CREATE VIEW mails AS SELECT email FROM users;\n")
    }

    @Test func tablesOfUnknownParentsAreNoConflict() throws {
        let start = "CREATE TABLE k (a REFERENCES far (x));\nCREATE VIEW v AS SELECT x FROM far;\n"
        let (result, text) = try merge(
            start, start + "CREATE TABLE o (a REFERENCES far (y));\n",
            start.replacing("SELECT x", with: "SELECT y"))
        guard case .merged = result else { throw Failure(result) }
        #expect(
            text == start.replacing("SELECT x", with: "SELECT y")
                + "CREATE TABLE o (a REFERENCES far (y));\n")
    }

    @Test func whatIsNoSchemaIsMergedByLines() throws {
        let rows = "CREATE TABLE t (a);\n\n\nINSERT INTO t VALUES (1);\n"
        let (clean, text) = try merge(
            rows, rows.replacing("(a)", with: "(a, b)"), rows.replacing("(1)", with: "(2)"))
        guard case .byLines(let reason, 0) = clean else { throw Failure(clean) }
        #expect(reason == "base, line 4: expected CREATE but found 'INSERT'")
        #expect(text == "CREATE TABLE t (a, b);\n\n\nINSERT INTO t VALUES (2);\n")
        let (both, marked) = try merge(
            rows, rows.replacing("(1)", with: "(3)"), rows.replacing("(1)", with: "(2)"))
        guard case .byLines(_, 1) = both else { throw Failure(both) }
        #expect(marked.contains("<<<<<<< ours\n") && marked.contains("\n>>>>>>> theirs\n"))
    }

    @Test func whatGitCanNotMergeIsLeftAlone() throws {
        let (result, text) = try merge("a\u{0}", "b\u{0}", "c\u{0}")
        guard case .byLines(_, 127) = result else { throw Failure(result) }
        #expect(text == "b\u{0}")
    }

    @Test(arguments: ["O", "A", "B"])
    func aFileThatIsNotThereChangesNothing(_ missing: String) throws {
        for name in ["O", "A", "B"] where name != missing {
            try base.write(toFile: folder.path(name), atomically: false, encoding: .utf8)
        }
        let error = #expect(throws: CinchError.self) {
            try MergeDriver(
                base: folder.path("O"), ours: folder.path("A"), theirs: folder.path("B")
            ).run()
        }
        #expect(error?.message.contains(folder.path(missing)) == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }

    @Test func theFileKeepsItsMode() throws {
        try viewed.write(toFile: folder.path("A"), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: folder.path("A"))
        _ = try merge(base, base, viewed)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("A"))
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o640)
    }

    private struct Failure: Error {
        init(_ result: MergeDriver.Result) { Issue.record("\(result)") }
    }
}
