import Cinch
import CinchGit
import CinchMaterializer
import CinchRepository
import CinchSQLite
import CinchSchema
import CinchTestSupport
import Foundation
import Testing

/// What `gc` keeps for the fleet, and what `fsck` finds.
@Suite struct MaintenanceTests {
    private let schema = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

    /// Takes a commit from the branch and from everything that remembers it, but not from tenants.
    private func forget(_ project: TemporaryProject, keeping revision: String) throws -> GitRunner {
        let repository = project.database.layout.repository
        let git = GitRunner(repository)
        try git("update-ref", "--no-deref", "refs/heads/main", revision)
        for name in ["logs", "cinch", "ORIG_HEAD"] {
            try? FileManager.default.removeItem(atPath: "\(repository)/\(name)")
        }
        return git
    }

    private func messages(_ report: DatabaseIntegrity) -> [String] {
        report.findings.map { "\($0.subject): \($0.message)" }
    }

    /// Commits a tree of files as nothing of ours would.
    private func commit(
        _ files: [String: [String: String]], in project: TemporaryProject
    ) throws -> ObjectID {
        let git = project.database.git
        let folders = try files.map { folder, files in
            let entries = try files.map { name, text in
                TreeEntry(name: name, mode: .file, id: try git.writeBlob(Array(text.utf8)))
            }
            return TreeEntry(
                name: folder, mode: .directory, id: try git.writeTree(Tree(entries)))
        }
        let signature = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)
        let commit = try git.writeCommit(
            Commit(
                tree: try git.writeTree(Tree(folders)), parents: [], author: signature,
                committer: signature, message: "odd\n"))
        try git.update(
            ReferenceTransaction(
                [.create(try .branch("odd"), commit)], signature: signature, message: "odd"))
        return commit
    }

    @Test func aTenantsCommitOutlivesItsBranch() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        let start = try project.database.commit("main")
        try project.run("CREATE TABLE pets(id);")
        let tip = try project.database.commit("main")
        let git = try forget(project, keeping: start.hex)
        let database = try project.reopened()
        let report = try database.collectGarbage(prune: "now")
        #expect(report.pack != nil)
        #expect(try database.schema(of: tip).tables["pets"] != nil)
        #expect(try git.run(["fsck", "--strict", "--no-dangling"]).status == 0)
        #expect(try database.checkIntegrity().findings.isEmpty)
    }

    @Test func aTenantsCommitOutlivesTheCatalog() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        let start = try project.database.commit("main")
        try project.run("CREATE TABLE pets(id);")
        let tip = try project.database.commit("main")
        _ = try forget(project, keeping: start.hex)
        let folder = project.database.layout.directory
        for name in ["catalog.db", "catalog.db-wal", "catalog.db-shm"] {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        let database = try project.reopened()
        #expect(try database.collectGarbage(prune: "now").keptBecause == nil)
        #expect(try database.schema(of: tip).tables["pets"] != nil)
    }

    @Test func whatNobodyNamesGoes() throws {
        let project = try TemporaryProject(schema)
        let git = project.database.git
        let blob = try git.writeBlob(Array("nobody's".utf8))
        _ = try project.database.collectGarbage()
        #expect(try git.contains(blob))
        #expect(try project.database.collectGarbage(prune: "never").pruned == 0)
        #expect(try project.database.collectGarbage(prune: "now").pruned == 1)
        #expect(try !GitRepository.open(at: git.path).contains(blob))
        let error = #expect(throws: GitError.self) {
            try project.database.collectGarbage(prune: "when it rains")
        }
        #expect(error?.code == .invalidName)
    }

    @Test func nothingGoesWhileAStampCantBeRead() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        let blob = try project.database.git.writeBlob(Array("nobody's".utf8))
        let path = try project.path("acme")
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: path))
        let database = try project.reopened()
        let report = try database.collectGarbage(prune: "now")
        #expect(report.keptBecause?.contains("acme") == true)
        #expect(try database.git.contains(blob))
        #expect(
            messages(try database.checkIntegrity()).contains { $0.hasPrefix("tenant 'acme': ") })
    }

    @Test func anUnfinishedMergeCanGoOnAfterwards() throws {
        let project = try TemporaryProject(schema)
        try project.diverge(
            ours: "ALTER TABLE users ADD COLUMN age INTEGER",
            theirs: "ALTER TABLE users ADD COLUMN age TEXT")
        _ = try? project.database.merge("feature")
        let unfinished = try #require(try project.database.unfinishedMerge())
        let git = GitRunner(project.database.layout.repository)
        try git("update-ref", "-d", "refs/heads/feature")
        try? FileManager.default.removeItem(
            atPath: "\(project.database.layout.repository)/logs")
        let database = try project.reopened()
        _ = try database.collectGarbage(prune: "now")
        #expect(try database.schema(of: unfinished.theirs).tables["users"] != nil)
    }

    @Test func aSoundProjectHasNoFindings() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        try project.run("CREATE VIEW names AS SELECT name FROM users;")
        try project.run("CREATE INDEX by_name ON users(name);")
        let report = try project.database.checkIntegrity(findsDangling: true)
        #expect(messages(report) == [])
        #expect(report.schemas == 4)
        #expect(report.files == 2)
        #expect(report.dangling.isEmpty)
    }

    @Test func everyDamageIsToldInOnePass() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        let repository = project.database.layout.repository
        func path(_ id: ObjectID) -> String {
            "\(repository)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
        }
        let git = project.database.git
        let damaged = try git.writeBlob(Array("damaged".utf8))
        try FileManager.default.removeItem(atPath: path(damaged))
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path(damaged)))
        let missing = try git.resolve("main:tables/users.sql", now: 0)
        try FileManager.default.removeItem(atPath: path(missing))
        let nothing = String(repeating: "ab", count: 32)
        try "\(nothing)\n".write(
            toFile: "\(repository)/refs/heads/lost", atomically: true, encoding: .utf8)
        try "rubbish\n".write(
            toFile: "\(repository)/refs/heads/rubbish", atomically: true, encoding: .utf8)
        try project.execute(
            "UPDATE _cinch_stamp SET commit_id = '\(nothing)'", on: "acme")
        let found = messages(try project.reopened().checkIntegrity())
        #expect(found.contains { $0.hasPrefix("object \(damaged): ") })
        #expect(found.contains { $0.hasPrefix("object \(missing): ") })
        #expect(found.contains { $0.hasPrefix("refs/heads/lost: it names \(nothing)") })
        #expect(found.contains { $0.contains("'refs/heads/rubbish'") })
        #expect(found.contains { $0.hasPrefix("tenant 'acme': it is at '\(nothing)'") })
        #expect(found.count == 5, "\(found)")
    }

    @Test func treesThatAreNoSchemasAreTold() throws {
        let project = try TemporaryProject()
        let commit = try commit(
            [
                "tables": [
                    "a.sql":
                        "CREATE TABLE a ( -- id 00000001\n  x, -- id 00000002\n  y -- id 00000002\n);\n",
                    "b.sql": "CREATE TABLE b ( -- id 00000001\n  x\n);\n",
                    "c.sql": "CREATE TABLE other (\n  x\n);\n",
                    "d.sql": "this is no SQL\n",
                    "e.sql": "CREATE VIEW e AS SELECT 1;\n",
                ],
                "views": ["A.sql": "CREATE VIEW A AS SELECT 1;\n"],
            ], in: project)
        let found = messages(try project.database.checkIntegrity())
        let subject = "commit \(commit): "
        for wanted in [
            "'tables/c.sql' is of 'other'", "'tables/e.sql' is not what its folder is for",
            "'tables/b.sql' and 'tables/a.sql' have one id, 00000001",
            "'tables/a.sql': 'y' and 'x' have one id, 00000002",
            "'views/A.sql' and 'tables/a.sql' have one name",
        ] {
            #expect(found.contains(subject + wanted), "\(wanted): \(found)")
        }
        #expect(found.contains { $0.hasPrefix("\(subject)'tables/d.sql' is no schema: ") })
        #expect(found.count == 6, "\(found)")
    }

    @Test func aReadOnlyCopyIsChecked() throws {
        let project = try TemporaryProject(schema)
        let folder = try TemporaryDirectory()
        let copy = folder.path("copy.git")
        try FileManager.default.copyItem(
            atPath: project.database.layout.repository, toPath: copy)
        let context = Context(
            environment: [:], currentDirectory: copy,
            account: { .init(name: "Ada", user: "ada", host: "example.org") },
            now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 0) })
        let before = try FileManager.default.subpathsOfDirectory(atPath: copy)
        let found = try CinchDatabase.find(in: context)
        let report = try found.checkIntegrity(findsDangling: true)
        #expect(messages(report) == [])
        #expect(report.files == 0)
        #expect(try found.countObjects().loose > 0)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: copy) == before)
    }
}
