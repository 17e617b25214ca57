import Cinch
import Foundation
import Testing

private func context(_ environment: [String: String] = [:], in folder: String = "/") -> Context {
    Context(
        environment: environment, currentDirectory: folder,
        account: { .init(name: "Full Name", user: "login", host: "box") },
        now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 60) })
}

@Suite struct ProjectLayoutTests {
    @Test func theProjectIsFoundFromAnyFolderBelow() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("p/.cinch/databases")
        try folder.makeFolder("p/a/b/.cinch")
        try folder.makeFolder("elsewhere")
        let root = "\(folder.path)/p"
        #expect(try ProjectLayout.find(in: context(in: "\(root)/a/b")).root == root)
        #expect(try ProjectLayout.find(in: context(in: root)).root == root)
        #expect(try ProjectLayout.find(in: context(in: "/"), explicit: "\(root)/a").root == root)
        #expect(try ProjectLayout.find(in: context(in: folder.path), explicit: "p").root == root)
        let elsewhere = context(["CINCH_DIR": "../p"], in: "\(folder.path)/elsewhere")
        #expect(try ProjectLayout.find(in: elsewhere).root.hasSuffix("/elsewhere/../p"))
        #expect(try ProjectLayout.find(in: context(["CINCH_DIR": "\(root)/.cinch/"])).root == root)
        #expect(try ProjectLayout.find(in: context(["CINCH_DIR": ""], in: root)).root == root)
        for missing in [
            context(in: "\(folder.path)/elsewhere"), context(["CINCH_DIR": "\(root)/a"], in: root),
            context(in: "\(folder.path)/gone"),
        ] {
            #expect(failure { try ProjectLayout.find(in: missing) }?.code == .notFound)
        }
        try folder.makeFolder("q/.cinch")
        try folder.write("", to: "q/.cinch/config.toml")
        #expect(ProjectLayout.isProject("\(folder.path)/q"))
    }

    @Test func pathsAreThoseOfTheDesign() throws {
        let layout = ProjectLayout(root: "/srv/shop/")
        let database = layout.database(try StoredName("shop", kind: "database"))
        let acme = try StoredName("acme_corp", kind: "tenant")
        #expect(layout.configurationFile == "/srv/shop/.cinch/config.toml")
        #expect(database.repository == "/srv/shop/.cinch/databases/shop/schema.git")
        #expect(database.catalog == "/srv/shop/.cinch/databases/shop/catalog.db")
        #expect(database.cache == "/srv/shop/.cinch/databases/shop/cache")
        // printf acme_corp | sha256sum
        #expect(DatabaseLayout.shard(of: acme) == "cc")
        #expect(database.tenantFile(acme).hasSuffix("/shop/tenants/cc/acme_corp.db"))
        #expect(
            database.previewFile(acme, branch: "feature/x")
                .hasSuffix("/shop/previews/feature%2Fx/cc/acme_corp.db"))
        for branch in ["..", ".", "a/../../b", "%2F"] {
            let component = database.previewFolder(branch: branch).dropFirst(
                database.previews.count + 1)
            #expect(!component.contains("/") && !component.hasPrefix("."), "\(component)")
        }
        #expect(database.previewFolder(branch: "a/b") != database.previewFolder(branch: "a%2Fb"))
        #expect(ProjectLayout(root: "/").directory == "/.cinch")
    }

    @Test(arguments: ["a", "0", "acme_corp", "a.b-c", String(repeating: "x", count: 63)])
    func goodNamesAreTaken(_ name: String) throws {
        #expect(try StoredName(name, kind: "tenant").text == name)
    }

    @Test(arguments: [
        "", "A", "_a", ".a", "-a", "..", "a/b", "a b", "é", "a\n", "a\0", "../x",
        String(repeating: "x", count: 64),
        "a\u{301}",
    ])
    func badNamesAreErrors(_ name: String) {
        let error = failure { try StoredName(name, kind: "tenant") }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func aDatabaseIsNamedAfterItsFolder() {
        #expect(StoredName(databaseFor: "project_manager").text == "project_manager")
        #expect(StoredName(databaseFor: "My Shop (new)").text == "my_shop__new_")
        #expect(StoredName(databaseFor: "...").text == "main")
        #expect(StoredName(databaseFor: String(repeating: "X", count: 99)).text.count == 63)
    }
}

@Suite struct ProjectConfigurationTests {
    private let text = """
        # the shop
        active_database = "shop"   # the only one

        [materialize]
          policy = 'lazy' # later
        jobs=8

        [server]
        port = 8_080
        ratio = 1.5e3
        hosts = ["a", "b # no", [1, true],]
        "odd key" = "tab\\t\\u00e9"

        [database."a.b"]
        deploy_branch = "live"
        """ + "\n"

