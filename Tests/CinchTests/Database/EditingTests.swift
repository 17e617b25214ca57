import Cinch
import CinchGit
import CinchSQLite
import CinchSchema
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);"

@Suite struct EditingTests {
    @Test func oneEditIsOneCommitNamedAfterItsChange() throws {
        let project = try TemporaryProject()
        let start = try project.database.commit("main")
        let publication = try project.run("CREATE TABLE users(id INTEGER PRIMARY KEY)")
        #expect(publication.branch == "main")
        #expect(publication.changes.map(\.summary) == ["create table users"])
        #expect(publication.notes.isEmpty)
        let commit = try project.database.git.readCommit(publication.commit)
        #expect(commit.parents == [start])
        #expect(commit.message == "Create table users\n")
        #expect(commit.author.name == "Ada" && commit.author.seconds == 1_700_000_000)
        #expect(try project.database.commit("main") == publication.commit)
        let reflog = try project.database.reflog("main")
        #expect(reflog.first?.message == "commit: Create table users")
        #expect(reflog.first?.old == start)
        try project.expect(["main"])
    }

    @Test func severalChangesAreListedInTheMessage() throws {
        let project = try TemporaryProject(users)
        let publication = try project.run(
            """
            ALTER TABLE users RENAME TO people; ALTER TABLE people ADD COLUMN age INTEGER;
            CREATE INDEX by_name ON people(name);
            """)
        let message = try project.database.git.readCommit(publication.commit).message
        #expect(
            message == """
                Rename table users to people and 2 other changes

                - rename table users to people
                - add column people.age INTEGER
                - create index by_name

                """)
    }

    @Test func aMessageOfOnesOwnIsTakenAsItIs() throws {
        let project = try TemporaryProject()
        let publication = try #require(
            try project.database.run(ddl: users, message: "Add users\n\nFor the shop."))
        #expect(
            try project.database.git.readCommit(publication.commit).message
                == "Add users\n\nFor the shop.\n")
        #expect(try project.database.reflog("main").first?.message == "commit: Add users")
    }

    @Test func whatChangesNothingIsNoCommit() throws {
        let project = try TemporaryProject(users)
        let before = try project.state()
        for sql in [
            "CREATE TABLE t(x); DROP TABLE t", "INSERT INTO users(name) VALUES ('a')", "SELECT 1",
            "ALTER TABLE users RENAME TO x; ALTER TABLE x RENAME TO users",
            "CREATE TABLE IF NOT EXISTS users(y)",
        ] {
            #expect(try project.database.run(ddl: sql) == nil, "\(sql)")
        }
        #expect(try project.changed(since: before) == [])
    }

    @Test func dataStatementsAreNotedAndReachNoTenant() throws {
        let project = try TemporaryProject(users)
        let one = try project.run(
            "INSERT INTO users(name) VALUES ('x'); CREATE INDEX i ON users(name)")
        #expect(one.notes == ["1 data statement ran on a scratch database and is not recorded"])
        let two = try project.run("DROP INDEX i; DELETE FROM users; UPDATE users SET name = 'y'")
        #expect(two.notes == ["2 data statements ran on a scratch database and are not recorded"])
        #expect(try project.rows("SELECT * FROM users", in: "main").isEmpty)
    }

    @Test(arguments: [
        ("CREATE TABLE a(x); nonsense", "statement 2"), ("CREATE TABLE users(x)", "already exists"),
        ("ATTACH 'x.db' AS x; CREATE TABLE x.t(y)", "not authorized"),
        ("CREATE TEMP TABLE a(x); CREATE TABLE b(x)", "temporary table a"),
        ("CREATE TEMP TRIGGER a AFTER INSERT ON users BEGIN SELECT 1; END", "temporary trigger a"),
        ("  -- nothing\n;", "no SQL statement"), ("ALTER TABLE users DROP COLUMN gone", "gone"),
        ("CREATE VIEW v AS SELECT email FROM users; ALTER TABLE users DROP COLUMN email", "view v"),
        ("CREATE TABLE sqlite_mine(x)", "sqlite_mine"),
    ])
    func whatIsRefusedChangesNothing(_ sql: String, _ words: String) throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let error = try project.refused { try project.database.run(ddl: sql) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func anErrorInTheClosureChangesNothing() throws {
        struct Stop: Error {}
        let project = try TemporaryProject(users)
        let error = try project.refused {
            try project.database.edit { interpreter in
                try interpreter.run("DROP TABLE users")
                throw Stop()
            }
        }
        #expect(error?.code == .failed)
    }

    @Test func idsStayThroughCommits() throws {
        let project = try TemporaryProject(users)
        let before = try project.database.schema(at: "main")
        #expect(before.id("users.email") != nil)
        try project.run("ALTER TABLE users RENAME TO people")
        try project.run("ALTER TABLE people RENAME COLUMN email TO mail")
        try project.run("CREATE TABLE users(id INTEGER PRIMARY KEY)")
        let after = try project.database.schema(at: "main")
        #expect(after.id("people") == before.id("users"))
        #expect(after.id("people.mail") == before.id("users.email"))
        #expect(after.id("users") != nil && after.id("users") != before.id("users"))
    }

    @Test func rowsStayThroughWhatAScriptRollsBack() throws {
        let project = try TemporaryProject(users)
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "main")
        try project.run("BEGIN; DROP TABLE users; ROLLBACK; ALTER TABLE users ADD COLUMN age INT")
        #expect(try project.rows("SELECT name FROM users", in: "main") == [[.text("a")]])
    }
}

