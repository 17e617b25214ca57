import Cinch
import CinchGit
import CinchSchema
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

@Suite struct BranchTests {
    @Test(arguments: [(1, 0), (40, 12)])
    func creatingOneWritesOneReferenceAndOneLine(_ tables: Int, _ tenants: Int) throws {
        let project = try TemporaryProject(
            (0..<tables).map { "CREATE TABLE t\($0)(id INTEGER PRIMARY KEY);" }.joined(),
            tenants: (0..<tenants).map { "tenant\($0)" })
        let (files, before) = (try project.files(), try project.state())
        let tip = try project.database.createBranch("feature/one")
        #expect(
            Set(try project.files()).symmetricDifference(files) == [
                "schema.git/refs/heads/feature/one", "schema.git/logs/refs/heads/feature/one",
            ])
        #expect(try project.changed(since: before).count == 2)
        #expect(try project.lines("refs/heads/feature/one") == [tip.hex])
        let log = try project.lines("logs/refs/heads/feature/one")
        #expect(log.count == 1)
        #expect(log.first?.hasSuffix("\tbranch: Created from HEAD") == true)
        #expect(try project.database.currentBranch().shortName == "main")
    }

    @Test func aBranchStartsWhereItIsTold() throws {
        let project = try TemporaryProject(users)
        let start = try project.database.commit("main~1")
        #expect(try project.database.createBranch("old", from: "main~1") == start)
        #expect(try project.database.schema(at: "old").isEmpty)
        #expect(
            try project.database.reflog("old").map(\.message) == ["branch: Created from main~1"])
        let names = try project.database.branches().map(\.name)
        #expect(names == ["main", "old"])
    }

    @Test func whatCannotBeABranchIsRefused() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        let cases: [(String, String, CinchError.Code)] = [
            ("feature", "HEAD", .exists), ("new", "nowhere", .notFound),
            ("new", "main~9", .notFound), ("", "HEAD", .invalid), ("a..b", "HEAD", .invalid),
            ("-x", "HEAD", .invalid), ("HEAD", "HEAD", .invalid), ("a b", "HEAD", .invalid),
            ("x.lock", "HEAD", .invalid), ("../../x", "HEAD", .invalid),
            ("a\nb", "HEAD", .invalid),
        ]
        for (name, revision, code) in cases {
            let error = try project.refused {
                try project.database.createBranch(name, from: revision)
            }
            #expect(error?.code == code, "\(name) from \(revision): \(String(describing: error))")
        }
        let nested = try project.refused { try project.database.createBranch("feature/x") }
        #expect(nested?.message.contains("feature") == true)
    }

    @Test func switchingMovesHeadAlone() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        let before = try project.state()
        try project.database.switchBranch("feature")
        #expect(try project.database.currentBranch().shortName == "feature")
        #expect(
            try project.changed(since: before) == ["schema.git/HEAD", "schema.git/logs/HEAD"])
        #expect(try project.lines("HEAD") == ["ref: refs/heads/feature"])
        #expect(
            try project.database.reflog("HEAD").first?.message
                == "checkout: moving from main to feature")
        let again = try project.state()
        try project.database.switchBranch("feature")
        #expect(try project.changed(since: again) == [])
        #expect(
            try project.refused { try project.database.switchBranch("gone") }?.code == .notFound)
    }

    @Test func aCommitOnABranchLeavesMainAndTenantsAlone() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature")
        try project.database.switchBranch("feature")
        let before = try project.state()
        let publication = try project.run("ALTER TABLE users ADD COLUMN age INT", on: "feature")
        #expect(publication.rollout == nil)
        #expect(publication.branch == "feature")
        #expect(
            try project.changed(since: before) == [
                "schema.git/logs/HEAD", "schema.git/logs/refs/heads/feature",
                "schema.git/refs/heads/feature",
            ])
        let changes = try project.database.changes(of: "feature", since: "main").changes
        #expect(changes.map(\.summary) == ["add column users.age INT"])
        #expect(try project.database.changes(of: "main", since: "feature").isEmpty)
    }

    // MARK: Deleting

    @Test func whatIsNeededIsNotDeleted() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        try project.run("CREATE TABLE a(x)", on: "feature")
        for (name, force, code) in [
            ("main", true, CinchError.Code.refused), ("feature", true, .refused),
            ("gone", true, .notFound),
        ] {
            let error = try project.refused {
                try project.database.deleteBranch(name, force: force)
            }
            #expect(error?.code == code, "\(name)")
        }
        try project.database.switchBranch("main")
        let error = try project.refused {
            try project.database.deleteBranch("feature", force: false)
        }
        #expect(error?.code == .refused)
        #expect(error?.hint?.contains("--force") == true)
        try project.database.deleteBranch("feature", force: true)
        #expect(try project.database.branches().map(\.name) == ["main"])
    }

    @Test func aMergedBranchGoesWithItsPreviews() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("feature/x")
        _ = try project.database.open(tenant: "acme", branch: "feature/x")
        #expect(try project.files().contains { $0.hasPrefix("previews/feature%2Fx/") })
        try project.database.deleteBranch("feature/x", force: false)
        #expect(try !project.files().contains { $0.hasPrefix("previews/feature%2Fx/") })
        #expect(try project.files().filter { $0.contains("heads/feature") }.isEmpty)
        _ = try project.database.createBranch("feature")
    }

    // MARK: Renaming

    @Test func aRenamedBranchKeepsItsLogAndHeadFollows() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("feature")
        let tip = try project.run("CREATE TABLE a(x)", on: "feature").commit
        try project.database.renameBranch("feature", to: "topic")
        #expect(try project.database.branches().map(\.name) == ["main", "topic"])
        #expect(try project.database.commit("topic") == tip)
        #expect(try project.database.currentBranch().shortName == "topic")
        let log = try project.database.reflog("topic").map(\.message)
        #expect(log.count == 3)
        #expect(log.contains("commit: Create table a"))
        #expect(log.last == "branch: Created from HEAD")
    }

    @Test func renamesThatCannotBeAreRefused() throws {
        let project = try TemporaryProject(users)
        _ = try project.database.createBranch("a")
        _ = try project.database.createBranch("b")
        for (old, new, code) in [
            ("main", "trunk", CinchError.Code.refused), ("a", "b", .exists), ("a", "main", .exists),
            ("a", "a", .exists), ("gone", "c", .notFound), ("a", "x..y", .invalid),
        ] {
            let error = try project.refused { try project.database.renameBranch(old, to: new) }
            #expect(error?.code == code, "\(old) to \(new): \(String(describing: error))")
        }
    }

    @Test func theDeployBranchIsTheConfiguredOne() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        _ = try project.database.createBranch("live")
        let shop = project.database.name
        let database = try project.reopened { $0.setDeployBranch("live", of: shop) }
        _ = try database.run(ddl: "CREATE TABLE a(x)")
        try project.expect(["acme", "main"], at: "live")
        let error = try project.refused { try database.deleteBranch("live", force: true) }
        #expect(error?.code == .refused)
        _ = try database.merge("main", into: "live")
        try project.expect(["acme", "main"], at: "live")
        try database.switchBranch("live")
        try database.deleteBranch("main", force: false)
    }
}

