import Cinch
import CinchMaterializer
import Foundation
import GRDB
import Testing

@Suite struct KeyTests {
    private func record(_ name: String) -> KeyRecord {
        KeyRecord(
            id: name, digest: [1], tenant: nil, mayWrite: true, name: name, createdAt: "",
            expiresAt: nil)
    }

    @Test func aKeyThatIsRevokedWhileItIsLookedForIsNotKept() throws {
        let cache = KeyCache()
        let found = try cache.key([1], version: 5) {
            cache.clear()
            // Somebody else asks meanwhile, so that the version is the same again.
            _ = try cache.key([2], version: 5) { nil }
            return record("old")
        }
        #expect(found?.name == "old")
        #expect(try cache.key([1], version: 5) { nil } == nil)
        #expect(try cache.key([1], version: 5) { record("new") }?.name == "new")
        #expect(try cache.key([1], version: 5) { nil }?.name == "new")
        #expect(try cache.key([1], version: 6) { nil } == nil)
    }

    @Test func whatAnotherProcessRevokesIsRefused() throws {
        let project = try TemporaryProject("CREATE TABLE t(a);", tenants: ["acme"])
        let made = try project.database.createKey(tenant: "acme", mayWrite: true)
        let text = made.key.text
        #expect(APIKey.isWellFormed(text) && text.hasPrefix("ck_acme_"))
        #expect(try project.database.key(text)?.id == made.information.id)
        let other = try project.reopened()
        let rotated = try other.rotateKey(made.information.id).key.text
        #expect(try project.database.key(text) == nil)
        #expect(try project.database.key(rotated)?.tenant == "acme")
        try other.revokeKey(made.information.id)
        #expect(try project.database.key(rotated) == nil)
        #expect(failure { try other.revokeKey(made.information.id) }?.code == .notFound)
    }

    @Test func keysKeepToTheirTenant() throws {
        let project = try TemporaryProject("CREATE TABLE t(a);", tenants: ["acme"])
        let database = project.database
        let text = try database.createKey(tenant: "acme", mayWrite: false).key.text
        try database.renameTenant("acme", to: "globex")
        #expect(try database.key(text)?.tenant == "globex")
        try database.deleteTenant("globex")
        #expect(try database.key(text) == nil)
        // Who gets the name later gets none of its keys.
        try database.createTenants(["globex"])
        #expect(try database.key(text) == nil)
        let before = try database.keys().count
        for name in ["../x", "nobody", "a'b", ""] {
            #expect(throws: (any Error).self) {
                try database.createKey(tenant: name, mayWrite: true)
            }
        }
        #expect(try database.keys().count == before)
    }

    @Test(arguments: [
        "", "ck_", "ck_acme_" + String(repeating: "a", count: 42),
        "ck_acme_" + String(repeating: "é", count: 43),
        "xx_acme_" + String(repeating: "a", count: 43),
    ])
    func whatHasNotTheFormIsNotLookedUp(_ text: String) {
        #expect(!APIKey.isWellFormed(text))
    }

    /// A catalog of the format before keys is brought up to date.
    @Test func anOlderCatalogGetsTheTable() throws {
        let project = try TemporaryProject("CREATE TABLE t(a);", tenants: ["acme"])
        let path = project.database.layout.catalog
        try stock(path) { try $0.execute(sql: "DROP TABLE api_keys; PRAGMA user_version = 2") }
        let database = try project.reopened()
        #expect(try database.createKey(tenant: "acme", mayWrite: true).information.access == .write)
        #expect(try database.tenantNames().map(\.name) == ["acme", "main"])
    }
}
