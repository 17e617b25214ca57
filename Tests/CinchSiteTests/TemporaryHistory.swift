import Cinch
import CinchGit
import CinchSite
import CinchTestSupport
import Foundation
import Testing

/// A project with a history of its own for one test, everything fixed, and a folder for its site.
struct TemporaryHistory {
    let folder: TemporaryDirectory
    let database: CinchDatabase

    init() throws {
        folder = try TemporaryDirectory()
        let context = Self.context(folder.path)
        let project = try Project.create(
            at: folder.path("shop"), database: StoredName("shop", kind: "database"),
            format: .sha256, in: context)
        database = try project.database()
    }

    static func context(_ path: String) -> Context {
        Context(
            environment: [:], currentDirectory: path,
            account: { .init(name: "Ada <i>&", user: "ada", host: "example.org") },
            now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 60) })
    }

    /// Two branches that met, a tag, an odd table, a view and a rename.
    static func eventful() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.run("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE)")
        _ = try history.database.createTag("v1", at: "HEAD", message: "First <release>")
        _ = try history.database.createBranch("feature/<odd>")
        try history.database.switchBranch("feature/<odd>")
        try history.run(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
                + " user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, note TEXT)")
        try history.database.switchBranch("main")
        try history.run("CREATE TABLE \"a/../b <i>\"\"'& %41\" (\"x y\" TEXT, \"\" INTEGER)")
        _ = try history.database.merge("feature/<odd>", into: nil)
        try history.run("ALTER TABLE users RENAME COLUMN email TO mail")
        try history.run("CREATE VIEW mails AS SELECT mail FROM users WHERE mail <> ''")
        return history
    }

    func run(_ sql: String) throws {
        _ = try #require(try database.run(ddl: sql))
    }

    var site: String { folder.path("site") }

    @discardableResult
    func write(
        _ options: Site.Options = Site.Options(), force: Bool = false
    ) throws -> Site.Report {
        try Site(database, options: options).write(to: site, force: force, progress: { _, _ in })
    }

    /// The pages, by name.
    func pages() throws -> [String: String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: site)
        return try names.filter { $0.hasSuffix(".html") }.reduce(into: [:]) { pages, name in
            pages[name] = try String(contentsOfFile: "\(site)/\(name)", encoding: .utf8)
        }
    }
}
