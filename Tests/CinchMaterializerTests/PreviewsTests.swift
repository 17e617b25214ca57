import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

@Suite struct PreviewsTests {
    let one: Version
    let two: Version
    let three: Version
    let fleet: TestFleet
    let previews: Previews

    init() throws {
        one = try Version("aa01", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);")
        two = try Version("aa02", "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, n INT);")
        three = try Version(
            "aa03",
            "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, n INT); CREATE TABLE more(x);")
        fleet = try TestFleet([one, two, three])
        try fleet.create(["a"], at: one, filledBy: "INSERT INTO users(name) VALUES ('live')")
        previews = Previews(
            directory: "\(fleet.directory)/previews", shard: TestFleet.shard,
            materializer: fleet.materializer)
    }

    private func open(_ branch: String, _ version: Version) throws -> Connection {
        let path = try previews.open(
            branch: branch, tenant: TenantName("a"), source: fleet.path("a"),
            target: version.target)
        return try Connection(path: path, access: .readWrite)
    }

    @Test func aPreviewStartsWithTheTenantsRowsAndStaysPrivate() throws {
        let live = try fleet.open("a")
        try live.execute("INSERT INTO users(name) VALUES ('in the log')")
        let preview = try open("feature/x", two)
        #expect(try preview.scalar("SELECT count(*) FROM users") == 2)
        #expect(preview.path?.contains("/previews/feature%2Fx/") == true)
        try preview.execute("UPDATE users SET n = 1, name = 'tried'")
        #expect(try live.scalar("SELECT name FROM users") == "live")
        #expect(try live.tenantStamp()?.tree == "aa01")
    }

    @Test func aPreviewFollowsItsBranchAndKeepsItsRows() throws {
        try open("b", two).execute("UPDATE users SET n = 5")
        let later = try open("b", three)
        #expect(try later.tenantStamp() == three.target.stamp)
        #expect(try later.scalar("SELECT n FROM users") == 5)
    }

    @Test func aDiscardedPreviewIsMadeAnew() throws {
        try open("b", two).execute("UPDATE users SET n = 5")
        try previews.discard(branch: "b")
        #expect(try open("b", two).scalar("SELECT n FROM users") == .null)
        try previews.discard(branch: "b", tenant: TenantName("a"))
        try previews.discard(branch: "never")
        #expect(try open("b", two).scalar("SELECT count(*) FROM users") == 1)
    }

    @Test(arguments: ["..", "../../x", ".", "a/../b", "é", "%2e", ".git"])
    func aBranchNameNeverLeavesThePreviewsFolder(_ branch: String) throws {
        let path = try #require(try open(branch, two).path)
        let folder = "\(fleet.directory)/previews/"
        #expect(path.hasPrefix(folder))
        let components = path.dropFirst(folder.count).split(separator: "/")
        #expect(components.count == 3)
        #expect(components.allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func aDriftedPreviewIsRefusedAndKept() throws {
        try open("b", two).execute("CREATE TABLE mine(x)")
        let error = #expect(throws: MaterializerError.self) { try open("b", three) }
        #expect(error?.code == .drifted)
    }
}