    @Test func valuesAreReadAndDefaultsFilledIn() throws {
        let configuration = try ProjectConfiguration(parsing: text)
        #expect(configuration.activeDatabase?.text == "shop")
        #expect(configuration.materializePolicy == .lazy)
        #expect(configuration.materializeJobs == 8)
        #expect(configuration.userName == nil)
        #expect(configuration.deployBranch(of: try StoredName("a.b", kind: "database")) == "live")
        #expect(configuration.deployBranch(of: try StoredName("shop", kind: "database")) == "main")
        #expect(configuration.text == text)
        let empty = ProjectConfiguration()
        #expect(empty.materializePolicy == .eager)
        #expect(empty.text.isEmpty)
    }

    @Test func aChangeLeavesEverythingElseAlone() throws {
        var configuration = try ProjectConfiguration(parsing: text)
        configuration.activeDatabase = try StoredName("other", kind: "database")
        configuration.materializePolicy = .manual
        configuration.materializeJobs = nil
        configuration.userName = "Ada \"L\" \\"
        configuration.userEmail = "ada@example.com"
        configuration.setDeployBranch("stable", of: try StoredName("a.b", kind: "database"))
        configuration.setDeployBranch("trunk", of: try StoredName("x.y", kind: "database"))
        let expected =
            text
            .replacing("\"shop\"", with: "\"other\"").replacing("'lazy'", with: "\"manual\"")
            .replacing("jobs=8\n", with: "").replacing("\"live\"", with: "\"stable\"")
            + "\n[user]\nname = \"Ada \\\"L\\\" \\\\\"\nemail = \"ada@example.com\"\n"
            + "\n[database.\"x.y\"]\ndeploy_branch = \"trunk\"\n"
        #expect(configuration.text == expected)
        let again = try ProjectConfiguration(parsing: configuration.text)
        #expect(again == configuration)
        #expect(again.userName == "Ada \"L\" \\")
        configuration.removeDatabase(try StoredName("x.y", kind: "database"))
        configuration.removeDatabase(try StoredName("other", kind: "database"))
        #expect(!configuration.text.contains("x.y"))
        #expect(configuration.activeDatabase == nil)
    }

    @Test func windowsLineEndsAndAMissingLastNewlineAreRead() throws {
        var configuration = try ProjectConfiguration(
            parsing: "active_database = \"a\"\r\n[user]\r\nname = \"x\"")
        #expect(configuration.userName == "x")
        configuration.userEmail = "y"
        #expect(
            configuration.text == "active_database = \"a\"\n[user]\nname = \"x\"\nemail = \"y\"\n")
    }

    @Test(arguments: [
        ("a", "line 1"), ("\na = ", "line 2"), ("a = b", "quotes"), ("a = \"b", "closing quote"),
        ("a = \"b\" c", "text after"), ("a = 1\na = 2", "line 2"), ("[a]\n[a]", "second time"),
        ("[a", "']'"),
        ("[[a]]", "arrays of tables"), ("a = {}", "inline"), ("a = \"\"\"x", "several lines"),
        ("a.b = 1", "dotted"),
        ("a = [1,", "end on its line"), ("a = 01", "no value"), ("a = 1979-05-27", "no value"),
        ("a = \"\\q\"", "escape"),
        ("active_database = 1", "active_database"), ("active_database = \"../x\"", "../x"),
        ("[materialize]\npolicy = \"eagre\"", "materialize.policy"),
        ("[materialize]\njobs = 0", "materialize.jobs"),
        ("[materialize]\njobs = \"8\"", "materialize.jobs"), ("[user]\nname = true", "user.name"),
        ("[database.x]\ndeploy_branch = 1", "deploy_branch"),
    ])
    func brokenFilesAreErrorsThatNameTheLine(_ text: String, _ words: String) throws {
        let error = try #require(failure { try ProjectConfiguration(parsing: text) })
        #expect(error.code == .invalid)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func theFileIsReplacedWholeAndLocked() throws {
        let folder = try TemporaryFolder()
        let file = ConfigurationFile(path: "\(folder.path)/config.toml", patience: 30)
        #expect(try file.read() == ProjectConfiguration())
        let jobs = try file.update { configuration in
            configuration.materializeJobs = 4
            return configuration.materializeJobs
        }
        #expect(jobs == 4)
        #expect(try folder.text(of: "config.toml") == "[materialize]\njobs = 4\n")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/config.toml.lock"))
        #expect(
            failure { try file.update { _ in throw CinchError(code: .failed, message: "no") } }?
                .message == "no")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/config.toml.lock"))
        try folder.write("", to: "config.toml.lock")
        #expect(failure { try file.update { $0.materializeJobs = 5 } }?.code == .busy)
        #expect(try folder.text(of: "config.toml") == "[materialize]\njobs = 4\n")
        #expect(try file.read().materializeJobs == 4)
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/config.toml.lock"))
        let nowhere = ConfigurationFile(path: "\(folder.path)/none/config.toml")
        #expect(failure { try nowhere.update { $0.materializeJobs = 5 } }?.code == .failed)
    }

    @Test func writersAtTheSameTimeLoseNothing() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/config.toml"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try ConfigurationFile(path: path).update { configuration in
                        let name = try StoredName("db\(number)", kind: "database")
                        configuration.setDeployBranch("b\(number)", of: name)
                    }
                }
            }
            try await group.waitForAll()
        }
        let configuration = try ConfigurationFile(path: path).read()
        for number in 0..<8 {
            let name = try StoredName("db\(number)", kind: "database")
            #expect(configuration.deployBranch(of: name) == "b\(number)")
        }
    }
}

