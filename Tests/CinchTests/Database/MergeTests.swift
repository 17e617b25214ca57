import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

private let base = """
    CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);
    CREATE TABLE log(id INTEGER PRIMARY KEY, who TEXT);
    """

@Suite struct MergeTests {
    @Test func aBranchThatIsAheadIsTakenAsItIs() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.diverge(ours: "", theirs: "ALTER TABLE users ADD COLUMN age INT")
        let tip = try project.database.commit("feature")
        guard case .fastForward(let publication) = try project.database.merge("feature") else {
            Issue.record("no fast-forward")
            return
        }
        #expect(publication.commit == tip)
        #expect(publication.changes.map(\.summary) == ["add column users.age INT"])
        #expect(publication.rollout?.names { $0 == .applied } == ["acme", "main"])
        #expect(try project.database.commit("main") == tip)
        #expect(
            try project.database.reflog("main").first?.message == "merge feature: Fast-forward")
        try project.expect(["acme", "main"])
    }

    @Test func whatIsThereAlreadyMovesNothing() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "CREATE TABLE a(x)", theirs: "")
        let before = try project.state()
        for revision in ["feature", "main", "main~1", "HEAD"] {
            guard case .upToDate(let tip) = try project.database.merge(revision) else {
                Issue.record("\(revision) was merged")
                return
            }
            #expect(tip == (try project.database.commit("main")))
        }
        #expect(try project.changed(since: before) == [])
    }

    @Test func twoSidesBecomeOneCommitWithTwoParents() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN age INT; CREATE INDEX ours ON log(who)",
            theirs: "ALTER TABLE users RENAME COLUMN name TO title; DROP TABLE log")
        // Theirs drops a table that ours put an index on.
        guard case .conflicts = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        try project.run("DROP INDEX ours")
        let parents = [
            try project.database.commit("main"), try project.database.commit("feature"),
        ]
        guard case .merged(let publication) = try project.database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        let commit = try project.database.git.readCommit(publication.commit)
        #expect(commit.parents == parents)
        #expect(commit.message == "Merge branch 'feature'\n")
        #expect(
            publication.changes.map(\.summary) == [
                "drop table log", "rename column users.name to title",
            ])
        #expect(
            try project.database.schema(at: "main").tables["users"]?.columns.map(\.name)
                == ["id", "title", "email", "age"])
        #expect(try project.database.commit("feature") == parents[1])
        try project.expect(["acme", "main"])
        guard case .upToDate = try project.database.merge("feature") else {
            Issue.record("merged twice")
            return
        }
    }

    @Test func aMergeCommitCanBeAskedForAndNamed() throws {
        let project = try TemporaryProject(base)
        try project.diverge(ours: "", theirs: "CREATE TABLE a(x)")
        let tips = [try project.database.commit("main"), try project.database.commit("feature")]
        let result = try project.database.merge(
            "feature", options: MergeOptions(message: "Release 7", fastForward: .never))
        guard case .merged(let publication) = result else {
            Issue.record("no merge commit")
            return
        }
        let commit = try project.database.git.readCommit(publication.commit)
        #expect(commit.parents == tips)
        #expect(commit.message == "Release 7\n")
        #expect(try project.database.schema(at: "main") == project.database.schema(at: "feature"))
    }

    @Test func mergingIntoAnotherBranchLeavesHeadAndTenantsAlone() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.diverge(ours: "CREATE TABLE ours(x)", theirs: "CREATE TABLE theirs(x)")
        let before = try project.state()
        guard case .merged(let publication) = try project.database.merge("main", into: "feature")
        else {
            Issue.record("not merged")
            return
        }
        #expect(publication.rollout == nil)
        #expect(
            try project.changed(since: before) == [
                "schema.git/logs/refs/heads/feature", "schema.git/refs/heads/feature",
            ])
        #expect(try project.subjects("feature").first == "Merge branch 'main' into feature")
        // Now main only has to move.
        guard case .fastForward = try project.database.merge("feature") else {
            Issue.record("no fast-forward")
            return
        }
        try project.expect(["acme", "main"])
    }

    @Test func bothDirectionsGiveTheSameSchema() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN age INT; ALTER TABLE log RENAME TO journal",
            theirs: "CREATE INDEX i ON log(who); CREATE VIEW v AS SELECT who FROM log")
        let tips = (try project.database.commit("main"), try project.database.commit("feature"))
        let one = try project.database.preview(tips.0, tips.1)
        let other = try project.database.preview(tips.1, tips.0)
        #expect(one.conflicts.isEmpty && other.conflicts.isEmpty)
        #expect(one.schema == other.schema)
        #expect(one.schema.indexes["i"]?.table == "journal")
    }

    @Test func historiesThatCrossAreMergedByTheirBases() throws {
        let project = try TemporaryProject(base)
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN a INT", theirs: "ALTER TABLE log ADD COLUMN b INT")
        _ = try project.database.createBranch("kept", from: "main")
        _ = try project.database.merge("feature")
        _ = try project.database.merge("kept", into: "feature")
        try project.run("ALTER TABLE users RENAME COLUMN a TO a2")
        try project.run("ALTER TABLE log RENAME COLUMN b TO b2", on: "feature")
        try project.database.switchBranch("main")
        #expect(
            try project.database.git.mergeBases(
                project.database.commit("main"), project.database.commit("feature")
            ).count == 2)
        guard case .merged = try project.database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        let schema = try project.database.schema(at: "main")
        #expect(schema.id("users.a2") != nil && schema.id("log.b2") != nil)
        try project.expect(["main"])
    }

    @Test func theSameAdditionOnBothSidesIsOneThing() throws {
        let project = try TemporaryProject(base)
        let addition = "ALTER TABLE users ADD COLUMN age INT; CREATE TABLE tags(name TEXT)"
        try project.diverge(ours: addition, theirs: "CREATE TABLE x(y); \(addition)")
        guard case .merged(let publication) = try project.database.merge("feature") else {
            Issue.record("not merged")
            return
        }
        #expect(publication.changes.map(\.summary) == ["create table x"])
        #expect(!publication.notes.isEmpty || publication.changes.count == 1)
    }

    @Test func whatIsNoCommitIsRefused() throws {
        let project = try TemporaryProject(base)
        #expect(try project.refused { try project.database.merge("gone") }?.code == .notFound)
        #expect(
            try project.refused { try project.database.merge("main", into: "gone") }?.code
                == .notFound)
    }
}

