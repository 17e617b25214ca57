import Cinch
import CinchSchema
import Testing

@Suite struct SchemaInterpreterTests {
    private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);"

    @Test func everythingDDLCanMakeIsReadBack() throws {
        let interpreter = try SchemaInterpreter(Schema())
        let effects = try interpreter.run(
            """
            \(users)
            CREATE UNIQUE INDEX users_email ON users(email) WHERE email IS NOT NULL;
            CREATE VIEW names AS SELECT name FROM users;
            CREATE TRIGGER log AFTER INSERT ON users BEGIN
              UPDATE users SET name = 'a;b' WHERE id = NEW.id;
            END;
            CREATE VIRTUAL TABLE docs USING fts5(body);
            """)
        #expect(effects.statements == 5 && effects.dataStatements == 0)
        let schema = try interpreter.schema()
        #expect(schema.names == ["users", "docs", "users_email", "names", "log"])
        #expect(schema.tables["users"]?.id == nil)
        let again = try SchemaInterpreter(schema)
        #expect(try again.schema() == schema)
    }

    @Test func dependantsOfARenamedTableAndColumnFollow() throws {
        let (_, after) = try SchemaInterpreter.schema(
            """
            \(users)
            CREATE TABLE posts(author INTEGER REFERENCES users(id));
            CREATE INDEX by_name ON users(name);
            CREATE VIEW names AS SELECT name FROM users;
            CREATE TRIGGER t AFTER DELETE ON users BEGIN DELETE FROM posts WHERE author = OLD.id; END;
            """,
            then: """
                ALTER TABLE users RENAME TO people;
                ALTER TABLE people RENAME COLUMN name TO full_name;
                """)
        let text = after.ddl(ids: false)
        #expect(!text.contains("users"))
        #expect(after.tables["posts"]?.foreignKeys.first?.parent == "people")
        #expect(after.indexes["by_name"]?.ddl.contains("ON people (") == true)
        #expect(after.views["names"]?.ddl.contains("full_name") == true)
        #expect(after.triggers["t"]?.table == "people")
    }

    @Test(arguments: [
        ("INSERT INTO users(name) VALUES ('a')", 1), ("UPDATE users SET name = 'b'", 1),
        ("DELETE FROM users", 1), ("REPLACE INTO users(id) VALUES (1)", 1),
        ("WITH n(x) AS (SELECT 'c') INSERT INTO users(name) SELECT x FROM n", 1),
        ("-- create the first user\nINSERT INTO users(name) VALUES ('a')", 1),
        ("/* select */ UPDATE users SET name = 'b'", 1),
        ("SELECT count(*) FROM users", 0), ("WITH n AS (SELECT 1) SELECT * FROM n", 0),
        ("-- insert later\nCREATE INDEX i ON users(name)", 0), ("PRAGMA user_version = 3", 0),
        ("BEGIN; INSERT INTO users(name) VALUES ('a'); UPDATE users SET name = 'b'; COMMIT", 2),
    ])
    func statementsThatChangeRowsAreCounted(_ script: String, _ count: Int) throws {
        let (interpreter, before) = try SchemaInterpreter.after(users)
        #expect(try interpreter.run(script).dataStatements == count)
        #expect(try interpreter.schema().tables == before.tables)
    }

    @Test func dataStatementsSeeTheRowsOfThoseBefore() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        try interpreter.run("INSERT INTO users(id, name) VALUES (1, 'a')")
        let error = failure { try interpreter.run("INSERT INTO users(id) VALUES (1)") }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("UNIQUE constraint failed: users.id") == true)
    }

    @Test func aRefusalNamesTheFileTheStatementAndItsLine() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        let script = "CREATE TABLE a(x); -- one\n\n/* two */\nCREATE INDEX i\n  ON nowhere(x);\n"
        let error = failure { try interpreter.run(script, source: "0007_indexes.sql") }
        #expect(error?.code == .invalid)
        #expect(
            error?.message == "The SQL in '0007_indexes.sql', statement 2, line 4 can't be run:"
                + " no such table: main.nowhere")
        #expect(error?.hint != nil)
    }

    @Test func aFailureWhileRunningIsPlacedToo() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        let script = "INSERT INTO users(id) VALUES (1);\nINSERT INTO users(id) VALUES (1);"
        let error = failure { try interpreter.run(script) }
        #expect(error?.message.contains("statement 2, line 2") == true)
    }

    @Test func aScriptThatFailsLeavesNoTransactionOpen() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        #expect(failure { try interpreter.run("BEGIN; CREATE TABLE a(x); nonsense") } != nil)
        try interpreter.run("BEGIN; CREATE TABLE b(x); COMMIT")
        #expect(try interpreter.schema().tables.map(\.name) == ["b", "users"])
    }

    @Test func aTransactionLeftOpenIsCommitted() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        try interpreter.run("BEGIN; CREATE TABLE a(x);")
        try interpreter.run("BEGIN; CREATE TABLE b(x); END;")
        #expect(try interpreter.schema().tables.count == 3)
    }

    @Test(arguments: [
        "ATTACH '/etc/passwd' AS other", "ATTACH ':memory:' AS other",
        "ATTACH 'file:x?mode=memory' AS other", "DETACH main",
        "SELECT load_extension('x.so')", "VACUUM INTO 'copy.db'",
        "PRAGMA temp_store_directory = '/tmp'",
        "CREATE VIEW v AS SELECT load_extension('x'); SELECT * FROM v",
    ])
    func whatReachesBeyondTheSchemaIsRefused(_ script: String) throws {
        let (interpreter, before) = try SchemaInterpreter.after(users)
        let error = failure { try interpreter.run(script) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("statement") == true)
        #expect(try interpreter.schema().tables == before.tables)
    }

    @Test func aNamelessDatabaseIsNoPlaceToPutTablesEither() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        let error = failure { try interpreter.run("ATTACH '' AS o; CREATE TABLE o.t(x)") }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("'o'") == true)
        let (other, _) = try SchemaInterpreter.after(users)
        try other.run("VACUUM")
    }

    @Test func temporaryEntitiesAreReported() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        #expect(try interpreter.temporaryEntities().isEmpty)
        try interpreter.run("CREATE TEMP TABLE t(x); CREATE TEMP VIEW v AS SELECT 1;")
        #expect(try interpreter.temporaryEntities() == ["table t", "view v"])
        #expect(try interpreter.schema().tables.map(\.name) == ["users"])
        try interpreter.run("DROP VIEW v; DROP TABLE t")
        #expect(try interpreter.temporaryEntities().isEmpty)
    }

    @Test func aScriptWithoutStatementsHasNoEffect() throws {
        let (interpreter, before) = try SchemaInterpreter.after(users)
        #expect(try interpreter.run(" ;; -- nothing\n/* at all */").statements == 0)
        #expect(try interpreter.schema() == before)
    }

    @Test func aNULInTheScriptIsRefused() throws {
        let (interpreter, _) = try SchemaInterpreter.after(users)
        let error = failure { try interpreter.run("SELECT 1;\0 DROP TABLE users;") }
        #expect(error?.code == .invalid)
    }

    @Test func columnsAreAddedAndAreAnErrorTheSecondTime() throws {
        let (interpreter, before) = try SchemaInterpreter.after(users)
        let table = try #require(before.tables["users"])
        try interpreter.add(
            ["age INTEGER", "\"odd name\" TEXT DEFAULT 'x'"], to: table, in: before)
        let after = try interpreter.schema()
        #expect(
            after.tables["users"]?.columns.map(\.name)
                == ["id", "name", "email", "age", "odd name"])
        #expect(after.id("users.name") == before.id("users.name"))
        let error = failure { try interpreter.add(["NAME TEXT"], to: table, in: before) }
        #expect(error?.code == .exists)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func aCopyTakesIndexesAndTriggersUnderNamesOfItsOwn() throws {
        let (interpreter, before) = try SchemaInterpreter.after(
            """
            \(users)
            CREATE INDEX users_name ON users(name);
            CREATE INDEX odd ON users(email);
            CREATE TRIGGER users_touch AFTER UPDATE ON users BEGIN
              UPDATE users SET name = 'x' WHERE id = NEW.id;
            END;
            """)
        let table = try #require(before.tables["users"])
        for statement in TableCopy(of: table, in: before, named: "people").statements {
            try interpreter.run(statement)
        }
        let after = try interpreter.schema()
        #expect(
            after.names == [
                "people", "users", "odd", "odd_people", "people_name", "users_name", "people_touch",
                "users_touch",
            ])
        #expect(after.id("people") == nil)
        #expect(after.id("users") == before.id("users"))
        #expect(after.triggers["people_touch"]?.ddl.contains("users") == false)
        #expect(try SemanticCheck(after).failures.isEmpty)
    }
}