@Suite struct HistoryTests {
    @Test func rangesAreReadAsGitReadsThem() {
        func range(_ text: String) -> [String]? {
            CinchDatabase.range(text).map { [$0.from, $0.to, "\($0.isSymmetric)"] }
        }
        #expect(range("a..b") == ["a", "b", "false"])
        #expect(range("a...b") == ["a", "b", "true"])
        #expect(range("..b") == ["HEAD", "b", "false"])
        #expect(range("a..") == ["a", "HEAD", "false"])
        #expect(range("main~1") == nil)
    }

    @Test func aLogIsLimitedAndRangesLeaveOutWhatTheOtherSideHas() throws {
        let project = try TemporaryProject("CREATE TABLE a(x)")
        try project.diverge(ours: "CREATE TABLE ours(x)", theirs: "CREATE TABLE theirs(x)")
        #expect(try project.subjects("main..feature") == ["Create table theirs"])
        #expect(
            try project.subjects("main...feature").sorted() == [
                "Create table ours", "Create table theirs",
            ])
        let limited = try project.database.log("HEAD", limit: 1, topological: false)
        #expect(limited.count == 1)
        let entry = try #require(limited.first)
        #expect(
            try project.database.changes(in: entry).changes.map(\.summary) == ["create table ours"])
        #expect(failure { try project.database.reflog("gone") }?.code == .notFound)
    }

    @Test func tagsNameCommitsAndAreWrittenOnce() throws {
        let project = try TemporaryProject("CREATE TABLE a(x)")
        let tip = try project.database.commit("main")
        #expect(try project.database.createTag("v1", at: "main", message: nil) == tip)
        #expect(try project.database.createTag("v2", at: "HEAD", message: "Second") == tip)
        #expect(try project.database.tags().map(\.name) == ["v1", "v2"])
        #expect(try project.database.tags().map(\.commit) == [tip, tip])
        #expect(
            try project.database.decorations()[tip] == ["HEAD -> main", "tag: v1", "tag: v2"])
        #expect(try project.database.object("v2").object.kind == .tag)
        for (name, revision, code) in [
            ("v1", "main", CinchError.Code.exists), ("v 3", "main", .invalid),
            ("v3", "gone", .notFound),
        ] {
            let error = try project.refused {
                try project.database.createTag(name, at: revision, message: "x")
            }
            #expect(error?.code == code, "\(name)")
        }
        try project.database.deleteTag("v1")
        #expect(try project.refused { try project.database.deleteTag("v1") }?.code == .notFound)
        #expect(try project.database.tags().map(\.name) == ["v2"])
    }
}
