import CinchGit
import CinchTestSupport
import Foundation
import Testing

/// Every file of a repository flipped and cut at many places: an error or the right answer.
struct DamagedFileTests {
    /// Everything that can be read of a repository, by object name.
    private func objects(
        of path: String, _ ids: [ObjectID], expecting: [Object]
    ) throws -> (right: Int, refused: Int) {
        var count = (right: 0, refused: 0)
        let repository: GitRepository
        do {
            repository = try GitRepository.open(at: path)
        } catch is GitError {
            return (0, ids.count)
        }
        for (id, object) in zip(ids, expecting) {
            do {
                let found = try repository.read(id)
                #expect(found == object, "a wrong answer for \(id)")
                count.right += 1
                _ = try repository.readHeader(id)
            } catch let error as GitError {
                #expect([.corrupt, .notFound, .tooLarge, .unsupported].contains(error.code))
                count.refused += 1
            }
        }
        return count
    }

    private func damaged(_ bytes: [UInt8], steps: Int) -> [[UInt8]] {
        let stride = max(1, bytes.count / steps)
        return Swift.stride(from: 0, to: bytes.count, by: stride).flatMap { offset in
            var flipped = bytes
            flipped[offset] ^= 0x41
            var low = bytes
            low[offset] ^= 0x80
            return [flipped, low, Array(bytes[..<offset])]
        } + [bytes + [0], []]
    }

    @Test(arguments: ["loose", "pack", "idx"])
    func noObjectIsEverWrong(_ what: String) throws {
        let scratch = try Scratch()
        var ids: [ObjectID] = []
        var parent: [ObjectID] = []
        for number in 0..<6 {
            let text = (0..<20).map { "line \($0 == number ? "changed" : "\($0)")\n" }.joined()
            let commit = try scratch.commit(text, parents: parent)
            parent = [commit]
            let tree = try scratch.repository.readCommit(commit).tree
            ids += [commit, tree, try scratch.repository.readTree(tree).entries[0].id]
        }
        try scratch.update(.create(.head, parent[0]))
        let expected = try ids.map { try scratch.repository.read($0) }
        var file = "\(scratch.path)/objects/\(ids[2].hex.prefix(2))/\(ids[2].hex.dropFirst(2))"
        if what != "loose" {
            try GitRunner(scratch.path)("gc", "-q", "--aggressive", "--prune=now")
            let folder = "\(scratch.path)/objects/pack"
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: folder)
                    .first { $0.hasSuffix(".\(what)") })
            file = "\(folder)/\(name)"
        }
        let url = URL(fileURLWithPath: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let bytes = [UInt8](try Data(contentsOf: url))
        var refused = 0
        for variant in damaged(bytes, steps: 40) {
            try Data(variant).write(to: url)
            refused += try objects(of: scratch.path, ids, expecting: expected).refused
        }
        #expect(refused > 0)
        try Data(bytes).write(to: url)
        let restored = try objects(of: scratch.path, ids, expecting: expected)
        #expect(restored.right == ids.count)
    }

    @Test(arguments: ["packed-refs", "HEAD", "config", "refs/heads/main", "logs/refs/heads/main"])
    func noDamageToTheSmallFilesIsMoreThanAnError(_ name: String) throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let main = try branch("main")
        try scratch.update(.create(.head, first))
        try scratch.update(.create(try branch("other"), first))
        try scratch.put(
            "packed-refs",
            "# pack-refs with: peeled fully-peeled sorted \n"
                + "\(first) refs/heads/aaa\n\(first) refs/tags/t\n^\(first)\n")
        let url = URL(fileURLWithPath: "\(scratch.path)/\(name)")
        let bytes = [UInt8](try Data(contentsOf: url))
        for variant in damaged(bytes, steps: 100) {
            try Data(variant).write(to: url)
            do {
                let repository = try GitRepository.open(at: scratch.path)
                _ = try repository.listReferences()
                _ = try repository.currentBranch()
                _ = try repository.readReflog(main)
                _ = try repository.resolve("HEAD@{0}^{tree}", now: 0)
            } catch is GitError {
                continue
            }
        }
    }

    @Test func anEmptyReferenceIsBrokenAndSaysSo() throws {
        let scratch = try Scratch()
        try scratch.put("refs/heads/main", "")
        let error = #expect(throws: GitError.self) {
            try scratch.repository.findReference(try branch("main"))
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("refs/heads/main") == true)
    }

    @Test func aCircleOfReferencesIsAnError() throws {
        let scratch = try Scratch()
        try scratch.put("refs/heads/a", "ref: refs/heads/b\n")
        try scratch.put("refs/heads/b", "ref: refs/heads/a\n")
        let error = #expect(throws: GitError.self) {
            try scratch.repository.findTarget(try branch("a"))
        }
        #expect(error?.code == .corrupt)
    }

    @Test(arguments: [
        ("[core]\nrepositoryformatversion = 2\n", GitError.Code.unsupported),
        ("[core]\nrepositoryformatversion = 1\n[extensions]\nfuture = true\n", .unsupported),
        (
            "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n",
            .unsupported
        ),
        (
            "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n",
            .unsupported
        ),
        (
            "[core]\nrepositoryformatversion = 0\n[extensions]\nobjectFormat = sha256\n",
            .unsupported
        ),
        ("[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = md5\n", .unsupported),
        ("not a setting at all\n", .corrupt), ("[core\nx = y\n", .corrupt),
    ])
    func aRepositoryOfAnotherFormatIsRefused(_ text: String, _ expected: GitError.Code) throws {
        let scratch = try Scratch()
        try scratch.put("config", text)
        let error = #expect(throws: GitError.self) { try GitRepository.open(at: scratch.path) }
        #expect(error?.code == expected)
    }

    @Test func settingsAreReadAsGitReadsThem() throws {
        let scratch = try Scratch()
        try scratch.put(
            "config",
            "# comment\n[CORE] ; more\r\n\tRepositoryFormatVersion = \"1\" # one\n"
                + "bare\n[remote \"a ] b\"]\n\turl = a\\\n b\n[Extensions] objectFormat=SHA256\n")
        #expect(try GitRepository.open(at: scratch.path).format == .sha256)
        let none = #expect(throws: GitError.self) {
            try GitRepository.open(at: scratch.folder.path("none"))
        }
        #expect(none?.code == .notFound)
    }
}
