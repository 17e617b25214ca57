import CinchGit
import CinchTestSupport
import Testing

/// We and git accept the same names.
struct ReferenceNameAgreementTests {
    @Test func namesAreValidWhenGitCheckRefFormatSaysSo() throws {
        let git = try Sample().git
        let parts = [
            "a", "", ".", "..", ".a", "a.", "a..b", "a.b", "a.lock", "a.lockx", "@", "@{", "a@b",
            "a@{b", "a b", "a~", "^a", "a:b", "a?", "*", "[a", "a]", "a\\b", "a\tb", "a\u{7F}",
            "-a", "a-", "é", "💡", "HEAD", "{a}", "'a'", "\"", "a;b", "$(x)", "lock", ".lock",
        ]
        var accepted = 0
        for part in parts {
            for name in ["refs/heads/\(part)", "refs/\(part)/x", "refs/heads/a/\(part)/b"] {
                let theirs = try git.run(["check-ref-format", name]).status == 0
                var ours = true
                do {
                    _ = try ReferenceName(name)
                } catch let error as GitError {
                    #expect(error.code == .invalidName)
                    ours = false
                }
                #expect(ours == theirs, "'\(name)'")
                accepted += ours ? 1 : 0
            }
            let theirs = try git.run(["check-ref-format", "--branch", part]).status == 0
            let ours = (try? ReferenceName.branch(part)) != nil
            // '@{…}' is expanded there, and '@' stands for HEAD nowhere else than in revisions.
            #expect(ours == theirs, "branch '\(part)'")
        }
        #expect(accepted > 30)
    }

    @Test(arguments: ["config", "head", "objects/x", "../x", "refs", "/refs/heads/a", "HEAD/x", ""])
    func nothingOutsideRefsButCapitalsIsAReference(_ name: String) {
        #expect(throws: GitError.self) { try ReferenceName(name) }
    }

    @Test func treesHoldTheNamesThatFsckHoldsGood() throws {
        let sample = try Sample()
        let blob = try sample.repository.writeBlob([])
        let names = [
            "a", "..a", "a b", "é", ".gitx", "x.git", "git", ".git~1", "...", " ", "a\\b", "a:b",
            "", ".", "..", ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git...",
            ".git::$INDEX", ".g\u{200C}it", ".\u{FEFF}git", "a\\.git", "a/b", "a\\git~1\\b",
        ]
        for name in names {
            var body = Array("100644 \(name)\0".utf8) + blob.bytes
            let id = try sample.git(
                "hash-object", "-t", "tree", "--literally", "-w", "--stdin", input: body)
            let check = try sample.git.run(["fsck", "--strict", "--no-dangling", "--no-reflogs"])
            let isGood =
                check.status == 0 && !String(decoding: check.error, as: UTF8.self).contains(id)
            body = []
            do {
                let ours = try sample.repository.writeTree(
                    Tree([TreeEntry(name: name, mode: .file, id: blob)]))
                #expect(isGood, "'\(name)'")
                #expect(ours.hex == id)
            } catch let error as GitError {
                #expect(error.code == .invalidName)
                #expect(!isGood, "'\(name)'")
            }
            // The next name is judged alone.
            try sample.git("prune", "--expire=now")
            try sample.repository.writeBlob([])
        }
    }
}