/// Two sides that can't both be had.
struct MergeConflictCase: CustomTestStringConvertible {
    var testDescription: String
    var ours: String
    var theirs: String
    /// Kind and entity of every conflict.
    var conflicts: [String]

    static let all = [
        MergeConflictCase(
            testDescription: "one column, two types",
            ours: """
                ALTER TABLE users ADD COLUMN n INT; UPDATE users SET n = name;
                ALTER TABLE users DROP COLUMN name; ALTER TABLE users RENAME n TO name
                """,
            theirs: """
                ALTER TABLE users ADD COLUMN n BLOB; UPDATE users SET n = name;
                ALTER TABLE users DROP COLUMN name; ALTER TABLE users RENAME n TO name
                """,
            conflicts: ["both-modified users.name"]),
        MergeConflictCase(
            testDescription: "one table, two names", ours: "ALTER TABLE users RENAME TO people",
            theirs: "ALTER TABLE users RENAME TO persons", conflicts: ["rename-rename people"]),
        MergeConflictCase(
            testDescription: "one column, two names",
            ours: "ALTER TABLE users RENAME name TO first",
            theirs: "ALTER TABLE users RENAME name TO last",
            conflicts: ["rename-rename users.first"]),
        MergeConflictCase(
            testDescription: "a table dropped and changed", ours: "DROP TABLE log",
            theirs: "ALTER TABLE log ADD COLUMN at TEXT", conflicts: ["modify-delete log"]),
        MergeConflictCase(
            testDescription: "one name, two tables", ours: "CREATE TABLE tags(a)",
            theirs: "CREATE TABLE tags(b)", conflicts: ["both-added tags"]),
        MergeConflictCase(
            testDescription: "one name, a table and a view", ours: "CREATE TABLE tags(a)",
            theirs: "CREATE VIEW tags AS SELECT name FROM users",
            conflicts: ["name-collision tags"]),
        MergeConflictCase(
            testDescription: "an index on a dropped column",
            ours: "ALTER TABLE log DROP COLUMN who", theirs: "CREATE INDEX i ON log(who)",
            conflicts: ["dependency log.who"]),
        MergeConflictCase(
            testDescription: "a foreign key to a dropped table", ours: "DROP TABLE log",
            theirs: "CREATE TABLE entries(log_id INTEGER REFERENCES log(id))",
            conflicts: ["dependency log"]),
        MergeConflictCase(
            testDescription: "a view on a dropped column",
            ours: "ALTER TABLE users DROP COLUMN name",
            theirs: "CREATE VIEW v AS SELECT name FROM users", conflicts: ["dependency users.name"]),
        MergeConflictCase(
            testDescription: "a trigger that writes a dropped column of another table",
            ours: "ALTER TABLE log DROP COLUMN who",
            theirs: """
                CREATE TRIGGER t AFTER INSERT ON users BEGIN
                  INSERT INTO log(who) VALUES (NEW.name);
                END
                """,
            conflicts: ["dependency log.who"]),
        MergeConflictCase(
            testDescription: "a trigger UPDATE OF a dropped column",
            ours: "ALTER TABLE users DROP COLUMN name",
            theirs: "CREATE TRIGGER t AFTER UPDATE OF name ON users BEGIN SELECT 1; END",
            conflicts: ["dependency users.name"]),
        MergeConflictCase(
            testDescription: "a foreign key to a column that is unique no more",
            ours: """
                CREATE TABLE n(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
                INSERT INTO n SELECT * FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users
                """,
            theirs: "CREATE TABLE mails(to_email TEXT REFERENCES users(email))",
            conflicts: ["dependency users.email.unique"]),
        MergeConflictCase(
            testDescription: "a foreign key without columns, and another primary key",
            ours: """
                CREATE TABLE n(id INT, name TEXT NOT NULL PRIMARY KEY, email TEXT UNIQUE);
                INSERT INTO n SELECT * FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users
                """,
            theirs: "CREATE TABLE mails(who INT REFERENCES users)", conflicts: ["dependency users"]
        ),
        MergeConflictCase(
            testDescription: "a virtual table over a dropped table", ours: "DROP TABLE log",
            theirs: "CREATE VIRTUAL TABLE f USING fts5(who, content='log')",
            conflicts: ["dependency log"]),
        MergeConflictCase(
            testDescription: "a virtual table over a renamed table",
            ours: "ALTER TABLE log RENAME TO diary",
            theirs: "CREATE VIRTUAL TABLE f USING fts5(who, content=\"log\")",
            conflicts: ["dependency diary"]),
        MergeConflictCase(
            testDescription: "a name that becomes ambiguous in a view",
            ours: "CREATE VIEW v AS SELECT who, name FROM users JOIN log USING (id)",
            theirs: "ALTER TABLE users ADD COLUMN who TEXT", conflicts: ["semantic v"]),
        MergeConflictCase(
            testDescription: "several at once",
            ours: "DROP TABLE log; CREATE TABLE tags(a); ALTER TABLE users RENAME name TO first",
            theirs: """
                ALTER TABLE log ADD COLUMN at; CREATE TABLE tags(b);
                ALTER TABLE users RENAME name TO last
                """,
            conflicts: [
                "both-added tags", "modify-delete log", "rename-rename users.first",
            ]),
    ]
}

