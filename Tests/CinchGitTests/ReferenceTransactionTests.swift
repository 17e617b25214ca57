import CinchGit
import CinchTestSupport
import Foundation
import Testing

struct ReferenceTransactionTests {
    /// One refused transaction: what is asked, and the code it must get.
    struct Refusal: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: GitError.Code
        var updates:
            @Sendable (_ a: ObjectID, _ b: ObjectID, _ blob: ObjectID) throws -> [ReferenceUpdate]

        static let all = [
            Refusal(testDescription: "creating what exists", code: .conflict) { _, b, _ in
                [.create(try branch("main"), b)]
            },
            Refusal(testDescription: "an old value that isn't", code: .conflict) { _, b, _ in
                [.update(try branch("main"), to: b, expecting: b)]
            },
            Refusal(testDescription: "updating what isn't there", code: .conflict) { a, b, _ in
                [.update(try branch("gone"), to: b, expecting: a)]
            },
            Refusal(testDescription: "deleting what isn't there", code: .notFound) { _, _, _ in
                [.delete(try branch("gone"), expecting: nil)]
            },
            Refusal(testDescription: "deleting with another value", code: .conflict) { _, b, _ in
                [.delete(try branch("main"), expecting: b)]
            },
            Refusal(testDescription: "deleting HEAD", code: .conflict) { _, _, _ in
                [.delete(.head, expecting: nil)]
            },
            Refusal(testDescription: "a name below a branch", code: .alreadyExists) { _, b, _ in
                [.create(try branch("main/sub"), b)]
            },
            Refusal(testDescription: "a name above a branch", code: .alreadyExists) { _, b, _ in
                [.create(try branch("feature"), b)]
            },
            Refusal(testDescription: "a name above a packed branch", code: .alreadyExists) {
                _, b, _ in
                [.create(try branch("packed"), b)]
            },
            Refusal(testDescription: "two names that collide", code: .alreadyExists) { _, b, _ in
                [.create(try branch("x"), b), .create(try branch("x/y"), b)]
            },
            Refusal(testDescription: "one name twice", code: .conflict) { a, b, _ in
                [.set(try branch("main"), to: b), .set(.head, to: a)]
            },
            Refusal(testDescription: "an object that isn't there", code: .notFound) { _, _, _ in
                [.create(try branch("x"), ObjectID.zero(.sha256))]
            },
            Refusal(testDescription: "a branch at a blob", code: .conflict) { _, _, blob in
                [.create(try branch("x"), blob)]
            },
            Refusal(testDescription: "a verification that fails", code: .conflict) { _, b, _ in
                [.create(try branch("x"), b), .verify(try branch("main"), expecting: b)]
            },
            Refusal(testDescription: "verifying that main is missing", code: .conflict) { _, b, _ in
                [.create(try branch("x"), b), .verify(try branch("main"), expecting: nil)]
            },
            Refusal(testDescription: "HEAD not where expected", code: .conflict) { _, _, _ in
                [
                    .setSymbolic(
                        .head, to: try branch("feature/one"),
                        expecting: .symbolic(try branch("other")))
                ]
            },
            Refusal(testDescription: "a good change beside a bad one", code: .conflict) { a, b, _ in
                [
                    .update(try branch("main"), to: b, expecting: a),
                    .update(try branch("zzz"), to: b, expecting: a),
                ]
            },
        ]
    }

    @Test(arguments: Refusal.all)
    func aRefusedTransactionChangesNothing(_ row: Refusal) throws {
        let scratch = try Scratch()
        let first = try scratch.commit("first")
        let second = try scratch.commit("second", parents: [first])
        let blob = try scratch.repository.writeBlob([1])
        try scratch.update(
            .create(try branch("main"), first), .create(try branch("feature/one"), first))
        try scratch.put(
            "packed-refs",
            "# pack-refs with: peeled fully-peeled sorted \n"
                + "\(first) refs/heads/packed/one\n")
        let before = try scratch.files()
        let error = #expect(throws: GitError.self) {
            try scratch.repository.update(
                ReferenceTransaction(
                    try row.updates(first, second, blob), signature: Scratch.signature,
                    message: "x"))
        }
        #expect(error?.code == row.code, "\(String(describing: error))")
        #expect(error?.message.hasSuffix(".") == false && error?.hint.hasSuffix(".") == true)
        #expect(try scratch.files() == before)
    }

    @Test func aBranchAndHeadMoveTogetherAndBothLogsSaySo() throws {
        let scratch = try Scratch()
        let first = try scratch.commit("first")
        let second = try scratch.commit("second", parents: [first])
        try scratch.update(.create(.head, first), message: "commit (initial): first")
        try scratch.update(
            .update(.head, to: second, expecting: first), message: "commit:\n  second ")
        #expect(try scratch.repository.findReference(.head) == .symbolic(try branch("main")))
        #expect(try scratch.repository.findTarget(try branch("main")) == second)
        for name in [.head, try branch("main")] {
            let entries = try #require(try scratch.repository.readReflog(name))
            #expect(entries.map(\.new) == [second, first])
            #expect(entries.map(\.old) == [first, .zero(.sha256)])
            #expect(entries.map(\.message) == ["commit: second", "commit (initial): first"])
            #expect(entries.allSatisfy { $0.signature == Scratch.signature })
        }
        // Not the current branch: HEAD's log stays.
        try scratch.update(.create(try branch("other"), second))
        #expect(try scratch.repository.readReflog(.head)?.count == 2)
        // What doesn't move isn't logged.
        try scratch.update(.set(try branch("main"), to: second))
        #expect(try scratch.repository.readReflog(.head)?.count == 2)
    }

    @Test func aBranchIsMadeAndSwitchedToInOneTransaction() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.update(.create(.head, first))
        try scratch.update(
            .create(try branch("work"), first),
            .setSymbolic(.head, to: try branch("work"), expecting: .symbolic(try branch("main"))),
            message: "checkout: moving from main to work")
        #expect(try scratch.repository.currentBranch() == (try branch("work")))
        let log = try #require(try scratch.repository.readReflog(.head))
        #expect(log.first?.old == first && log.first?.new == first)
        #expect(log.first?.message == "checkout: moving from main to work")
    }

    @Test func aDeletedBranchLeavesNothingBehindLooseOrPacked() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.update(.create(try branch("main"), first))
        let before = try scratch.files().keys.sorted()
        try scratch.update(.create(try branch("a/b/c"), first))
        // The packed value is older: deleting the file alone would bring it back.
        let older = try scratch.commit("older")
        try scratch.put("packed-refs", "\(older) refs/heads/a/b/c\n\(older) refs/heads/kept\n")
        try scratch.update(.delete(try branch("a/b/c"), expecting: first))
        #expect(try scratch.repository.findReference(try branch("a/b/c")) == nil)
        #expect(try scratch.repository.findTarget(try branch("kept")) == older)
        try scratch.update(.delete(try branch("kept"), expecting: older))
        #expect(
            try scratch.repository.listReferences("refs/heads/").map(\.name.path) == [
                "refs/heads/main"
            ])
        let after = try scratch.files().keys.filter {
            !$0.hasPrefix("objects") && $0 != "packed-refs"
        }
        #expect(after.sorted() == before.filter { !$0.hasPrefix("objects") })
        // The place is free for names that would have collided.
        try scratch.update(.create(try branch("a"), first))
        #expect(try scratch.repository.findTarget(try branch("a")) == first)
    }

    @Test func aLockHeldBySomebodyElseIsNamedAndLeftAlone() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.put("refs/heads/main.lock", "")
        let error = #expect(throws: GitError.self) {
            try scratch.update(.create(try branch("main"), first))
        }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("refs/heads/main.lock") == true)
        #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/refs/heads/main.lock"))
        #expect(try scratch.repository.listReferences().isEmpty)
    }

    @Test func aLockGivenUpInTimeIsWaitedFor() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.put("refs/heads/main.lock", "")
        let lock = "\(scratch.path)/refs/heads/main.lock"
        let thread = Thread {
            Thread.sleep(forTimeInterval: 0.1)
            try? FileManager.default.removeItem(atPath: lock)
        }
        thread.start()
        try scratch.update(.create(try branch("main"), first))
        #expect(try scratch.repository.findTarget(try branch("main")) == first)
    }

    @Test(
        arguments: [
            ("a", "b"), ("a", "a/b"), ("a/b", "a"), ("a/b", "a/c"), ("a/b/c", "a/b"),
            ("a", "deep/er/b"),
        ], [false, true])
    func aRenamedBranchKeepsItsLogAndHeadFollows(_ names: (String, String), packed: Bool) throws {
        let scratch = try Scratch()
        let old = try branch(names.0)
        let new = try branch(names.1)
        let first = try scratch.commit("first")
        let second = try scratch.commit("second", parents: [first])
        try scratch.update(.create(try branch("unrelated"), first))
        try scratch.update(.setSymbolic(.head, to: old, expecting: nil))
        try scratch.update(.create(old, first), message: "one")
        try scratch.update(.update(old, to: second, expecting: first), message: "two")
        if packed {
            try scratch.put("packed-refs", "\(second) \(old)\n")
            try FileManager.default.removeItem(atPath: "\(scratch.path)/\(old)")
        }
        try scratch.repository.renameBranch(old, to: new, signature: Scratch.signature)
        let repository = try GitRepository.open(at: scratch.path)
        #expect(try repository.findReference(old) == nil)
        #expect(try repository.findReference(new) == .direct(second))
        #expect(try repository.currentBranch() == new)
        #expect(try repository.readReflog(old) == nil)
        let log = try #require(try repository.readReflog(new))
        #expect(log.map(\.message) == ["Branch: renamed \(old) to \(new)", "two", "one"])
        #expect(try repository.readReflog(.head)?.first?.message == log[0].message)
        #expect(try scratch.files().keys.allSatisfy { !$0.hasSuffix(".lock") })
        // And it goes on from there.
        try scratch.update(.update(new, to: first, expecting: second))
        #expect(try scratch.repository.findTarget(new) == first)
        #expect(try scratch.repository.readReflog(new)?.count == 4)
    }

    @Test func renamingOntoABranchOrFromNoneIsRefused() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.update(
            .create(try branch("a"), first), .create(try branch("b"), first),
            .create(try branch("c/d"), first))
        let before = try scratch.files()
        for (old, new, code) in [
            ("a", "b", GitError.Code.alreadyExists), ("a", "c", .alreadyExists),
            ("a", "b/x", .alreadyExists),
            ("x", "y", .notFound), ("a", "a", .alreadyExists),
        ] {
            let error = #expect(throws: GitError.self) {
                try scratch.repository.renameBranch(
                    branch(old), to: branch(new), signature: Scratch.signature)
            }
            #expect(error?.code == code, "\(old) to \(new): \(String(describing: error))")
            #expect(try scratch.files() == before)
        }
    }

    @Test func aLineCutOffByACrashIsPassedOverAndReplaced() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let second = try scratch.commit("second")
        try scratch.update(.create(try branch("main"), first), message: "one")
        let log = "\(scratch.path)/logs/refs/heads/main"
        let whole = try Data(contentsOf: URL(fileURLWithPath: log))
        try (whole + whole.dropLast(30)).write(to: URL(fileURLWithPath: log))
        #expect(try scratch.repository.readReflog(try branch("main"))?.count == 1)
        try scratch.update(.set(try branch("main"), to: second), message: "two")
        let entries = try #require(try scratch.repository.readReflog(try branch("main")))
        #expect(entries.map(\.message) == ["two", "one"])
    }

    @Test func aNameTheDiskCantHoldIsAnInvalidName() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let error = #expect(throws: GitError.self) {
            try scratch.update(.create(try branch(String(repeating: "x", count: 254)), first))
        }
        #expect(error?.code == .invalidName)
    }

    @Test func branchesThatDifferOnlyInUnicodeFormAreDifferent() throws {
        let scratch = try Scratch()
        let first = try scratch.commit("first")
        let second = try scratch.commit("second")
        let composed = try branch("caf\u{E9}")
        let decomposed = try branch("cafe\u{301}")
        #expect(composed != decomposed)
        try scratch.update(.create(composed, first), .create(decomposed, second))
        #expect(try scratch.repository.findTarget(composed) == first)
        #expect(try scratch.repository.findTarget(decomposed) == second)
    }
}
