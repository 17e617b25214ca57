import CinchSQLite
import CinchSchema
import Testing

/// What `-- renamed from:` says when a text is applied to a schema.
@Suite struct RenameHintsTests {
    /// t (1) has id (2), a (3), b (4); u (5) has x (6).
    private static let start = IdentityTrackerTests.start

    struct Row: CustomTestStringConvertible, Sendable {
        var text: String
        /// `t=1(id=2 a=3)`, `-` for something new.
        var result: String

        var testDescription: String { text }
    }

    private static func read(
        _ text: String, onto known: Schema,
        wasCalled: (StableID, StableID?, Identifier) -> Bool = { _, _, _ in false }
    ) throws -> Schema {
        let connection = try Connection()
        try connection.execute(text)
        let entries = try connection.schemaEntries()
        let hints = try RenameHints(entries: entries, scripts: [text])
        return try Schema(entries: entries).identified(
            by: known, hints: hints, wasCalled: wasCalled)
    }

    private static func line(_ schema: Schema) -> String {
        let number = { (id: StableID?) in
            id.flatMap { UInt32($0.text, radix: 16) }.map(String.init) ?? "-"
        }
        return schema.tables.map { table in
            let columns = table.columns.map { "\($0.name)=\(number($0.id))" }
            return "\(table.name)=\(number(table.id))(\(columns.joined(separator: " ")))"
        }.joined(separator: " ")
    }

    private static let u = "; CREATE TABLE u (x)"

    static let rows: [Row] = [
        Row(
            text: "CREATE TABLE t (id, -- renamed from: id\n z, -- renamed from: a\n b)" + u,
            result: "t=1(id=2 z=3 b=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, a, z --  Renamed   FROM :\"b\"  \n)" + u,
            result: "t=1(id=2 a=3 z=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE z ( -- renamed from: t\n id, a, b)" + u,
            result: "u=5(x=6) z=1(id=2 a=3 b=4)"),
        Row(
            text: "CREATE TABLE z -- renamed from: [T]\n(id, a, c -- renamed from: `b`\n)" + u,
            result: "u=5(x=6) z=1(id=2 a=3 c=4)"),
        Row(
            text: "CREATE TABLE t (id, b, -- renamed from: a\n a -- renamed from: b\n)" + u,
            result: "t=1(id=2 b=3 a=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, b, -- renamed from: a\n c -- renamed from: b\n)" + u,
            result: "t=1(id=2 b=3 c=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, a -- renamed from: b\n)" + u,
            result: "t=1(id=2 a=4) u=5(x=6)"),
        Row(
            text: """
                CREATE TABLE u ( -- renamed from: t
                  id, a, b, c);
                CREATE TABLE t ( -- renamed from: u
                  y -- renamed from: x
                )
                """, result: "t=5(y=6) u=1(id=2 a=3 b=4 c=-)"),
        // An id decides before a mark.
        Row(
            text: "CREATE TABLE t (id, z, -- id 00000003 -- renamed from: a\n b)" + u,
            result: "t=1(id=2 z=3 b=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, a -- id 00000003 -- renamed from: gone\n , b)" + u,
            result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        // Made already.
        Row(
            text: "CREATE TABLE t ( -- renamed from: gone\n id, a, b -- renamed from: gone\n)" + u,
            result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, a, -- renamed from: b\n b -- renamed from: gone\n)" + u,
            result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            text: "CREATE TABLE t (id, z -- renamed from: a -- asked for in June\n, b)" + u,
            result: "t=1(id=2 z=3 b=4) u=5(x=6)"),
        // Another comment.
        Row(
            text: "CREATE TABLE t (id, a, -- renamed from time to time\n z /* renamed from: b */)"
                + u, result: "t=1(id=2 a=3 z=-) u=5(x=6)"),
    ]

    @Test(arguments: rows)
    func aMarkKeepsTheIdentity(_ row: Row) throws {
        let known = try Schema(script: Self.start).numbered()
        #expect(Self.line(try Self.read(row.text, onto: known)) == row.result)
    }

