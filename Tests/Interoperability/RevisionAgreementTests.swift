import CinchGit
import CinchTestSupport
import Foundation
import Testing

/// We and `git rev-parse` agree on what a revision names, or that it names nothing.
struct RevisionAgreementTests {
    static let now: Int64 = 1_767_225_600

    static let revisions = [
        "HEAD", "@", "main", "heads/main", "refs/heads/main", "feature/side", "v1", "tags/v1",
        "refs/tags/v1", "light", "HEAD~0", "HEAD~", "HEAD~1", "HEAD~~", "HEAD~3^0", "HEAD^",
        "HEAD^1", "HEAD^2", "HEAD^2~1", "HEAD^^", "HEAD^3", "HEAD~99", "main^{tree}",
        "main^{commit}", "main^{}", "main^{object}", "main^{blob}", "v1^{}", "v1^{commit}",
        "v1^{tree}", "v1^{tag}", "v1^0", "v1~1", "v1^", "light^{tag}", "main:", "main:tables",
        "main:tables/", "main:tables/users.sql", "main:nothing", "main:tables/users.sql/x",
        "v1:tables/t1.sql", "main^{tree}:tables", "main@{0}", "main@{1}", "main@{2}", "main@{12}",
        "main@{13}", "main@{99}", "@{0}", "@{1}", "HEAD@{3}", "feature/side@{1}", "nothing",
        "HEAD@{1}^{tree}", "main@{1700000400}", "main@{2023-11-14 22:20:00 +0000}",
        "main@{2023-11-14T22:20:00Z}", "@{2023-11-14 23:21:30 +0100}", "main@{yesterday}",
        "main@{now}", "main@{2026-01-01}", "main@{1 day ago}", "HEAD~x", "main..", "^", "~", "",
        "HEAD^{nothing}", "main@{", "@{-1}", "HEAD@{u}",
    ]

    @Test(arguments: ObjectFormat.allCases)
    func revisionsMeanWhatTheyMeanToGit(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format)
        for packed in [false, true] {
            if packed { try sample.git("gc", "-q", "--aggressive", "--prune=now") }
            for revision in Self.revisions {
                let result = try sample.git.run(["rev-parse", "--verify", "-q", revision])
                let theirs =
                    result.status == 0
                    ? String(decoding: result.output, as: UTF8.self)
                        .trimmingCharacters(in: .newlines) : nil
                var ours: String?
                do {
                    ours = try sample.repository.resolve(revision, now: Self.now).hex
                } catch let error as GitError {
                    #expect(error.code != .corrupt && error.code != .io, "\(revision): \(error)")
                }
                #expect(ours == theirs, "\(revision), packed: \(packed)")
            }
        }
    }

    @Test func theBranchesBeforeAreThoseHeadWasSwitchedFrom() throws {
        let sample = try Sample.filled()
        let repository = sample.repository
        let side = try ReferenceName.branch("feature/side")
        try repository.update(
            ReferenceTransaction(
                [.setSymbolic(.head, to: side, expecting: nil)], signature: Sample.signature(),
                message: "checkout: moving from main to feature/side"))
        #expect(try sample.git("symbolic-ref", "HEAD") == side.path)
        for revision in ["@{-1}", "@{-1}~2", "@{-2}", "@", "@{0}", "HEAD@{1}"] {
            let result = try sample.git.run(["rev-parse", "--verify", "-q", revision])
            var ours = ""
            do {
                ours = try repository.resolve(revision, now: Self.now).hex + "\n"
            } catch let error as GitError {
                #expect(error.code == .notFound)
            }
            #expect(ours == String(decoding: result.output, as: UTF8.self), "\(revision)")
        }
    }

    @Test func abbreviationsAgreeAndAmbiguousOnesListTheCandidates() throws {
        let sample = try Sample(.sha1)
        for number in 0..<900 {
            try sample.repository.writeBlob(Array("blob \(number)".utf8))
        }
        try sample.commit(["a": "b"])
        for packed in [false, true] {
            if packed {
                let all = try sample.git(
                    "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
                try sample.git(
                    "pack-objects", "-q", "\(sample.repository.path)/objects/pack/pack",
                    input: Array("\(all)\n".utf8))
                try sample.git("prune-packed", "-q")
            }
            let ids = try sample.git.lines(
                "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
            #expect(ids.count == 904)
            let four = Dictionary(grouping: ids) { $0.prefix(4) }
            let shared = try #require(four.first { $0.value.count > 1 })
            let error = #expect(throws: GitError.self) {
                try sample.repository.resolve(String(shared.key), now: 0)
            }
            #expect(error?.code == .ambiguous)
            for id in shared.value { #expect(error?.message.contains(id.prefix(12)) == true) }
            for id in ids.prefix(40) {
                let short = try sample.repository.shortID(#require(ObjectID(hex: id)))
                #expect(try sample.git("rev-parse", "--short=7", id) == short)
                #expect(try sample.repository.resolve(short, now: 0).hex == id)
            }
        }
    }
}