@Suite struct ContextTests {
    @Test func theIdentityComesFromTheNearestSource() throws {
        var configuration = ProjectConfiguration()
        let fallback = try Identity(.author, in: context(), configuration: configuration)
        #expect(fallback == (try Identity(name: "Full Name", email: "login@box")))
        configuration.userName = "Config"
        configuration.userEmail = "config@x"
        #expect(
            try Identity(.author, in: context(["EMAIL": "e@x"]), configuration: configuration).email
                == "config@x")
        #expect(try Identity(.author, in: context(["EMAIL": "e@x"])).email == "e@x")
        let git = [
            "GIT_AUTHOR_NAME": "Git", "GIT_COMMITTER_NAME": "Committer", "GIT_AUTHOR_EMAIL": "",
        ]
        #expect(try Identity(.author, in: context(git), configuration: configuration).name == "Git")
        #expect(
            try Identity(.author, in: context(git), configuration: configuration).email
                == "config@x")
        #expect(try Identity(.committer, in: context(git)).name == "Committer")
        let cinch = git.merging(["CINCH_AUTHOR_NAME": "Cinch"]) { $1 }
        #expect(try Identity(.author, in: context(cinch)).name == "Cinch")
        #expect(
            try Identity(.committer, in: context(["CINCH_AUTHOR_NAME": "Cinch"])).name == "Cinch")
    }

    @Test func identitiesHoldNothingThatBreaksACommit() throws {
        let identity = try Identity(name: " .A <b>\n C;", email: "<a@b>")
        #expect(identity.name == "A b C")
        #expect(identity.email == "a@b")
        #expect(failure { try Identity(name: " <>.", email: "a") }?.code == .invalid)
    }

    @Test(arguments: [
        ("@1700000000 +0000", "1700000000 +0000"), ("1700000000 -0530", "1700000000 -0530"),
        ("@0", "0 +0000"), ("@-5 +0100", "-5 +0100"), ("1970-01-01", "0 +0000"),
        ("2023-11-14T22:13:20Z", "1700000000 +0000"),
        ("2023-11-15T00:13:20+02:00", "1700000000 +0200"),
        ("2023-11-14 22:13:20.999 +0000", "1700000000 +0000"),
        ("2024-02-29T00:00", "1709164800 +0000"),
        ("1969-12-31T23:59:59Z", "-1 +0000"), ("9999-12-31T23:59:60Z", "253402300799 +0000"),
        (" 0001-01-01 ", "-62135596800 +0000"),
    ])
    func datesAreRead(_ text: String, _ raw: String) throws {
        #expect("\(try Timestamp(parsing: text))" == raw)
    }

    @Test(arguments: [
        "", "now", "2023", "2023-13-01", "2023-02-29", "1900-02-29", "2023-01-01T24:00:00",
        "1700000000",
        "@1700000000 0000", "@x +0000", "2023-01-01T00:00:00+1", "2023-01-01T00:00:00Zx",
        "@99999999999999 +0000",
        "２０２３-01-01",
    ])
    func brokenDatesAreErrors(_ text: String) {
        #expect(failure { try Timestamp(parsing: text) }?.code == .invalid)
    }

    @Test func theDateCanBeFixedAndIsOtherwiseNow() throws {
        let fixed = context([
            "CINCH_DATE": "@5 +0000", "GIT_AUTHOR_DATE": "@6 +0000", "GIT_COMMITTER_DATE": "bad",
        ])
        #expect(try Timestamp(for: .author, in: fixed).seconds == 5)
        #expect(
            try Timestamp(for: .author, in: context(["GIT_AUTHOR_DATE": "@6 +0000"])).seconds == 6)
        #expect(try Timestamp(for: .committer, in: context()).description == "1700000000 +0100")
        #expect(
            failure { try Timestamp(for: .committer, in: context(["GIT_COMMITTER_DATE": "bad"])) }
                != nil)
    }

    @Test func thisProcessHasAContext() throws {
        let context = try Context.current()
        #expect(context.currentDirectory.hasPrefix("/"))
        #expect(!context.account().user.isEmpty)
        #expect(context.now().seconds > 1_700_000_000)
    }
}
