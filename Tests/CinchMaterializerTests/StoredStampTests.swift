import CinchMaterializer
import CinchSQLite
import Foundation
import Synchronization
import Testing

/// The stamp read from a file's bytes is SQLite's answer, or none.
@Suite struct StoredStampTests {
    /// A file of its own in a folder that goes with the object.
    private final class Place {
        let folder = FileManager.default.temporaryDirectory.path + "/stamp-\(UUID().uuidString)"
        var path: String { folder + "/t.db" }

        init() throws {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func open() throws -> Connection { try Connection(path: path, access: .create) }

        func make(_ settings: String, _ more: String = "", stamp: TenantStamp? = nil) throws {
            let connection = try open()
            try connection.execute(settings + ";" + more)
            try connection.writeTenantStamp(stamp ?? TenantStamp(commit: "c1", tree: "t1"))
        }

        /// SQLite's own answer, from a copy of the files, so that asking changes nothing.
        func asked() throws -> TenantStamp? { try askedCopy().tenantStamp() }

        /// A connection to a copy of the files.
        func askedCopy() throws -> Connection {
            let copy = folder + "/asked"
            for suffix in ["", "-wal", "-journal"] {
                try? FileManager.default.removeItem(atPath: copy + suffix)
                if FileManager.default.fileExists(atPath: path + suffix) {
                    try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
                }
            }
            return try Connection(path: copy, access: .readWrite)
        }
    }

    private static let wide = (0..<40).map { "column_\($0)_of_a_wide_table TEXT" }
        .joined(separator: ", ")

    @Test(arguments: [
        "PRAGMA journal_mode = WAL", "PRAGMA journal_mode = DELETE",
        "PRAGMA journal_mode = TRUNCATE", "PRAGMA page_size = 1024", "PRAGMA page_size = 65536",
        "PRAGMA auto_vacuum = FULL", "PRAGMA application_id = 7; PRAGMA user_version = 9",
    ])
    func aFileAtRestIsAnsweredForByItsBytes(_ settings: String) throws {
        let place = try Place()
        let tables = (0..<60).map { "CREATE TABLE t\($0)(\(Self.wide), x);" }.joined()
        try place.make(settings, tables + "CREATE VIEW v AS SELECT 1; CREATE INDEX i ON t1(x);")
        #expect(TenantStamp.stored(in: place.path) == TenantStamp(commit: "c1", tree: "t1"))
        try place.open().writeTenantStamp(TenantStamp(commit: "c2", tree: "t2"))
        #expect(TenantStamp.stored(in: place.path) == TenantStamp(commit: "c2", tree: "t2"))
        #expect(try place.asked() == TenantStamp(commit: "c2", tree: "t2"))
        let whole = try #require(TenantState.stored(in: place.path))
        #expect(whole.schema.count == 62)
        #expect(try whole.schema == place.askedCopy().schemaEntries())
    }

    @Test func whichTablesAreShadowsIsLeftToSQLite() throws {
        let place = try Place()
        try place.make("CREATE TABLE t(a)", "CREATE VIRTUAL TABLE f USING fts5(a);")
        #expect(TenantStamp.stored(in: place.path) != nil)
        #expect(TenantState.stored(in: place.path) == nil)
    }

    @Test func theFirstPageAloneIsEnoughAndSoIsATreeOfThem() throws {
        for tables in [0, 1, 12, 300] {
            let place = try Place()
            try place.make("", (0..<tables).map { "CREATE TABLE t\($0)(\(Self.wide));" }.joined())
            #expect(TenantStamp.stored(in: place.path)?.commit == "c1", "\(tables) tables")
        }
    }

