import Cinch
import CinchGit
import CinchSchema
import Testing

/// Each side's commit behind a conflict, whatever the thing is called there.
@Suite struct ConflictOriginTests {
    private static let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
        CREATE TABLE teams(id INTEGER PRIMARY KEY, title TEXT);
        CREATE TABLE two(a TEXT, b TEXT);
        CREATE VIRTUAL TABLE words USING fts5(word);
        CREATE TRIGGER users AFTER INSERT ON users BEGIN SELECT 1; END;
        """

    /// What each side does, and the path of the conflict.
    struct Row: CustomTestStringConvertible {
        var testDescription: String { "\(ours) × \(theirs)" }
        var ours: String
        var theirs: String
        var path: String

        init(_ ours: String, _ theirs: String, _ path: String) {
            self.ours = ours
            self.theirs = theirs
            self.path = path
        }
    }

    private static let swappedTables = """
        ALTER TABLE users RENAME TO swapping; ALTER TABLE teams RENAME TO users;
        ALTER TABLE swapping RENAME TO teams
        """
    private static let swappedColumns = """
        ALTER TABLE users RENAME name TO swapping; ALTER TABLE users RENAME email TO name;
        ALTER TABLE users RENAME swapping TO email
        """
    private static func rebuilt(_ columns: String) -> String {
        """
        CREATE TABLE fresh(\(columns)); INSERT INTO fresh(id, title) SELECT id, title FROM teams;
        DROP TABLE teams; ALTER TABLE fresh RENAME TO teams
        """
    }

    static let rows = [
        Row(swappedTables, "DROP TABLE users", "teams"),
        Row(swappedColumns, "ALTER TABLE users RENAME name TO nick", "users.email.name"),
        Row(swappedColumns, "ALTER TABLE users DROP COLUMN name", "users.email"),
        Row(
            "ALTER TABLE users RENAME TO people; CREATE TABLE users(id INTEGER)",
            "ALTER TABLE users RENAME TO members", "people.(name)"),
        Row("ALTER TABLE two DROP COLUMN a", "ALTER TABLE two DROP COLUMN b", "two.columns"),
        Row("DROP TABLE words", "ALTER TABLE words RENAME TO terms", "terms"),
        Row(
            "DROP TRIGGER users; CREATE TRIGGER users AFTER INSERT ON users BEGIN SELECT 2; END",
            "DROP TRIGGER users; CREATE TRIGGER users AFTER INSERT ON users BEGIN SELECT 3; END",
            "trigger users"),
        Row(
            rebuilt("id INTEGER PRIMARY KEY, title TEXT, CONSTRAINT c CHECK (title > 'a')"),
            rebuilt("id INTEGER PRIMARY KEY, title TEXT, CONSTRAINT c CHECK (title > 'b')"),
            "teams.constraint c"),
        Row(
            rebuilt("id INTEGER PRIMARY KEY, title TEXT REFERENCES two(a)"),
            rebuilt("id INTEGER PRIMARY KEY, title TEXT, FOREIGN KEY (title) REFERENCES two(b)"),
            "teams.foreign key (title)"),
    ]

    @Test(arguments: rows, [false, true])
    func isFoundOnBothSides(_ row: Row, isLater: Bool) throws {
        let project = try TemporaryProject(Self.base)
        try project.diverge(ours: row.ours, theirs: row.theirs)
        let (ours, theirs) = (
            try project.database.commit("main"), try project.database.commit("feature")
        )
        // What comes after it is not behind it.
        if isLater {
            try project.run("CREATE TABLE m(a)")
            try project.run("CREATE TABLE n(a)", on: "feature")
            try project.database.switchBranch("main")
        }
        let open = try project.database.preview("feature").conflicts
        let found = try #require(open.first { $0.conflict.path == row.path })
        #expect(found.ours == ours)
        #expect(found.theirs == theirs)
    }

    @Test func aSideThatChangedNothingHasNone() throws {
        let project = try TemporaryProject(
            "CREATE TABLE a(x); CREATE TABLE b(y); CREATE VIEW v AS SELECT x FROM a, b")
        try project.diverge(
            ours: "CREATE TABLE n(a)", theirs: "ALTER TABLE b ADD COLUMN x")
        let open = try project.database.preview("feature").conflicts
        #expect(open.map(\.conflict.path) == ["v"])
        #expect(open.map(\.ours) == [nil])
        #expect(open.map(\.theirs) == [try project.database.commit("feature")])
    }
}