@Suite struct ApplyingTests {
    private let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
        CREATE TABLE posts(id INTEGER PRIMARY KEY, body TEXT);
        CREATE VIEW names AS SELECT name FROM users;
        """

    private func apply(_ sql: String, to project: TemporaryProject) throws -> Publication? {
        try project.database.apply([(source: "schema.sql", sql: sql)])
    }

    @Test func theSchemaBecomesWhatTheScriptsCreate() throws {
        let project = try TemporaryProject(base)
        let publication = try #require(
            try project.database.apply(
                [
                    ("1.sql", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"),
                    ("2.sql", "CREATE INDEX by_name ON users(name)"),
                ], message: "As written"))
        #expect(try project.database.schema(at: "main").names == ["users", "by_name"])
        #expect(
            publication.changes.map(\.summary).sorted() == [
                "alter column users.name: name TEXT -> name TEXT NOT NULL", "create index by_name",
                "drop column users.email", "drop table posts", "drop view names",
            ])
        #expect(try project.subjects().first == "As written")
        #expect(try project.count() == 3)
        try project.expect(["main"])
    }

    @Test func idsAreKeptByName() throws {
        let project = try TemporaryProject(base)
        let before = try project.database.schema(at: "main")
        _ = try apply(
            "create table \"USERS\" (email text, id integer primary key, age int)", to: project)
        let after = try project.database.schema(at: "main")
        for path in ["users", "users.id", "users.email"] {
            #expect(after.id(path) == before.id(path), "\(path)")
        }
        #expect(after.id("users.age") != nil)
    }

    @Test func anIdCommentOnARenamedLineKeepsTheIdAndTheRows() throws {
        let project = try TemporaryProject(base)
        try project.execute("INSERT INTO users VALUES (1, 'a', 'a@x')", on: "main")
        let before = try project.database.schema(at: "main")
        let text = before.ddl(ids: true).replacing("users", with: "people")
            .replacing("email", with: "mail")
        let publication = try #require(try apply(text, to: project))
        #expect(
            publication.changes.map(\.summary).prefix(2) == [
                "rename table users to people", "rename column people.email to mail",
            ])
        let after = try project.database.schema(at: "main")
        #expect(after.id("people") == before.id("users"))
        #expect(after.id("people.mail") == before.id("users.email"))
        #expect(try project.rows("SELECT mail FROM people", in: "main") == [[.text("a@x")]])
    }

    @Test func idsNobodyKnowsAreNotTaken() throws {
        let project = try TemporaryProject(base)
        let before = try project.database.schema(at: "main")
        _ = try apply(
            """
            CREATE TABLE users ( -- id 0badc0de
              id INTEGER PRIMARY KEY, -- id 00000000
              name TEXT,
              email TEXT, -- id 0badc0de
              nick TEXT -- id 0badc0de
            );
            CREATE TABLE posts(id INTEGER PRIMARY KEY, body TEXT);
            """, to: project)
        let after = try project.database.schema(at: "main")
        for path in ["users", "users.id", "users.name", "users.email"] {
            #expect(after.id(path) == before.id(path), "\(path)")
        }
        #expect(after.id("users.nick") != nil)
        #expect(after.id("users.nick")?.text != "0badc0de")
    }

    @Test func aLineCopiedWithItsIdIsANewColumn() throws {
        let project = try TemporaryProject(base)
        try project.execute("INSERT INTO users(name) VALUES ('a')", on: "main")
        let before = try project.database.schema(at: "main")
        let id = try #require(before.id("users.name"))
        let text = before.ddl(ids: true).replacing(
            "name TEXT, -- id \(id)", with: "name TEXT, -- id \(id)\n  nick TEXT, -- id \(id)")
        _ = try apply(text, to: project)
        let after = try project.database.schema(at: "main")
        #expect(after.id("users.nick") != nil && after.id("users.nick") != id)
        #expect(after.tables["users"]?.columns.count == 4)
        #expect(after.id("users.name") == id)
        #expect(try project.rows("SELECT name FROM users", in: "main") == [[.text("a")]])
    }

    @Test func whatTheBranchHasAlreadyIsNoCommit() throws {
        let project = try TemporaryProject(base)
        let schema = try project.database.schema(at: "main")
        for text in [base, schema.ddl(ids: true), schema.ddl(ids: false)] {
            #expect(try apply(text, to: project) == nil)
        }
        #expect(try project.count() == 2)
    }

    /// A mistyped path or an empty variable must not drop every table.
    @Test func anEmptyScriptIsRefused() throws {
        let project = try TemporaryProject(base)
        for text in ["", "-- nothing yet\n"] {
            #expect(try project.refused { try apply(text, to: project) }?.code == .invalid)
        }
    }

    @Test func everythingIsDroppedInOneCommitWhenTheScriptSaysSo() throws {
        let project = try TemporaryProject(base)
        let publication = try #require(try apply("CREATE TABLE t(x); DROP TABLE t", to: project))
        #expect(publication.changes.count == 3)
        #expect(try project.schema(of: "main").isEmpty)
    }

    @Test(arguments: [
        ("CREATE TABLE a(x); CREATE TABLE a(y)", "'schema.sql', statement 2, line 1"),
        ("CREATE TABLE a(x);\nCREATE TEMP TABLE b(x);", "temporary table b"),
        ("ATTACH 'x' AS y", "not authorized"),
    ])
    func aBadScriptChangesNothing(_ sql: String, _ words: String) throws {
        let project = try TemporaryProject(base)
        let error = try project.refused { try apply(sql, to: project) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func dataStatementsAreNoted() throws {
        let project = try TemporaryProject()
        let publication = try #require(
            try apply("CREATE TABLE a(x); INSERT INTO a VALUES (1)", to: project))
        #expect(publication.notes.count == 1)
    }
}
