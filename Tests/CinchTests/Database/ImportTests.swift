import Cinch
import CinchGit
import CinchSQLite
import CinchSchema
import Testing

@Suite struct ImportTests {
    private let history = [
        Migration(name: "001_users.sql", sql: "CREATE TABLE users(id INTEGER PRIMARY KEY, name)"),
        Migration(
            name: "002_seed.sql", sql: "-- the first user\nINSERT INTO users VALUES (1, 'root');"),
        Migration(
            name: "003_rebuild.sql",
            sql: """
                CREATE TABLE n(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                INSERT INTO n SELECT id, name FROM users;
                DROP TABLE users; ALTER TABLE n RENAME TO users;
                """),
        Migration(
            name: "004_uses_the_seed.sql",
            sql: "CREATE TABLE posts(author DEFAULT 1); INSERT INTO posts SELECT id FROM users;"),
    ]

    @Test func eachMigrationIsOneCommitAndTheBranchMovesOnce() throws {
        let project = try TemporaryProject(tenants: ["acme"])
        let start = try project.database.commit("main")
        var seen: [Int] = []
        let result = try project.database.importMigrations(history) { seen.append($0) }
        // Once to see what later migrations rely on, and once to commit.
        #expect(seen == Array(1...8))
        #expect(try project.subjects().reversed().dropFirst() == history.map(\.name)[...])
        #expect(result.commits.count == 4)
        #expect(result.publication.commit == result.commits.last)
        #expect(result.publication.notes == ["3 data statements ran but are not recorded"])
        let reflog = try project.database.reflog("main")
        #expect(reflog.count == 2)
        #expect(reflog.first?.message == "import: 4 migrations")
        #expect(reflog.first?.old == start)
        let first = try project.database.schema(of: result.commits[0])
        let last = try project.database.schema(of: result.commits[3])
        #expect(first.id("users.name") != nil && first.id("users.name") == last.id("users.name"))
        #expect(try project.database.schema(of: result.commits[1]) == first)
        try project.expect(["acme", "main"])
        #expect(try project.rows("SELECT * FROM users", in: "acme").isEmpty)
    }

    @Test func oneBadMigrationAndNothingIsImported() throws {
        let project = try TemporaryProject(tenants: ["acme"])
        var migrations = history
        migrations.append(Migration(name: "005_bad.sql", sql: "\nALTER TABLE gone ADD x"))
        let error = try project.refused { try project.database.importMigrations(migrations) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("'005_bad.sql', statement 1, line 2") == true)
        #expect(try project.count() == 1)
    }

    @Test func noMigrationsAreAnError() throws {
        let project = try TemporaryProject()
        let error = try project.refused { try project.database.importMigrations([]) }
        #expect(error?.code == .notFound)
    }

    @Test func anImportGoesOnWhereTheBranchIs() throws {
        let project = try TemporaryProject("CREATE TABLE users(id INTEGER PRIMARY KEY)")
        let id = try project.database.schema(at: "main").id("users")
        _ = try project.database.importMigrations([
            Migration(name: "1", sql: "ALTER TABLE users RENAME TO people")
        ])
        #expect(try project.database.schema(at: "main").id("people") == id)
        try project.expect(["main"])
    }

    // MARK: A file

    private func file(_ sql: String, in project: TemporaryProject) throws -> String {
        let path = "\(project.folder.path)/app.db"
        try Connection(path: path, access: .create).execute(sql)
        return path
    }

    @Test func aFilesSchemaIsTakenAndTheFileOnlyRead() throws {
        let project = try TemporaryProject()
        let path = try file(
            """
            CREATE TABLE users(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
            CREATE INDEX i ON users(name); CREATE VIEW v AS SELECT name FROM users;
            CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users WHERE name = 'x'; END;
            CREATE VIRTUAL TABLE docs USING fts5(body);
            INSERT INTO users(name) VALUES ('a'); ANALYZE;
            """, in: project)
        let bytes = try project.folder.bytes(of: "app.db")
        let publication = try #require(
            try project.database.importSchema(from: path, replacing: false))
        #expect(try project.folder.bytes(of: "app.db") == bytes)
        #expect(try project.database.schema(at: "main").names == ["users", "docs", "i", "v", "t"])
        #expect(publication.changes.count == 5)
        #expect(try project.subjects().first == "Import \(path)")
        try project.expect(["main"])
        #expect(try project.rows("SELECT * FROM users", in: "main").isEmpty)
        #expect(try project.database.importSchema(from: path, replacing: false) == nil)
    }

    @Test func tablesAreOnlyDroppedWhenAskedTo() throws {
        let project = try TemporaryProject("CREATE TABLE users(id); CREATE TABLE posts(id)")
        let id = try project.database.schema(at: "main").id("users")
        let path = try file("CREATE TABLE users(id, name)", in: project)
        let error = try project.refused {
            try project.database.importSchema(from: path, replacing: false)
        }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("posts") == true)
        _ = try project.database.importSchema(from: path, replacing: true)
        #expect(try project.database.schema(at: "main").tables.map(\.name) == ["users"])
        #expect(try project.database.schema(at: "main").id("users") == id)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let project = try TemporaryProject()
        try project.folder.write("not a database at all, just some text", to: "x.db")
        for name in ["x.db", "gone.db", "."] {
            _ = try project.refused {
                try project.database.importSchema(
                    from: "\(project.folder.path)/\(name)", replacing: true)
            }
        }
        #expect(!project.folder.exists("gone.db"))
    }
}
