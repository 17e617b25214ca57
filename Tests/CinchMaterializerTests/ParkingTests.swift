import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Synchronization
import Testing

/// Dropped tables and columns stay in the tenant's file and come back.
@Suite struct ParkingTests {
    private static let parent = """
        CREATE TABLE users ( -- id 00000001
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- id 00000002
            name TEXT, -- id 00000003
            legacy BLOB DEFAULT 'none' -- id 00000004
        );

        """
    private static let child = """
        CREATE TABLE notes ( -- id 00000010
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- id 00000011
            user INTEGER REFERENCES users (id) ON DELETE CASCADE, -- id 00000012
            body TEXT -- id 00000013
        );

        """
    private static let rest = """
        CREATE TABLE log (what TEXT);
        CREATE TRIGGER users_new AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('new'); END;
        CREATE TRIGGER users_change AFTER UPDATE ON users BEGIN
            INSERT INTO log VALUES ('change'); END;

        """
    private static let noteTrigger = """
        CREATE TRIGGER notes_new AFTER INSERT ON notes BEGIN INSERT INTO log VALUES ('note'); END;
        """
    private static let rows = """
        INSERT INTO users(id, name, legacy) VALUES (1, 'a', '007'), (2, 'b', 7), (3, 'c', 7.0),
            (4, 'd', x'00ff'), (5, 'e', NULL), (6, 'f', '');
        INSERT INTO notes(user, body) VALUES (1, 'one'), (2, 'two'), (2, 'three');
        DELETE FROM notes WHERE body = 'three';
        DELETE FROM log;
        """
    private static let columns =
        "SELECT id, typeof(legacy), quote(legacy) FROM users ORDER BY id"

    let full: Version
    let shorter: Version
    let fleet: TestFleet

    init() throws {
        full = try Version("aa01", Self.parent + Self.child + Self.rest + Self.noteTrigger)
        shorter = try Version(
            "aa02",
            Self.parent.replacing("TEXT, -- id 00000003", with: "TEXT -- id 00000003")
                .replacing("    legacy BLOB DEFAULT 'none' -- id 00000004\n", with: "")
                + Self.rest)
        fleet = try TestFleet([full, shorter], busyTimeout: 300)
        try fleet.create(["t"], at: full, filledBy: Self.rows)
    }

    private func parked(_ name: String = "t") throws -> [ParkedEntry] {
        try fleet.open(name).parkedEntries()
    }

    @Test func whatIsDroppedStaysInTheFile() throws {
        #expect(try fleet.outcomes(to: shorter) == [.applied])
        let entries = try parked()
        #expect(entries.map(\.subject) == ["notes", "users.legacy"])
        #expect(entries.map(\.rows) == [2, 5])
        #expect(entries.map(\.fromCommit) == ["caa01", "caa01"])
        #expect(entries.map(\.toCommit) == ["caa02", "caa02"])
        let now = try fleet.open("t").scalar("SELECT datetime('now', '-1 hour')")?.text ?? "?"
        #expect(entries.allSatisfy { $0.parkedAt > now && $0.parkedAt.count == 23 })
        let live = try Schema(entries: fleet.open("t").schemaEntries())
        #expect(live.withoutIDs == shorter.schema.withoutIDs)
    }

