import CinchSQLite
import CinchSchema
import Foundation
import Testing

@Suite struct ConnectionTests {
    @Test func everyValueComesBackAsItWasBound() throws {
        let connection = try Connection()
        try connection.execute("CREATE TABLE t(v)")
        let values: [Value] = [
            nil, 7, .integer(.min), .real(0.5), "", "a\u{0}b", "é", .blob([]), .blob([0, 255]),
        ]
        for value in values { try connection.execute("INSERT INTO t VALUES (?)", [value]) }
        #expect(try connection.rows("SELECT v FROM t ORDER BY rowid") == values.map { [$0] })
    }

    @Test func aRowTellsItsColumns() throws {
        let connection = try Connection()
        try connection.execute("CREATE TABLE t(a INTEGER, b VARCHAR(9))")
        let statement = try connection.prepare("SELECT a, b AS x, a+1 FROM t")
        #expect(statement.isReadOnly)
        #expect(statement.columnNames == ["a", "x", "a+1"])
        #expect(statement.declaredType(1) == "VARCHAR(9)")
        #expect(statement.declaredType(2) == nil)
        #expect(try statement.step() == false)
    }

    @Test func aFailingStatementOfAScriptIsNamed() throws {
        let connection = try Connection()
        let script = """
            -- first
            CREATE TABLE t(a);
            ;;
            CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;
            /* here */ INSERT INTO missing VALUES ('; ');
            CREATE TABLE never(a);
            """
        let error = #expect(throws: SQLiteError.self) { try connection.execute(script) }
        #expect(error?.message == "no such table: missing")
        #expect(error?.sql == "/* here */ INSERT INTO missing VALUES ('; ');")
        #expect(error?.position?.number == 3)
        #expect(error?.position?.line == 5)
        #expect(error?.description == "no such table: missing (statement 3, line 5)")
        #expect(try connection.schemaEntries().map(\.name) == ["t", "r"])
    }

    @Test func aStatementIsSeenBeforeAndAfterItRuns() throws {
        let connection = try Connection()
        var seen: [String] = []
        func count() throws -> Int { try connection.schemaEntries().count }
        try connection.forEachStatement(in: " CREATE TABLE a(x) ;\n\nALTER TABLE a RENAME TO b") {
            statement, run in
            let before = try count()
            try run()
            seen.append("\(before) \(statement.text) \(try connection.schemaEntries()[0].name)")
        }
        #expect(seen == ["0 CREATE TABLE a(x) ; a", "1 ALTER TABLE a RENAME TO b b"])
    }

    @Test func emptyStatementsAreNoPartOfTheNextOne() throws {
        let connection = try Connection()
        var seen: [ScriptStatement] = []
        try connection.forEachStatement(in: ";\n;; CREATE TABLE a(x);;\n;DROP TABLE a;;\n;") {
            statement, run in
            seen.append(statement)
            try run()
        }
        #expect(seen.map(\.text) == ["CREATE TABLE a(x);", "DROP TABLE a;"])
        #expect(seen.map(\.position.line) == [2, 3])
        #expect(seen.map(\.position.number) == [1, 2])
    }

    @Test func aStatementNotRunIsSkipped() throws {
        let connection = try Connection()
        try connection.forEachStatement(in: "CREATE TABLE a(x); CREATE TABLE b(x);") {
            statement, run in
            if statement.position.number == 2 { try run() }
        }
        #expect(try connection.schemaEntries().map(\.name) == ["b"])
    }

    @Test func sqlAfterANulByteIsNotDroppedSilently() throws {
        let connection = try Connection()
        #expect(throws: SQLiteError.self) {
            try connection.execute("CREATE TABLE a(x);\u{0}CREATE TABLE b(x);")
        }
        #expect(try connection.schemaEntries().isEmpty)
    }

    @Test func prepareTakesExactlyOneStatement() throws {
        let connection = try Connection()
        #expect(throws: SQLiteError.self) { try connection.prepare("SELECT 1; SELECT 2") }
        #expect(throws: SQLiteError.self) { try connection.prepare(" -- nothing") }
        #expect(try connection.scalar("SELECT 1; -- and done") == 1)
    }

    @Test func aThrowInATransactionUndoesIt() throws {
        struct Stop: Error {}
        let connection = try Connection()
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("CREATE TABLE t(a)")
                throw Stop()
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.schemaEntries().isEmpty)
    }

    @Test func foreignKeysInsideATransactionAreAnErrorAndNotSilence() throws {
        let connection = try Connection()
        try connection.set(.foreignKeys, to: true)
        try connection.execute("BEGIN")
        #expect(throws: SQLiteError.self) { try connection.set(.foreignKeys, to: false) }
        try connection.execute("COMMIT")
        try connection.set(.foreignKeys, to: false)
        #expect(try connection[.foreignKeys] == false)
    }

    @Test func theAuthorizerSeesWhatAndSaysNo() throws {
        let connection = try Connection()
        try connection.execute("CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t")
        var seen: [AuthorizerAction] = []
        connection.setAuthorizer { action in
            seen.append(action)
            return action.code == .delete ? .deny : .allow
        }
        _ = try connection.rows("SELECT a FROM v")
        let read = AuthorizerAction(
            code: .read, first: "t", second: "a", database: "main", accessor: "v")
        #expect(seen.contains(read))
        let error = #expect(throws: SQLiteError.self) { try connection.execute("DELETE FROM t") }
        #expect(error?.code == .authorization)
        connection.setAuthorizer(nil)
        try connection.execute("DELETE FROM t")
    }

    @Test func aRunawayStatementIsStoppedByItsBudget() throws {
        let connection = try Connection()
        connection.setWorkBudget(100_000)
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n"
        let error = #expect(throws: SQLiteError.self) { try connection.execute(endless) }
        #expect(error?.code == .interrupt)
        connection.setWorkBudget(nil)
        #expect(try connection.scalar("SELECT 1") == 1)
    }

    @Test func aMissingFileIsNotCreatedUnlessAsked() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).db"
        let error = #expect(throws: SQLiteError.self) {
            _ = try Connection(path: path, access: .readWrite)
        }
        #expect(error?.code == .cannotOpen)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aBackupHoldsWhatIsOnlyInTheWriteAheadLog() throws {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).db"
        defer {
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
        }
        let connection = try Connection(path: path, access: .create)
        try connection.execute(
            "PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (42)")
        let copy = try Connection()
        try connection.backup(to: copy)
        #expect(try copy.scalar("SELECT a FROM t") == 42)
    }
}
