import CinchGit
import CinchRepository
import CinchSchema
import CinchTestSupport
import Foundation
import Testing

/// Schemas as git trees, and what git and sqlite3 make of them.
@Suite struct SchemaTreeTests {
    static let names: [Identifier] = [
        "users", "a/b", "%", "%2F", ".x", "..", ".", ".git", "it's", "a\"b", "new\nline", "tab\t",
        "größe", "日本", "-- x", "a\\b", "C:", "*?<>|", " lead", "trail ", "UPPER", "select", "git~1",
        Identifier(String(repeating: "n", count: 200)),
        Identifier(String(repeating: "é", count: 200)), "\u{301}mark", "",
    ]

    /// A table of every name, with an index, a view and a trigger of much the same.
    static func oddSchema() throws -> Schema {
        var schema = Schema()
        for (place, name) in names.enumerated() {
            schema.tables.insert(
                Table(name: name, columns: [Column(name: "id"), Column(name: name)]))
            guard place % 2 == 0 else { continue }
            schema.indexes.insert(
                Index(
                    name: Identifier("i/" + name.text), table: name,
                    terms: [IndexedColumn(.column("id"))]))
            let view = Identifier("v." + name.text)
            guard
                case .view(let parsed) = try Statement(
                    parsing: "CREATE VIEW \(view.quoted) AS SELECT id FROM \(name.quoted)"),
                case .trigger(let trigger) = try Statement(
                    parsing: "CREATE TRIGGER \(view.quoted) DELETE ON \(name.quoted) BEGIN "
                        + "DELETE FROM users; END")
            else { continue }
            schema.views.insert(parsed)
            schema.triggers.insert(trigger)
        }
        return schema
    }

    @Test(arguments: [ObjectFormat.sha256, .sha1])
    func anyNameComesBackAsItWas(_ format: ObjectFormat) throws {
        let sample = try SampleRepository(format)
        let schema = try Self.oddSchema()
        let commit = try sample.commit(schema)
        let read = try sample.reopened().schema(of: commit)
        #expect(read.withoutIDs == schema)
        #expect(read.ddl(ids: true) == (try sample.repository.schema(of: commit)).ddl(ids: true))
        #expect(read.tables.allSatisfy { $0.id != nil && $0.columns.allSatisfy { $0.id != nil } })
    }

    @Test(arguments: [ObjectFormat.sha256, .sha1])
    func gitFindsNothingToComplainAbout(_ format: ObjectFormat) throws {
        let sample = try SampleRepository(format)
        try sample.commit(try Self.oddSchema())
        let check = try sample.git.run(["fsck", "--strict", "--no-dangling"])
        #expect(check.status == 0 && check.output.isEmpty)
        #expect(String(decoding: check.error, as: UTF8.self) == "")
        #expect(try sample.git("show", "--stat", "--format=%s", "main").hasPrefix("Change"))
    }

    @Test func noTwoNamesShareAFile() {
        let files = Self.names.map(EntityFolder.fileName(of:))
        #expect(Set(files).count == files.count)
        for file in files {
            #expect(!file.contains("/") && file != "." && file != ".." && file.hasSuffix(".sql"))
            #expect(!file.hasPrefix(".") || file == ".sql")
        }
        #expect(EntityFolder.fileName(of: "a/b") == "a%2Fb.sql")
        #expect(EntityFolder.fileName(of: "größe") == "größe.sql")
    }

