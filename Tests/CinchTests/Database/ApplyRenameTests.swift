import Cinch
import CinchGit
import CinchSQLite
import CinchSchema
import Testing

/// `-- renamed from:` in what is applied, down to the rows.
@Suite struct ApplyRenameTests {
    private let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
        CREATE INDEX by_name ON users(name);
        CREATE VIEW names AS SELECT name FROM users;
        CREATE TABLE log(line TEXT);
        CREATE TRIGGER seen AFTER UPDATE OF name ON users BEGIN
          INSERT INTO log VALUES (new.name); END;
        """

    private let renamed = """
        CREATE TABLE people( -- renamed from: users
          id INTEGER PRIMARY KEY,
          full_name TEXT, -- renamed from: name
          email TEXT);
        CREATE INDEX by_name ON people(full_name);
        CREATE VIEW names AS SELECT full_name FROM people;
        CREATE TABLE log(line TEXT);
        CREATE TRIGGER seen AFTER UPDATE OF full_name ON people BEGIN
          INSERT INTO log VALUES (new.full_name); END;
        """

    private func apply(_ sql: String, to project: TemporaryProject) throws -> Publication? {
        try project.database.apply([(source: "schema.sql", sql: sql)])
    }

    @Test func aTableAndItsColumnAreRenamedWithTheirRows() throws {
        let project = try TemporaryProject(base, tenants: ["acme"])
        try project.execute("INSERT INTO users VALUES (1, 'Ada', 'a@x')", on: "acme")
        let before = try project.database.schema(at: "main")
        let publication = try #require(try apply(renamed, to: project))
        #expect(
            publication.changes.map(\.summary).prefix(2) == [
                "rename table users to people", "rename column people.name to full_name",
            ])
        #expect(publication.notes.isEmpty)
        let after = try project.database.schema(at: "main")
        #expect(after.id("people") == before.id("users"))
        #expect(after.id("people.full_name") == before.id("users.name"))
        #expect(!after.ddl(ids: true).contains("renamed"))
        #expect(try project.rows("SELECT full_name FROM people", in: "acme") == [[.text("Ada")]])
        try project.expect(["main", "acme"])
        #expect(try apply(renamed, to: project) == nil)
    }

    @Test func aSwapMovesTheValuesOnce() throws {
        let project = try TemporaryProject("CREATE TABLE t(a TEXT, b TEXT);")
        try project.execute("INSERT INTO t VALUES ('a', 'b')", on: "main")
        let text = "CREATE TABLE t(\n  a TEXT, -- renamed from: b\n  b TEXT -- renamed from: a\n);"
        #expect(try apply(text, to: project) != nil)
        #expect(try project.rows("SELECT a, b FROM t", in: "main") == [[.text("b"), .text("a")]])
        #expect(try apply(text, to: project) == nil)
        // Nor after another change.
        try project.run("CREATE TABLE u(x)")
        #expect(try apply(text + "CREATE TABLE u(x)", to: project) == nil)
        #expect(try project.rows("SELECT a, b FROM t", in: "main") == [[.text("b"), .text("a")]])
    }

    @Test func tablesSwapOnce() throws {
        let project = try TemporaryProject("CREATE TABLE t(x TEXT); CREATE TABLE u(x TEXT);")
        try project.execute("INSERT INTO t VALUES ('of t')", on: "main")
        let text = """
            CREATE TABLE t( -- renamed from: u
              x TEXT);
            CREATE TABLE u( -- renamed from: t
              x TEXT);
            """
        #expect(try apply(text, to: project) != nil)
        #expect(try apply(text, to: project) == nil)
        #expect(try project.rows("SELECT x FROM u", in: "main") == [[.text("of t")]])
    }

    @Test func aChainMovesEveryValue() throws {
        let project = try TemporaryProject("CREATE TABLE t(a TEXT, b TEXT, c TEXT);")
        try project.execute("INSERT INTO t VALUES ('a', 'b', 'c')", on: "main")
        let text = "CREATE TABLE t(\n  a TEXT, -- renamed from: b\n  b TEXT -- renamed from: c\n);"
        let publication = try apply(text, to: project)
        #expect(
            publication?.changes.map(\.summary) == [
                "drop column t.a", "rename column t.b to a", "rename column t.c to b",
            ])
        #expect(try project.rows("SELECT a, b FROM t", in: "main") == [[.text("b"), .text("c")]])
        #expect(try apply(text, to: project) == nil)
    }

    @Test func aMarkThatNamesNothingChangesNothing() throws {
        let project = try TemporaryProject(base)
        let error = try project.refused {
            try apply(renamed.replacing("from: name", with: "from: nmae"), to: project)
        }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("'nmae'") == true)
    }

    @Test func whatCouldBeARenameIsSaid() throws {
        let project = try TemporaryProject(
            "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, \"to\" TEXT, c TEXT);")
        let one = try apply(
            "CREATE TABLE users(id INTEGER PRIMARY KEY, full_name TEXT, \"to\" TEXT, c TEXT);",
            to: project)
        #expect(
            one?.notes == [
                "users lost column 'name' and got 'full_name'; if that is a rename, undo this and"
                    + " write '-- renamed from: name' on the line of 'full_name'"
            ])
        let two = try apply("CREATE TABLE users(id INTEGER PRIMARY KEY, y, c TEXT)", to: project)
        #expect(
            two?.notes == [
                "users lost columns 'full_name' and 'to' and got 'y'; if there is a rename among"
                    + " these (perhaps full_name to y, to to y), undo this and write"
                    + " '-- renamed from:' and the old name on the line of the new one"
            ])
        let three = try apply("CREATE TABLE people(id INTEGER PRIMARY KEY)", to: project)
        #expect(
            three?.notes == [
                "The schema lost table 'users' and got 'people'; if that is a rename, undo this and"
                    + " write '-- renamed from: users' on the first line of 'people'"
            ])
        let four = try apply("CREATE TABLE people(id INTEGER PRIMARY KEY, z)", to: project)
        #expect(four?.notes == [])
    }
}
