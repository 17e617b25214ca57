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
        #expect(SemanticCheck.deadColumns(in: schema).isEmpty)
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
        ("CREATE TABLE b(x REFERENCES a(x))", "insert into b"),
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

    @Test func whatWasBrokenBeforeIsNoConflict() throws {
        let broken = try schema("CREATE TABLE a(x); CREATE VIEW v AS SELECT gone FROM a")
        let fine = try schema("CREATE TABLE a(x)")
        #expect(SemanticCheck.conflicts(ours: broken, theirs: fine, merged: broken).isEmpty)
        #expect(SemanticCheck.conflicts(ours: fine, theirs: broken, merged: broken).isEmpty)
        let conflicts = SemanticCheck.conflicts(ours: fine, theirs: fine, merged: broken)
        #expect(conflicts.map(\.entity) == ["view v"])
        #expect(conflicts.map(\.kind) == [.semantic])
        #expect(conflicts.first?.attribute?.contains("gone") == true)
    }

    @Test func aSchemaThatCannotBeBuiltIsOneConflict() throws {
        var schema = try schema("CREATE TABLE a(x); CREATE INDEX i ON a(x)")
        let ours = schema
        schema.tables = NameSorted()
        let conflicts = SemanticCheck.conflicts(ours: ours, theirs: ours, merged: schema)
        #expect(conflicts.map(\.entity) == ["schema"])
    }

    @Test func columnsATriggerWaitsForInVainAreListed() throws {
        let schema = try schema(
            """
            CREATE TABLE a(x, y);
            CREATE TRIGGER t AFTER UPDATE OF x, Y, gone ON a BEGIN SELECT 1; END;
            CREATE TRIGGER u AFTER UPDATE ON a BEGIN SELECT 1; END;
            """)
        let dead = SemanticCheck.deadColumns(in: schema)
        #expect(dead.map(\.trigger.name) == ["t"])
        #expect(dead.map(\.column) == ["gone"])
    }
}
