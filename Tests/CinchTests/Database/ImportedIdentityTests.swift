import Cinch
import CinchSQLite
import CinchSchema
import Testing

/// Which table and column is which over the migrations of one import, a commit each.
@Suite struct ImportedIdentityTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var migrations: [String]
        /// The tables after each migration: `x=1(id=2 a=3)`. Ids are numbered as they come.
        var results: [String]
        /// Tables none of whose rows may go, by their names in the first commit and the last.
        var kept: [String: String] = [:]
    }

    static let rows = [
        Row(
            testDescription: "create, copy, drop, rename",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
                "CREATE TABLE _x_tmp(id INTEGER PRIMARY KEY, a TEXT NOT NULL, c TEXT)",
                "INSERT INTO _x_tmp(id, a) SELECT id, a FROM x", "DROP TABLE x",
                "ALTER TABLE _x_tmp RENAME TO x",
            ],
            results: [
                "x=1(id=2 a=3 b=4)", "_x_tmp=5(id=6 a=7 c=8) x=1(id=2 a=3 b=4)",
                "_x_tmp=5(id=6 a=7 c=8) x=1(id=2 a=3 b=4)", "_x_tmp=1(id=2 a=3 c=9)",
                "x=1(id=2 a=3 c=9)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "the same table rebuilt twice",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)",
                "CREATE TABLE n(id INTEGER PRIMARY KEY, a); INSERT INTO n SELECT * FROM x",
                "DROP TABLE x; ALTER TABLE n RENAME TO x",
                "CREATE TABLE n(id INTEGER PRIMARY KEY, a, b)",
                "INSERT INTO n(id, a) SELECT id, a FROM x; DROP TABLE x",
                "ALTER TABLE n RENAME TO x",
            ],
            results: [
                "x=1(id=2 a=3)", "n=4(id=5 a=6) x=1(id=2 a=3)", "x=1(id=2 a=3)",
                "n=7(id=8 a=9 b=10) x=1(id=2 a=3)", "n=1(id=2 a=3 b=11)", "x=1(id=2 a=3 b=11)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "the old one renamed first",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)", "ALTER TABLE x RENAME TO x_old",
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)", "INSERT INTO x SELECT * FROM x_old",
                "DROP TABLE x_old",
            ],
            results: [
                "x=1(id=2 a=3)", "x_old=1(id=2 a=3)", "x=4(id=5 a=6) x_old=1(id=2 a=3)",
                "x=4(id=5 a=6) x_old=1(id=2 a=3)", "x=1(id=2 a=3)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "by way of a backup",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)",
                "CREATE TABLE backup AS SELECT * FROM x",
                "DROP TABLE x; CREATE TABLE x(id INTEGER PRIMARY KEY, a)",
                "INSERT INTO x SELECT * FROM backup", "DROP TABLE backup",
            ],
            results: [
                "x=1(id=2 a=3)", "backup=4(id=5 a=6) x=1(id=2 a=3)",
                "backup=1(id=2 a=3) x=7(id=8 a=9)", "backup=1(id=2 a=3) x=7(id=8 a=9)",
                "x=1(id=2 a=3)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "by way of a temporary table",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)",
                "CREATE TEMP TABLE backup AS SELECT * FROM x; DROP TABLE x",
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a); INSERT INTO x SELECT * FROM backup",
            ], results: ["x=1(id=2 a=3)", "", "x=1(id=2 a=3)"]),
        Row(
            testDescription: "a table filled from another stays itself when that one is dropped",
            migrations: [
                "CREATE TABLE users(id INTEGER PRIMARY KEY, tag)",
                "CREATE TABLE tags(id INTEGER PRIMARY KEY, tag)",
                "INSERT INTO tags(tag) SELECT DISTINCT tag FROM users", "DROP TABLE users",
            ],
            results: [
                "users=1(id=2 tag=3)", "tags=4(id=5 tag=6) users=1(id=2 tag=3)",
                "tags=4(id=5 tag=6) users=1(id=2 tag=3)", "tags=4(id=5 tag=6)",
            ]),
        Row(
            testDescription: "a table filled from another, and that one rebuilt beside it",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a)", "CREATE TABLE y(id INTEGER, a)",
                "INSERT INTO y SELECT id, a FROM x", "CREATE TABLE n(id INTEGER PRIMARY KEY)",
                "INSERT INTO n SELECT id FROM x", "DROP TABLE x", "ALTER TABLE n RENAME TO x",
                "CREATE TABLE n(a, id); INSERT INTO n SELECT a, id FROM y", "DROP TABLE y",
                "ALTER TABLE n RENAME TO y",
            ],
            results: [
                "x=1(id=2 a=3)", "x=1(id=2 a=3) y=4(id=5 a=6)", "x=1(id=2 a=3) y=4(id=5 a=6)",
                "n=7(id=8) x=1(id=2 a=3) y=4(id=5 a=6)", "n=7(id=8) x=1(id=2 a=3) y=4(id=5 a=6)",
                "n=1(id=2) y=4(id=5 a=6)", "x=1(id=2) y=4(id=5 a=6)",
                "n=9(a=10 id=11) x=1(id=2) y=4(id=5 a=6)", "n=4(a=6 id=5) x=1(id=2)",
                "x=1(id=2) y=4(a=6 id=5)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "dropped and created anew without its rows",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY)", "CREATE TABLE n(id INTEGER PRIMARY KEY)",
                "DROP TABLE x", "ALTER TABLE n RENAME TO x",
            ], results: ["x=1(id=2)", "n=3(id=4) x=1(id=2)", "n=3(id=4)", "x=3(id=4)"]),
        Row(
            testDescription: "a column added, filled, put in the place of another",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a TEXT)", "ALTER TABLE x ADD n INT",
                "UPDATE x SET n = CAST(a AS INT)", "ALTER TABLE x DROP a",
                "ALTER TABLE x RENAME n TO a",
            ],
            results: [
                "x=1(id=2 a=3)", "x=1(id=2 a=3 n=4)", "x=1(id=2 a=3 n=4)", "x=1(id=2 n=3)",
                "x=1(id=2 a=3)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "a column renamed away, added anew and filled from its old self",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a TEXT)", "ALTER TABLE x RENAME a TO o",
                "ALTER TABLE x ADD a INT", "UPDATE x SET a = o", "ALTER TABLE x DROP o",
            ],
            results: [
                "x=1(id=2 a=3)", "x=1(id=2 o=3)", "x=1(id=2 o=3 a=4)", "x=1(id=2 o=3 a=4)",
                "x=1(id=2 a=3)",
            ], kept: ["x": "x"]),
        Row(
            testDescription: "a column filled from another stays itself when that one is dropped",
            migrations: [
                "CREATE TABLE x(id INTEGER PRIMARY KEY, a TEXT)", "ALTER TABLE x ADD n INT",
                "UPDATE x SET n = length(a)", "ALTER TABLE x DROP a",
            ],
            results: [
                "x=1(id=2 a=3)", "x=1(id=2 a=3 n=4)", "x=1(id=2 a=3 n=4)", "x=1(id=2 n=4)",
            ]),
    ]

    @Test(arguments: rows)
    func identitiesAreFollowedFromMigrationToMigration(_ row: Row) throws {
        let project = try TemporaryProject()
        let result = try project.database.importMigrations(
            row.migrations.enumerated().map { Migration(name: "\($0)", sql: $1) })
        var numbers: [StableID: Int] = [:]
        let schemas = try result.commits.map { try project.database.schema(of: $0) }
        #expect(schemas.map { Self.text($0, &numbers) } == row.results)
        // Wherever the rows are when a plan begins, they are there when it ends.
        for (old, new) in row.kept {
            let id = schemas[0].id(old)
            #expect(id != nil && schemas.last?.id(new) == id)
            for (place, from) in schemas.enumerated() {
                for to in schemas[(place + 1)...] {
                    let rows = try Self.rows(of: id, from: from, to: to)
                    #expect(rows.after == rows.before)
                }
            }
        }
    }

    private static func text(_ schema: Schema, _ numbers: inout [StableID: Int]) -> String {
        func number(_ id: StableID?) -> String {
            guard let id else { return "-" }
            let number = numbers[id] ?? numbers.count + 1
            numbers[id] = number
            return "\(number)"
        }
        // New tables last, so that numbers follow the order of creation.
        let known = schema.tables.filter { $0.id.map { numbers[$0] != nil } ?? false }
        let new = schema.tables.filter { $0.id.map { numbers[$0] == nil } ?? true }
        var texts: [String: String] = [:]
        for table in known + new {
            let id = number(table.id)
            let columns = table.columns.map { "\($0.name)=\(number($0.id))" }
            texts[table.name.key] = "\(table.name)=\(id)(\(columns.joined(separator: " ")))"
        }
        return schema.tables.compactMap { texts[$0.name.key] }.joined(separator: " ")
    }

    /// The values of the columns that stay, before and after the plan has run.
    private static func rows(
        of id: StableID?, from: Schema, to: Schema
    ) throws -> (before: [[Value]], after: [[Value]]) {
        guard let old = from.tables.first(where: { $0.id == id }),
            let new = to.tables.first(where: { $0.id == id })
        else {
            Issue.record("The table is missing")
            return ([], [])
        }
        let pairs = old.columns.compactMap { column in
            new.columns.first { $0.id == column.id }.map { (column.name.text, $0.name.text) }
        }
        let connection = try Connection()
        for statement in from.statements(ids: false) { try connection.execute(statement) }
        for number in 1...3 {
            let values = old.columns.map { _ in "\(number)" }.joined(separator: ", ")
            try connection.execute("INSERT INTO \(old.name) VALUES (\(values))")
        }
        let read = { (columns: [String], table: Identifier) in
            let columns = columns.map { "CAST(\($0) AS TEXT)" }.joined(separator: ", ")
            return try connection.rows("SELECT \(columns) FROM \(table) ORDER BY 1")
        }
        let before = try read(pairs.map(\.0), old.name)
        for statement in Plan(from: from, to: to).statements { try connection.execute(statement) }
        return (before, try read(pairs.map(\.1), new.name))
    }
}