    @Test(arguments: [
        ("CREATE TABLE t (id, z -- renamed from: gone\n, b)", "'t.z' can't be renamed from 'gone'"),
        ("CREATE TABLE z (-- renamed from: gone\n id)", "'z' can't be renamed from 'gone'"),
        ("CREATE TABLE n (z -- renamed from: a\n)", "'n.z' can't be renamed from 'a'"),
        (
            "CREATE TABLE t (id, y, -- renamed from: a\n z -- renamed from: A\n)",
            "'t.y' and 't.z' are both renamed from 'a'"
        ),
        (
            "CREATE TABLE y (-- renamed from: t\n id); CREATE TABLE z (-- renamed from: t\n id)",
            "'y' and 'z' are both renamed from 't'"
        ),
        (
            "CREATE TABLE t (id, a, z -- renamed from: a\n)",
            "'t.z' is renamed from 'a', which is still there"
        ),
        (
            "CREATE TABLE t (id, y, -- id 00000003\n z -- renamed from: a\n)",
            "'t.z' is renamed from 'a', which has become 'y'"
        ),
        ("CREATE TABLE t (id); CREATE TABLE z (-- renamed from: t\n id)", "which is still there"),
        (
            "CREATE TABLE t (id, z, -- id 00000003 -- renamed from: b\n c)",
            "'t.z' is renamed from 'b', but has the id of 'a'"
        ),
        ("CREATE TABLE t (id, z -- renamed from: a b\n)", "does not name one thing"),
        ("CREATE TABLE t (id, z -- renamed from:\n)", "does not name one thing"),
        ("CREATE TABLE t (id,\n -- renamed from: a\n z)", "stands on no column's line"),
        ("CREATE TABLE t (id, z) -- renamed from: a\n", "stands on no column's line"),
        ("-- renamed from: a\nCREATE TABLE t (id, z)", "stands on no column's line"),
        ("CREATE TABLE t (id, CHECK (id > 0) -- renamed from: a\n)", "stands on no column's line"),
        ("CREATE TABLE t (id); CREATE VIEW v AS -- renamed from: w\n SELECT 1", "no column's line"),
    ])
    func aMarkThatCanNotBeFollowedIsAnError(_ text: String, _ words: String) throws {
        let known = try Schema(script: Self.start).numbered()
        let failure = #expect(throws: RenameHints.Failure.self) {
            try Self.read(text, onto: known)
        }
        #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    }

    @Test func marksThatBeginADatabaseAreNoRenames() throws {
        let schema = try Self.read("CREATE TABLE z (-- renamed from: t\n id)", onto: Schema())
        #expect(Self.line(schema) == "z=-(id=-)")
    }

    @Test func aSwapThatWasMadeIsNotMadeAgain() throws {
        let known = try Schema(script: Self.start).numbered()
        let text = "CREATE TABLE t (id, a, -- renamed from: b\n b -- renamed from: a\n)" + Self.u
        #expect(Self.line(try Self.read(text, onto: known)) == "t=1(id=2 a=4 b=3) u=5(x=6)")
        var asked: [String] = []
        let again = try Self.read(text, onto: known) { _, column, old in
            asked.append("\(column?.text.last.map(String.init) ?? "-") \(old)")
            return true
        }
        #expect(Self.line(again) == "t=1(id=2 a=3 b=4) u=5(x=6)")
        #expect(asked.prefix(2) == ["3 b", "4 a"])
    }

    @Test func aVirtualTableIsRenamedToo() throws {
        let known = try Schema(script: "CREATE VIRTUAL TABLE notes USING fts5(body)").numbered()
        let schema = try Self.read(
            "CREATE VIRTUAL TABLE memos -- renamed from: notes\n USING fts5(body)", onto: known)
        #expect(schema.virtualTables["memos"]?.id == known.virtualTables["notes"]?.id)
        #expect(schema.virtualTables["memos"]?.id != nil)
    }

    @Test func aMarkIsNoPartOfTheSchema() throws {
        let marked = "CREATE TABLE z (-- renamed from: t\n id, y -- renamed from: a\n)"
        let plain = "CREATE TABLE z (id, y)"
        #expect(try Statement(parsing: marked) == Statement(parsing: plain))
    }
}
