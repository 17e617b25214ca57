import Cinch
import CinchGit
import CinchSchema
import Foundation
import Testing

private let base = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);
    CREATE TABLE log(id INTEGER PRIMARY KEY, who TEXT);
    """

/// Merges that wait for decisions.
@Suite struct UnfinishedMergeTests {
    private func conflicting(_ ours: String, _ theirs: String) throws -> TemporaryProject {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.diverge(ours: ours, theirs: theirs)
        guard case .conflicts = try project.database.merge("feature") else {
            Issue.record("no conflict")
            return project
        }
        return project
    }

    private func merged(_ project: TemporaryProject) throws -> Publication {
        guard case .merged(let publication) = try project.database.continueMerge() else {
            throw CinchError(code: .failed, message: "not merged")
        }
        return publication
    }

    /// A table written anew, which is the same table to the schema.
    private static func rebuild(_ table: String, _ columns: String, copying names: String) -> String
    {
        """
        CREATE TABLE fresh(\(columns)); INSERT INTO fresh(\(names)) SELECT \(names) FROM \(table);
        DROP TABLE \(table); ALTER TABLE fresh RENAME TO \(table);
        """
    }

    @Test func decidingOneByOneEndsInACommitWithTwoParents() throws {
        let project = try conflicting(
            "ALTER TABLE users RENAME name TO first; CREATE VIEW v AS SELECT 1 AS a;"
                + "CREATE INDEX i ON log(who)",
            "ALTER TABLE users RENAME name TO last; CREATE VIEW v AS SELECT 2 AS a;"
                + "ALTER TABLE log DROP COLUMN who")
        let database = project.database
        let before = try project.state()
        #expect(
            try database.conflicts().open.map(\.conflict.path) == [
                "users.first.name", "v", "log.who",
            ])
        #expect(try database.resolve("users.first.name", .theirs).count == 2)
        #expect(
            try database.resolve("v", .sql("CREATE VIEW v AS SELECT 3 AS a"))
                .map(\.conflict.path) == ["log.who"])
        // Another process may go on.
        let other = try project.reopened()
        #expect(try other.resolve("i", .drop).isEmpty)
        #expect(try project.changed(since: before) == ["schema.git/cinch/merge.json"])
        let tips = [try database.commit("main"), try database.commit("feature")]
        let publication = try merged(project)
        #expect(try database.git.readCommit(publication.commit).parents == tips)
        let schema = try database.schema(at: "main")
        #expect(schema.tables["users"]?.columns.map(\.name) == ["id", "last", "email"])
        #expect(schema.tables["log"]?.columns.map(\.name) == ["id"])
        #expect(schema.indexes.isEmpty)
        #expect(schema.views["v"]?.ddl.contains("3") == true)
        #expect(try database.unfinishedMerge() == nil)
        try project.expect(["acme", "main"])
    }

    /// What is decided, and what the schema has afterwards.
    struct Decision: CustomTestStringConvertible {
        var testDescription: String { "\(path) \(choice.word)" }
        var ours: String
        var theirs: String
        var path: String
        var choice: MergeChoice
        var result: String
    }

    private static let types = (
        rebuild("log", "id INTEGER PRIMARY KEY, who BLOB", copying: "id, who"),
        rebuild("log", "id INTEGER PRIMARY KEY, who INT", copying: "id, who")
    )
    private static let keys = (
        rebuild("log", "id INTEGER, who TEXT PRIMARY KEY", copying: "id, who"),
        rebuild("log", "id INTEGER, who TEXT, PRIMARY KEY (id, who)", copying: "id, who")
    )
    private static let additions = (
        "ALTER TABLE log ADD COLUMN at TEXT", "ALTER TABLE log ADD COLUMN at INT DEFAULT 0"
    )

    static let decisions = [
        Decision(
            ours: types.0, theirs: types.1, path: "log.who.type", choice: .ours,
            result: "who BLOB"),
        Decision(
            ours: types.0, theirs: types.1, path: "log.who.type", choice: .theirs,
            result: "who INT"),
        Decision(
            ours: types.0, theirs: types.1, path: "LOG.WHO.TYPE", choice: .base,
            result: "who TEXT"),
        Decision(
            ours: types.0, theirs: types.1, path: "log.who.type", choice: .drop, result: "who\n"),
        Decision(
            ours: types.0, theirs: types.1, path: "log.who.type", choice: .sql("REAL"),
            result: "who REAL"),
        Decision(
            ours: types.0, theirs: types.1, path: "log.who", choice: .sql("who ANY NOT NULL"),
            result: "who ANY NOT NULL"),
        Decision(
            ours: types.0, theirs: types.1, path: "log", choice: .theirs, result: "who INT"),
        Decision(
            ours: types.0, theirs: types.1, path: "log",
            choice: .sql("CREATE TABLE log (id INTEGER PRIMARY KEY, who NUMERIC)"),
            result: "who NUMERIC"),
        Decision(
            ours: keys.0, theirs: keys.1, path: "log.primary-key", choice: .theirs,
            result: "PRIMARY KEY (id, who)"),
        Decision(
            ours: keys.0, theirs: keys.1, path: "log.primary-key", choice: .ours,
            result: "who TEXT PRIMARY KEY"),
        Decision(
            ours: additions.0, theirs: additions.1, path: "log.at", choice: .theirs,
            result: "at INT DEFAULT 0"),
        Decision(
            ours: "ALTER TABLE log DROP COLUMN who", theirs: types.0, path: "log.who",
            choice: .theirs, result: "who BLOB"),
        Decision(
            ours: "ALTER TABLE log DROP COLUMN who", theirs: "CREATE INDEX i ON log(who)",
            path: "log.who", choice: .theirs, result: "CREATE INDEX i ON log (who)"),
        Decision(
            ours: "ALTER TABLE users RENAME name TO x",
            theirs: "ALTER TABLE users RENAME email TO x",
            path: "users.x.name", choice: .theirs, result: "x TEXT UNIQUE"),
        Decision(
            ours: "ALTER TABLE users RENAME name TO x",
            theirs: "ALTER TABLE users RENAME email TO x",
            path: "users.x.name", choice: .sql("y"), result: "y TEXT UNIQUE"),
        Decision(
            ours: "DROP TABLE log", theirs: "CREATE TABLE tags(log REFERENCES log)", path: "log",
            choice: .theirs, result: "CREATE TABLE log"),
        Decision(
            ours: "CREATE TABLE x(a)", theirs: "CREATE VIEW x AS SELECT 1 AS one", path: "x.name",
            choice: .theirs, result: "CREATE VIEW x"),
    ]

    @Test(arguments: decisions)
    func aDecisionIsWhatIsCommitted(_ row: Decision) throws {
        let project = try conflicting(row.ours, row.theirs)
        #expect(try project.database.resolve(row.path, row.choice).map(\.conflict.summary) == [])
        _ = try merged(project)
        let text = try project.database.schema(at: "main").ddl(ids: false)
        #expect(text.contains(row.result), "\(text)")
        try project.expect(["acme", "main"])
    }

    @Test func aDecisionThatCanNotBeIsRefusedAndForgotten() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        let refused = { (path: String, choice: MergeChoice) in
            try project.refused { try project.database.resolve(path, choice) }?.code
        }
        #expect(try refused("log.nothing", .ours) == .notFound)
        #expect(try refused("log.who.type", .sql("NOT A ( TYPE")) == .invalid)
        #expect(try refused("log", .sql("CREATE TABLE other (a)")) == .invalid)
        #expect(try project.database.conflicts().merge.decisions.choices.isEmpty)
    }

    @Test func aDecisionAboutATableIsNoneAboutTheTriggerOfItsName() throws {
        let project = try TemporaryProject(
            base + "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END;")
        try project.diverge(
            ours: "DROP TABLE log", theirs: "ALTER TABLE log ADD COLUMN at TEXT")
        guard case .conflicts = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(try project.database.resolve("log", .drop).isEmpty)
        _ = try merged(project)
        let schema = try project.database.schema(at: "main")
        #expect(schema.tables["log"] == nil)
        #expect(schema.triggers["log"] != nil)
    }

    @Test func aNewNameMustBeFree() throws {
        let project = try conflicting(
            "ALTER TABLE users RENAME TO x", "ALTER TABLE users RENAME TO y")
        let code = { (name: String) in
            try project.refused { try project.database.resolve("x.(name)", .sql(name)) }?.code
        }
        #expect(try code("log") == .exists)
        #expect(try code("LOG") == .exists)
        for name in ["", "_cinch_stamp", "sqlite_x", "a b", "a; DROP TABLE log"] {
            #expect(try code(name) == .invalid, "\(name)")
        }
        #expect(try project.database.resolve("x.(name)", .sql("\"a b\"")).isEmpty)
        _ = try merged(project)
        #expect(try project.database.schema(at: "main").tables["a b"] != nil)
    }

    /// The table's name and its column `name` are two things.
    @Test func aColumnCalledNameIsNotTheTablesName() throws {
        let project = try conflicting(
            "ALTER TABLE log RENAME TO diary",
            "ALTER TABLE log RENAME TO book; ALTER TABLE book ADD COLUMN name TEXT")
        #expect(try project.database.resolve("diary.(name)", .ours).isEmpty)
        _ = try merged(project)
        let table = try project.database.schema(at: "main").tables["diary"]
        #expect(table?.column(named: "name")?.declaredType == "TEXT")
    }

    @Test(arguments: ["NOT NULL", "DEFAULT 5", "", "REAL NOT NULL", "REAL, b INT"])
    func anAttributeMustBeThatAttribute(_ text: String) throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        let error = try project.refused { try project.database.resolve("log.who.type", .sql(text)) }
        #expect(error?.code == .invalid)
    }

    @Test func aDecisionFollowsTheNameThatIsDecidedLater() throws {
        let renamed = { (name: String) in "; ALTER TABLE log RENAME TO \(name)" }
        let project = try conflicting(Self.types.0 + renamed("x"), Self.types.1 + renamed("y"))
        #expect(
            try project.database.resolve("x.who.type", .theirs).map(\.conflict.path) == ["x.name"])
        #expect(try project.database.resolve("x.name", .theirs).isEmpty)
        _ = try merged(project)
        #expect(
            try project.database.schema(at: "main").tables["y"]?.column(named: "who")?.declaredType
                == "INT")
    }

    @Test func aForeignKeyOnAColumnCanBeLetGo() throws {
        let project = try conflicting(
            "DROP TABLE log", "CREATE TABLE w(a INT REFERENCES log, b INT)")
        #expect(try project.database.resolve("w.foreign key (a)", .drop).isEmpty)
        _ = try merged(project)
        #expect(try project.database.schema(at: "main").tables["w"]?.foreignKeys == [])
    }

    /// What replaced a dropped table or column, and what the other side edited.
    @Test(arguments: MergeSide.allCases)
    func aStrategyDecidesBetweenTwoThingsOfOneName(_ side: MergeSide) throws {
        for (ours, theirs, wanted) in [
            (
                "DROP TABLE log; CREATE TABLE log(new)", "ALTER TABLE log ADD COLUMN z INT",
                ["new", "id, who, z"]
            ),
            (
                "DROP TABLE log; CREATE TABLE t(k); ALTER TABLE t RENAME TO log",
                "ALTER TABLE log ADD COLUMN z INT", ["k", "id, who, z"]
            ),
            (
                "ALTER TABLE log DROP COLUMN who; ALTER TABLE log ADD COLUMN who REAL",
                Self.types.0, ["id, who", "id, who"]
            ),
        ] {
            let project = try TemporaryProject(base)
            try project.diverge(ours: ours, theirs: theirs)
            let result = try project.database.merge(
                "feature", options: MergeOptions(strategy: side))
            guard case .merged = result else {
                Issue.record("\(result)")
                return
            }
            let table = try project.database.schema(at: "main").tables["log"]
            let columns = table?.columns.map(\.name.text).joined(separator: ", ")
            #expect(columns == wanted[side == .ours ? 0 : 1])
            if ours.contains("REAL") {
                #expect(
                    table?.column(named: "who")?.declaredType == (side == .ours ? "REAL" : "BLOB"))
            }
            try project.expect(["main"])
        }
    }

    @Test func anotherMergeDoesNotForgetTheKeptOne() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        _ = try project.database.createBranch("side", from: "main~1")
        try project.run("CREATE TABLE n(a)", on: "side")
        guard case .merged = try project.database.merge("main") else {
            Issue.record("not merged")
            return
        }
        #expect(try project.database.unfinishedMerge()?.revision == "feature")
    }

    /// As after a crash between the branch's move and the end.
    @Test func aMergeThatIsCommittedAlreadyIsDone() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        _ = try project.database.resolve("log.who", .ours)
        let path = "\(project.database.layout.repository)/cinch/merge.json"
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        let commit = try merged(project).commit
        try kept.write(toFile: path, atomically: true, encoding: .utf8)
        guard case .upToDate(let tip) = try project.database.continueMerge() else {
            Issue.record("merged twice")
            return
        }
        #expect(tip == commit)
        #expect(try project.database.unfinishedMerge() == nil)
    }

    @Test func continuingWithSomethingOpenMovesNothing() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        let before = try project.state()
        guard case .conflicts(let open) = try project.database.continueMerge() else {
            Issue.record("merged")
            return
        }
        #expect(open.count == 1)
        #expect(try project.changed(since: before) == [])
    }

    @Test func aBranchThatHasMovedMeanwhileIsNotOverwritten() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        _ = try project.database.resolve("log.who", .ours)
        try project.run("CREATE TABLE late(x)")
        let error = try project.refused { try project.database.continueMerge() }
        #expect(error?.code == .busy)
        #expect(error?.hint?.contains("--abort") == true)
    }

    @Test func decisionsAreNotLostToAnotherMerge() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        // Nothing was decided: another merge may begin.
        guard case .conflicts = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        _ = try project.database.resolve("log.who", .ours)
        #expect(try project.refused { try project.database.merge("feature") }?.code == .refused)
        _ = try project.database.abortMerge()
        #expect(try project.refused { try project.database.abortMerge() }?.code == .notFound)
    }

    @Test func aDamagedStateCanStillBeAborted() throws {
        let project = try conflicting(Self.types.0, Self.types.1)
        let path = "\(project.database.layout.repository)/cinch/merge.json"
        try #"{"version":1,"command":"merge"}"#.write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(try project.refused { try project.database.conflicts() }?.code == .corrupt)
        _ = try project.database.abortMerge()
        #expect(try project.database.unfinishedMerge() == nil)
    }

    @Test(arguments: MergeSide.allCases)
    func aStrategyDecidesEverything(_ side: MergeSide) throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "ALTER TABLE users RENAME name TO first; ALTER TABLE log DROP COLUMN who;"
                + "CREATE TABLE tags(a)",
            theirs: "ALTER TABLE users RENAME name TO last; CREATE VIEW v AS SELECT who FROM log;"
                + "CREATE TABLE tags(b)")
        let result = try project.database.merge(
            "feature", options: MergeOptions(strategy: side))
        guard case .merged = result else {
            Issue.record("\(result)")
            return
        }
        let schema = try project.database.schema(at: "main")
        let isOurs = side == .ours
        #expect(schema.tables["users"]?.columns[1].name == (isOurs ? "first" : "last"))
        #expect(schema.tables["tags"]?.columns.map(\.name) == [isOurs ? "a" : "b"])
        #expect((schema.views["v"] == nil) == isOurs)
        #expect((schema.tables["log"]?.column(named: "who") == nil) == isOurs)
        try project.expect(["main"])
    }

    @Test func aConflictNamesTheCommitsItComesFrom() throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE noise(a)", on: "feature")
        let theirs = try project.run("ALTER TABLE users RENAME name TO last", on: "feature").commit
        try project.run("CREATE TABLE more_noise(a)", on: "feature")
        let ours = try project.run("ALTER TABLE users RENAME name TO first").commit
        try project.run("ALTER TABLE users ADD COLUMN age INT")
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(open.map(\.ours) == [ours])
        #expect(open.map(\.theirs) == [theirs])
    }

    @Test(arguments: [
        ("CREATE TABLE n(a)", "CREATE VIEW n AS SELECT 1 AS a"),
        (
            "ALTER TABLE log ADD COLUMN name TEXT",
            "CREATE VIEW v AS SELECT name FROM users JOIN log USING (id)"
        ),
    ])
    func bothCommitsAreNamedWhateverTheKind(_ sides: (ours: String, theirs: String)) throws {
        let project = try TemporaryProject(base)
        _ = try project.database.createBranch("feature")
        let theirs = try project.run(sides.theirs, on: "feature").commit
        let ours = try project.run(sides.ours).commit
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(open.map(\.ours) == [ours])
        #expect(open.map(\.theirs) == [theirs])
    }

    @Test func aPreviewSaysWhatWouldComeAndWritesNothing() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "CREATE TABLE a(x)", theirs: "ALTER TABLE users ADD COLUMN age INT")
        let before = try project.files()
        let preview = try project.database.preview("feature")
        #expect(preview.verdict == "clean")
        #expect(preview.changes.map(\.summary) == ["add column users.age INT"])
        #expect(try project.files() == before)
        guard case .merged(let publication) = try project.database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        #expect(try project.database.git.readCommit(publication.commit).tree == preview.tree)
    }

    @Test func squashedAndFastForwardOnly() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "CREATE TABLE a(x)")
        let tip = try project.database.commit("main")
        guard
            case .merged(let publication) = try project.database.merge(
                "feature", options: MergeOptions(isSquash: true))
        else {
            Issue.record("not squashed")
            return
        }
        #expect(try project.database.git.readCommit(publication.commit).parents == [tip])
        let error = try project.refused {
            try project.database.merge("feature", options: MergeOptions(fastForward: .only))
        }
        #expect(error?.code == .refused)
    }
}
