import Cinch
import CinchSchema
import Testing

/// A way to change `users(id, name, email)`, and what must still be the same thing afterwards.
struct IdentityCase: CustomTestStringConvertible {
    var testDescription: String
    var script: String
    /// Paths afterwards by paths before.
    var kept: [String: String]
    /// Paths afterwards that are something new.
    var new: [String] = []

    private static let whole = ["users": "users", "users.id": "users.id"]

    private static func rebuilt(_ name: String = "name") -> [String: String] {
        whole.merging(["users.name": "users.\(name)", "users.email": "users.email"]) { $1 }
    }

    static let all = [
        IdentityCase(
            testDescription: "a table renamed", script: "ALTER TABLE users RENAME TO people",
            kept: ["users": "people", "users.name": "people.name", "posts": "posts"]),
        IdentityCase(
            testDescription: "a column renamed",
            script: "ALTER TABLE users RENAME COLUMN name TO title", kept: rebuilt("title")),
        IdentityCase(
            testDescription: "two columns swapped",
            script: """
                ALTER TABLE users RENAME name TO x; ALTER TABLE users RENAME email TO name;
                ALTER TABLE users RENAME x TO email
                """,
            kept: ["users.name": "users.email", "users.email": "users.name"]),
        IdentityCase(
            testDescription: "two tables swapped",
            script: """
                ALTER TABLE users RENAME TO x; ALTER TABLE posts RENAME TO users;
                ALTER TABLE x RENAME TO posts
                """,
            kept: ["users": "posts", "posts": "users", "posts.body": "users.body"]),
        IdentityCase(
            testDescription: "a table renamed there and back",
            script: "ALTER TABLE users RENAME TO x; ALTER TABLE x RENAME TO users", kept: rebuilt()),
        IdentityCase(
            testDescription: "create, copy, drop, rename",
            script: """
                PRAGMA foreign_keys = OFF; BEGIN;
                CREATE TABLE new_users(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email, age INT);
                INSERT INTO new_users(id, name, email) SELECT id, name, email FROM users;
                DROP TABLE users;
                ALTER TABLE new_users RENAME TO users;
                COMMIT;
                """,
            kept: rebuilt(), new: ["users.age"]),
        IdentityCase(
            testDescription: "the old one renamed first",
            script: """
                ALTER TABLE "users" RENAME TO "_users_old";
                CREATE TABLE "users"("id" INTEGER PRIMARY KEY, "name" TEXT UNIQUE, email TEXT);
                INSERT INTO "users" SELECT * FROM "_users_old";
                DROP TABLE "_users_old";
                """,
            kept: rebuilt()),
        IdentityCase(
            testDescription: "by way of a temporary table",
            script: """
                CREATE TEMPORARY TABLE backup(id, name, email);
                INSERT INTO backup SELECT id, name, email FROM users;
                DROP TABLE users;
                CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
                INSERT INTO users SELECT id, name, email FROM backup;
                DROP TABLE backup;
                """,
            kept: rebuilt()),
        IdentityCase(
            testDescription: "by way of CREATE TABLE AS",
            script: """
                CREATE TABLE backup AS SELECT * FROM users;
                DROP TABLE users;
                CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
                INSERT INTO users SELECT * FROM backup;
                DROP TABLE backup;
                """,
            kept: rebuilt()),
        IdentityCase(
            testDescription: "copied under another column name, and computed",
            script: """
                CREATE TABLE u(id INTEGER PRIMARY KEY, title TEXT, email TEXT);
                INSERT INTO u(id, title, email) SELECT id, name, lower(email) FROM users;
                DROP TABLE users; ALTER TABLE u RENAME TO users;
                """,
            kept: rebuilt("title")),
        IdentityCase(
            testDescription: "copied under another table name",
            script: """
                CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
                INSERT INTO people SELECT * FROM users; DROP TABLE users;
                """,
            kept: ["users": "people", "users.name": "people.name"]),
        IdentityCase(
            testDescription: "a column added, filled, put in the place of another",
            script: """
                ALTER TABLE users ADD COLUMN name_new VARCHAR(20);
                UPDATE users SET name_new = name;
                ALTER TABLE users DROP COLUMN name;
                ALTER TABLE users RENAME COLUMN name_new TO name;
                """,
            kept: rebuilt()),
        IdentityCase(
            testDescription: "after empty statements",
            script: ";ALTER TABLE users RENAME TO people",
            kept: ["users": "people", "users.name": "people.name"]),
        IdentityCase(
            testDescription: "after empty statements, comments and line breaks",
            script: """
                ;;\n; -- one\n;\nALTER TABLE users RENAME TO u;; /* two */ ;
                -- three
                ;ALTER TABLE u RENAME TO people;;
                """,
            kept: ["users": "people", "users.name": "people.name"]),
        IdentityCase(
            testDescription: "a rename rolled back, each statement after an empty one",
            script: """
                ;BEGIN;; ALTER TABLE users RENAME TO people;; -- x
                ;DROP TABLE posts;; -- y
                ;ROLLBACK;
                """,
            kept: rebuilt().merging(["posts": "posts"]) { $1 }),
        IdentityCase(
            testDescription: "dropped and created anew without its rows",
            script: "DROP TABLE users; CREATE TABLE users(id INTEGER PRIMARY KEY, name, email)",
            kept: ["posts": "posts"], new: ["users", "users.id", "users.name"]),
        IdentityCase(
            testDescription: "a column dropped and added anew",
            script: "ALTER TABLE users DROP COLUMN name; ALTER TABLE users ADD COLUMN name TEXT",
            kept: whole, new: ["users.name"]),
        IdentityCase(
            testDescription: "a copy beside the original",
            script: """
                CREATE TABLE archive(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
                INSERT INTO archive SELECT * FROM users;
                """,
            kept: rebuilt(), new: ["archive", "archive.name"]),
        IdentityCase(
            testDescription: "rows of one table copied into another that was there",
            script: "INSERT INTO posts(body) SELECT name FROM users; DROP TABLE users",
            kept: ["posts": "posts", "posts.body": "posts.body"]),
        IdentityCase(
            testDescription: "IF NOT EXISTS on what is there, IF EXISTS on what is not",
            script: "CREATE TABLE IF NOT EXISTS users(x); DROP TABLE IF EXISTS nowhere",
            kept: rebuilt()),
        IdentityCase(
            testDescription: "a rename rolled back",
            script: """
                BEGIN; ALTER TABLE users RENAME TO people; DROP TABLE posts; ROLLBACK;
                """,
            kept: rebuilt().merging(["posts": "posts"]) { $1 }),
        IdentityCase(
            testDescription: "a drop rolled back to a savepoint",
            script: """
                SAVEPOINT a; ALTER TABLE users RENAME COLUMN name TO title;
                SAVEPOINT "b c"; DROP TABLE users; ROLLBACK TRANSACTION TO SAVEPOINT "b c";
                RELEASE a;
                """,
            kept: rebuilt("title")),
        IdentityCase(
            testDescription: "savepoints of one name, the inner rolled back",
            script: """
                BEGIN; SAVEPOINT a; ALTER TABLE users RENAME name TO title;
                SAVEPOINT a; ALTER TABLE users RENAME title TO x; ROLLBACK TO a;
                RELEASE a; RELEASE SAVEPOINT a; END;
                """,
            kept: rebuilt("title")),
        IdentityCase(
            testDescription: "a temporary table of the same name comes and goes",
            script: "CREATE TEMP TABLE users(x); INSERT INTO users VALUES (1); DROP TABLE users",
            kept: rebuilt()),
    ]
}

