import Cinch
import GRDB
import Testing

@Suite struct QueryTests {
    private static let schema = """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, active BOOLEAN NOT NULL DEFAULT 1,
            score REAL, picture BLOB, age INTEGER CHECK (age >= 0)
        );
        CREATE TABLE posts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER REFERENCES users (id), title TEXT
        );
        CREATE TABLE log (line TEXT);
        CREATE TABLE _cinch_stamp (tree TEXT);
        CREATE VIEW active_users AS SELECT id, email, active FROM users WHERE active;
        CREATE TRIGGER users_log AFTER INSERT ON users BEGIN
            INSERT INTO log VALUES ("added " || NEW.email);
        END;
        CREATE TRIGGER active_users_insert INSTEAD OF INSERT ON active_users BEGIN
            INSERT INTO users (email) VALUES (NEW.email);
        END;
        INSERT INTO users (id, email, score) VALUES (1, 'ada@example.com', 0.1), (2, 'bob', NULL);
        INSERT INTO _cinch_stamp VALUES ('secret');
        """

    private let tenant: TemporaryTenant
    private var database: TenantDatabase { tenant.database }

    init() throws {
        tenant = try TemporaryTenant(Self.schema)
    }

    @Test func columnsTypesAndValuesAreExact() throws {
        let blob: [UInt8] = [0, 255]
        _ = try database.query(
            "UPDATE users SET picture = ?2, age = :age, score = ?1 WHERE id = 1",
            parameters: [.real(0.1 + 0.2), .blob(blob), .integer(.max)])
        let result = try database.query("SELECT *, id + 1 FROM users WHERE id = 1;")
        #expect(
            result.columns.map(\.declaredType)
                == ["INTEGER", "TEXT", "BOOLEAN", "REAL", "BLOB", "INTEGER", nil])
        #expect(
            result.rows == [
                [1, "ada@example.com", true, .real(0.1 + 0.2), .blob(blob), .integer(.max), 2]
            ])
        #expect(result.changes == 0)
    }

    @Test func emptyAndNulTextAndEmptyBlobsKeepTheirKind() throws {
        let values: [SQLValue] = ["", "a\0b", .blob([]), nil, "日本 é 👍"]
        let result = try database.query("SELECT ?, ?, ?, ?, ?", parameters: values)
        #expect(result.rows == [values])
    }

    @Test func booleansAreReadThroughViewsAndOnlyForZeroAndOne() throws {
        _ = try database.query("UPDATE users SET active = 7 WHERE id = 2")
        let rows = try database.query("SELECT active FROM active_users ORDER BY id").rows
        #expect(rows == [[true], [7]])
    }

    @Test(arguments: [
        "SELECT 1", "  -- note\n /* x; y */ SELECT 1 ; -- done", "VALUES (1)", ";SELECT 1",
        "WITH n(x) AS (SELECT 1) SELECT x FROM n", "EXPLAIN QUERY PLAN SELECT * FROM users",
        "EXPLAIN DELETE FROM users", "SELECT count(*) FROM sqlite_schema", "SELECT ';' ",
        "SELECT json_array(1, 2), abs(random() % 10)",
        "SELECT group_concat(email), date('now'), sqrt(2), soundex('x') FROM users",
        "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 9) SELECT x FROM c",
        "SELECT * FROM sqlite_sequence", "SELECT email FROM users WHERE email LIKE 'a%'",
    ])
    func queriesRun(_ sql: String) throws {
        let result = try database.query(sql)
        #expect(!result.columns.isEmpty)
        #expect(result.changes == 0)
    }

    @Test func changesAreCountedAndReturned() throws {
        let inserted = try database.query(
            "INSERT INTO users (email) VALUES ('c'), ('d') RETURNING id", limit: 1)
        #expect(inserted.changes == 2)
        #expect(inserted.rows == [[3]])
        #expect(inserted.truncated)
        #expect(try database.query("UPDATE users SET score = 1").changes == 4)
        #expect(
            try database.query(
                "WITH x(i) AS (VALUES (3)) DELETE FROM users WHERE id IN (SELECT i FROM x)"
            ).changes == 1)
        #expect(try database.query("REPLACE INTO users (id, email) VALUES (1, 'z')").changes == 1)
        #expect(try database.query("EXPLAIN DELETE FROM users").changes == 0)
        #expect(try tenant.value("SELECT count(*) FROM users") == 3)
        #expect(try tenant.value("SELECT count(*) FROM log WHERE line LIKE 'added%'") == 5)
    }

    @Test func theLimitSaysWhetherMoreWasThere() throws {
        let two = try database.query("SELECT id FROM users ORDER BY id", limit: 2)
        #expect(two.rows == [[1], [2]])
        #expect(!two.truncated)
        let none = try database.query("SELECT id FROM users", limit: 0)
        #expect(none.rows.isEmpty)
        #expect(none.truncated)
    }

    @Test(arguments: [
        ("CREATE TABLE t (a)", "cinch table create"), ("create temp table t (a)", "cinch ddl"),
        ("CREATE UNIQUE INDEX i ON users (email)", "cinch index create"),
        ("DROP VIEW active_users", "cinch view delete"), ("DROP TABLE users", "cinch table delete"),
        ("ALTER TABLE users ADD COLUMN x", "cinch column"),
        ("CREATE VIRTUAL TABLE f USING fts5(x)", "cinch ddl"),
        ("CREATE TRIGGER t AFTER INSERT ON log BEGIN SELECT 1; END", "cinch trigger create"),
        ("PRAGMA user_version = 9", "cinch schema"),
        ("/* */ pragma table_info(users)", "cinch table info"),
        ("ATTACH 'x.db' AS x", "--tenant"), ("DETACH main", "--tenant"),
        ("VACUUM", "cinch tenant copy"),
        ("VACUUM INTO 'copy.db'", "cinch tenant copy"), ("BEGIN", "leave BEGIN out"),
        ("COMMIT", "leave COMMIT out"), ("ROLLBACK", "leave"), ("SAVEPOINT a", "leave"),
        ("RELEASE a", "leave"), ("END", "leave"), ("ANALYZE", "index"), ("REINDEX users", "index"),
        ("EXPLAIN CREATE TABLE t (a)", "cinch table create"),
        ("EXPLAIN QUERY PLAN VACUUM", "tenant"),
        ("SELECT * FROM _cinch_stamp", "cinch tenant info"),
        ("SELECT count(*) FROM \"_CINCH_stamp\"", "cinch"),
        ("DELETE FROM _cinch_stamp", "cinch"), ("UPDATE _cinch_stamp SET tree = 1", "cinch"),
        ("INSERT INTO _cinch_stamp VALUES (1)", "cinch"),
        ("INSERT INTO log SELECT tree FROM _cinch_stamp", "cinch"),
        ("DELETE FROM sqlite_sequence", "sqlite_schema"),
        ("UPDATE sqlite_schema SET sql = NULL", "sqlite_schema"),
        ("DELETE FROM sqlite_master", "sqlite_schema"),
        ("INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)", "sqlite_schema"),
        ("SELECT load_extension('x')", "extensions"),
        ("SELECT fts3_tokenizer('simple')", "extensions"),
        ("SELECT * FROM pragma_database_list", "schema"),
        ("SELECT * FROM pragma_table_info('users')", "schema"),
    ])
    func whatIsNoQueryIsRefusedWithTheWayToDoIt(_ sql: String, _ hint: String) throws {
        let error = try #require(failure { try database.query(sql) })
        #expect(error.code == .refused, "\(error)")
        #expect(error.hint?.contains(hint) == true, "\(error)")
        let tables = try stock(tenant.path) {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL")
        }
        #expect(tables == 8)
    }

    @Test func aViewOrTriggerCanNotReachInternalTables() throws {
        try stock(tenant.path) {
            try $0.execute(
                sql: """
                    CREATE VIEW leak AS SELECT tree FROM _cinch_stamp;
                    CREATE TRIGGER leak AFTER DELETE ON log BEGIN DELETE FROM _cinch_stamp; END;
                    """)
        }
        #expect(failure { try database.query("SELECT * FROM leak") }?.code == .refused)
        #expect(failure { try database.query("DELETE FROM log") }?.code == .refused)
    }

    @Test(arguments: [
        ("", "invalid", "no SQL"), (" ; -- nothing", "invalid", "no SQL"),
        ("SELECT 1; SELECT 2", "invalid", "more than one"),
        ("SELECT 1; DROP TABLE users", "invalid", "more than one"),
        ("DELETE FROM log; nonsense", "invalid", "more than one"),
        ("SELEC 1", "invalid", "character 1"),
        ("SELECT\n FROM x", "invalid", "line 2, character 2"),
        ("SELECT 'open", "invalid", ""), ("SELECT 1\0; DROP TABLE users", "invalid", "NUL"),
        ("SELECT * FROM nowhere", "not-found", "'nowhere'"),
        ("SELECT wrong FROM users", "not-found", "'wrong'"),
        ("INSERT INTO users (wrong) VALUES (1)", "not-found", "wrong"),
        ("SELECT nofunc(1)", "not-found", "nofunc"),
        ("INSERT INTO users (email) VALUES (NULL)", "invalid", "users.email"),
        ("INSERT INTO users (email) VALUES ('bob')", "exists", "users.email"),
        ("INSERT INTO users (id, email) VALUES (1, 'x')", "exists", "users.id"),
        ("UPDATE users SET age = -1", "invalid", "check"),
        ("INSERT INTO posts (user_id) VALUES (99)", "invalid", "foreign key"),
        ("SELECT ?", "invalid", "1 parameter"), ("SELECT ?3", "invalid", "3 parameters"),
    ])
    func brokenInputIsOneErrorAndAHint(_ sql: String, _ code: String, _ words: String) throws {
        let error = try #require(failure { try database.query(sql) })
        #expect("\(error.code)" == code, "\(error)")
        #expect(error.message.contains(words), "\(error)")
        #expect(error.hint != nil)
        #expect(try tenant.value("SELECT count(*) FROM users") == 2)
    }

    @Test func aStatementThatFailsHalfwayLeavesNothing() throws {
        let error = failure {
            try database.query("INSERT INTO users (email) VALUES ('new'), ('bob')")
        }
        #expect(error?.code == .exists)
        #expect(try tenant.value("SELECT count(*) FROM users") == 2)
        #expect(try tenant.value("SELECT count(*) FROM log") == 2)
        #expect(
            failure { try database.query("INSERT OR ROLLBACK INTO users (email) VALUES ('bob')") }?
                .code == .exists)
        #expect(try database.query("INSERT INTO users (email) VALUES ('new')").changes == 1)
    }

    @Test func aTransactionIsAllOrNothing() throws {
        let error = failure {
            try database.transaction { session in
                _ = try session.query("INSERT INTO users (email) VALUES ('new')")
                _ = try session.query("SELECT * FROM nowhere")
            }
        }
        #expect(error?.code == .notFound)
        #expect(try tenant.value("SELECT count(*) FROM users") == 2)
        let count = try database.transaction { session in
            _ = try session.query("INSERT INTO users (email) VALUES ('new')")
            _ = failure { try session.query("INSERT INTO users (email) VALUES ('new')") }
            return try session.query("SELECT count(*) FROM users").rows
        }
        #expect(count == [[3]])
        let aborted = failure {
            try database.transaction { session in
                _ = failure {
                    try session.query("INSERT OR ROLLBACK INTO users (email) VALUES ('new')")
                }
                _ = try session.query("INSERT INTO users (email) VALUES ('later')")
            }
        }
        #expect(aborted?.code == .failed)
        #expect(try tenant.value("SELECT count(*) FROM users") == 3)
    }

    @Test func deferredForeignKeysFailAtTheEndAndUndoEverything() throws {
        let tenant = try TemporaryTenant(
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY);
            CREATE TABLE c (p INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);
            """)
        let error = failure { try tenant.database.query("INSERT INTO c VALUES (1)") }
        #expect(error?.message.contains("foreign key") == true)
        #expect(try tenant.value("SELECT count(*) FROM c") == 0)
    }

    @Test func virtualTablesWorkUnderTheAuthorizer() throws {
        let tenant = try TemporaryTenant(
            """
            CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
            CREATE VIRTUAL TABLE search USING fts5(body, content='notes', content_rowid='id');
            CREATE VIRTUAL TABLE old USING fts4(body);
            CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, y0, y1);
            CREATE TRIGGER notes_added AFTER INSERT ON notes BEGIN
                INSERT INTO search (rowid, body) VALUES (NEW.id, NEW.body);
                INSERT INTO old (body) VALUES (NEW.body);
            END;
            CREATE TRIGGER notes_removed AFTER DELETE ON notes BEGIN
                INSERT INTO search (search, rowid, body) VALUES ('delete', OLD.id, OLD.body);
            END;
            """)
        let database = tenant.database
        _ = try database.query("INSERT INTO notes (body) VALUES ('red fox'), ('blue whale')")
        #expect(
            try tenant.value(
                "SELECT snippet(search, 0, '[', ']', '…', 5) FROM search WHERE search MATCH 'fox' ORDER BY bm25(search)"
            ) == "red [fox]")
        #expect(try tenant.value("SELECT rowid FROM old WHERE old MATCH 'whale'") == 2)
        _ = try database.query("DELETE FROM notes WHERE id = 1")
        #expect(try tenant.value("SELECT count(*) FROM search WHERE search MATCH 'fox'") == 0)
        for command in ["optimize", "rebuild", "integrity-check"] {
            _ = try database.query(
                "INSERT INTO search (search) VALUES (?)", parameters: [.text(command)])
        }
        for command in ["optimize", "rebuild"] {
            _ = try database.query("INSERT INTO old (old) VALUES (?)", parameters: [.text(command)])
        }
        _ = try database.query("INSERT INTO area VALUES (1, 0, 10, 0, 10), (2, 20, 30, 20, 30)")
        #expect(try tenant.value("SELECT id FROM area WHERE x0 > 15") == 2)
        _ = try database.query("UPDATE area SET x1 = 40 WHERE id = 2")
        _ = try database.query("DELETE FROM area WHERE id = 1")
        let inserted = try database.insert(
            into: "area",
            values: [
                .init("id", 3), .init("x0", 1), .init("x1", 2), .init("y0", 1), .init("y1", 2),
            ])
        #expect(inserted.changes == 1)
    }

    @Test func aSchemaChangedByAnotherProcessIsSeen() throws {
        #expect(try database.query("SELECT * FROM log").columns.count == 1)
        try stock(tenant.path) { try $0.execute(sql: "ALTER TABLE log ADD COLUMN at TEXT") }
        #expect(try database.query("SELECT * FROM log").columns.count == 2)
    }

    @Test func aMissingFileIsNotCreatedAndAForeignFileIsCorrupt() throws {
        let folder = try TemporaryFolder()
        #expect(failure { try TenantDatabase(path: "\(folder.path)/none.db") }?.code == .notFound)
        #expect(failure { try TenantDatabase(path: folder.path) }?.code == .notFound)
        try folder.write(String(repeating: "not a database ", count: 100), to: "text.db")
        #expect(failure { try TenantDatabase(path: "\(folder.path)/text.db") }?.code == .corrupt)
        try folder.write("", to: "50% done #1?.db")
        let odd = try TenantDatabase(path: "\(folder.path)/50% done #1?.db")
        #expect(try odd.query("SELECT 1").rows == [[1]])
    }

    @Test func aReadOnlyDatabaseReadsAndRefusesToWrite() throws {
        let reader = try TenantDatabase(path: tenant.path, access: .readOnly)
        #expect(try reader.query("SELECT count(*) FROM users").rows == [[2]])
        #expect(try reader.query("EXPLAIN DELETE FROM users").changes == 0)
        #expect(failure { try reader.query("DELETE FROM users") }?.code == .refused)
    }

    @Test func twoConnectionsWorkOnOneFileInWALMode() throws {
        try stock(tenant.path) { _ = try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        let other = try TenantDatabase(path: tenant.path)
        #expect(try other.query("INSERT INTO log VALUES ('x')").changes == 1)
        #expect(try database.query("SELECT count(*) FROM log").rows == [[3]])
        let reader = try TenantDatabase(path: tenant.path, access: .readOnly)
        #expect(try reader.query("SELECT count(*) FROM log").rows == [[3]])
    }

    @Test func aLockedFileIsBusyAndNotChanged() throws {
        let impatient = try TenantDatabase(path: tenant.path, patience: 0.02)
        try stock(tenant.path) { holder in
            try holder.execute(sql: "BEGIN IMMEDIATE")
            #expect(failure { try impatient.query("DELETE FROM log") }?.code == .busy)
            #expect(try impatient.query("SELECT count(*) FROM log").rows == [[2]])
            try holder.execute(sql: "COMMIT; BEGIN EXCLUSIVE")
            #expect(failure { try impatient.query("SELECT 1 FROM log") }?.code == .busy)
            #expect(
                failure { try TenantDatabase(path: tenant.path, patience: 0.02) }?.code == .busy)
            try holder.execute(sql: "ROLLBACK")
        }
        #expect(try impatient.query("DELETE FROM log").changes == 2)
    }

    @Test func aRunningQueryCanBeInterrupted() async throws {
        let database = database
        let endless = Task.detached {
            failure {
                try database.query(
                    "WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c")
            }
        }
        let stopper = Task.detached {
            while !Task.isCancelled {
                database.interrupt()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        #expect(await endless.value?.code == .interrupted)
        stopper.cancel()
        #expect(try database.query("SELECT 1").rows == [[1]])
    }
}
