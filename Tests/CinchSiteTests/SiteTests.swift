import Cinch
import CinchGit
import CinchSchema
import CinchSite
import CinchTestSupport
import Foundation
import Testing

@Suite("Sites")
struct SiteTests {
    @Test func everyLinkLeadsToAFileThatIsThere() throws {
        let history = try TemporaryHistory.eventful()
        let report = try history.write()
        let pages = try history.pages()
        #expect(report.pages == pages.count)
        #expect(report.commits == 7)
        #expect(report.tables == 4)
        #expect(report.tenants == 1)
        var seen = 0
        for (name, text) in pages {
            let folder = (name as NSString).deletingLastPathComponent
            for link in MarkupCheck.links(in: text) where link != "data:," && !link.hasPrefix("#") {
                let path = ("\(history.site)/\(folder)/\(link)" as NSString).standardizingPath
                #expect(path.hasPrefix(history.site + "/"), "\(name): \(link)")
                #expect(FileManager.default.fileExists(atPath: path), "\(name): \(link)")
                seen += 1
            }
        }
        #expect(seen > 100)
    }

    @Test func everyTagIsClosedAndNothingOfANameIsMarkup() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        for (name, text) in try history.pages() {
            #expect(MarkupCheck.faults(in: text) == [], "\(name)")
            #expect(!text.contains("<i>"), "\(name)")
        }
    }

    @Test func fileNamesAreOfLettersThatAnyDiskTakes() throws {
        let history = try TemporaryHistory()
        let long = String(repeating: "long", count: 200)
        try history.run(
            "CREATE TABLE \"\(long)\" (a); CREATE TABLE \"../../x\" (a); CREATE TABLE \"é\" (a);"
                + " CREATE TABLE \"con\" (a); CREATE TABLE \"É\" (a)")
        let report = try history.write()
        #expect(report.tables == 5)
        let tables = try history.pages().keys.filter { $0.hasPrefix("tables/") }
        #expect(tables.count == 5)
        for name in tables {
            #expect(name.utf8.count < 60)
            #expect(
                name.wholeMatch(of: /tables\/([a-z0-9_]+-)*[0-9a-f]{12}\.html/) != nil, "\(name)")
        }
    }

    @Test func writtenAgainItIsTheSame() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let before = try history.pages()
        #expect(try history.write().changed == 0)
        #expect(try history.pages() == before)
    }

    @Test func pagesOfWhatIsGoneGoAndFilesOfOthersStay() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let before = Set(try history.pages().keys)
        try "mine".write(
            toFile: "\(history.site)/tables/mine.html", atomically: true, encoding: .utf8)
        try history.run("DROP TABLE orders")
        try history.write()
        let after = Set(try history.pages().keys)
        let gone = before.subtracting(after)
        #expect(gone.count == 1)
        #expect(gone.first?.hasPrefix("tables/orders-") == true)
        #expect(after.contains("tables/mine.html"))
    }

    @Test func aListSomebodyHasChangedRemovesNothingElse() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let victim = history.folder.path("victim.html")
        try "mine".write(toFile: victim, atomically: true, encoding: .utf8)
        let list = "\(history.site)/.cinch-site"
        var text = try String(contentsOfFile: list, encoding: .utf8)
        text += "../victim.html\ntables/../../victim.html\n\(victim)\n"
        try text.write(toFile: list, atomically: true, encoding: .utf8)
        try history.write()
        #expect(FileManager.default.fileExists(atPath: victim))
    }

    @Test func aFolderOfSomethingElseIsLeftAlone() throws {
        let history = try TemporaryHistory.eventful()
        try FileManager.default.createDirectory(
            atPath: history.site, withIntermediateDirectories: true)
        try "mine".write(toFile: "\(history.site)/notes.txt", atomically: true, encoding: .utf8)
        let error = #expect(throws: CinchError.self) { try history.write() }
        #expect(error?.code == .refused)
        #expect(try FileManager.default.contentsOfDirectory(atPath: history.site) == ["notes.txt"])
        try history.write(force: true)
        #expect(FileManager.default.fileExists(atPath: "\(history.site)/notes.txt"))
        #expect(FileManager.default.fileExists(atPath: "\(history.site)/index.html"))
    }

    #if os(Linux)
        @Test func aFolderWhereNoneCanBeMadeIsAnError() throws {
            let history = try TemporaryHistory.eventful()
            let site = try Site(history.database, options: Site.Options())
            let error = #expect(throws: CinchError.self) {
                _ = try site.write(to: "/proc/no/site") { _, _ in }
            }
            #expect(error?.code == .failed)
        }
    #endif

    @Test func twoAtOnceDoNotWriteIntoOneFolder() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let before = try history.pages()
        let descriptor = open("\(history.site)/.cinch-site", O_RDONLY)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX) == 0)
        try history.run("DROP TABLE orders")
        let error = #expect(throws: CinchError.self) { try history.write() }
        #expect(error?.code == .busy)
        #expect(try history.pages() == before)
    }

    @Test func whatACrashLeftHalfWrittenGoes() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let half = "\(history.site)/schema.html.new"
        try "half".write(toFile: half, atomically: true, encoding: .utf8)
        try history.write()
        #expect(!FileManager.default.fileExists(atPath: half))
    }

    @Test func aFileInThePlaceOfTheFolderIsAnError() throws {
        let history = try TemporaryHistory.eventful()
        try "mine".write(toFile: history.site, atomically: true, encoding: .utf8)
        let error = #expect(throws: CinchError.self) { try history.write() }
        #expect(error?.code == .failed)
        #expect(try String(contentsOfFile: history.site, encoding: .utf8) == "mine")
    }

    @Test func onlyTheNewestCommitsHavePagesWhenThereIsALimit() throws {
        let history = try TemporaryHistory.eventful()
        let report = try history.write(Site.Options(limit: 2))
        #expect(report.commits == 2)
        let pages = try history.pages()
        #expect(pages.keys.count { $0.hasPrefix("commits/") } == 2)
        #expect(pages["index.html"]?.contains("Older commits are not part of this site") == true)
        for (name, text) in pages {
            let folder = (name as NSString).deletingLastPathComponent
            for link in MarkupCheck.links(in: text) where link != "data:," && !link.hasPrefix("#") {
                let path = ("\(history.site)/\(folder)/\(link)" as NSString).standardizingPath
                #expect(FileManager.default.fileExists(atPath: path), "\(name): \(link)")
            }
        }
    }

    @Test func aRepositoryAloneHasNoPageOnTenants() throws {
        let history = try TemporaryHistory.eventful()
        let copy = history.folder.path("copy.git")
        try FileManager.default.copyItem(
            atPath: history.database.layout.repository, toPath: copy)
        let alone = try CinchDatabase.find(
            in: TemporaryHistory.context(history.folder.path), explicit: copy)
        let report = try Site(alone, options: Site.Options())
            .write(to: history.site, progress: { _, _ in })
        #expect(report.tenants == nil)
        #expect(try history.pages()["fleet.html"] == nil)
        #expect(try history.pages()["index.html"]?.contains("fleet.html") == false)
        #expect(report.commits == 7)
    }

    @Test func aHistoryWithoutCommitsHasAPageThatSaysSo() throws {
        let folder = try TemporaryDirectory()
        _ = try GitRepository.create(at: folder.path("empty.git"), format: .sha1)
        let database = try CinchDatabase.find(
            in: TemporaryHistory.context(folder.path), explicit: folder.path("empty.git"))
        let report = try Site(database, options: Site.Options())
            .write(to: folder.path("site"), progress: { _, _ in })
        #expect(report.commits == 0)
        let index = try String(contentsOfFile: folder.path("site/index.html"), encoding: .utf8)
        #expect(index.contains("no commits yet"))
        #expect(MarkupCheck.faults(in: index) == [])
    }

    @Test func linesOfHistoryGoOnFromRowToRow() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let index = try #require(try history.pages()["index.html"])
        var below: Set<String> = []
        var rows = 0
        for row in index.components(separatedBy: "<svg class=\"lanes\"").dropFirst() {
            let svg = row.prefix { $0 != "\n" }
            var (top, bottom): (Set<String>, Set<String>) = ([], [])
            for match in svg.matches(
                of: /x1="(\d+)" y1="(\d+%?)" x2="(\d+)" y2="(\d+%?)"/)
            {
                if match.2 == "0" { top.insert(String(match.1)) }
                if match.4 == "100%" { bottom.insert(String(match.3)) }
            }
            #expect(top == below)
            below = bottom
            rows += 1
        }
        #expect(rows == 7)
        #expect(below.isEmpty)
    }

    @Test func aTablesPageSaysWhichCommitEachColumnIsFrom() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let pages = try history.pages()
        let users = try #require(pages.first { $0.key.hasPrefix("tables/users-") }?.value)
        let rename = try history.database.commit("main~1").hex
        let creation = try history.database.commit("v1").hex
        let rows = users.components(separatedBy: "<tr>")
        let mail = try #require(rows.first { $0.contains(">mail<") })
        let id = try #require(rows.first { $0.contains(">id<") })
        #expect(mail.contains("commits/\(rename).html"))
        #expect(id.contains("commits/\(creation).html"))
    }

    @Test func aCommitsPageHasTheStatementsThatDiffPrints() throws {
        let history = try TemporaryHistory.eventful()
        try history.write()
        let tip = try history.database.commit("main~1")
        let page = try #require(try history.pages()["commits/\(tip.hex).html"])
        for statement in try history.database.plan(from: "main~2", to: "main~1", parks: false)
            .statements
        {
            let escaped = statement.replacingOccurrences(of: "<", with: "&lt;")
                .replacingOccurrences(of: "\"", with: "&quot;")
            #expect(page.contains(escaped))
        }
        #expect(page.contains("RENAME COLUMN email TO mail"))
    }
}