@Suite struct InterpretedIdentityTests {
    private static let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
        CREATE TABLE posts(id INTEGER PRIMARY KEY, body TEXT);
        """

    @Test(arguments: IdentityCase.all)
    func idsStayWithWhatTheyWereGivenTo(_ row: IdentityCase) throws {
        let (before, after) = try SchemaInterpreter.schema(Self.base, then: row.script)
        for (old, new) in row.kept {
            #expect(before.id(old) != nil && after.id(new) == before.id(old), "\(old) -> \(new)")
        }
        for path in row.new { #expect(after.id(path) == nil, "\(path)") }
    }

    @Test func idsStayOverScriptsAndAcrossIdentification() throws {
        let (interpreter, before) = try SchemaInterpreter.after(Self.base)
        try interpreter.run("ALTER TABLE users RENAME TO people; CREATE TABLE tags(name)")
        var committed = try interpreter.schema()
        var tags = try #require(committed.tables["tags"])
        tags.id = StableID(99)
        tags.columns[0].id = StableID(98)
        committed.tables.insert(tags)
        interpreter.goOn(from: committed)
        try interpreter.run("ALTER TABLE tags RENAME TO labels; ALTER TABLE people RENAME TO x")
        let after = try interpreter.schema()
        #expect(after.id("labels") == StableID(99))
        #expect(after.id("labels.name") == StableID(98))
        #expect(after.id("x") == before.id("users"))
    }
}