    @Test func whatIsUnusualIsLeftToSQLite() throws {
        let cases: [(String, (Place) throws -> Void)] = [
            ("UTF-16", { try $0.make("PRAGMA encoding = 'UTF-16le'") }),
            (
                "small pages, where the row overflows",
                {
                    try $0.make(
                        "PRAGMA page_size = 512",
                        stamp: TenantStamp(
                            commit: String(repeating: "c", count: 600), tree: "t"))
                }
            ),
            (
                "another table of that name",
                {
                    try $0.open().execute(
                        """
                        CREATE TABLE _cinch_stamp(id INTEGER PRIMARY KEY, tree_id TEXT, commit_id TEXT);
                        INSERT INTO _cinch_stamp VALUES (1, 'tree', 'commit');
                        """)
                }
            ),
            (
                "a table without rowids",
                {
                    try $0.open().execute(
                        """
                        CREATE TABLE _cinch_stamp(
                          id INTEGER PRIMARY KEY, commit_id TEXT, tree_id TEXT) WITHOUT ROWID;
                        INSERT INTO _cinch_stamp VALUES (1, 'commit', 'tree');
                        """)
                }
            ),
            (
                "text that is no UTF-8",
                {
                    try $0.make("")
                    try $0.open().execute(
                        "UPDATE _cinch_stamp SET commit_id = CAST(x'63FF' AS TEXT)")
                }
            ),
            ("no stamp", { try $0.open().execute("CREATE TABLE t(x)") }),
            ("an empty file", { try Data().write(to: URL(fileURLWithPath: $0.path)) }),
            (
                "no database",
                {
                    try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: $0.path))
                }
            ),
            ("no file", { _ in }),
        ]
        for (name, make) in cases {
            let place = try Place()
            try make(place)
            #expect(TenantStamp.stored(in: place.path) == nil, "\(name)")
        }
    }

    @Test func whoHasTheFileOpenMakesItSQLitesAffair() throws {
        let place = try Place()
        try place.make("PRAGMA journal_mode = WAL")
        let connection = try place.open()
        try connection.writeTenantStamp(TenantStamp(commit: "c2", tree: "t2"))
        #expect(TenantStamp.stored(in: place.path) == nil)
        #expect(try TenantStamp.read(from: place.path)?.commit == "c2")
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        #expect(TenantStamp.stored(in: place.path) == nil, "the -wal is empty, and there")

        let other = try Place()
        try other.make("PRAGMA journal_mode = DELETE")
        let writer = try other.open()
        try writer.execute("BEGIN IMMEDIATE")
        try writer.writeTenantStamp(TenantStamp(commit: "c2", tree: "t2"))
        #expect(TenantStamp.stored(in: other.path) == nil, "there is a journal")
        #expect(try TenantStamp.read(from: other.path)?.commit == "c1")
        try writer.execute("ROLLBACK; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
        #expect(TenantStamp.stored(in: other.path) == nil, "it is locked")
    }

    @Test func readingTheBytesLeavesLocksOfThisProcessInPlace() throws {
        let place = try Place()
        try place.make("PRAGMA journal_mode = DELETE")
        let writer = try place.open()
        try writer.execute("BEGIN IMMEDIATE")
        // A descriptor of our own, closed, would have dropped the writer's lock here.
        #expect(TenantStamp.stored(in: place.path)?.commit == "c1")
        #expect(try Self.isLocked(place.path))
        try writer.execute("COMMIT")
        #expect(try !Self.isLocked(place.path))
    }

    /// Whether another process finds the file locked for writing.
    private static func isLocked(_ path: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, "BEGIN IMMEDIATE; COMMIT;"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus != 0
    }

    @Test func whatACrashLeftIsLeftToSQLite() throws {
        for mode in ["WAL", "DELETE"] {
            let place = try Place()
            try place.make("PRAGMA journal_mode = \(mode); PRAGMA cache_spill = 1")
            let connection = try place.open()
            try connection.execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE big(x)")
            try connection.writeTenantStamp(TenantStamp(commit: "c2", tree: "t2"))
            try connection.execute(
                """
                INSERT INTO big SELECT randomblob(1000) FROM (
                  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                  SELECT i FROM n)
                """)
            if mode == "WAL" { try connection.execute("COMMIT") }
            let crashed = try Place()
            for suffix in ["", "-wal", "-journal"]
            where FileManager.default.fileExists(atPath: place.path + suffix) {
                try FileManager.default.copyItem(
                    atPath: place.path + suffix, toPath: crashed.path + suffix)
            }
            #expect(TenantStamp.stored(in: crashed.path) == nil, "\(mode)")
            let wanted = mode == "WAL" ? "c2" : "c1"
            #expect(try crashed.asked()?.commit == wanted, "\(mode)")
        }
    }

    /// Whatever is done to a file, its bytes say what SQLite says, and mostly say something.
    @Test(arguments: 0..<24)
    func bytesAgreeWithSQLiteAfterAnyChange(_ seed: UInt64) throws {
        var random = Random(state: seed &* 0x9E37_79B9 &+ 1)
        let place = try Place()
        let sizes = [512, 1024, 4096, 4096, 8192, 65_536]
        let encoding = seed % 6 == 5 ? "PRAGMA encoding = 'UTF-16be';" : ""
        try place.make(
            "\(encoding) PRAGMA page_size = \(sizes.randomElement(using: &random) ?? 4096)")
        var answered = 0
        for step in 0..<60 {
            let connection = try place.open()
            try Self.change(connection, step, &random)
            // Half of the time it is looked at while somebody has it open.
            if Bool.random(using: &random) {
                try Self.compare(place, &answered, "\(step) open")
            }
            withExtendedLifetime(connection) {}
            try? connection.execute("COMMIT")
        }
        for step in 0..<10 {
            try Self.change(place.open(), 100 + step, &random)
            try Self.compare(place, &answered, "\(step) closed")
        }
        #expect(encoding.isEmpty ? answered >= 5 : answered == 0)
    }

    /// A file whose bytes are damaged is answered for as SQLite does, or not at all.
    @Test(arguments: 0..<8)
    func damagedBytesAreNeverReliedOnNorFatal(_ seed: UInt64) throws {
        var random = Random(state: seed &* 0x9E37_79B9 &+ 7)
        let place = try Place()
        try place.make("PRAGMA page_size = 512", "CREATE TABLE t(a); CREATE TABLE u(\(Self.wide));")
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: place.path)))
        var answered = 0
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] =
                    [0, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
                    .randomElement(using: &random) ?? 0
            }
            // Nine bytes that make one number, a negative one.
            if Bool.random(using: &random) {
                let place = Int.random(in: 100..<(bytes.count - 9), using: &random)
                for offset in 0..<9 { bytes[place + offset] = 0xFF }
            }
            if Bool.random(using: &random) {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            }
            try Data(bytes).write(to: URL(fileURLWithPath: place.path))
            guard let stored = TenantState.stored(in: place.path) else { continue }
            answered += 1
            guard let asked = try? place.askedCopy(), let stamp = try? asked.tenantStamp(),
                let schema = try? asked.schemaEntries()
            else { continue }
            #expect(stored.stamp == stamp)
            #expect(stored.schema == schema)
        }
        #expect(answered > 0)
    }

    private static func compare(
        _ place: Place, _ answered: inout Int, _ comment: String
    ) throws {
        guard let stored = TenantStamp.stored(in: place.path) else { return }
        answered += 1
        let asked = try place.askedCopy()
        #expect(try stored == asked.tenantStamp(), "\(comment)")
        // Rows may be too long for us; then there is no answer.
        guard let both = TenantState.stored(in: place.path) else { return }
        #expect(both.stamp == stored)
        #expect(try both.schema == asked.schemaEntries(), "\(comment)")
        #expect(try both.parked == asked.parkedData(), "\(comment)")
    }

    private static func change(
        _ connection: Connection, _ step: Int, _ random: inout Random
    ) throws {
        let name = Int.random(in: 0..<8, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2:
            let length = [4, 40, 64, 64, 64].randomElement(using: &random) ?? 64
            let text = String(String(repeating: "\(step)abcdef", count: 12).prefix(length))
            try connection.writeTenantStamp(TenantStamp(commit: text, tree: "t\(step)"))
        case 3:
            let columns = (0..<Int.random(in: 1..<90, using: &random)).map { "c\($0) TEXT" }
            try connection.execute(
                "CREATE TABLE IF NOT EXISTS t\(name)(\(columns.joined(separator: ", ")))")
        case 4: try connection.execute("DROP TABLE IF EXISTS t\(name)")
        case 5:
            let modes = ["WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY"]
            try connection.execute(
                "PRAGMA journal_mode = \(modes.randomElement(using: &random) ?? "WAL")")
        case 6: try connection.execute("VACUUM")
        case 7:
            let kinds = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"]
            try connection.execute(
                "PRAGMA wal_checkpoint(\(kinds.randomElement(using: &random) ?? "FULL"))")
        case 8:
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS rows(x);
                INSERT INTO rows SELECT randomblob(700) FROM pragma_function_list LIMIT 60;
                DELETE FROM rows WHERE rowid % 3 = 0;
                """)
        case 9:
            try connection.execute("DROP TABLE _cinch_stamp")
            try connection.writeTenantStamp(TenantStamp(commit: "again\(step)", tree: "t"))
        case 10: try connection.execute("BEGIN IMMEDIATE; PRAGMA user_version = \(step)")
        default:
            try connection.execute("BEGIN IMMEDIATE")
            try connection.writeTenantStamp(TenantStamp(commit: "open\(step)", tree: "t"))
        }
    }

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
        }
    }

    /// While others write as fast as they can, each opening the file anew, no half of one stamp is
    /// ever seen with half of another, and no stamp older than one that was committed before.
    @Test(arguments: ["WAL", "DELETE"])
    func noStampIsTornOrStale(_ mode: String) throws {
        let place = try Place()
        try place.make("PRAGMA journal_mode = \(mode)", stamp: Self.numbered(0))
        let path = place.path
        let committed = Atomic<Int>(0)
        let isDone = Atomic<Bool>(false)
        let writer = Thread {
            for number in 1...400 {
                guard
                    let connection = try? Connection(
                        path: path, access: .readWrite, busyTimeout: 10_000)
                else { break }
                try? connection.execute("PRAGMA synchronous = OFF")
                if (try? connection.writeTenantStamp(Self.numbered(number))) != nil {
                    committed.store(number, ordering: .sequentiallyConsistent)
                }
                if number % 7 == 0 { try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
            }
            isDone.store(true, ordering: .sequentiallyConsistent)
        }
        writer.start()
        var answered = 0
        while !isDone.load(ordering: .sequentiallyConsistent) {
            let before = committed.load(ordering: .sequentiallyConsistent)
            guard let stamp = TenantStamp.stored(in: path) else { continue }
            answered += 1
            let number = try #require(Int(stamp.commit.drop { $0 == "x" }))
            #expect(stamp == Self.numbered(number))
            #expect(number >= before)
        }
        #expect(committed.load(ordering: .sequentiallyConsistent) == 400)
        // The last to close leaves its -wal where somebody was reading: then SQLite is asked.
        #expect(try TenantStamp.read(from: path) == Self.numbered(400))
        #expect(answered > 0)
    }

    private static func numbered(_ number: Int) -> TenantStamp {
        let digits = "\(number)"
        let text = String(repeating: "x", count: 64 - digits.count) + digits
        return TenantStamp(commit: text, tree: text)
    }
}
