import CinchGit
import CinchTestSupport
import Foundation
import Testing

/// git reads what we write as we meant it.
struct WrittenRepositoryTests {
    @Test(arguments: ObjectFormat.allCases)
    func aNewRepositoryIsLaidOutAsGitInitDoes(_ format: ObjectFormat) throws {
        let sample = try Sample(format)
        let theirs = GitRunner(sample.folder.path("theirs.git"))
        try theirs("init", "-q", "--bare", "-b", "main", "--object-format=\(format)")
        func listing(_ path: String) -> [String] {
            (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
                .filter { !$0.hasSuffix(".sample") }.sorted()
        }
        #expect(listing(sample.repository.path) == listing(theirs.directory))
        for key in ["core.repositoryformatversion", "core.bare", "core.filemode"] {
            #expect(try sample.git("config", key) == theirs("config", key))
        }
        #expect(try sample.git("rev-parse", "--show-object-format") == format.rawValue)
        #expect(try sample.git("symbolic-ref", "HEAD") == "refs/heads/main")
        #expect(try sample.git("fsck", "--strict").isEmpty)
    }

    @Test(arguments: ObjectFormat.allCases)
    func fsckIsSilentAndLogShowAndReferencesAgree(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format)
        let check = try sample.git.run(["fsck", "--strict", "--full", "--no-dangling"])
        #expect(check.status == 0)
        #expect(check.output.isEmpty && check.error.isEmpty)
        let theirs = try sample.git.lines(
            "for-each-ref", "--format=%(refname) %(objectname)")
        let ours = try sample.repository.listReferences().map { "\($0.name) \($0.id)" }
        #expect(ours == theirs)
        #expect(
            try sample.git("log", "-1", "--format=%an <%ae> %ad|%s", "--date=raw", "main~2")
                == "Ada <ada@example.org> 1700000660 +0100|step 11")
        #expect(try sample.git("show", "main:tables/users.sql").hasPrefix("CREATE TABLE users"))
        let reflog = try sample.git.lines("reflog", "show", "--format=%H %gs", "main")
        let entries = try #require(
            try sample.repository.readReflog(ReferenceName.branch("main")))
        #expect(reflog == entries.map { "\($0.new) \($0.message)" })
        let head = try sample.git.lines("reflog", "show", "--format=%H %gs", "HEAD")
        #expect(head == reflog)
    }

    @Test(arguments: ObjectFormat.allCases)
    func everyObjectReadsTheSameBeforeAndAfterRepacking(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format, commits: 40)
        let repository = sample.repository
        let ids = try sample.git.lines("rev-list", "--objects", "--all", "--no-object-names")
            .map { try #require(ObjectID(hex: $0)) }
        #expect(ids.count > 100)
        let before = try ids.map { try repository.read($0) }
        for (id, object) in zip(ids, before).prefix(25) {
            let kind = object.kind.rawValue
            #expect(try sample.git.bytes(["cat-file", kind, id.hex]) == object.body)
        }
        // Several packs, references packed, then one pack with long delta chains; the handle
        // that was open all along must see through it.
        try sample.git("repack", "-q", "-d")
        try sample.commit(["late": "x"], message: "late")
        try sample.git("repack", "-q", "-d")
        try sample.git("pack-refs", "--all")
        for reader in [repository, try sample.reopened()] {
            #expect(try ids.map { try reader.read($0) } == before)
        }
        try sample.git("config", "repack.useDeltaBaseOffset", "false")
        // With a window this small git must build deltas on deltas.
        try sample.git("config", "gc.aggressiveWindow", "2")
        for _ in 0..<2 {
            try sample.git("gc", "-q", "--aggressive", "--prune=now")
            let pack = try #require(
                FileManager.default.contentsOfDirectory(
                    atPath: "\(repository.path)/objects/pack"
                ).first { $0.hasSuffix(".idx") })
            let chains = try sample.git(
                "verify-pack", "-v", "\(repository.path)/objects/pack/\(pack)")
            #expect(chains.split(separator: "\n").contains { $0.hasPrefix("chain length = 5") })
            for reader in [repository, try sample.reopened()] {
                #expect(try ids.map { try reader.read($0) } == before)
                #expect(
                    try ids.map { try reader.readHeader($0) }
                        == before.map { ObjectHeader(kind: $0.kind, size: $0.body.count) })
                let references = try reader.listReferences().map { "\($0.name) \($0.id)" }
                #expect(
                    try sample.git.lines("for-each-ref", "--format=%(refname) %(objectname)")
                        == references)
            }
            // And once more with offset deltas.
            try sample.git("config", "repack.useDeltaBaseOffset", "true")
            try sample.commit(["later": "y"], message: "later")
        }
    }

    @Test func aSharedCloneReadsWhatItBorrows() throws {
        let sample = try Sample.filled()
        let clone = GitRunner(sample.folder.path("clone.git"))
        try GitRunner(sample.folder.path("unused"))(
            "clone", "-q", "--bare", "--shared", sample.repository.path, clone.directory)
        let repository = try GitRepository.open(at: clone.directory)
        let tip = try sample.repository.resolve("main", now: 0)
        #expect(try repository.readCommit(tip) == sample.repository.readCommit(tip))
    }

    @Test(arguments: ObjectFormat.allCases)
    func decodingAndEncodingIsTheIdentity(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format)
        try sample.git("notes", "add", "-m", "a note", "main")
        for line in try sample.git.lines("cat-file", "--batch-all-objects", "--batch-check") {
            let parts = line.split(separator: " ")
            let id = try #require(ObjectID(hex: parts[0]))
            let object = try sample.repository.read(id)
            switch object.kind {
            case .blob: break
            case .tree: #expect(try sample.repository.readTree(id).encoded() == object.body)
            case .commit: #expect(try sample.repository.readCommit(id).encoded() == object.body)
            case .tag: #expect(try sample.repository.readTag(id).encoded() == object.body)
            }
        }
    }
}
