import Cinch
import CinchSchema
import Testing

/// What is said of a change, and what is refused, before it is committed.
@Suite struct SoundnessTests {
    @Test func aTableDroppedAndMadeAnewIsNoChangeOfThatTable() throws {
        let project = try TemporaryProject("CREATE TABLE u(id INTEGER PRIMARY KEY, z TEXT)")
        let publication = try project.run(
            "DROP TABLE u; CREATE TABLE u(id INTEGER PRIMARY KEY, z TEXT)")
        #expect(publication.changes.map(\.verb) == ["drop", "create"])
        #expect(publication.changes.allSatisfy { $0.entityKind == "table" })
    }

    @Test func scriptsAreToldWhatNoLongerRuns() throws {
        let project = try TemporaryProject(
            "CREATE TABLE t(a, b); CREATE VIEW v AS SELECT a FROM t")
        let publication = try project.run("CREATE VIEW w AS SELECT nope FROM t")
        #expect(publication.notes.count == 1)
        #expect(publication.notes.first?.contains("view w") == true)
        // It was broken before, so the next change is not to blame.
        #expect(try project.run("CREATE TABLE other(x)").notes.isEmpty)
    }

    @Test(arguments: [
        "CREATE VIEW v AS SELECT nope FROM t",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE nope SET x = 1; END",
        "CREATE TABLE c(x REFERENCES nope)",
        "CREATE TABLE c(x REFERENCES t(b))",
    ])
    func verbsCommitNothingThatCannotRun(_ sql: String) throws {
        let project = try TemporaryProject("CREATE TABLE t(a, b)")
        let tip = try project.database.commit("HEAD")
        let error = try project.refused {
            try project.database.run(ddl: sql, soundness: .demanded)
        }
        #expect(error?.code == .invalid)
        #expect(try project.database.commit("HEAD") == tip)
    }

    @Test func aNameInDoubleQuotesIsNoStringOnceItsColumnIsGone() throws {
        let project = try TemporaryProject("CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)")
        try project.diverge(
            ours: "ALTER TABLE users DROP COLUMN name",
            theirs: "CREATE VIEW v AS SELECT id FROM users WHERE \"name\" = 'x'")
        guard case .conflicts(let conflicts) = try project.database.merge("feature") else {
            Issue.record("merged")
            return
        }
        #expect(conflicts.map(\.conflict.path) == ["users.name"])
        #expect(conflicts.map(\.conflict.objects) == [["v"]])
    }

    @Test func aStringInDoubleQuotesMayStay() throws {
        let project = try TemporaryProject("CREATE TABLE t(a)")
        let sql = "CREATE VIEW v AS SELECT \"lit\" AS x FROM t"
        let publication = try project.database.run(ddl: sql, soundness: .demanded)
        #expect(publication?.notes == [])
    }

    @Test func aTableRenamedThereAndBackIsTheSame() throws {
        let project = try TemporaryProject(
            """
            CREATE TABLE aa(x);
            CREATE TABLE other(y);
            CREATE VIEW va AS SELECT x FROM aa, other WHERE EXISTS (SELECT 1 FROM aa AS z);
            CREATE TRIGGER r AFTER INSERT ON other BEGIN
                INSERT INTO aa SELECT y FROM other; DELETE FROM aa WHERE x IS NULL;
            END;
            """)
        let before = try project.database.schema(at: "HEAD")
        try project.run("ALTER TABLE aa RENAME TO bb")
        try project.run("ALTER TABLE bb RENAME TO aa")
        #expect(try project.database.schema(at: "HEAD") == before)
    }

    @Test func aRenamedTableTakesItsTouchTriggerAlong() throws {
        let made = try TableSpecification(
            name: "a", columns: [ColumnSpecification(parsing: "x:TEXT")])
        let project = try TemporaryProject(made.statements.joined(separator: ";\n") + ";")
        let schema = try project.database.schema(at: "HEAD")
        let table = try #require(schema.tables["a"])
        let touch = TableSpecification.touchRenaming(of: table, to: "b", in: schema)
        try project.run((["ALTER TABLE a RENAME TO b"] + touch).joined(separator: ";\n") + ";")
        #expect(try project.database.schema(at: "HEAD").triggers.map(\.name) == ["b_touch"])
        try project.run(made.statements.joined(separator: ";\n") + ";")
    }
}
