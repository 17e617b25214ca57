import CinchSchema
import Testing

/// Which table and column is which after statements, as SQLite runs them.
@Suite struct IdentityTrackerTests {
    /// t (1) has id (2), a (3), b (4); u (5) has x (6).
    static let start = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT); CREATE TABLE u (x);"

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var statements: [String]
        /// What the tables are afterwards: `t=1(id=2 a=3)`, `-` for something new.
        var result: String

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "nothing", statements: [], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "rename table", statements: ["ALTER TABLE t RENAME TO z"],
            result: "u=5(x=6) z=1(id=2 a=3 b=4)"),
        Row(
            name: "rename column", statements: ["ALTER TABLE t RENAME a TO z"],
            result: "t=1(id=2 z=3 b=4) u=5(x=6)"),
        Row(
            name: "add column", statements: ["ALTER TABLE t ADD c"],
            result: "t=1(id=2 a=3 b=4 c=-) u=5(x=6)"),
        Row(
            name: "drop column and add it again",
            statements: ["ALTER TABLE t DROP a", "ALTER TABLE t ADD a TEXT"],
            result: "t=1(id=2 b=4 a=-) u=5(x=6)"),
        Row(
            name: "drop table and create it again",
            statements: ["DROP TABLE u", "CREATE TABLE u (x)"],
            result: "t=1(id=2 a=3 b=4) u=-(x=-)"),
        Row(
            name: "swap of table names",
            statements: [
                "ALTER TABLE t RENAME TO z", "ALTER TABLE u RENAME TO t",
                "ALTER TABLE z RENAME TO u",
            ], result: "t=5(x=6) u=1(id=2 a=3 b=4)"),
        Row(
            name: "swap of column names",
            statements: [
                "ALTER TABLE t RENAME a TO z", "ALTER TABLE t RENAME b TO a",
                "ALTER TABLE t RENAME z TO b",
            ], result: "t=1(id=2 b=3 a=4) u=5(x=6)"),
        Row(
            name: "create, copy, drop, rename",
            statements: [
                "CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT, c)",
                "INSERT INTO new_t (id, a, b) SELECT id, a, b FROM t", "DROP TABLE t",
                "ALTER TABLE new_t RENAME TO t",
            ], result: "t=1(id=2 a=3 b=4 c=-) u=5(x=6)"),
        Row(
            name: "rename the old first",
            statements: [
                "ALTER TABLE t RENAME TO old_t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO t SELECT * FROM old_t", "DROP TABLE old_t",
            ], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "by way of a temporary table",
            statements: [
                "CREATE TEMPORARY TABLE backup (id, a)", "INSERT INTO backup SELECT id, a FROM t",
                "DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)",
                "INSERT INTO t SELECT id, a FROM backup", "DROP TABLE backup",
            ], result: "t=1(id=2 a=3) u=5(x=6)"),
        Row(
            name: "by way of CREATE TABLE AS",
            statements: [
                "CREATE TABLE backup AS SELECT * FROM t", "DROP TABLE t",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO t SELECT * FROM backup", "DROP TABLE backup",
            ], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "columns renamed while copying",
            statements: [
                "CREATE TABLE n (id INTEGER PRIMARY KEY, b, z)",
                "INSERT INTO n (id, z, b) SELECT id, a, b FROM t", "DROP TABLE t",
                "ALTER TABLE n RENAME TO t",
            ], result: "t=1(id=2 b=4 z=3) u=5(x=6)"),
        Row(
            name: "columns swapped while copying",
            statements: [
                "CREATE TABLE n (id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO n (id, a, b) SELECT id, b, a FROM t", "DROP TABLE t",
                "ALTER TABLE n RENAME TO t",
            ], result: "t=1(id=2 a=4 b=3) u=5(x=6)"),
        Row(
            name: "a computed column keeps its name's identity",
            statements: [
                "CREATE TABLE n (id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO n SELECT id, coalesce(a, ''), b FROM t", "DROP TABLE t",
                "ALTER TABLE n RENAME TO t",
            ], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "a column added, filled from another and left in its place",
            statements: [
                "ALTER TABLE t ADD z TEXT", "UPDATE t SET z = upper(a)", "ALTER TABLE t DROP a",
            ], result: "t=1(id=2 b=4 z=3) u=5(x=6)"),
        Row(
            name: "a column renamed away, added anew and filled from its old self",
            statements: [
                "ALTER TABLE t RENAME a TO old_a", "ALTER TABLE t ADD a TEXT",
                "UPDATE t SET a = old_a WHERE true", "ALTER TABLE t DROP old_a",
            ], result: "t=1(id=2 b=4 a=3) u=5(x=6)"),
        Row(
            name: "a column left out of the copy keeps its name's identity",
            statements: [
                "CREATE TABLE n (id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO n (id, b) SELECT id, b FROM t", "DROP TABLE t",
                "ALTER TABLE n RENAME TO t", "UPDATE t SET a = 'x' WHERE id > 3",
            ], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "a column filled from another that stays",
            statements: ["ALTER TABLE t ADD z TEXT", "UPDATE t SET z = a"],
            result: "t=1(id=2 a=3 b=4 z=-) u=5(x=6)"),
        Row(
            name: "one column copied into two keeps its own name",
            statements: [
                "CREATE TABLE n (id INTEGER PRIMARY KEY, z, a, b)",
                "INSERT INTO n (id, z, a, b) SELECT id, a, a, b FROM t", "DROP TABLE t",
                "ALTER TABLE n RENAME TO t",
            ], result: "t=1(id=2 z=- a=3 b=4) u=5(x=6)"),
        Row(
            name: "rebuilt under another name",
            statements: [
                "CREATE TABLE people (id INTEGER PRIMARY KEY, a)",
                "INSERT INTO people SELECT id, a FROM t", "DROP TABLE t",
            ], result: "people=1(id=2 a=3) u=5(x=6)"),
        Row(
            name: "a copy beside the original is a new table",
            statements: [
                "CREATE TABLE copy (id, a, b)", "INSERT INTO copy SELECT * FROM t",
            ], result: "copy=-(id=- a=- b=-) t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "two heirs, one with the name",
            statements: [
                "CREATE TABLE p (id, a)", "CREATE TABLE n (id, b)",
                "INSERT INTO p SELECT id, a FROM t", "INSERT INTO n SELECT id, b FROM t",
                "DROP TABLE t", "ALTER TABLE n RENAME TO t",
            ], result: "p=-(id=- a=-) t=1(id=2 b=4) u=5(x=6)"),
        Row(
            name: "two heirs under other names are both new",
            statements: [
                "CREATE TABLE p (id, a)", "CREATE TABLE n (id, b)",
                "INSERT INTO p SELECT id, a FROM t", "INSERT INTO n SELECT id, b FROM t",
                "DROP TABLE t",
            ], result: "n=-(id=- b=-) p=-(id=- a=-) u=5(x=6)"),
        Row(
            name: "rows moved into a table that was there",
            statements: ["INSERT INTO u SELECT a FROM t", "DROP TABLE t"], result: "u=5(x=6)"),
        Row(
            name: "IF NOT EXISTS on a table that is there",
            statements: ["CREATE TABLE IF NOT EXISTS t (z)"],
            result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "IF EXISTS on a table that isn't",
            statements: ["DROP TABLE IF EXISTS nowhere"], result: "t=1(id=2 a=3 b=4) u=5(x=6)"),
        Row(
            name: "names in another case",
            statements: ["ALTER TABLE T RENAME TO Z", "ALTER TABLE z RENAME COLUMN A TO Q"],
            result: "u=5(x=6) Z=1(id=2 Q=3 b=4)"),
    ]

    @Test(arguments: rows)
    func identitiesAreFollowed(_ row: Row) throws {
        let schema = try Schema(script: Self.start).numbered().altered(by: row.statements)
        #expect(Self.text(schema) == row.result)
    }

    static func text(_ schema: Schema) -> String {
        let number = { (id: StableID?) in
            id.flatMap { UInt32($0.text, radix: 16) }.map { "\($0)" } ?? "-"
        }
        return schema.tables.map { table in
            let columns = table.columns.map { "\($0.name)=\(number($0.id))" }
            return "\(table.name)=\(number(table.id))(\(columns.joined(separator: " ")))"
        }.joined(separator: " ")
    }

    // MARK: Schemas that are written down as a whole

    static let declared: [Row] = [
        Row(
            name: "by name", statements: ["CREATE TABLE t (b, a, c)"], result: "t=1(b=4 a=3 c=-)"),
        Row(
            name: "a rename that carries the ids",
            statements: ["CREATE TABLE z ( -- id 00000001\n y, -- id 00000003\n id)"],
            result: "z=1(y=3 id=2)"),
        Row(
            name: "a swap that carries the ids",
            statements: [
                "CREATE TABLE t ( -- id 00000005\n x)",
                "CREATE TABLE u ( -- id 00000001\n a, -- id 00000004\n b -- id 00000003\n)",
            ], result: "t=5(x=6) u=1(a=4 b=3)"),
        Row(
            name: "an id no one knows", statements: ["CREATE TABLE n ( -- id 0000abcd\n a)"],
            result: "n=-(a=-)"),
        Row(
            name: "one id twice, the name decides",
            statements: [
                "CREATE TABLE copy ( -- id 00000001\n a)", "CREATE TABLE t ( -- id 00000001\n a)",
            ], result: "copy=-(a=-) t=1(a=3)"),
        Row(
            name: "one column id twice, the name decides",
            statements: [
                "CREATE TABLE t ( -- id 00000001\n z, -- id 00000003\n a -- id 00000003\n)"
            ],
            result: "t=1(z=- a=3)"),
        Row(
            name: "an id of another table's column",
            statements: ["CREATE TABLE t (q -- id 00000006\n)"], result: "t=1(q=-)"),
    ]

    @Test(arguments: declared)
    func whatIsWrittenDownKeepsIdentities(_ row: Row) throws {
        let known = try Schema(script: Self.start).numbered()
        let entries = row.statements.map {
            SchemaEntry(kind: .table, name: "", tableName: "", sql: $0)
        }
        #expect(Self.text(try Schema(entries: entries).identified(by: known)) == row.result)
    }

    @Test func everyIdentityIsGivenAtMostOnce() throws {
        let known = try Schema(script: Self.start).numbered()
        for seed in 1...60 {
            var mutator = SchemaMutator(known, seed: seed)
            let schema = mutator.mutated(3).withoutIDs.identified(by: known)
            let tables = schema.tables.compactMap(\.id)
            #expect(Set(tables).count == tables.count)
            for table in schema.tables {
                let columns = table.columns.compactMap(\.id)
                #expect(Set(columns).count == columns.count)
            }
        }
    }
}