@Suite struct MergeConflictTests {
    @Test(arguments: MergeConflictCase.all, [false, true])
    func conflictsLeaveEverythingAsItWas(_ row: MergeConflictCase, swapped: Bool) throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        let (ours, theirs) = swapped ? (row.theirs, row.ours) : (row.ours, row.theirs)
        try project.diverge(ours: ours, theirs: theirs)
        let before = try project.state()
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        let conflicts = open.map(\.conflict)
        #expect(try project.changed(since: before) == ["schema.git/cinch/merge.json"])
        #expect(try project.database.abortMerge()?.revision == "feature")
        #expect(try project.changed(since: before) == [])
        let found = conflicts.map { "\($0.kind.rawValue) \($0.entity)" }.sorted()
        // A name the sides disagree on is ours in the report.
        let named =
            swapped
            ? row.conflicts.map {
                $0.replacing("people", with: "persons").replacing(".first", with: ".last")
            } : row.conflicts
        #expect(found == named, "\(conflicts.map(\.summary))")
    }
}

/// A name changed on one side, and something that uses it added on the other.
struct MergeRenameCase: CustomTestStringConvertible {
    var testDescription: String { "\(what), \(rename)" }
    var what: String
    var rename: String
    var addition: String

    private static let additions = [
        ("an index", "CREATE INDEX i ON users(email) WHERE email > 'a'"),
        ("an index on an expression", "CREATE INDEX i ON users(lower(email), name)"),
        ("a CHECK", "ALTER TABLE users ADD COLUMN nick TEXT CHECK (nick <> email)"),
        ("a generated column", "ALTER TABLE users ADD COLUMN low TEXT AS (lower(email))"),
        ("a view", "CREATE VIEW v AS SELECT u.email FROM users AS u WHERE u.email <> ''"),
        (
            "a trigger on it",
            """
            CREATE TRIGGER t AFTER UPDATE OF email ON users WHEN NEW.email <> OLD.email BEGIN
              INSERT INTO log(who) VALUES (OLD.email);
            END
            """
        ),
        (
            "a trigger on another table",
            """
            CREATE TRIGGER t AFTER INSERT ON log BEGIN
              UPDATE users SET email = NEW.who WHERE email IS NULL;
            END
            """
        ),
        (
            "a foreign key",
            "CREATE TABLE mails(to_email TEXT, FOREIGN KEY(to_email) REFERENCES users(email))"
        ),
    ]

