import CinchSQLite
import Foundation
import Testing

@Suite struct ScratchTests {
    @Test(arguments: [
        "ATTACH '/etc/passwd' AS x", "ATTACH (SELECT '/x') AS x", "ATTACH ':memory:' AS x",
        "VACUUM INTO '/nowhere/x.db'", "DETACH main", "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')", "PRAGMA temp_store_directory = '/'",
        "PRAGMA soft_heap_limit = 1", "PRAGMA writable_schema = 1",
    ])
    func nothingReachesBeyondTheScratch(_ sql: String) throws {
        let scratch = try Scratch()
        #expect(throws: SQLiteError.self) { try scratch.connection.execute(sql) }
    }

    @Test(arguments: [
        "PRAGMA foreign_keys = OFF", "PRAGMA Legacy_Alter_Table = ON", "PRAGMA user_version = 4",
        "PRAGMA journal_mode = WAL", "PRAGMA synchronous = 0", "PRAGMA table_info(t)",
        "PRAGMA some_future_pragma = 1", "PRAGMA defer_foreign_keys = 1", "VACUUM", "ANALYZE",
    ])
    func whatMigrationsUsuallyDoIsAllowed(_ sql: String) throws {
        let scratch = try Scratch(statements: ["CREATE TABLE t(a)"])
        try scratch.connection.execute(sql)
    }

    @Test func settingsOfTheGuardCannotBeLifted() throws {
        let scratch = try Scratch()
        try scratch.connection.execute("PRAGMA max_page_count = 999999999; PRAGMA temp_store = 1")
        scratch.connection.setAuthorizer(nil)
        #expect(try scratch.connection.scalar("PRAGMA max_page_count") == 131072)
        #expect(try scratch.connection.scalar("PRAGMA temp_store") == 2)
    }

    @Test func triggersThatFillFullTextTablesRun() throws {
        let scratch = try Scratch()
        try scratch.connection.execute(
            """
            CREATE TABLE t(a);
            CREATE VIRTUAL TABLE f USING fts5(a, content='t');
            CREATE TRIGGER r AFTER INSERT ON t BEGIN
              INSERT INTO f(rowid, a) VALUES (new.rowid, new.a);
            END;
            INSERT INTO t VALUES ('hello');
            """)
        #expect(try scratch.connection.scalar("SELECT count(*) FROM f WHERE f MATCH 'hello'") == 1)
    }

    @Test func aHugeSchemaFits() throws {
        let scratch = try Scratch()
        let columns = (0..<2000).map { "c\($0)" }.joined(separator: ",")
        try scratch.run(
            ["CREATE TABLE wide(\(columns))"] + (0..<10_000).map { "CREATE TABLE t\($0)(a, b)" })
        #expect(try scratch.schemaEntries().count == 10_001)
    }

    @Test func aFailedRunLeavesNothing() throws {
        let scratch = try Scratch()
        #expect(throws: SQLiteError.self) {
            try scratch.run(["CREATE TABLE a(x)", "CREATE TABLE a(x)"])
        }
        #expect(try scratch.schemaEntries().isEmpty)
    }

    @Test func endlessWorkEnds() throws {
        let scratch = try Scratch(workBudget: 1_000_000)
        let error = #expect(throws: SQLiteError.self) {
            try scratch.connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n")
        }
        #expect(error?.code == .interrupt)
    }
}