    @Test func everyValueComesBackAsItWas() throws {
        let before = try fleet.open("t").rows(Self.columns)
        let notes = try fleet.open("t").rows("SELECT * FROM notes")
        #expect(try fleet.outcomes(to: shorter) == [.applied])
        #expect(try fleet.outcomes(to: full) == [.applied])
        let connection = try fleet.open("t")
        #expect(try connection.rows(Self.columns) == before)
        #expect(before.map { $0[2] } == ["'007'", "7", "7.0", "X'00FF'", "NULL", "''"])
        #expect(try connection.rows("SELECT * FROM notes") == notes)
        #expect(try parked().isEmpty)
        #expect(
            try connection.scalar("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%parked_%'")
                == 1)
        // No trigger of the user's has seen any of it.
        #expect(try connection.scalar("SELECT count(*) FROM log") == 0)
        // The number of a deleted row is not given out again.
        try connection.execute("INSERT INTO notes(body) VALUES ('four')")
        #expect(try connection.scalar("SELECT max(id) FROM notes") == 4)
        #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
    }

    @Test func rowsThatCameMeanwhileTakeTheDefault() throws {
        #expect(try fleet.outcomes(to: shorter) == [.applied])
        try fleet.open("t").execute(
            "DELETE FROM users WHERE id IN (1, 4); INSERT INTO users(name) VALUES ('g')")
        #expect(try fleet.outcomes(to: full) == [.failed(orphan)])
        try fleet.open("t").execute("INSERT INTO users(id, name) VALUES (1, 'back')")
        #expect(try fleet.outcomes(to: full) == [.applied])
        let values = try fleet.open("t").rows("SELECT id, quote(legacy) FROM users ORDER BY id")
        #expect(
            values == [
                [1, "'007'"], [2, "7"], [3, "7.0"], [5, "NULL"], [6, "''"], [7, "'none'"],
            ])
    }

    private let orphan = "The change would leave 1 row of table 'notes' with a broken foreign key"

    @Test func rowsThatLostTheirParentAreFoundBefore() throws {
        #expect(try fleet.outcomes(to: shorter) == [.applied])
        try fleet.open("t").execute("DELETE FROM users WHERE id = 1")
        let report = try fleet.materialize(
            to: full, MaterializationOptions(isDryRun: true, busyTimeout: 300))
        #expect(report.findings.map(\.summary) == ["t: notes.user: 1 row has no parent in users"])
        #expect(
            report.effects.map(\.summary) == [
                "restored: notes: 2 rows in 1 tenant",
                "restored: users.legacy: 4 rows in 1 tenant",
            ])
    }

    @Test func parkedRowsTakePartInNoForeignKey() throws {
        #expect(try fleet.outcomes(to: shorter) == [.applied])
        let connection = try fleet.open("t")
        try connection.set(.foreignKeys, to: true)
        try connection.execute("DELETE FROM users WHERE id = 2")
        #expect(try parked().map(\.rows) == [2, 5])
        #expect(try connection.scalar("SELECT count(*) FROM _cinch_parked_00000010") == 2)
        #expect(try connection.rows("PRAGMA foreign_key_check").isEmpty)
    }

    @Test func tenantsWithoutSuchDataKeepNothing() throws {
        try fleet.create(["empty"], at: full)
        #expect(try fleet.outcomes(to: shorter) == [.applied, .applied])
        #expect(try parked("empty").isEmpty)
        // Some have something parked and some have not: all come back in one run.
        #expect(try fleet.outcomes(to: full) == [.applied, .applied])
        #expect(try fleet.open("t").scalar("SELECT count(*) FROM notes") == 2)
        #expect(try fleet.open("empty").scalar("SELECT count(*) FROM notes") == 0)
    }

    @Test func aChangeThatFailsParksNothing() throws {
        struct Stop: Error {}
        let before = try fleet.open("t").rows("SELECT type, name, sql FROM sqlite_schema")
        let points = Mutex<[FaultPoint]>([])
        var options = MaterializationOptions(busyTimeout: 300)
        options.fault = { _, point in points.withLock { $0.append(point) } }
        try fleet.create(["probe"], at: full, filledBy: Self.rows)
        try fleet.materializer.materialize(
            [TenantFile(name: "probe", path: fleet.path("probe"))], to: shorter.target,
            options: options
        ).entries.forEach { #expect($0.outcome == .applied) }
        let all = points.withLock { $0 }.filter { $0 != .committed }
        #expect(all.count > 10)
        for point in all {
            options.fault = { _, reached in if reached == point { throw Stop() } }
            let report = try fleet.materializer.materialize(
                [TenantFile(name: "t", path: fleet.path("t"))], to: shorter.target,
                options: options)
            #expect(report.failures.count == 1, "\(point)")
            let after = try fleet.open("t").rows("SELECT type, name, sql FROM sqlite_schema")
            #expect(after == before, "\(point)")
        }
    }

    @Test func aTableOfTheSameNameIsAnotherTable() throws {
        let other = try Version(
            "aa03",
            Self.parent + Self.rest
                + """
                CREATE TABLE notes ( -- id 00000099
                    id INTEGER PRIMARY KEY, -- id 0000009a
                    body TEXT -- id 0000009b
                );
                """)
        let fleet = try TestFleet([full, other])
        try fleet.create(["t"], at: full, filledBy: Self.rows)
        #expect(try fleet.outcomes(to: other) == [.applied])
        #expect(try fleet.open("t").scalar("SELECT count(*) FROM notes") == 0)
        try fleet.open("t").execute("INSERT INTO notes VALUES (50, 'other')")
        #expect(try fleet.outcomes(to: full) == [.applied])
        #expect(try fleet.open("t").rows("SELECT body FROM notes") == [["one"], ["two"]])
        #expect(try fleet.open("t").parkedEntries().map(\.rows) == [1])
        #expect(try fleet.outcomes(to: other) == [.applied])
        #expect(try fleet.open("t").rows("SELECT id, body FROM notes") == [[50, "other"]])
    }

    @Test func rowsAreToldByTheirKeyAndNotByTheirRowID() throws {
        let one = try Version(
            "bb01",
            "CREATE TABLE t ( -- id 00000001\nk TEXT PRIMARY KEY, -- id 00000002\nv -- id 00000003\n);"
        )
        let two = try Version(
            "bb02", "CREATE TABLE t ( -- id 00000001\nk TEXT PRIMARY KEY -- id 00000002\n);")
        let fleet = try TestFleet([one, two])
        try fleet.create(
            ["t"], at: one,
            filledBy: "INSERT INTO t VALUES ('a', 1), ('b', 2), (NULL, 3), (NULL, 4)")
        #expect(try fleet.outcomes(to: two) == [.applied])
        // A row that is written again has another rowid, and a new row has its old one.
        try fleet.open("t").execute(
            "DELETE FROM t WHERE rowid = 4; INSERT INTO t(rowid, k) VALUES (4, 'new');"
                + "INSERT OR REPLACE INTO t(k) VALUES ('a')")
        #expect(try fleet.outcomes(to: one) == [.applied])
        #expect(
            try fleet.open("t").rows("SELECT k, v FROM t ORDER BY k")
                == [[nil, 3], ["a", 1], ["b", 2], ["new", nil]])
    }

    @Test func aKeyOfAnotherTypeIsStillTheKey() throws {
        let one = try Version(
            "bb01",
            "CREATE TABLE t ( -- id 00000001\nk TEXT PRIMARY KEY NOT NULL, -- id 00000002\n"
                + "v -- id 00000003\n);")
        let two = try Version(
            "bb02",
            "CREATE TABLE t ( -- id 00000001\nk TEXT PRIMARY KEY NOT NULL -- id 00000002\n);")
        let three = try Version(
            "bb03",
            "CREATE TABLE u ( -- id 00000001\n"
                + "w -- id 00000003\n, number INTEGER PRIMARY KEY -- id 00000002\n);")
        let fleet = try TestFleet([one, two, three])
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO t VALUES ('10', 'x'), ('9', 'y')")
        #expect(try fleet.outcomes(to: two) == [.applied])
        #expect(try fleet.outcomes(to: three) == [.applied])
        let rows = try fleet.open("t").rows("SELECT number, w FROM u ORDER BY number")
        #expect(rows == [[9, "y"], [10, "x"]])
    }

    @Test func aKeyAndAColumnThatWentOneAfterTheOtherComeBackTogether() throws {
        let all =
            "id TEXT PRIMARY KEY NOT NULL, -- id 00000002\na, -- id 00000003\nb -- id 00000004"
        let one = try Version("cc01", "CREATE TABLE t ( -- id 00000001\n\(all)\n);")
        let two = try Version(
            "cc02",
            "CREATE TABLE t ( -- id 00000001\nid TEXT PRIMARY KEY NOT NULL, -- id 00000002\n"
                + "a -- id 00000003\n);")
        let three = try Version(
            "cc03", "CREATE TABLE t ( -- id 00000001\na -- id 00000003\n);")
        let fleet = try TestFleet([one, two, three])
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO t VALUES ('x', 1, 2), ('y', 3, 4)")
        #expect(try fleet.outcomes(to: two) == [.applied])
        #expect(try fleet.outcomes(to: three) == [.applied])
        #expect(try fleet.open("t").parkedEntries().map(\.subject) == ["t.b", "t.id"])
        #expect(try fleet.outcomes(to: one) == [.applied])
        #expect(
            try fleet.open("t").rows("SELECT id, a, b FROM t ORDER BY id")
                == [["x", 1, 2], ["y", 3, 4]])
        #expect(try fleet.open("t").parkedEntries().isEmpty)
    }

    @Test func aColumnComesBackAfterItsTableCameWithoutIt() throws {
        let key = "id INTEGER PRIMARY KEY -- id 00000002"
        let one = try Version(
            "ee01",
            "CREATE TABLE t ( -- id 00000001\nv, -- id 00000003\n\(key)\n); CREATE TABLE x(x);")
        let two = try Version("ee02", "CREATE TABLE x(x);")
        let three = try Version(
            "ee03", "CREATE TABLE t ( -- id 00000001\n\(key)\n); CREATE TABLE x(x);")
        let fleet = try TestFleet([one, two, three])
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO t VALUES ('a', 1), (NULL, 2)")
        for version in [two, three] { #expect(try fleet.outcomes(to: version) == [.applied]) }
        #expect(try fleet.open("t").rows("SELECT * FROM t") == [[1], [2]])
        #expect(try fleet.open("t").parkedEntries().map(\.rows) == [1])
        #expect(try fleet.outcomes(to: one) == [.applied])
        #expect(try fleet.open("t").rows("SELECT v, id FROM t") == [["a", 1], [nil, 2]])
        #expect(try fleet.open("t").parkedEntries().isEmpty)
    }

    @Test func rowIDsThatChangeGiveNoValueToAnotherRow() throws {
        let one = try Version(
            "dd01",
            "CREATE TABLE t ( -- id 00000001\na INTEGER, -- id 00000002\nb -- id 00000003\n);")
        let two = try Version(
            "dd02", "CREATE TABLE t ( -- id 00000001\na INTEGER -- id 00000002\n);")
        let three = try Version(
            "dd03", "CREATE TABLE t ( -- id 00000001\na INTEGER PRIMARY KEY -- id 00000002\n);")
        let four = try Version(
            "dd04",
            "CREATE TABLE t ( -- id 00000001\na INTEGER PRIMARY KEY, -- id 00000002\n"
                + "b -- id 00000003\n);")
        let fleet = try TestFleet([one, two, three, four])
        try fleet.create(["t"], at: one, filledBy: "INSERT INTO t VALUES (2, 'two'), (1, 'one')")
        try fleet.create(["u"], at: one, filledBy: "INSERT INTO t VALUES (2, 'two'), (1, 'one')")
        for version in [two, three, four] {
            #expect(try fleet.outcomes(to: version) == [.applied, .applied])
        }
        // Nothing tells any more whose they were: they stay parked.
        #expect(try fleet.open("t").rows("SELECT a, b FROM t") == [[1, nil], [2, nil]])
        #expect(try fleet.open("t").parkedEntries().map(\.rows) == [2])
        // In one go the key is known.
        let direct = try TestFleet([one, three, four])
        try direct.create(["t"], at: one, filledBy: "INSERT INTO t VALUES (2, 'two'), (1, 'one')")
        for version in [three, four] { #expect(try direct.outcomes(to: version) == [.applied]) }
        #expect(try direct.open("t").rows("SELECT a, b FROM t") == [[1, "one"], [2, "two"]])
    }
}

/// What VACUUM does to the keys of parked values.
@Suite struct RowIDTests {
    /// The limit that docs/parked-data.md names: SQLite's VACUUM may give out new rowids.
    @Test func vacuumRenumbersOnlyTablesWithoutAnyKey() throws {
        let connection = try Connection()
        try connection.execute(
            """
            CREATE TABLE bare(x); CREATE TABLE indexed(x); CREATE INDEX i ON indexed(x);
            CREATE TABLE keyed(x TEXT PRIMARY KEY); CREATE TABLE numbered(id INTEGER PRIMARY KEY, x);
            """)
        for table in ["bare", "indexed", "keyed", "numbered"] {
            try connection.execute(
                "INSERT INTO \(table)(x) VALUES ('p'), ('q'), ('r'); DELETE FROM \(table) WHERE x = 'q'"
            )
        }
        try connection.execute("VACUUM")
        #expect(try connection.rows("SELECT rowid FROM bare") == [[1], [2]])
        for table in ["indexed", "keyed", "numbered"] {
            #expect(try connection.rows("SELECT rowid FROM \(table) ORDER BY 1") == [[1], [3]])
        }
    }
}
