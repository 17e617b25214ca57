import CinchGit
import CinchTestSupport
import Foundation
import Synchronization
import Testing

/// A crash before any step of a write leaves the state before it or the state after it.
///
/// Before every step that changes the disk the repository is copied; each copy is what a process
/// killed there would leave, locks and all.
struct ReferenceDurabilityTests {
    struct Story: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// Whether a state with both the old and the new is fine, as in a rename.
        var mayOverlap = false
        var run: @Sendable (Scratch, ObjectID, ObjectID) throws -> Void

        static let all = [
            Story(testDescription: "create") { scratch, _, second in
                try scratch.update(.create(try branch("new/one"), second))
            },
            Story(testDescription: "move the current branch") { scratch, first, second in
                try scratch.update(.update(.head, to: second, expecting: first))
            },
            Story(testDescription: "delete") { scratch, first, _ in
                try scratch.update(.delete(try branch("packed"), expecting: first))
            },
            Story(testDescription: "switch") { scratch, _, _ in
                try scratch.update(.setSymbolic(.head, to: try branch("packed"), expecting: nil))
            },
            Story(testDescription: "rename", mayOverlap: true) { scratch, _, _ in
                try scratch.repository.renameBranch(
                    branch("main"), to: branch("trunk"), signature: Scratch.signature)
            },
            Story(testDescription: "rename below itself", mayOverlap: true) { scratch, _, _ in
                try scratch.repository.renameBranch(
                    branch("main"), to: branch("main/new"), signature: Scratch.signature)
            },
            Story(testDescription: "rename packed below itself", mayOverlap: true) {
                scratch, _, _ in
                try scratch.repository.renameBranch(
                    branch("packed"), to: branch("packed/new"), signature: Scratch.signature)
            },
        ]
    }

    /// What a user can see of a repository.
    struct State: Hashable {
        var references: [String: ObjectID]
        var head: Reference?
        var headTarget: ObjectID?
    }

    private func state(_ path: String) throws -> State {
        let repository = try GitRepository.open(at: path)
        let listed = try repository.listReferences().map { ($0.name.path, $0.id) }
        return State(
            references: Dictionary(uniqueKeysWithValues: listed),
            head: try repository.findReference(.head), headTarget: try repository.findTarget(.head))
    }

    @Test(arguments: Story.all)
    func everyCrashLeavesBeforeOrAfter(_ story: Story) throws {
        let scratch = try Scratch()
        let first = try scratch.commit("first")
        let second = try scratch.commit("second", parents: [first])
        try scratch.update(.create(.head, first))
        try scratch.put(
            "packed-refs",
            "# pack-refs with: peeled fully-peeled sorted \n\(first) refs/heads/packed\n")
        try scratch.update(.set(try branch("packed"), to: second))
        try scratch.update(.set(try branch("packed"), to: first))
        let before = try state(scratch.path)
        let copies = Mutex<[(step: String, path: String)]>([])
        let source = scratch.path
        let folder = scratch.folder
        try DiskStep.$observer.withValue({ step in
            copies.withLock { copies in
                let copy = folder.path("copy-\(copies.count)")
                try? FileManager.default.copyItem(atPath: source, toPath: copy)
                copies.append((step, copy))
            }
        }) {
            try story.run(scratch, first, second)
        }
        let after = try state(scratch.path)
        #expect(before != after)
        let taken = copies.withLock { $0 }
        #expect(taken.count >= 3)
        for (step, path) in taken {
            let found = try state(path)
            let objects = try GitRepository.open(at: path)
            for id in found.references.values { #expect(try objects.contains(id)) }
            #expect(found.headTarget != nil, "HEAD names nothing before '\(step)'")
            if story.mayOverlap {
                for name in Set(before.references.keys).intersection(after.references.keys) {
                    #expect(found.references[name] == before.references[name])
                }
                let gone = before.references.filter { after.references[$0.key] == nil }
                let new = after.references.filter { before.references[$0.key] == nil }
                #expect(
                    gone.keys.contains { found.references[$0] != nil }
                        || new.keys.contains { found.references[$0] != nil },
                    "neither name before '\(step)'")
            } else {
                #expect(found == before || found == after, "before '\(step)'")
            }
            // I4: a reference that moved has its line; the last line is at most one ahead.
            for (name, id) in found.references where id != before.references[name] {
                let log = try objects.readReflog(ReferenceName(name)) ?? []
                #expect(log.first?.new == id || story.mayOverlap, "\(name) before '\(step)'")
            }
        }
    }

    @Test func aRepositoryIsThereWholeOrNotAtAll() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("schema.git")
        let seen = Mutex<[Bool]>([])
        try DiskStep.$observer.withValue({ step in
            // The last step waits until its name is on disk.
            if step.hasPrefix("sync") { return }
            seen.withLock { $0.append(FileManager.default.fileExists(atPath: path)) }
        }) {
            _ = try GitRepository.create(at: path)
        }
        #expect(seen.withLock { $0.count > 3 && $0.allSatisfy { !$0 } })
        let error = #expect(throws: GitError.self) { try GitRepository.create(at: path) }
        #expect(error?.code == .alreadyExists)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["schema.git"])
    }

    @Test func aHalfWrittenObjectNeverHasItsName() throws {
        let scratch = try Scratch()
        let id = scratch.repository.format.objectID(of: .blob, Array("text".utf8))
        let path = scratch.path
        try DiskStep.$observer.withValue({ step in
            let isThere = try? GitRepository.open(at: path).contains(id)
            // Until it is renamed there is nothing; afterwards it is whole.
            #expect(isThere == false, "before '\(step)'")
        }) {
            _ = try scratch.repository.writeBlob(Array("text".utf8))
        }
        #expect(try scratch.repository.readBlob(id) == Array("text".utf8))
    }

    @Test func makingABranchTakesFewSteps() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.update(.create(.head, first))
        try scratch.repository.sync()
        let expected = [
            "create refs/heads/new.lock", "write refs/heads/new.lock",
            // I4: both are on disk before the reference moves. The log's name need not be.
            "append logs/refs/heads/new", "sync logs/refs/heads/new", "sync refs/heads/new.lock",
            // What was acknowledged outlives a power cut.
            "rename refs/heads/new", "sync refs/heads",
        ]
        #expect(
            try steps(in: scratch) { try scratch.update(.create(try branch("new"), first)) }
                == expected)
        // A log's new folders are no more a part of it than its name is; a reference's are.
        #expect(
            try steps(in: scratch) { try scratch.update(.create(try branch("a/b"), first)) } == [
                "create refs/heads/a/b.lock", "sync refs/heads", "create refs/heads/a/b.lock",
                "write refs/heads/a/b.lock", "append logs/refs/heads/a/b",
                "sync logs/refs/heads/a/b", "sync refs/heads/a/b.lock", "rename refs/heads/a/b",
                "sync refs/heads/a",
            ])
    }

    @Test func everyReferenceOfATransactionIsOnDiskBeforeTheFirstMoves() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        try scratch.update(.create(.head, first))
        try scratch.repository.sync()
        let steps = try steps(in: scratch) {
            try scratch.update(
                .create(try branch("a"), first), .create(try branch("b"), first))
        }
        let renamed = try #require(steps.firstIndex { $0.hasPrefix("rename") })
        #expect(
            Set(steps[..<renamed].filter { $0.hasPrefix("sync") }) == [
                "sync logs/refs/heads/a", "sync logs/refs/heads/b", "sync refs/heads/a.lock",
                "sync refs/heads/b.lock",
            ])
        #expect(steps.last == "sync refs/heads")
    }

    private func steps(in scratch: Scratch, _ body: () throws -> Void) throws -> [String] {
        let steps = Mutex<[String]>([])
        let folder = scratch.path + "/"
        try DiskStep.$observer.withValue({ step in
            steps.withLock { $0.append(step.replacingOccurrences(of: folder, with: "")) }
        }) {
            try body()
        }
        return steps.withLock { $0 }
    }
}
