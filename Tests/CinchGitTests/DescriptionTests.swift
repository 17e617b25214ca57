import CinchGit
import CinchTestSupport
import Testing

@Suite struct DescriptionTests {
    @Test func itIsWhatGitSays() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("r.git")
        let repository = try GitRepository.create(at: path, format: .sha1)
        var git = GitRunner(path)
        let tree = try git("mktree")
        var commits: [String] = []
        func commit(_ parents: String...) throws -> String {
            git.environment["GIT_COMMITTER_DATE"] = "\(1_700_000_000 + commits.count * 60) +0000"
            let flags = parents.flatMap { ["-p", $0] }
            let output = try git.bytes(
                ["commit-tree", tree] + flags + ["-m", "c\(commits.count)"])
            commits.append(String(decoding: output.dropLast(), as: UTF8.self))
            return commits[commits.count - 1]
        }
        let a = try commit()
        let b = try commit(a)
        let side = try commit(a)
        let c = try commit(b)
        let merge = try commit(c, side)
        let tip = try commit(merge)
        try git("tag", "-m", "x", "v1", a)
        try git("tag", "-m", "x", "side", side)
        try git("tag", "light", c)
        try git("tag", "also", a)
        for id in [a, b, side, c, merge, tip] {
            let object = try #require(ObjectID(hex: id))
            for all in [false, true] {
                let found = try repository.describe(object, all: all).map { found in
                    found.distance == 0
                        ? found.tag : "\(found.tag)-\(found.distance)-g\(object.abbreviated())"
                }
                #expect(
                    try git.bytes(["describe", "--abbrev=7"] + (all ? ["--tags"] : []) + [id])
                        == Array("\(found ?? "")\n".utf8), "\(id) \(all)")
            }
        }
        #expect(
            try GitRepository.create(at: folder.path("e.git")).describe(
                ObjectID.zero(.sha256), all: true) == nil)
    }
}
