import CinchGit
import CinchTestSupport
import Foundation
import Synchronization
import Testing

/// We and git, in different processes, at one repository.
struct ProcessRaceTests {
    private func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                do { try body(number) } catch { Issue.record(error) }
                group.leave()
            }
        }
        group.wait()
    }

    @Test func ofOurProcessAndGitsExactlyOneMovesTheBranch() throws {
        let sample = try Sample()
        let git = sample.git
        let repository = sample.repository
        let main = try ReferenceName.branch("main")
        var tip = try sample.commit(["a": "start"])
        for round in 0..<8 {
            let old = tip
            let wanted = try (0..<4).map { number in
                let commit = try repository.readCommit(old)
                return try repository.writeCommit(
                    Commit(
                        tree: commit.tree, parents: [old], author: commit.author,
                        committer: commit.author, message: "\(round)-\(number)\n"))
            }
            let winners = Mutex<[ObjectID]>([])
            inParallel(4) { number in
                let new = wanted[number]
                if number % 2 == 0 {
                    let status = try git.run(["update-ref", main.path, new.hex, old.hex]).status
                    if status == 0 { winners.withLock { $0.append(new) } }
                } else {
                    // git takes a few milliseconds to start.
                    if round % 2 == 0 { usleep(3000) }
                    do {
                        try repository.update(
                            ReferenceTransaction(
                                [.update(main, to: new, expecting: old)],
                                signature: Sample.signature(), message: "race"))
                        winners.withLock { $0.append(new) }
                    } catch let error as GitError {
                        #expect(error.code == .conflict)
                    }
                }
            }
            let won = winners.withLock { $0 }
            #expect(won.count == 1)
            tip = try #require(won.first)
            #expect(try git("rev-parse", "main") == tip.hex)
        }
        let log = try #require(try repository.readReflog(main))
        #expect(zip(log, log.dropFirst()).allSatisfy { $0.old == $1.new })
    }

    @Test func branchesGoOnWhileGitRepacksUnderneath() throws {
        let sample = try Sample.filled(commits: 6)
        let repository = sample.repository
        let git = sample.git
        let ids = try git.lines("rev-list", "--objects", "--all", "--no-object-names")
            .compactMap { ObjectID(hex: $0) }
        let tip = try repository.resolve("main", now: 0)
        inParallel(3) { number in
            if number == 0 {
                for _ in 0..<3 {
                    try git("repack", "-q", "-a", "-d")
                    try git("pack-refs", "--all", "--prune")
                    try git("unpack-objects", "-q", input: [UInt8]("".utf8) + packBytes(git))
                    try git("gc", "-q", "--prune=now")
                }
            } else {
                for turn in 0..<12 {
                    let name = try ReferenceName.branch("b\(number)/\(turn)")
                    try repository.update(
                        ReferenceTransaction(
                            [.create(name, tip)], signature: Sample.signature(), message: "x"))
                    for id in ids { _ = try repository.read(id) }
                    #expect(try repository.findTarget(name) == tip)
                    if turn % 2 == 0 {
                        try repository.update(
                            ReferenceTransaction(
                                [.delete(name, expecting: tip)], signature: Sample.signature(),
                                message: "x"))
                        #expect(try repository.findTarget(name) == nil)
                    }
                }
            }
        }
        let branches = try git.lines(
            "for-each-ref", "--format=%(refname)", "refs/heads/b1/*", "refs/heads/b2/*")
        #expect(branches.count == 12)
        #expect(try git.run(["fsck", "--strict", "--no-dangling"]).output.isEmpty)
    }

    private func packBytes(_ git: GitRunner) throws -> [UInt8] {
        try git.bytes(["pack-objects", "-q", "--all", "--stdout"])
    }

    @Test func aRenamedBranchIsAsGitWouldHaveIt() throws {
        for (old, new) in [("a", "b"), ("a", "a/b"), ("a/b", "a")] {
            let ours = try Sample(.sha1)
            let theirs = try Sample(.sha1)
            for sample in [ours, theirs] {
                try sample.commit(["x": "1"], on: old)
                try sample.commit(["x": "2"], on: old)
                try sample.git("symbolic-ref", "HEAD", "refs/heads/\(old)")
            }
            try ours.repository.renameBranch(
                ReferenceName.branch(old), to: ReferenceName.branch(new),
                signature: Sample.signature())
            try theirs.git("branch", "-m", old, new)
            for arguments in [
                ["for-each-ref"], ["symbolic-ref", "HEAD"],
                ["reflog", "show", "--format=%H %gs", new], ["fsck", "--strict"],
            ] {
                #expect(try ours.git.bytes(arguments) == theirs.git.bytes(arguments))
            }
        }
    }
}
