import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

@Suite struct TenantStoreTests {
    let one: Version
    let fleet: TestFleet

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        fleet = try TestFleet([one])
    }

    @Test func aNewTenantIsStampedAndTheUsersNumbersAreUntouched() throws {
        try fleet.create(["acme"], at: one)
        let connection = try fleet.open("acme")
        #expect(try connection.tenantStamp() == TenantStamp(commit: "caa01", tree: "aa01"))
        #expect(try connection.schemaEntries().map(\.name) == ["users"])
        #expect(try connection.scalar("PRAGMA user_version") == 0)
        #expect(try connection.scalar("PRAGMA application_id") == 0)
        #expect(try connection.scalar("PRAGMA journal_mode") == "wal")
        let record = try fleet.store.find(TenantName("acme"))
        #expect(record?.createdAt == "2026-01-02 03:04:05.678")
    }

    @Test func tenantsAreListedInNameOrder() throws {
        try fleet.create(["b", "a", "c-1"], at: one)
        #expect(try fleet.store.list().map(\.name.rawValue) == ["a", "b", "c-1"])
    }

    @Test func aNameInUseIsRefusedAndNothingIsMade() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        let error = #expect(throws: MaterializerError.self) {
            try fleet.create(["new", "a"], at: one)
        }
        #expect(error?.code == .exists)
        #expect(try !fleet.exists(fleet.path("new")))
        #expect(try fleet.open("a").scalar("SELECT count(*) FROM users") == 1)
    }

    @Test func aFileLeftOverFromACrashIsNeverServedAndItsJournalNotPlayedBack() throws {
        try fleet.create(["a"], at: one)
        let path = try fleet.path("a")
        for suffix in ["", "-wal", "-journal"] {
            try Data("left over".utf8).write(to: URL(fileURLWithPath: path + suffix))
        }
        try fleet.catalog.remove(TenantName("a"))
        #expect(throws: MaterializerError.self) { try fleet.store.file(TenantName("a")) }
        #expect(try fleet.store.allFiles().isEmpty)
        try fleet.create(["a"], at: one)
        #expect(!fleet.exists(path + "-journal"))
        #expect(try fleet.open("a").scalar("PRAGMA integrity_check") == "ok")
    }

    @Test func aCopyHasTheRowsThatAreOnlyInTheLog() throws {
        try fleet.create(["a"], at: one)
        let live = try fleet.open("a")
        try live.execute("INSERT INTO users(name) VALUES ('x')")
        #expect(try fleet.exists(fleet.path("a") + "-wal"))
        try fleet.store.copy(TenantName("a"), to: TenantName("b"))
        #expect(try fleet.open("b").scalar("SELECT name FROM users") == "x")
        #expect(try fleet.open("b").tenantStamp() == TenantStamp(commit: "caa01", tree: "aa01"))
        #expect(try fleet.open("b").scalar("PRAGMA journal_mode") == "wal")
    }

    @Test func aRenamedTenantKeepsItsRowsAndItsBirthday() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        try fleet.store.rename(TenantName("a"), to: TenantName("b"))
        #expect(try fleet.store.list().map(\.name.rawValue) == ["b"])
        #expect(try !fleet.exists(fleet.path("a")))
        #expect(try fleet.open("b").scalar("SELECT name FROM users") == "x")
        try fleet.create(["a"], at: one)
        #expect(try fleet.open("a").scalar("SELECT count(*) FROM users") == 0)
    }

    @Test func aTenantInUseIsNeitherRenamedNorDeleted() throws {
        try fleet.create(["a"], at: one)
        let live = try fleet.open("a")
        #expect(try live.scalar("SELECT count(*) FROM users") == 0)
        for attempt in [
            { try fleet.store.rename(TenantName("a"), to: TenantName("b")) },
            { try fleet.store.delete(TenantName("a")) },
        ] {
            let error = #expect(throws: MaterializerError.self) { try attempt() }
            #expect(error?.code == .busy)
        }
        try live.execute("INSERT INTO users(name) VALUES ('x')")
        #expect(try fleet.store.list().map(\.name.rawValue) == ["a"])
    }

    @Test func aRenameOverAnotherTenantIsRefused() throws {
        try fleet.create(["a", "b"], at: one)
        for name in ["a", "b"] {
            let error = #expect(throws: MaterializerError.self) {
                try fleet.store.rename(TenantName("a"), to: TenantName(name))
            }
            #expect(error?.code == .exists)
        }
    }

    @Test func aDeletedTenantLeavesNoFile() throws {
        try fleet.create(["a"], at: one)
        try fleet.store.delete(TenantName("a"))
        #expect(try fleet.store.find(TenantName("a")) == nil)
        let path = try fleet.path("a")
        for suffix in ["", "-wal", "-shm", "-journal"] { #expect(!fleet.exists(path + suffix)) }
    }

    @Test func aDamagedTenantCanBeDeleted() throws {
        try fleet.create(["a"], at: one)
        try Data(repeating: 7, count: 5000).write(to: URL(fileURLWithPath: fleet.path("a")))
        try fleet.store.delete(TenantName("a"))
        #expect(try fleet.store.list().isEmpty)
    }

    @Test func anInterruptedDeletionIsFinishedByTheNextChange() throws {
        try fleet.create(["a"], at: one)
        try fleet.catalog.markDeleting(TenantName("a"))
        #expect(try fleet.store.find(TenantName("a")) == nil)
        try fleet.create(["b"], at: one)
        #expect(try !fleet.exists(fleet.path("a")))
        #expect(try fleet.catalog.tenant(TenantName("a")) == nil)
    }

    @Test func anInterruptedRenameIsFinishedByTheNextChange() throws {
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('x')")
        try fleet.store.copy(TenantName("a"), to: TenantName("b"))
        try fleet.catalog.remove(TenantName("b"))  // as after the copy, before the row moves
        #expect(try fleet.store.list().map(\.name.rawValue) == ["a"])
        try fleet.catalog.rename(TenantName("a"), to: TenantName("b"))  // and right after it
        #expect(try fleet.store.list().map(\.name.rawValue) == ["b"])
        try fleet.create(["c"], at: one)
        #expect(try !fleet.exists(fleet.path("a")))
        #expect(try fleet.open("b").scalar("SELECT name FROM users") == "x")
    }

    @Test func aNameGivenTwiceIsRefused() throws {
        let error = #expect(throws: MaterializerError.self) {
            try fleet.create(["a", "a"], at: one)
        }
        #expect(error?.code == .exists)
        #expect(try fleet.store.list().isEmpty)
    }

    @Test func aDamagedOrStaleTemplateIsBuiltAgain() throws {
        try fleet.create(["a"], at: one)
        let template = "\(fleet.directory)/cache/templates/aa01.db"
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: template))
        let again = try TestFleet([one], directory: fleet.directory)
        try again.create(["b"], at: one)
        #expect(try again.open("b").schemaEntries().map(\.name) == ["users"])

        let edited = try Connection(path: template, access: .readWrite)
        try edited.execute("CREATE TABLE extra(x)")
        let third = try TestFleet([one], directory: fleet.directory)
        try third.create(["c"], at: one)
        #expect(try third.open("c").schemaEntries().map(\.name) == ["users"])
    }

    @Test func aTreeIdThatIsAPathIsRefused() throws {
        let target = MaterializationTarget(commit: "c", tree: "../x", schema: one.schema)
        let error = #expect(throws: MaterializerError.self) {
            try fleet.store.create([TenantName("a")], at: target)
        }
        #expect(error?.code == .invalidName)
    }

    @Test func aCatalogOfANewerVersionIsRefused() throws {
        let path = "\(fleet.directory)/other.db"
        try Connection(path: path, access: .create).execute("PRAGMA user_version = 99")
        let error = #expect(throws: MaterializerError.self) {
            _ = try SQLiteTenantCatalog(path: path) { "" }
        }
        #expect(error?.code == .unsupported)
    }
}
