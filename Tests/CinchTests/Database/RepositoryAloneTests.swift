import Cinch
import CinchGit
import CinchSchema
import CinchTestSupport
import Foundation
import Testing

/// A bare repository without a project: what `git clone --bare` makes, or a copy of `schema.git`.
@Suite struct RepositoryAloneTests {
    private func context(_ folder: String, _ environment: [String: String] = [:]) -> Context {
        Context(
            environment: environment, currentDirectory: folder,
            account: { .init(name: "Ada", user: "ada", host: "example.org") },
            now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 0) })
    }

    private let schema = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"

    @Test func aCloneAnswersForItsHistoryAndHasNoTenants() throws {
        let project = try TemporaryProject(schema)
        let folder = try TemporaryDirectory()
        let clone = folder.path("clone.git")
        try GitRunner(clone)("clone", "-q", "--bare", project.database.layout.repository, clone)
        let found = try CinchDatabase.find(in: context(clone))
        #expect(found.isRepositoryAlone)
        #expect(try found.schema(at: "main") == project.database.schema(at: "main"))
        #expect(try found.log("HEAD", limit: nil, topological: false).count == 2)
        #expect {
            try found.tenants()
        } throws: { ($0 as? CinchError)?.code == .notFound }
        // A branch moves there without anybody to bring along.
        #expect(try found.run(ddl: "CREATE TABLE pets(id);")?.rollout == nil)
    }

    @Test func theRepositoryOfAProjectStandsForItsDatabase() throws {
        let project = try TemporaryProject(schema, tenants: ["acme"])
        let repository = project.database.layout.repository
        for found in [
            try CinchDatabase.find(in: context(repository)),
            try CinchDatabase.find(in: context("/"), explicit: repository),
            try CinchDatabase.find(in: context("/", ["CINCH_DIR": repository])),
        ] {
            #expect(!found.isRepositoryAlone)
            #expect(found.layout == project.database.layout)
        }
    }

    @Test func whatGitKeepsInQuarantineIsSeen() throws {
        let project = try TemporaryProject(schema)
        let folder = try TemporaryDirectory()
        let server = folder.path("server.git")
        let git = GitRunner(server)
        try git("clone", "-q", "--bare", project.database.layout.repository, server)
        try project.run("CREATE TABLE pets(id);")
        // As a hook would, it asks for what was pushed and is not taken in yet.
        let said = folder.path("said")
        let hook = "\(server)/hooks/pre-receive"
        try "#!/bin/sh\nprintf %s \"$GIT_QUARANTINE_PATH\" >'\(said)'\ncp -r . '\(said).git'\n"
            .write(toFile: hook, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        try GitRunner(project.database.layout.repository)("push", "-q", server, "main")
        let quarantine = try String(contentsOfFile: said, encoding: .utf8)
            .replacingOccurrences(of: server, with: "\(said).git")
        let tip = try project.database.commit("main").hex
        let without = try CinchDatabase.find(in: context("\(said).git"))
        #expect {
            try without.schema(at: tip)
        } throws: { CinchError(translating: $0).code == .notFound }
        let found = try CinchDatabase.find(
            in: context("\(said).git", ["GIT_QUARANTINE_PATH": quarantine]))
        #expect(try found.schema(at: tip).tables["pets"] != nil)
    }
}