    static let all = [
        "ALTER TABLE users RENAME COLUMN email TO mail", "ALTER TABLE users RENAME TO people",
        "ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN email TO mail",
    ].flatMap { rename in
        additions.map { MergeRenameCase(what: $0.0, rename: rename, addition: $0.1) }
    }
}

@Suite struct MergeRenameTests {
    @Test(arguments: MergeRenameCase.all, [false, true])
    func whatUsesTheOldNameTakesTheNewOne(_ row: MergeRenameCase, swapped: Bool) throws {
        let project = try TemporaryProject(base)
        try project.execute("INSERT INTO users VALUES (1, 'a', 'a@x')", on: "main")
        let addition = row.addition
        try project.diverge(
            ours: swapped ? addition : row.rename, theirs: swapped ? row.rename : addition)
        let result = try project.database.merge("feature")
        guard case .merged(let publication) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(publication.rollout?.failures == [])
        let text = try project.database.schema(at: "main").ddl(ids: false)
        let words = Set(text.split { !$0.isLetter && $0 != "_" }.map(String.init))
        if row.rename.contains("people") { #expect(!words.contains("users"), "\(text)") }
        if row.rename.contains("mail") { #expect(!words.contains("email"), "\(text)") }
        try project.expect(["main"])
        let (table, column) = (
            row.rename.contains("people") ? "people" : "users",
            row.rename.contains("mail") ? "mail" : "email"
        )
        #expect(
            try project.rows("SELECT \(column) FROM \(table)", in: "main") == [[.text("a@x")]])
    }
}

/// What only both sides together break, in what neither has touched.
@Suite struct UntouchedTests {
    private let tables = """
        CREATE TABLE a(id INTEGER PRIMARY KEY, x INT);
        CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, y INT);
        """

    @Test(arguments: [
        "CREATE VIEW v AS SELECT x FROM a NATURAL JOIN b",
        "CREATE VIEW v AS SELECT id, (SELECT max(x) FROM b) FROM a",
    ])
    func aNameThatEachSideFoundElsewhere(_ view: String) throws {
        let project = try TemporaryProject(tables + view)
        try project.diverge(
            ours: "ALTER TABLE b DROP COLUMN x", theirs: "ALTER TABLE a DROP COLUMN x")
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(open.flatMap(\.conflict.objects) == ["v"])
    }

    // base ─ a0 ─ m1 (ours: a)        Each side merged the other and decided for itself.
    //     ╲     ╳
    //      ─ b0 ─ m2 (theirs: b)
    @Test func whatCrossedHistoriesDecidedDifferentlyIsOpen() throws {
        let project = try TemporaryProject("CREATE TABLE t(id INTEGER PRIMARY KEY, c INT)")
        let retyped = { (type: String) in
            """
            CREATE TABLE n(id INTEGER PRIMARY KEY, c \(type)); INSERT INTO n SELECT * FROM t;
            DROP TABLE t; ALTER TABLE n RENAME TO t
            """
        }
        let database = project.database
        try project.diverge(ours: retyped("TEXT"), theirs: retyped("REAL"))
        _ = try database.createBranch("a0")
        _ = try database.createBranch("b0", from: "feature")
        let decide = { (revision: String, branch: String) in
            try database.switchBranch(branch)
            _ = try database.merge(revision)
            _ = try database.resolve("t.c.type", .ours)
            _ = try database.continueMerge()
        }
        try decide("b0", "main")
        try decide("a0", "feature")
        for (branch, other) in [("main", "feature"), ("feature", "main")] {
            try database.switchBranch(branch)
            guard case .conflicts(let open) = try database.merge(other) else {
                Issue.record("merged into \(branch)")
                return
            }
            #expect(open.map(\.conflict.path) == ["t.c.type"])
        }
        _ = try database.resolve("t.c.type", .theirs)
        guard case .merged = try database.continueMerge() else {
            Issue.record("not continued")
            return
        }
        #expect(
            try database.schema(at: "feature").tables["t"]?.column(named: "c")?.declaredType
                == "TEXT")
    }

    @Test func oneAdditionUnderTwoNamesIsAConflict() throws {
        let project = try TemporaryProject(tables)
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE n(a INT)")
        try project.run("ALTER TABLE n RENAME TO m")
        try project.database.switchBranch("feature")
        _ = try project.database.run(ddl: "CREATE TABLE n(a INT)", message: "Another commit")
        try project.database.switchBranch("main")
        guard case .conflicts(let open) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(open.map(\.conflict.path) == ["m.name"])
    }
}