    /// What the shell writes: `git show main:tables/users.sql | sqlite3 :memory:`.
    @Test func aFileOfTheTreeIsOrdinarySQL() throws {
        let sample = try SampleRepository()
        try sample.commit(
            try Schema(
                "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL)",
                "CREATE VIEW emails AS SELECT email FROM users"))
        let shown = try sample.git("show", "main:tables/users.sql")
        #expect(shown.contains("    email TEXT NOT NULL -- id "))
        let script =
            "\(shown)\n\(try sample.git("show", "main:views/emails.sql"))\n"
            + "INSERT INTO users (email) VALUES ('a'); SELECT * FROM emails;"
        let input = sample.folder.path("script.sql")
        try script.write(toFile: input, atomically: true, encoding: .utf8)
        let output = sample.folder.path("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-bail", ":memory:"]
        process.standardInput = FileHandle(forReadingAtPath: input)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "a\n")
    }

    @Test func whatGitRepackedReadsTheSame() throws {
        let sample = try SampleRepository()
        var schema = try Self.oddSchema()
        var before: [(ObjectID, Schema)] = []
        for number in 0..<5 {
            schema = schema.adding(Identifier("c\(number)"), to: "users")
            let commit = try sample.commit(schema)
            schema = try sample.repository.schema(of: commit)
            before.append((commit, schema))
        }
        try sample.git("gc", "--aggressive", "--prune=now", "--quiet")
        #expect(try sample.looseObjects() == 0)
        let reopened = try sample.reopened()
        for (commit, schema) in before { #expect(try reopened.schema(of: commit) == schema) }
    }

    @Test func aCommitThatTouchesOneOfAThousandTablesWritesFourObjects() throws {
        let sample = try SampleRepository()
        var schema = Schema()
        schema.tables = NameSorted(
            (0..<1000).map { Table(name: Identifier("t\($0)"), columns: [Column(name: "a")]) })
        schema.indexes.insert(
            Index(name: "i", table: "t0", terms: [IndexedColumn(.column("a"))]))
        let first = try sample.commit(schema)
        for repository in [sample.repository, try sample.reopened()] {
            let before = try sample.looseObjects()
            let known = try repository.schema(of: first)
            let column = Identifier("b\(before)")
            let commit = try repository.write(
                known.adding(column, to: "t500"), parents: [first], message: "Add",
                signature: SampleRepository.signature)
            // A blob, the tree of tables, the root tree, and the commit.
            #expect(try sample.looseObjects() - before == 4)
            #expect(try sample.reopened().schema(of: commit).tables.count == 1000)
        }
    }

    @Test func aCommitOfTheSameSchemaSharesTheWholeTree() throws {
        let sample = try SampleRepository()
        let first = try sample.commit(try Self.oddSchema())
        let before = try sample.looseObjects()
        let second = try sample.commit(try sample.repository.schema(of: first), message: "Nothing")
        #expect(try sample.looseObjects() - before == 1)
        let git = sample.repository.git
        #expect(try git.readCommit(first).tree == git.readCommit(second).tree)
    }

    @Test func filesThatAreNoPartOfASchemaAreKept() throws {
        let sample = try SampleRepository()
        let git = sample.repository.git
        let first = try sample.commit(try Schema("CREATE TABLE users (id)"))
        var entries = try git.readTree(git.readCommit(first).tree).entries
        let readme = try git.writeBlob(Array("Hello\n".utf8))
        entries.append(TreeEntry(name: "README.md", mode: .file, id: readme))
        let tree = try git.writeTree(Tree(entries))
        let signature = SampleRepository.signature
        let second = try git.writeCommit(
            Commit(
                tree: tree, parents: [first], author: signature, committer: signature,
                message: "Readme\n"))
        let third = try sample.write(
            try sample.repository.schema(of: second).adding("b", to: "users"), parents: [second])
        #expect(try sample.git("show", "\(third.hex):README.md") == "Hello")
    }

    // MARK: What can't be read

    private func tree(_ sample: SampleRepository, _ path: String, _ bytes: [UInt8]) throws
        -> ObjectID
    {
        let git = sample.repository.git
        let parts = path.split(separator: "/").map(String.init)
        let file = TreeEntry(name: parts[1], mode: .file, id: try git.writeBlob(bytes))
        let folder = try git.writeTree(Tree([file]))
        return try git.writeTree(Tree([TreeEntry(name: parts[0], mode: .directory, id: folder)]))
    }

    static let broken: [(path: String, text: String)] = [
        ("tables/users.sql", "CREATE TABLE users ("), ("tables/users.sql", ""),
        ("tables/a%2Fb.sql", "<<<<<<< ours\nCREATE TABLE \"a/b\" (a);\n=======\n>>>>>>> theirs\n"),
        ("views/v.sql", "DROP TABLE users"), ("indexes/i.sql", "CREATE TABLE i (a)"),
        ("triggers/g.sql", "CREATE TRIGGER g"), ("tables/i.sql", "CREATE INDEX i ON t (a)"),
    ]

    @Test(arguments: broken.indices)
    func aFileThatIsNoSchemaIsNamed(_ row: Int) throws {
        let sample = try SampleRepository()
        let (path, text) = Self.broken[row]
        let tree = try tree(sample, path, Array(text.utf8))
        let error = #expect(throws: GitError.self) { try sample.repository.schema(ofTree: tree) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let sample = try SampleRepository()
        let bytes = Array("CREATE TABLE users (\"".utf8) + [0xFF, 0xC0] + Array("\")".utf8)
        let tree = try tree(sample, "tables/users.sql", bytes)
        let error = #expect(throws: GitError.self) { try sample.repository.schema(ofTree: tree) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("tables/users.sql") == true)
    }

    @Test func aMissingObjectIsNamed() throws {
        let sample = try SampleRepository()
        let commit = try sample.commit(try Schema("CREATE TABLE users (id)"))
        let blob = try sample.git("rev-parse", "main:tables/users.sql")
        try FileManager.default.removeItem(
            atPath: "\(sample.path)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
        let error = #expect(throws: GitError.self) { try sample.reopened().schema(of: commit) }
        #expect(error?.message.contains(blob.prefix(7)) == true, "\(error?.message ?? "")")
    }
}
