import CinchSchema
import Testing

/// What a file of CREATE statements looks like after a merge, to the byte.
@Suite struct SchemaFileMergeTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var base: String
        var ours: String
        var theirs: String
        var merged: String

        var testDescription: String { name }
    }

    private static func merge(
        _ base: String, _ ours: String, _ theirs: String, check: [Conflict] = [],
        rename: @escaping (Schema, Renaming) throws -> Schema = { schema, renaming in
            var copy = schema
            copy.tables = schema.tables.mapValues { renaming.apply(to: $0) }
            copy.indexes = schema.indexes.mapValues { renaming.apply(to: $0) }
            return copy
        },
        mergeLines: @escaping ([UInt8], [UInt8], [UInt8]) -> [UInt8]? = { _, _, _ in nil }
    ) throws -> (text: String, outcome: SchemaFileMerge.Outcome) {
        let outcome = try SchemaFileMerge.merge(
            base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8),
            with: SchemaFileMerge.Tools(
                rename: { RenamedSchema(try rename($0, $1)) }, check: { _, _, _, _ in check },
                mergeLines: mergeLines))
        return (String(decoding: outcome.text, as: UTF8.self), outcome)
    }

    static let rows: [Row] = [
        Row(
            name: "a statement of theirs keeps its words, those of ours too",
            base: "create table a (x int);\n\ncreate table b (x int);\n",
            ours: "-- first\ncreate table a (x int, y int); -- behind\n\ncreate table b (x int);\n",
            theirs: "create table a (x int);\n\ncreate table b (x int,\n  y /* why */ int);\n",
            merged:
                "-- first\ncreate table a (x int, y int); -- behind\n\n"
                + "create table b (x int,\n  y /* why */ int);\n"),
        Row(
            name: "one that both changed is printed, under its comment",
            base: "-- people\ncreate table a (x int, y int);\n",
            ours: "-- people\ncreate table a (x text, y int);\n",
            theirs: "-- people\ncreate table a (x int, y text);\n",
            merged: "-- people\nCREATE TABLE a (\n    x text,\n    y text\n);\n"),
        Row(
            name: "ids stay where there are ids",
            base: "CREATE TABLE a ( -- id 00000001\n  x INT, -- id 00000002\n  y INT\n);\n",
            ours: "CREATE TABLE a ( -- id 00000001\n  z INT, -- id 00000002\n  y INT\n);\n",
            theirs: "CREATE TABLE a ( -- id 00000001\n  x TEXT, -- id 00000002\n  y INT\n);\n",
            merged:
                "CREATE TABLE a ( -- id 00000001\n    z TEXT, -- id 00000002\n    y INT\n);\n"),
        Row(
            name: "an addition follows what it follows in theirs",
            base: "CREATE TABLE a (x);\nCREATE TABLE b (x);\nCREATE TABLE c (x);\n",
            ours: "CREATE TABLE a (x);\nCREATE TABLE c (x);\nCREATE TABLE b (x);\n"
                + "CREATE TABLE o (x);\n",
            theirs: "CREATE TABLE a (x);\n\n-- new\nCREATE INDEX i ON a (x);\nCREATE TABLE b (x);\n"
                + "CREATE TABLE c (x);\nCREATE TABLE d (x);\n",
            merged: "CREATE TABLE a (x);\n\n-- new\nCREATE INDEX i ON a (x);\n"
                + "CREATE TABLE c (x);\nCREATE TABLE d (x);\nCREATE TABLE b (x);\n"
                + "CREATE TABLE o (x);\n"),
        Row(
            name: "an addition before the first, under the head of the file",
            base: "-- Head.\n\nCREATE TABLE a (x);\n", ours: "-- Head.\n\nCREATE TABLE a (x, y);\n",
            theirs: "-- Head.\n\nCREATE TABLE z (x);\n\nCREATE TABLE a (x);\n",
            merged: "-- Head.\n\nCREATE TABLE z (x);\n\nCREATE TABLE a (x, y);\n"),
        Row(
            name: "what theirs dropped goes, with its comment but not the section's",
            base: "CREATE TABLE a (x);\n\n-- Section\n\n-- of b\nCREATE TABLE b (x); -- b\n"
                + "\nCREATE TABLE c (x);\n",
            ours: "CREATE TABLE a (x, y);\n\n-- Section\n\n-- of b\nCREATE TABLE b (x); -- b\n"
                + "\nCREATE TABLE c (x);\n",
            theirs: "CREATE TABLE a (x);\n\nCREATE TABLE c (x);\n",
            merged: "CREATE TABLE a (x, y);\n\n-- Section\n\nCREATE TABLE c (x);\n"),
        Row(
            name: "the first is dropped", base: "CREATE TABLE a (x);\n\nCREATE TABLE b (x);\n",
            ours: "CREATE TABLE a (x);\n\nCREATE TABLE b (x, y);\n",
            theirs: "CREATE TABLE b (x);\n", merged: "CREATE TABLE b (x, y);\n"),
        Row(
            name: "everything is dropped", base: "CREATE TABLE a (x);\nCREATE TABLE b (x);\n",
            ours: "CREATE TABLE a (x);\n", theirs: "CREATE TABLE b (x);\n", merged: ""),
        Row(
            name: "a semicolon that was left out is put in", base: "CREATE TABLE a (x)",
            ours: "CREATE TABLE a (x) -- a", theirs: "CREATE TABLE a (x);\nCREATE TABLE b (x)\n",
            merged: "CREATE TABLE a (x) -- a\n;\nCREATE TABLE b (x)\n"),
        Row(
            name: "both begin the file", base: "", ours: "CREATE TABLE a (x);\n",
            theirs: "CREATE TABLE b (x);\n",
            merged: "CREATE TABLE b (x);\n\nCREATE TABLE a (x);\n"),
        Row(
            name: "a trigger is one statement",
            base: "CREATE TABLE a (x);\n",
            ours: "CREATE TABLE a (x);\nCREATE TRIGGER r AFTER INSERT ON a BEGIN\n"
                + "  SELECT CASE WHEN new.x THEN 1 END; -- inside\n  DELETE FROM a;\nEND;\n",
            theirs: "CREATE TABLE a (x);\nCREATE VIEW v AS SELECT ';' FROM a;\n",
            merged: "CREATE TABLE a (x);\nCREATE VIEW v AS SELECT ';' FROM a;\n"
                + "CREATE TRIGGER r AFTER INSERT ON a BEGIN\n"
                + "  SELECT CASE WHEN new.x THEN 1 END; -- inside\n  DELETE FROM a;\nEND;\n"),
        Row(
            name: "a comment of theirs on what ours left alone",
            base: "-- Head.\n\nCREATE TABLE a (x);\n\n-- Old\n\nCREATE TABLE b (x);\n",
            ours: "-- Head.\n\nCREATE TABLE a (x, y);\n\n-- Old\n\nCREATE TABLE b (x);\n",
            theirs:
                "-- Better head.\n\nCREATE TABLE a (x);\n\n-- New\n\n-- b\nCREATE TABLE b (x);\n",
            merged: "-- Better head.\n\nCREATE TABLE a (x, y);\n\n-- New\n\n-- b\n"
                + "CREATE TABLE b (x);\n"),
        Row(
            name: "line ends of another system",
            base: "CREATE TABLE a (x);\r\nCREATE TABLE b (x);\r\n",
            ours: "CREATE TABLE a (x); -- a\r\nCREATE TABLE b (x);\r\n",
            theirs: "CREATE TABLE a (x);\r\nCREATE TABLE b (x, y);\r\n",
            merged: "CREATE TABLE a (x); -- a\r\nCREATE TABLE b (x, y);\r\n"),
        Row(
            name: "what it stands on is in another file",
            base: "CREATE INDEX i ON far (x);\nCREATE VIEW v AS SELECT x FROM far;\n",
            ours: "CREATE INDEX i ON far (x, y);\nCREATE VIEW v AS SELECT x FROM far;\n",
            theirs: "CREATE INDEX i ON far (x);\nCREATE VIEW v AS SELECT y FROM far;\n"
                + "CREATE TABLE k (a REFERENCES far (x));\n",
            merged: "CREATE INDEX i ON far (x, y);\nCREATE VIEW v AS SELECT y FROM far;\n"
                + "CREATE TABLE k (a REFERENCES far (x));\n"),
        Row(
            name: "a rename by id is followed by what stands on it",
            base: "CREATE TABLE a ( -- id 00000001\n  x -- id 00000002\n);\n",
            ours: "CREATE TABLE n ( -- id 00000001\n  x -- id 00000002\n);\n",
            theirs: "CREATE TABLE a ( -- id 00000001\n  x -- id 00000002\n);\n"
                + "CREATE INDEX i ON a (x);\n",
            merged: "CREATE TABLE n ( -- id 00000001\n  x -- id 00000002\n);\n"
                + "CREATE INDEX i ON n (x);\n"),
    ]

    @Test(arguments: rows)
    func theFileIsWrittenWithLittleChange(_ row: Row) throws {
        let (text, outcome) = try Self.merge(row.base, row.ours, row.theirs)
        #expect(outcome.conflicts == [])
        #expect(text == row.merged)
        // Merged again, it is what it is.
        #expect(try Self.merge(row.base, text, row.theirs).text == text)
    }

    @Test func aMergeByLinesIsTakenWhereItSaysTheSame() throws {
        let merged = "CREATE TABLE a (\n  x TEXT, -- ours\n\n  y TEXT -- theirs\n);\n"
        let sides = (
            "CREATE TABLE a (x INT, y INT);\n", "CREATE TABLE a (x TEXT, y INT);\n",
            "CREATE TABLE a (x INT, y TEXT);\n"
        )
        let kept = try Self.merge(
            sides.0, sides.1, sides.2, mergeLines: { _, _, _ in Array(merged.utf8) })
        #expect(kept.text == merged)
        let wrong = try Self.merge(sides.0, sides.1, sides.2, mergeLines: { _, ours, _ in ours })
        #expect(wrong.text == "CREATE TABLE a (\n    x TEXT,\n    y TEXT\n);\n")
    }

    @Test func markersStandAroundWhatIsInConflictAndNothingElse() throws {
        let (text, outcome) = try Self.merge(
            "CREATE TABLE a (x INT);\n\n-- b\nCREATE TABLE b (x INT);\n\nCREATE TABLE c (x);\n",
            "CREATE TABLE a (x INT, y);\n\n-- b\nCREATE TABLE b (x TEXT);\n\nCREATE TABLE c (x);\n",
            "CREATE TABLE a (x INT);\n\n-- b\nCREATE TABLE b (x REAL);\n\nCREATE TABLE c (x, y);\n")
        #expect(outcome.conflicts.map(\.summary).count == 1)
        #expect(
            text == """
                CREATE TABLE a (x INT, y);

                <<<<<<< ours
                -- b
                CREATE TABLE b (x TEXT);
                =======
                -- b
                CREATE TABLE b (x REAL);
                >>>>>>> theirs

                CREATE TABLE c (x, y);

                """)
    }

    @Test func oneSideOfAConflictMayBeEmpty() throws {
        let (text, outcome) = try Self.merge(
            "CREATE TABLE a (x INT);\nCREATE TABLE b (x);", "CREATE TABLE a (x INT);",
            "CREATE TABLE a (x INT);\nCREATE TABLE b (x, y);")
        #expect(outcome.conflicts.map(\.kind) == [.modifyDelete])
        #expect(
            text == """
                CREATE TABLE a (x INT);
                <<<<<<< ours
                =======
                CREATE TABLE b (x, y);
                >>>>>>> theirs

                """)
    }

    @Test func aConflictThatIsNowhereIsEverywhere() throws {
        let conflict = Conflict(
            .semantic, entity: "schema", attribute: "no",
            sides: ThreeWay(base: nil, ours: nil, theirs: nil))
        let (text, outcome) = try Self.merge(
            "CREATE TABLE a (x);\nCREATE TABLE b (x);\n",
            "CREATE TABLE a (x, y);\nCREATE TABLE b (x);\n",
            "CREATE TABLE a (x);\nCREATE TABLE b (x, y);\n", check: [conflict])
        #expect(outcome.conflicts == [conflict])
        #expect(text.split(separator: "\n").count { $0 == "<<<<<<< ours" } == 2)
    }

    @Test(arguments: [
        ("CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n", 2), ("PRAGMA user_version = 1;", 1),
        ("CREATE TABLE a (x", 1), ("\n\nCREATE TEMP TABLE a (x);", 3),
        ("CREATE TABLE a (x);\nCREATE TABLE A (y);", 2), ("CREATE TABLE a AS SELECT 1 AS x;", 1),
        ("-- nothing\nCREATE TABLE a (x);\n'", 3), ("BEGIN;\nCREATE TABLE a (x);\nCOMMIT;", 1),
    ])
    func anythingElseIsRefused(_ text: String, _ line: Int) throws {
        let refusal = #expect(throws: SchemaFileMerge.Refusal.self) {
            try Self.merge("", "CREATE TABLE a (x);", text)
        }
        #expect(refusal?.side == "theirs")
        #expect(refusal?.line == line)
    }

    @Test func aTextWithoutStatementsIsRefused() {
        #expect(throws: SchemaFileMerge.Refusal.self) { try Self.merge("-- a", "-- b", "-- c") }
    }

    /// Whatever the schemas: no conflict means that the text reads as the merge does.
    @Test(arguments: 1...60)
    func theTextSaysWhatTheMergeSays(_ seed: Int) throws {
        var generator = SchemaGenerator(seed: seed)
        let base = generator.schema()
        var mine = SchemaMutator(base, seed: seed)
        var other = SchemaMutator(base, seed: seed &+ 5000)
        let (ours, theirs) = (mine.mutated(1 + seed % 3), other.mutated(1 + seed % 4))
        for ids in [true, false] {
            let texts = [base, ours, theirs].map { $0.ddl(ids: ids) }
            let (text, outcome) = try Self.merge(
                texts[0], texts[1], texts[2], rename: { try $0.renamed($1) })
            if outcome.conflicts.isEmpty {
                #expect(!text.contains("<<<<<<<"))
                #expect(outcome.notes.allSatisfy { !$0.contains("anew") }, "\(outcome.notes)")
            } else {
                #expect(text.contains("<<<<<<< ours\n"), "\(outcome.conflicts)")
            }
        }
    }
}
