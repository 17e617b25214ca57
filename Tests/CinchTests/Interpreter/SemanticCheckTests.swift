import Cinch
import CinchSchema
import Testing

@Suite struct SemanticCheckTests {
    private func schema(_ sql: String) throws -> Schema {
        let interpreter = try SchemaInterpreter(Schema())
        try interpreter.run(sql)
        return try interpreter.schema()
    }

    @Test func aSchemaThatWorksHasNoFailures() throws {
        let schema = try schema(
            """
            CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, y AS (upper(x)) STORED);
            CREATE TABLE b(id INTEGER REFERENCES a(id) ON DELETE CASCADE, "odd ""name" TEXT);
            CREATE VIEW v AS SELECT x, y FROM a;
            CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN INSERT INTO a(x) VALUES (NEW.x); END;
            CREATE TRIGGER u AFTER UPDATE ON b BEGIN DELETE FROM a WHERE id = OLD.id; END;
            """)
        #expect(try SemanticCheck(schema).failures.isEmpty)
    }

    @Test(arguments: [
        ("CREATE VIEW v AS SELECT gone FROM a", "view v"),
        ("CREATE VIEW v AS SELECT * FROM gone", "view v"),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO gone VALUES (1); END",
            "insert into a"
        ),
        ("CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE a SET gone = 1; END", "update a"),
        ("CREATE TRIGGER t BEFORE DELETE ON a BEGIN SELECT OLD.gone; END", "delete from a"),
        ("CREATE TABLE b(x REFERENCES a(x))", "foreign keys of b"),
        (
            """
            CREATE VIEW v AS SELECT x FROM a;
            CREATE TRIGGER t INSTEAD OF DELETE ON v BEGIN DELETE FROM gone; END
            """, "delete from v"
        ),
    ])
    func whatSQLiteWouldRefuseLaterIsFound(_ sql: String, _ what: String) throws {
        let schema = try schema("CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT); \(sql)")
        #expect(try SemanticCheck(schema).failures.keys.contains(what))
    }

    @Test func anInsteadOfUpdateIsCompiledToo() throws {
        let schema = try schema(
            """
            CREATE TABLE a(x); CREATE VIEW v AS SELECT x FROM a;
            CREATE TRIGGER t INSTEAD OF UPDATE ON v BEGIN UPDATE a SET gone = NEW.x; END
            """)
        #expect(try SemanticCheck(schema).failures.keys.sorted() == ["update v"])
    }

    @Test func aTriggerOnABrokenViewIsReportedAsTheView() throws {
        let schema = try schema(
            """
            CREATE TABLE a(x); CREATE VIEW v AS SELECT gone FROM a;
            CREATE TRIGGER t INSTEAD OF UPDATE ON v BEGIN UPDATE a SET x = 1; END
            """)
        #expect(try SemanticCheck(schema).failures.keys.sorted() == ["view v"])
    }

    @Test func aTriggerIsToBlameForWhatItsTableCanNotDo() throws {
        let schema = try schema(
            """
            CREATE TABLE a(x); CREATE TABLE b(y);
            CREATE TRIGGER fine AFTER INSERT ON a BEGIN INSERT INTO b VALUES (1); END;
            CREATE TRIGGER broken AFTER INSERT ON a BEGIN INSERT INTO b(gone) VALUES (1); END;
            """)
        let failures = try SemanticCheck(schema).failures
        #expect(failures.keys.sorted() == ["insert into a"])
        #expect(failures["insert into a"]?.entity == "broken")
    }

    @Test func aForeignKeyIntoWhatIsNotThereIsLeftOutOfAPart() throws {
        let schema = try schema("CREATE TABLE a(x REFERENCES elsewhere, y INT)")
        #expect(try SemanticCheck(schema).failures.keys.contains("insert into a"))
        #expect(try SemanticCheck(part: schema).failures.isEmpty)
    }

    // SQLite says it of three statements: two on the child, and DELETE on the parent.
    @Test func aParentWithoutAKeyIsReportedOnce() throws {
        let schema = try schema("CREATE TABLE a(x); CREATE TABLE b(y REFERENCES a(x))")
        let check = try SemanticCheck(schema)
        #expect(check.compiled.contains("foreign keys of b"))
        #expect(check.failures.keys.sorted() == ["foreign keys of b"])
        #expect(check.failures["foreign keys of b"]?.entity == "b")
        #expect(
            check.failures["foreign keys of b"]?.message
                == #"foreign key mismatch - "b" referencing "a""#)
    }

    @Test func whatCanNotBeBuiltIsNamed() throws {
        var schema = try schema("CREATE TABLE a(x); CREATE TABLE b(y); CREATE INDEX i ON a(x)")
        schema.tables["a"] = nil
        let failures = try SemanticCheck(schema).failures
        #expect(failures.keys.sorted() == ["index i"])
        #expect(failures["index i"]?.entity == "i")
    }
}
